"""Pages of batches: the list, one batch with its weights, grades, cold chain, packs, tests and chain, its carcasses."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.languages import explain, say
from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from brand.kernel.clock import local_day
from brand.kernel.delimited import write_csv
from brand.kernel.errors import unknown
from brand.kernel.work import Work
from brand.rules.grade_tables import Grade
from brand.rules.product_rules import Stage
from trace.formats.carcass_export import carcass_rows
from trace.formats.tables import write_xlsx
from trace.models.events import ChillingLog
from trace.queries import batches as reads
from trace.queries import commitments, containers, cuts, flows, grading, holds, imports, recalls, shipments
from trace.queries import events as event_reads
from trace.queries import gate as gate_reads
from trace.queries.batches import Entry, Step
from trace.queries.flows import Act
from trace.queries.grading import Graded
from trace.rules import gate
from trace.rules.chilling import ColdStep
from trace.rules.commitments import applies
from trace.rules.events import correctable, way_of
from trace.rules.undoing import UNDOABLE
from trace.rules.weights import plain
from trace.schemas.batches import AnswerIn, CarcassesIn, CorrectionIn, ListIn, WithdrawIn
from trace.services import chilling, events
from trace.services.sent_back_sheets import XLSX
from trace.web import batch_parts as parts
from trace.web.sheets import attachment

bp = Blueprint("batches", __name__)

WRITERS = {"csv": (write_csv, "text/csv; charset=utf-8"), "xlsx": (write_xlsx, XLSX)}
#: Enterprises whose sheets stand on the list; people of more begin at the enterprise.
MOST_MAKERS = 3
_GRADED = ("Class", "Grade", "Decided by", "To be checked", "Grade table")


@bp.get("/batches")
@needs("batches.read")
def index() -> ResponseReturnValue:
    wanted = ListIn().take(_asked())
    with reading() as work:
        filters = {"text": wanted["q"], "lacks": wanted["lacks"], "late": wanted["late"]}
        found = reads.listing(work.session, actor(), number=wanted["page"], size=wanted["size"], **filters)
        held = holds.bearing_on(work.session, [one.batch.id for one in found.rows])
        makers = flows.makers(work.session, actor())[:MOST_MAKERS] if actor().may("flows.record") else []
    kept = {name: wanted[name] for name in ("q", "lacks", "late") if wanted[name]}
    lacks = [one for one, _ in parts.OWED]
    return render(
        "batches/index.html", found=found, held=held, wanted=kept, owed=parts.owed, lacks=lacks, makers=makers
    )


@bp.get("/batches/<batch_id>")
@needs("batches.read")
def show(batch_id: str) -> ResponseReturnValue:
    with reading() as work:
        return render("batches/show.html", **_whole(work, batch_id))


def _whole(work: Work, batch_id: str) -> dict[str, Any]:
    entry = reads.find(work.session, actor(), batch_id)
    shares = grading.shares(work.session, batch_id)
    steps = reads.chain(work.session, batch_id)
    persons = reads.persons_of_events(work.session, batch_id)
    return {
        "one": entry.batch,
        "entry": entry,
        "slaughter": entry.slaughter,
        "plain": plain,
        "shares": shares,
        "grade_chart": parts.grade_chart({share.grade: share.head for share in shares}),
        "weight_chart": parts.weight_chart(entry.batch, entry.slaughter) if entry.slaughter else None,
        "unchecked": sum(share.to_be_checked for share in shares),
        "chillings": [_chilling(work, entry, one, log) for one, log in reads.chillings(work.session, batch_id)],
        "lines": reads.pack_lines(work.session, batch_id),
        "cuts": {cut: parts.cut_words(cut, how) for cut, how in cuts.packed(work.session, entry.batch).items()},
        "reports": reads.reports(work.session, batch_id),
        "steps": parts.timeline(steps, persons),
        "where": event_reads.places(work.session, entry.batch),
        "progress": parts.progress(entry),
        **_released(work, entry),
        "owed": parts.owed(entry),
        "may_record": actor().may("events.record", entry.batch.holder_id),
        "may_flow": actor().may("flows.record", entry.batch.holder_id),
        "cases": containers.of_batch(work.session, batch_id),
        "packs_there": containers.stocks(work.session, entry.batch.holder_id, batch_id),
        "acts": [_act(one, entry) for one in flows.acts(work.session, entry.batch)],
        "recall": recalls.recalled(work.session, [batch_id]).get(batch_id),
        **_held(work, batch_id),
        "sheets": imports.of_batch(work.session, batch_id),
        "commitments": commitments.of_batch(work.session, batch_id),
        "may_commit": applies(entry.batch.form) and actor().may("commitments.issue", entry.batch.holder_id),
        "may_hold": any(actor().may("holds.place", one.id) for one in (entry.maker, entry.producer)),
    }


def _act(one: Act, entry: Entry) -> dict[str, Any]:
    """An act of the books; whoever acts on goods for its enterprise may ask to take it back."""
    its = one.operation
    mine = actor().may("flows.record", its.enterprise_id) and its.enterprise_id == entry.batch.holder_id
    return {**vars(one), "undoable": mine and not one.undone and its.kind in UNDOABLE}


def _held(work: Work, batch_id: str) -> dict[str, Any]:
    """What the goods stand still for, and the holds of which this person may read more."""
    found = holds.bearing_on(work.session, [batch_id])[batch_id]
    return {"holds": found, "readable_holds": holds.readable(work.session, actor(), found)}


def _released(work: Work, entry: Entry) -> dict[str, Any]:
    """What the product asks for, and everything that stands in the way of packs and of labels."""
    facts = gate_reads.facts(work.session, entry.batch, work.today)
    return {
        "asked": facts.lines,
        "gate": [(stage, [explain(one) for one in gate.reasons(facts, stage)]) for stage in (Stage.PACK, Stage.LABEL)],
    }


def _chilling(work: Work, entry: Entry, kind: str, log: ChillingLog) -> dict[str, Any]:
    readings = parts.readings_of(log)
    limits = chilling.limits_on(work.session, entry.batch, ColdStep(kind), local_day(log.started_at))
    chart, headings = parts.chilling_chart(readings, limits)
    return {
        "log": log,
        "kind": kind,
        "number": shipments.number_of(work.session, log.shipment_id),
        "chart": chart,
        "headings": headings,
        "standard": limits.standard,
        "words": parts.breach_words(log.breaches, log.gaps),
        "until": readings[-1].at,
    }


@bp.get("/batches/<batch_id>/carcasses")
@needs("batches.read")
def carcasses(batch_id: str) -> ResponseReturnValue:
    wanted = CarcassesIn().take(_asked())
    with reading() as work:
        entry = reads.find(work.session, actor(), batch_id)
        found = grading.carcasses(
            work.session, batch_id, grade=wanted["grade"], number=wanted["page"], size=wanted["size"]
        )
    return render(
        "batches/carcasses.html",
        one=entry.batch,
        slaughter=entry.slaughter,
        entry=entry,
        found=found,
        grade=wanted["grade"],
        grades=list(Grade),
        decided=parts.decided,
        plain=plain,
        staff=_sees_staff(entry),
    )


@bp.get("/batches/<batch_id>/carcasses.<any(csv, xlsx):kind>")
@needs("batches.read")
def export(batch_id: str, kind: str) -> ResponseReturnValue:
    with reading() as work:
        entry = reads.find(work.session, actor(), batch_id)
        found = grading.every_carcass(work.session, batch_id)
    write, media_type = WRITERS[kind]
    rows = carcass_rows(
        [(one.carcass, _graded(one)) for one in found], [say(one) for one in _GRADED], staff=_sees_staff(entry)
    )
    return attachment(write(rows), f"{entry.batch.lot}.{kind}", media_type)


def _graded(one: Graded) -> list[object]:
    carcass = one.carcass
    return [
        say(f"grading.classes.{carcass.animal_class}"),
        say(f"grading.grades.{one.grade}"),
        say("Decided by two persons") if one.by_persons else parts.decided(carcass),
        say("to be checked") if carcass.to_be_checked else "",
        f"{carcass.grade_table} ({carcass.grade_edition})" if carcass.grade_table else "",
    ]


@bp.route("/batches/<batch_id>/events/<event_id>/correct", methods=["GET", "POST"])
@needs("events.record")
def correct(batch_id: str, event_id: str) -> ResponseReturnValue:
    """A value of an event was stated wrongly: say what is right; the event stays."""
    entry, step = _own_event(batch_id, event_id)
    form = Form(CorrectionIn(), version=entry.batch.version)
    if form.posted:
        with form.catching():
            given = form.values()
            with writing() as work:
                changes = {given["name"]: given["value"]}
                events.correct(work, event_id, version=given["version"], reason=given["reason"], changes=changes)
            return back("batches.show", "The correction stands beside the event.", batch_id=batch_id)
    names = [(name, say(f"event.data.{name}")) for name in correctable(step.data)]
    shown = parts.timeline([step], {})[0]
    way = f"events.way.{way_of(step.kind)}"
    return render("batches/correct.html", form=form, one=entry.batch, step=shown, names=names, way=way), form.status


@bp.route("/batches/<batch_id>/events/<event_id>/withdraw", methods=["GET", "POST"])
@needs("events.record")
def withdraw(batch_id: str, event_id: str) -> ResponseReturnValue:
    """An event never was as stated: it stays, and counts for nothing from now on."""
    entry, step = _own_event(batch_id, event_id)
    form = Form(WithdrawIn(), version=entry.batch.version)
    if form.posted:
        with form.catching():
            given = form.values()
            with writing() as work:
                events.withdraw(work, event_id, **given)
            return back("batches.show", "Withdrawn. Record it again as it was, if it happened.", batch_id=batch_id)
    return render("batches/withdraw.html", form=form, one=entry.batch, step=parts.timeline([step], {})[0]), form.status


@bp.route("/batches/<batch_id>/events/<event_id>/answer", methods=["GET", "POST"])
@needs("events.record")
def answer(batch_id: str, event_id: str) -> ResponseReturnValue:
    """Answer for a chilling that left its limits."""
    entry, step = _own_event(batch_id, event_id)
    form = Form(AnswerIn(), version=entry.batch.version)
    if form.posted:
        with form.catching():
            given = form.values()
            with writing() as work:
                events.answer(work, event_id, **given)
            return back("batches.show", "The answer stands beside the breach.", batch_id=batch_id)
    shown = parts.timeline([step], {})[0]
    return render("batches/answer.html", form=form, one=entry.batch, step=shown), form.status


def _own_event(batch_id: str, event_id: str) -> tuple[Entry, Step]:
    """An event of that batch, for the abattoir that answers for it; anything else is nothing."""
    with reading() as work:
        entry, step = reads.event(work.session, actor(), event_id)
    if entry.batch.id != batch_id:
        raise unknown()
    actor().require("events.record", entry.batch.holder_id)
    return entry, step


def _sees_staff(entry: Entry) -> bool:
    """Staff numbers of graders are for the abattoir itself and for those who see the whole county."""
    who = actor()
    return who.reach("batches.read") is None or who.may("events.record", entry.batch.holder_id)


def _asked() -> dict[str, str]:
    return {name: text for name, text in request.args.items() if text and name != "lang"}
