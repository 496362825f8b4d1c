"""Pages on which labels of an order are chosen for printing, looked at and made into a file."""

from __future__ import annotations

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from brand.edge.files import saved
from brand.edge.pages import Form, render
from brand.edge.policies import needs
from brand.edge.requests import actor, house, reading, writing
from trace.formats.label_files import Printing, PrintKind, printing
from trace.formats.label_raster import RESOLUTIONS
from trace.formats.layouts import LAYOUTS
from trace.parts import parts
from trace.queries import labels as reads
from trace.queries.sheets import preview, sheets
from trace.rules.labels import AT_ONCE
from trace.schemas.labels import CHOICES, LookIn, PositionIn, PrintIn
from trace.services import label_jobs, labels
from trace.web.labels import AGAIN, asked, to_run

bp = Blueprint("label_prints", __name__, url_prefix="/labels")


@bp.get("/<order_id>/print")
@needs("labels.print")
def choose(order_id: str) -> ResponseReturnValue:
    """Choose which labels, on what paper, for which printer; the address is the choice, and a picture shows it."""
    return _choose(order_id, Form(PrintIn()), asked())


@bp.post("/<order_id>/print")
@needs("labels.print")
def file(order_id: str) -> ResponseReturnValue:
    """The file of a range. A POST, because every print is written into the log."""
    form = Form(PrintIn())
    with form.catching():
        given = form.values()
        if given["last"] - given["first"] >= AT_ONCE:
            choices = {one: given.pop(one) for one in CHOICES}
            with writing() as work:
                job = label_jobs.begin_print(work, order_id, **given, wanted=choices)
            return to_run(order_id, job)
        wanted = printing(**{one: given.pop(one) for one in CHOICES})
        with reading() as work:
            found = labels.check_file(work, order_id, **given)
            span = (given["first"], given["last"])
            drawn = sheets(work.session, found, *span, house().settings.public_url, wanted, parts().second)
        with writing() as work:
            labels.record_print(work, order_id, **given, layout=wanted.name)
        name = f"{found.number}-{given['first']}-{given['last']}.{wanted.ending}"
        return saved(drawn, name, wanted.media_type)
    return _choose(order_id, form, {name: form.value(name) for name in PrintIn().fields if form.value(name)})


def _choose(order_id: str, form: Form, typed: dict[str, str]) -> ResponseReturnValue:
    with reading() as work:
        entry = reads.find(work.session, actor(), order_id)
        labels.check_print(work, order_id, first=1, last=1)
        ready = labels.in_signed_head(work.session, order_id)
        chosen: dict[str, object] = {"first": 1, "last": entry.order.size, **CHOICES, **typed}
        with form.catching():
            given = PrintIn().take(chosen)
            printing(**{one: given[one] for one in CHOICES})
            labels.check_print(work, order_id, first=given["first"], last=given["last"])
            chosen = given
    page = render(
        "labels/print.html",
        entry=entry,
        form=form,
        ready=ready,
        chosen={name: str(value) for name, value in chosen.items() if name in PrintIn().fields},
        kinds=list(PrintKind),
        layouts=list(LAYOUTS),
        resolutions=RESOLUTIONS,
    )
    # The choice stands in the address, so that looking again loses nothing.
    return page, form.status, {} if ready else {"Refresh": str(AGAIN)}


@bp.get("/<order_id>/preview.png")
@needs("labels.print")
def look(order_id: str) -> ResponseReturnValue:
    """One label as it will be printed: ``?position=``, ``layout=``, ``dpi=``."""
    typed = asked()
    position = PositionIn().take({"position": typed.pop("position", "1")})["position"]
    wanted = LookIn().take(typed)
    with reading() as work:
        order = labels.check_look(work, order_id, first=position, last=position)
        laid = Printing(PrintKind.PNG, LAYOUTS[wanted["layout"]], wanted["dpi"])
        picture = preview(work.session, order, position, house().settings.public_url, laid)
    return Response(picture, mimetype="image/png")
