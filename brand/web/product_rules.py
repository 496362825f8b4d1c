"""Pages of what a product must have before it carries its brand: read by everybody inside, changed by two persons."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from brand.edge.pages import Form, back, render
from brand.edge.policies import needs, signed_in
from brand.edge.requests import reading, writing
from brand.kernel.errors import unknown
from brand.queries import product_rules as reads
from brand.queries import schemes
from brand.rules.grade_tables import Grade
from brand.rules.presets import Confidence
from brand.rules.product_rules import LIMITS, Item, Making, RuleKind, Stage
from brand.schemas.product_rules import PAGES, shown, typed
from brand.services import scheme_changes

bp = Blueprint("product_rules", __name__)
GRADES = [one for one in Grade if one is not Grade.MANUAL]


@bp.get("/products/<product_id>/rules")
@signed_in
def show(product_id: str) -> ResponseReturnValue:
    """The rules in force with their sources."""
    with reading() as work:
        product = reads.product(work.session, product_id)
        scheme = schemes.scheme_of_product(work.session, product_id)
        rules = {kind: reads.in_force(work.session, product_id, kind, work.today) for kind in RuleKind}
    return render("product_rules/show.html", product=product, scheme=scheme, rules=rules, limits=list(LIMITS))


@bp.route("/products/<product_id>/rules/<kind>", methods=["GET", "POST"])
@needs("schemes.propose")
def propose(product_id: str, kind: str) -> ResponseReturnValue:
    """Propose other contents; a second person decides on the page of the change."""
    found = _kind(kind)
    with reading() as work:
        product = reads.product(work.session, product_id)
        now = reads.in_force(work.session, product_id, found)
    form = Form(PAGES[found](), confidence="D", **shown(found, now.content))
    if form.posted:
        with form.catching():
            given = typed(found, form.values())
            with writing() as work:
                change = scheme_changes.propose_rule(work, product_id, found, **given)
            return back("scheme_changes.show", "Proposed. A second person decides.", change_id=change.id)
    page = render(
        "product_rules/propose.html",
        form=form,
        product=product,
        kind=found,
        now=now,
        items=list(Item),
        stages=list(Stage),
        grades=GRADES,
        limits=list(LIMITS),
        makings=list(Making),
        confidences=list(Confidence),
    )
    return page, form.status


def _kind(text: str) -> RuleKind:
    if text not in list(RuleKind):
        raise unknown()
    return RuleKind(text)
