"""Pages of the tables a scheme works by: measures and score sheets, read by the office, changed by two persons."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from brand.edge.pages import Form, back, render
from brand.edge.policies import needs, signed_in
from brand.edge.requests import reading, writing
from brand.kernel.errors import unknown
from brand.queries import office_tables as reads
from brand.queries import schemes
from brand.rules.office_tables import COLUMNS, GRADES, MEASURES, MOST_POINTS, Table
from brand.rules.presets import Confidence
from brand.rules.sanctions import Sanction
from brand.schemas.office_tables import PAGES, shown, typed
from brand.services import scheme_changes

bp = Blueprint("office_tables", __name__, url_prefix="/schemes/<scheme_id>/tables")


@bp.get("")
@signed_in
def show(scheme_id: str) -> ResponseReturnValue:
    """The tables in force with their sources."""
    with reading() as work:
        scheme = schemes.scheme(work.session, scheme_id)
        tables = reads.every(work.session, scheme_id)
    return render("office_tables/show.html", scheme=scheme, tables=tables, grades=GRADES)


@bp.route("/<table>", methods=["GET", "POST"])
@needs("schemes.propose")
def propose(scheme_id: str, table: str) -> ResponseReturnValue:
    """Propose other figures; a second person decides on the page of the change."""
    if table not in set(Table):
        raise unknown()
    found = Table(table)
    with reading() as work:
        scheme = schemes.scheme(work.session, scheme_id)
        now = reads.in_force(work.session, scheme_id, found)
    lists = ("immediate",) if found is Table.SANCTIONS else ()
    form = Form(PAGES[found](), lists=lists, confidence=Confidence.DESIGN, **shown(found, now.content))
    if form.posted:
        with form.catching(), writing() as work:
            change = scheme_changes.propose_table(work, scheme_id, found, **typed(found, form.values()))
            return back("scheme_changes.show", "Proposed. A second person decides.", change_id=change.id)
    page = render(
        "office_tables/propose.html", form=form, scheme=scheme, table=found, now=now, confidences=list(Confidence),
        grades=GRADES, measures=MEASURES, columns=range(COLUMNS), reasons=list(Sanction), most=MOST_POINTS,
    )  # fmt: skip
    return page, form.status
