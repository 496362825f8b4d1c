"""Pages of the family of a batch, case or pallet at any moment: picture, tables, print, workbook; found by any code."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue

from brand.edge.pages import back, day, moment, render
from brand.edge.policies import needs
from brand.edge.requests import actor, house, reading
from brand.kernel.clock import local
from brand.kernel.errors import AppError
from trace.formats.genealogy import picture
from trace.formats.tables import write_sheets
from trace.models.batches import Batch
from trace.models.containers import Container
from trace.parts import parts
from trace.queries import batches, container_genealogy, containers
from trace.queries import genealogy as reads
from trace.queries.genealogy import Genealogy
from trace.rules.genealogy import IN_A_FILE, ON_A_PAGE, check_moment, rows
from trace.schemas.genealogy import GenealogyIn, StartIn
from trace.services.sent_back_sheets import XLSX
from trace.web import genealogy_words as words
from trace.web.genealogy_words import Subject
from trace.web.sheets import attachment

bp = Blueprint("genealogy", __name__)

#: Lines of each table on the page; the workbook has them all.
_LINES, _ANIMALS = 200, 40


@bp.get("/genealogy")
@needs("batches.read")
def start() -> ResponseReturnValue:
    """Whatever one has in hand (a tag, a code, a label) leads to its batches."""
    text = StartIn().take(_asked())["q"]
    found: list[Batch] = []
    boxes: list[Container] = []
    fault: AppError | None = None
    if text:
        try:
            named = reads.start(text, parts().hosts)
            with reading() as work:
                found = reads.starts(work.session, actor(), named)
                boxes = containers.named(work.session, actor(), named.key)
        except AppError as error:
            fault = error
    if boxes:
        return back("genealogy.container", code=boxes[0].code)
    if len(found) == 1:
        return back("genealogy.show", batch_id=found[0].id)
    return render("genealogy/start.html", q=text, found=found, fault=fault), 422 if fault else 200


@bp.get("/batches/<batch_id>/genealogy")
@needs("batches.read")
def show(batch_id: str) -> ResponseReturnValue:
    return _page(*_of_batch(batch_id, ON_A_PAGE))


@bp.get("/batches/<batch_id>/genealogy/print")
@needs("batches.read")
def paper(batch_id: str) -> ResponseReturnValue:
    return _paper(*_of_batch(batch_id, ON_A_PAGE))


@bp.get("/batches/<batch_id>/genealogy.xlsx")
@needs("batches.read")
def sheet(batch_id: str) -> ResponseReturnValue:
    """The chain, its animals and what happened, a sheet each, with bounds far beyond those of the page."""
    return _file(*_of_batch(batch_id, IN_A_FILE))


@bp.get("/containers/<code>/genealogy")
@needs("batches.read")
def container(code: str) -> ResponseReturnValue:
    return _page(*_of_container(code, ON_A_PAGE))


@bp.get("/containers/<code>/genealogy/print")
@needs("batches.read")
def container_paper(code: str) -> ResponseReturnValue:
    return _paper(*_of_container(code, ON_A_PAGE))


@bp.get("/containers/<code>/genealogy.xlsx")
@needs("batches.read")
def container_sheet(code: str) -> ResponseReturnValue:
    """The same three sheets for a case or pallet."""
    return _file(*_of_container(code, IN_A_FILE))


def _of_batch(batch_id: str, most: int) -> tuple[Genealogy, Subject]:
    wanted = GenealogyIn().take(_asked())
    with reading() as work:
        at = check_moment(wanted["at"] or work.now, work.now)
        entry = batches.find(work.session, actor(), batch_id)
        found = reads.find(work.session, actor(), batch_id, at, most=most)
    return found, words.batch(entry)


def _of_container(code: str, most: int) -> tuple[Genealogy, Subject]:
    wanted = GenealogyIn().take(_asked())
    with reading() as work:
        at = check_moment(wanted["at"] or work.now, work.now)
        entry = containers.find(work.session, actor(), code)
        found = container_genealogy.find(work.session, actor(), code, at, most=most)
    return found, words.container(entry)


def _page(found: Genealogy, subject: Subject) -> str:
    return render("genealogy/show.html", **_context(found, subject))


def _paper(found: Genealogy, subject: Subject) -> str:
    issuer = house().settings.office_contact
    return render("genealogy/print.html", **_context(found, subject), issuer=issuer, printed_at=moment(_now()))


def _file(found: Genealogy, subject: Subject) -> Response:
    data = write_sheets(words.sheets(found))
    return attachment(data, f"{subject.name}-genealogy.xlsx", XLSX)


def _context(found: Genealogy, subject: Subject) -> dict[str, Any]:
    drawn = picture(rows(found.nodes, found.edges, found.focus))
    steps = words.timeline(found)
    asked: dict[str, Any] = {"at": request.args["at"]} if request.args.get("at") else {}
    values: dict[str, Any] = dict(subject.values)
    edges = words.edges(found)
    return {
        "found": found,
        "subject": subject,
        "picture": drawn,
        "boxes": [(box, words.boxed(box.node)) for box in drawn.boxes],
        "edges": edges[:_LINES],
        "animals": [words.animal(line) for line in found.lines[:_ANIMALS]],
        "animals_left": max(0, len(found.lines) - _ANIMALS),
        "steps": steps[:_LINES],
        "cut": found.more or any(len(each) > _LINES for each in (edges, steps)),
        "asked": bool(asked),
        "doors": {
            "page": url_for(subject.door, **values),
            "paper": url_for(subject.paper, **values, **asked),
            "sheet": url_for(subject.sheet, **values, **asked),
        },
        "at": local(found.at).strftime("%Y-%m-%dT%H:%M"),
        "at_words": f"{day(found.at)} {local(found.at):%H:%M}",
    }


def _now() -> datetime:
    with reading() as work:
        return work.now


def _asked() -> dict[str, str]:
    return {name: text for name, text in request.args.items() if text and name != "lang"}
