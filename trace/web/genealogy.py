"""Pages of a batch's family at any moment: picture, timeline, tables, print and workbook; a way in by any code."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.pages import back, day, moment, render
from brand.edge.policies import needs
from brand.edge.requests import actor, house, reading
from brand.kernel.clock import local
from brand.kernel.errors import AppError
from trace.formats.genealogy import picture
from trace.formats.tables import write_sheets
from trace.models.batches import Batch
from trace.parts import parts
from trace.queries import genealogy as reads
from trace.queries.genealogy import Genealogy
from trace.rules.genealogy import IN_A_FILE, ON_A_PAGE, check_moment, rows
from trace.schemas.genealogy import GenealogyIn, StartIn
from trace.web import genealogy_words as words
from trace.web.sheets import XLSX, attachment

bp = Blueprint("genealogy", __name__)

#: Lines of each table on the page; the workbook has them all.
_LINES, _ANIMALS = 200, 40


@bp.get("/genealogy")
@needs("batches.read")
def start() -> ResponseReturnValue:
    """Whatever one has in hand (a tag, a code, a label) leads to its batches."""
    text = StartIn().take(_asked())["q"]
    found: list[Batch] = []
    fault: AppError | None = None
    if text:
        try:
            named = reads.start(text, parts().hosts)
            with reading() as work:
                found = reads.starts(work.session, actor(), named)
        except AppError as error:
            fault = error
    if len(found) == 1:
        return back("genealogy.show", batch_id=found[0].id)
    return render("genealogy/start.html", q=text, found=found, fault=fault), 422 if fault else 200


@bp.get("/batches/<batch_id>/genealogy")
@needs("batches.read")
def show(batch_id: str) -> ResponseReturnValue:
    return render("genealogy/show.html", **_context(_found(batch_id, ON_A_PAGE)))


@bp.get("/batches/<batch_id>/genealogy/print")
@needs("batches.read")
def paper(batch_id: str) -> ResponseReturnValue:
    found = _found(batch_id, ON_A_PAGE)
    issuer = house().settings.office_contact
    return render("genealogy/print.html", **_context(found), issuer=issuer, printed_at=moment(_now()))


@bp.get("/batches/<batch_id>/genealogy.xlsx")
@needs("batches.read")
def sheet(batch_id: str) -> ResponseReturnValue:
    """The chain, its animals and what happened, a sheet each, with bounds far beyond those of the page."""
    found = _found(batch_id, IN_A_FILE)
    data = write_sheets(words.sheets(found))
    return attachment(data, f"{found.entry.batch.lot}-genealogy.xlsx", XLSX)


def _found(batch_id: str, most: int) -> Genealogy:
    wanted = GenealogyIn().take(_asked())
    with reading() as work:
        at = check_moment(wanted["at"] or work.now, work.now)
        return reads.find(work.session, actor(), batch_id, at, most=most)


def _context(found: Genealogy) -> dict[str, Any]:
    drawn = picture(rows(found.nodes, found.edges, found.entry.batch.id))
    steps = words.timeline(found)
    edges = words.edges(found)
    return {
        "found": found,
        "one": found.entry.batch,
        "picture": drawn,
        "boxes": [(box, words.boxed(box.node)) for box in drawn.boxes],
        "edges": edges[:_LINES],
        "animals": [words.animal(line) for line in found.lines[:_ANIMALS]],
        "animals_left": max(0, len(found.lines) - _ANIMALS),
        "steps": steps[:_LINES],
        "cut": found.more or any(len(each) > _LINES for each in (edges, steps)),
        "asked": {"at": request.args["at"]} if request.args.get("at") else {},
        "at": local(found.at).strftime("%Y-%m-%dT%H:%M"),
        "at_words": f"{day(found.at)} {local(found.at):%H:%M}",
    }


def _now() -> datetime:
    with reading() as work:
        return work.now


def _asked() -> dict[str, str]:
    return {name: text for name, text in request.args.items() if text and name != "lang"}
