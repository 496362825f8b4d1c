"""Batches over the API: register one from its carcass sheet, add the sheets of its day, read it and its chain.

Files come as multipart forms, because scales, loggers and laboratories write files. ``?dry_run=true`` says what would
happen and changes nothing.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading, writing
from brand.kernel.errors import Fault, invalid
from brand.kernel.paging import Page
from brand.kernel.work import Work
from brand.rules.product_rules import Stage
from brand.schemas.shape import Shape
from trace.api import sheet_jobs
from trace.models.imports import SheetKind
from trace.queries import batches as reads
from trace.queries import events as event_reads
from trace.queries import gate as gate_reads
from trace.queries import grading
from trace.queries.batches import Entry
from trace.queries.grading import Graded
from trace.rules import gate
from trace.schemas.batches import (
    AnswerIn,
    BatchOut,
    BatchPage,
    BatchWhole,
    CarcassesIn,
    CarcassPage,
    ChainOut,
    ColdPlacedIn,
    CorrectionIn,
    DryRun,
    ListIn,
    OutlookOut,
    PlacedIn,
    PlanIn,
    ReleaseOut,
    SheetFile,
    SheetJobOut,
    StepOut,
    WithdrawIn,
)
from trace.services import alarms, batches, chilling, events, imports, jobs, packing
from trace.services.batches import Plan
from trace.services.imports import Outlook, Target, Upload

blp = Blueprint("api_batches", __name__, url_prefix="/api/v1/batches", description="Batches")
csrf.exempt(blp)


@blp.route("", methods=["POST"])
@blp.arguments(PlanIn, location="form")
@blp.arguments(SheetFile, location="files")
@blp.arguments(DryRun, location="query")
@blp.response(201, BatchOut)
@blp.alt_response(200, schema=OutlookOut, description="With dry_run: what would happen.")
@blp.alt_response(202, schema=SheetJobOut, description=sheet_jobs.ACCEPTED)
@needs("batches.register")
def register(plan: dict[str, Any], file: dict[str, Any], run: dict[str, Any]) -> ResponseReturnValue:
    """Register a batch from a carcass sheet (xlsx, xls, ods, csv): all of it or nothing."""
    place_id = plan.pop("place_id")
    target = Plan(**plan | {"abattoir_id": _abattoir(plan["abattoir_id"])})
    # A rehearsal changes nothing, not even the list of alarms.
    heard = nullcontext() if run["dry_run"] else alarms.watching(writing, target.abattoir_id)
    with heard:
        return _sheet(SheetKind.CARCASSES, file["file"], target, run, BatchOut, place_id)


@blp.route("/<batch_id>/chilling", methods=["POST"])
@blp.arguments(ColdPlacedIn, location="form")
@blp.arguments(SheetFile, location="files")
@blp.arguments(DryRun, location="query")
@blp.response(201, BatchWhole)
@blp.alt_response(200, schema=OutlookOut, description="With dry_run: what would happen.")
@blp.alt_response(202, schema=SheetJobOut, description=sheet_jobs.ACCEPTED)
@needs("events.record")
def add_chilling(said: dict[str, str], file: dict[str, Any], run: dict[str, Any], batch_id: str) -> ResponseReturnValue:
    """Add a logger file of chilling, ageing, a journey or a store (``step``); our headings, or told columns."""
    place_id = said.pop("place_id")
    beside = {k: v for k, v in said.items() if v}
    return _sheet(SheetKind.CHILLING, file["file"], batch_id, run, BatchWhole, place_id, beside)


@blp.route("/<batch_id>/packing", methods=["POST"])
@blp.arguments(PlacedIn, location="form")
@blp.arguments(SheetFile, location="files")
@blp.arguments(DryRun, location="query")
@blp.response(201, BatchWhole)
@blp.alt_response(200, schema=OutlookOut, description="With dry_run: what would happen.")
@blp.alt_response(202, schema=SheetJobOut, description=sheet_jobs.ACCEPTED)
@needs("events.record")
def add_packing(said: dict[str, str], file: dict[str, Any], run: dict[str, Any], batch_id: str) -> ResponseReturnValue:
    """Add a packing list; packs beyond the cold weight are refused with the figures."""
    return _sheet(SheetKind.PACKING, file["file"], batch_id, run, BatchWhole, said["place_id"])


@blp.route("/<batch_id>/lab-reports", methods=["POST"])
@blp.arguments(PlacedIn, location="form")
@blp.arguments(SheetFile, location="files")
@blp.arguments(DryRun, location="query")
@blp.response(201, BatchWhole)
@blp.alt_response(200, schema=OutlookOut, description="With dry_run: what would happen.")
@blp.alt_response(202, schema=SheetJobOut, description=sheet_jobs.ACCEPTED)
@needs("events.record")
def add_lab_reports(
    said: dict[str, str], file: dict[str, Any], run: dict[str, Any], batch_id: str
) -> ResponseReturnValue:
    """Add laboratory reports; each number counts once and stands as declared."""
    return _sheet(SheetKind.LAB_REPORT, file["file"], batch_id, run, BatchWhole, said["place_id"])


@blp.route("", methods=["GET"])
@blp.arguments(ListIn, location="query")
@blp.response(200, BatchPage)
@needs("batches.read")
def index(wanted: dict[str, Any]) -> Page[dict[str, Any]]:
    """Batches one's enterprise made, owns or holds (of the whole county for its staff), newest first."""
    with reading() as work:
        filters = {"text": wanted["q"], "lacks": wanted["lacks"], "late": wanted["late"]}
        found = reads.listing(work.session, actor(), number=wanted["page"], size=wanted["size"], **filters)
    return Page([row_of(one) for one in found.rows], found.number, found.size, found.total)


@blp.route("/<batch_id>", methods=["GET"])
@blp.response(200, BatchWhole)
@needs("batches.read")
def show(batch_id: str) -> dict[str, Any]:
    """One batch with its grades, packs and laboratory reports."""
    with reading() as work:
        return _whole(work, batch_id)


@blp.route("/<batch_id>/carcasses", methods=["GET"])
@blp.arguments(CarcassesIn, location="query")
@blp.response(200, CarcassPage)
@needs("batches.read")
def carcasses(wanted: dict[str, Any], batch_id: str) -> Page[dict[str, Any]]:
    """Carcasses with both weights, the grade that stands and the table's; staff numbers are not part of it."""
    with reading() as work:
        reads.find(work.session, actor(), batch_id)
        filters = {"grade": wanted["grade"], "number": wanted["page"], "size": wanted["size"]}
        found = grading.carcasses(work.session, batch_id, **filters)
    return Page([_carcass(one) for one in found.rows], found.number, found.size, found.total)


@blp.route("/<batch_id>/events", methods=["GET"])
@blp.response(200, ChainOut)
@needs("batches.read")
def chain(batch_id: str) -> dict[str, Any]:
    """Everything that happened to the batch, each step with its corrections."""
    with reading() as work:
        batch = reads.find(work.session, actor(), batch_id).batch
        where = event_reads.places(work.session, batch)
        steps = reads.chain(work.session, batch_id)
        return {"rows": [{**one._asdict(), "place": where[one.id].code if one.id in where else ""} for one in steps]}


@blp.route("/<batch_id>/events/<event_id>/corrections", methods=["POST"])
@blp.arguments(CorrectionIn)
@blp.response(201, StepOut)
@creates(StepOut)
@needs("events.record")
def correct(work: Work, given: dict[str, Any], batch_id: str, event_id: str) -> dict[str, Any]:
    """Say that an event stated a value wrongly; the event stays and the correction points at it."""
    entry, _ = reads.event(work.session, work.actor, event_id)
    work.actor.require("events.record", entry.batch.holder_id if entry.batch.id == batch_id else "")
    changes = {given["name"]: given["value"]}
    made = events.correct(work, event_id, version=given["version"], reason=given["reason"], changes=changes)
    return made.model_dump() | {"enterprise": entry.holder.name}


@blp.route("/<batch_id>/events/<event_id>/withdrawals", methods=["POST"])
@blp.arguments(WithdrawIn)
@blp.response(201, StepOut)
@creates(StepOut)
@needs("events.record")
def withdraw(work: Work, given: dict[str, Any], batch_id: str, event_id: str) -> dict[str, Any]:
    """Say that an event never was; it counts for nothing. What moved goods is taken back where it was done."""
    entry, _ = reads.event(work.session, work.actor, event_id)
    work.actor.require("events.record", entry.batch.holder_id if entry.batch.id == batch_id else "")
    return events.withdraw(work, event_id, **given).model_dump() | {"enterprise": entry.holder.name}


@blp.route("/<batch_id>/events/<event_id>/answers", methods=["POST"])
@blp.arguments(AnswerIn)
@blp.response(201, StepOut)
@creates(StepOut)
@needs("events.record")
def answer(work: Work, given: dict[str, Any], batch_id: str, event_id: str) -> dict[str, Any]:
    """Answer for a chilling that left its limits; until then its breaches count as open."""
    entry, _ = reads.event(work.session, work.actor, event_id)
    work.actor.require("events.record", entry.batch.holder_id if entry.batch.id == batch_id else "")
    return events.answer(work, event_id, **given).model_dump() | {"enterprise": entry.holder.name}


@blp.route("/<batch_id>/release", methods=["GET"])
@blp.response(200, ReleaseOut)
@needs("batches.read")
def release(batch_id: str) -> dict[str, Any]:
    """Everything that stands in the way of packing and labels, and what the product's chain must have."""
    with reading() as work:
        entry = reads.find(work.session, actor(), batch_id)
        facts = gate_reads.facts(work.session, entry.batch, work.today)
    return {stage.value: gate.reasons(facts, stage) for stage in (Stage.PACK, Stage.LABEL)} | {"asked": facts.lines}


def _sheet(
    kind: SheetKind,
    file: FileStorage,
    target: Target,
    run: dict[str, Any],
    shape: type[Shape],
    place_id: str,
    said: dict[str, str] | None = None,
) -> ResponseReturnValue:
    """Read the file outside any transaction; then look (dry run), or take it in once however often it is sent.

    A long one goes to a job.
    """
    name, data = file.filename or "", file.read()
    file.seek(0)
    if len(data) > jobs.LARGE:
        return sheet_jobs.begin(kind, name, data, target, dry_run=run["dry_run"], said=said, place_id=place_id)
    upload = imports.read(kind, name, data, said, place_id=place_id)
    if run["dry_run"]:
        with reading() as work:
            outlook = imports.look(work, upload, target)
        return jsonify(OutlookOut().dump(_figures(upload, outlook)))

    def take(work: Work) -> Any:
        batch = imports.take(work, upload, target)
        return row_of(reads.entries(work.session, [batch])[0]) if shape is BatchOut else _whole(work, batch.id)

    return creates(shape)(take)()


def _figures(upload: Upload, outlook: Outlook) -> dict[str, Any]:
    """The figures of each kind of sheet under the names of OutlookOut."""
    head = {"kind": upload.kind.value, "rows": upload.count}
    if isinstance(outlook, batches.Outlook):
        total = outlook.balance.total
        weights = {"live_kg": total.live_kg, "hot_kg": total.hot_kg, "cold_kg": total.cold_kg}
        counts = {"head": len(outlook.carcasses), "grades": outlook.grades, "to_be_checked": outlook.to_be_checked}
        return head | weights | counts | {"slaughtered_on": outlook.slaughtered_on}
    if isinstance(outlook, chilling.Outlook):
        report = outlook.report
        found = {"breaches": len(report.breaches), "gaps": len(report.gaps)}
        return head | found | {"hours": report.hours, "final_core_c": report.final_core_c}
    if isinstance(outlook, packing.Outlook):
        return head | {"packs": outlook.packs, "total_kg": outlook.total_kg, "left_kg": outlook.left_kg}
    return head | {"reports": len(outlook.reports), "tested_items": outlook.items, "passed": outlook.passed}


def row_of(entry: Entry) -> dict[str, Any]:
    """A batch under the names of BatchOut, the older ones among them."""
    one = entry.batch
    older = {"abattoir_id": one.maker_id, "slaughtered_on": one.made_on, "packed_kg": one.used_kg, "late": entry.late}
    return (entry.slaughter.model_dump() if entry.slaughter else {}) | one.model_dump() | older


def _carcass(one: Graded) -> dict[str, Any]:
    by_table = one.carcass.grade
    return one.carcass.model_dump() | {"grade": one.grade, "table_grade": by_table, "disputed": one.disputed}


def _whole(work: Work, batch_id: str) -> dict[str, Any]:
    entry = reads.find(work.session, work.actor, batch_id)
    return row_of(entry) | {
        "left_kg": entry.left_kg,
        "grades": grading.shares(work.session, batch_id),
        "pack_lines": reads.pack_lines(work.session, batch_id),
        "lab_reports": reads.reports(work.session, batch_id),
    }


def _abattoir(said: str) -> str:
    """The abattoir named, else the only one the token works for."""
    own = actor().reach("batches.register") or frozenset()
    if said or len(own) == 1:
        return said or next(iter(own))
    raise invalid("input.required", faults=[Fault("input.required", "/abattoir_id")])
