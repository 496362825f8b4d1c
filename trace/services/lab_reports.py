"""Takes test reports on a batch: each number once, every verdict computed, all «declared» until confirmed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from brand.kernel import audit
from brand.kernel.clock import local_day
from brand.kernel.errors import Fault, invalid, unknown
from brand.kernel.work import Work
from brand.models.schemes import Product
from trace.formats.lab_report import COLUMNS, RAPID_COLUMNS, RAPID_LIMIT, LabItem, LabReport, LabSheet
from trace.models import quality
from trace.models.batches import Batch
from trace.models.checks import Sample
from trace.queries import limits as known_limits
from trace.rules import limits
from trace.rules.events import CLOCK_DRIFT, EventKind, moment_of_day
from trace.rules.holds import HoldReason
from trace.rules.lab_reports import Status, TestKind
from trace.rules.lab_verdicts import Outcome, outcome
from trace.rules.limits import Judgement, Limit
from trace.rules.look_alikes import one_spelling
from trace.rules.lots import same_lot
from trace.services import batches, events, holds, seats

_HEADINGS = {column.field: column.heading for column in (*RAPID_COLUMNS, *COLUMNS)}


@dataclass(frozen=True)
class Judged:
    """One report with what each of its items means."""

    report: LabReport
    items: tuple[tuple[LabItem, Judgement], ...]
    sample: Sample | None

    @property
    def passed(self) -> bool:
        return all(found.outcome is Outcome.PASS for _, found in self.items)


@dataclass(frozen=True)
class Outlook:
    """The reports a file would become; ``official``: written down by the authority."""

    batch: Batch
    reports: tuple[Judged, ...]
    official: bool

    @property
    def items(self) -> int:
        return sum(len(one.items) for one in self.reports)

    @property
    def passed(self) -> bool:
        return all(one.passed for one in self.reports)


def look(work: Work, batch_id: str, sheet: LabSheet) -> Outlook:
    """Hold the reports against the batch, changing nothing.

    Raises ``imports.faulty``, for a typed report ``input.invalid`` (with ``lab_reports.other_lot``,
    ``.number_taken``, ``.tested_too_early``,
    ``.tested_in_future``, ``.unit_differs``, ``.limit_missing`` at their rows).
    """
    batch, official = of_batch(work, batch_id)
    batches.refuse_faults(sheet.faults)
    judged = tuple(_judged(work, batch, one) for one in sheet.rows)
    batches.refuse_faults([*_twins(judged), *(fault for one in judged for fault in _faults(work, batch, one))])
    for one in sheet.rows:
        seats.said(work, batch.holder_id, EventKind.TESTING, one.tested_on)
    return Outlook(batch, judged, official)


def pieces(sheet: LabSheet, size: int) -> Iterator[LabSheet]:
    """Whole reports with together some ``size`` items."""
    waiting: list[LabReport] = []
    items = 0
    for report in sheet.rows:
        waiting.append(report)
        items += len(report.items)
        if items >= size:
            yield replace(sheet, rows=tuple(waiting), faults=())
            waiting, items = [], 0
    if waiting:
        yield replace(sheet, rows=tuple(waiting), faults=())


def record(work: Work, batch_id: str, sheet: LabSheet) -> Sequence[quality.LabReport]:
    """Keep each report with its items as one testing event; raises what ``look`` raises."""
    outlook = look(work, batch_id, sheet)
    kept = [_record(work, outlook, one, sheet.digest) for one in outlook.reports]
    audit.record(
        work,
        "batches.record_lab_report",
        "batch",
        outlook.batch.id,
        enterprise_id=outlook.batch.holder_id,
        batch=outlook.batch.code,
        numbers=[one.number for one in kept],
        passed=all(one.passed for one in kept),
    )
    return kept


def record_one(work: Work, batch_id: str, entries: Mapping[str, Any]) -> quality.LabReport:
    """One report as typed on a page or sent by a program; nobody can type a verdict.

    ``entries``: kind, number, laboratory, sample (lot or seal, empty for the batch's lot), tested_on or tested_at, and
    items with name, method, result, unit and limit; place_id, where it was tested at a place of the holder's.
    Raises what ``look`` raises, with JSON pointers, and what ``seats.here`` does.
    """
    batch, _ = of_batch(work, batch_id)
    told = {name: one for name, one in entries.items() if name != "place_id"}
    with seats.here(work, batch.holder_id, entries.get("place_id")):
        (kept,) = record(work, batch_id, LabSheet((_typed(batch, told),), (), (), _digest(told)))
    return kept


def of_batch(work: Work, batch_id: str) -> tuple[Batch, bool]:
    """The batch for whoever holds it, or for an inspector (True: the test is the authority's)."""
    batch = work.session.get(Batch, batch_id)
    if batch is None:
        raise unknown()
    if work.actor.may("events.record", batch.holder_id):
        return batch, False
    work.actor.require("quality.inspect")
    return batch, True


def _typed(batch: Batch, entries: Mapping[str, Any]) -> LabReport:
    kind = TestKind(entries["kind"])
    at: datetime | None = entries.get("tested_at")
    day: date | None = local_day(at) if at else entries.get("tested_on")
    if day is None or (kind is TestKind.RAPID and at is None):
        field = "/tested_at" if kind is TestKind.RAPID else "/tested_on"
        raise invalid("input.invalid", faults=[Fault("input.required", field)])
    items = tuple(_typed_item(kind, one) for one in entries["items"])
    twice = [n for n, one in enumerate(items) if one.item in {other.item for other in items[:n]}]
    if twice:
        raise invalid("input.invalid", faults=[Fault("lab_reports.item_twice", f"/items/{n}/name") for n in twice])
    minute = at if kind is TestKind.RAPID else None
    sample = entries.get("sample") or batch.lot
    return LabReport(entries["number"], sample, day, entries["laboratory"], items, kind, minute)


def _typed_item(kind: TestKind, one: Mapping[str, str]) -> LabItem:
    limit = one.get("limit", "") or (RAPID_LIMIT if kind is TestKind.RAPID else "")
    result, unit = one["result"], one.get("unit", "")
    return LabItem(0, one["name"], one.get("method", ""), result, unit, limit, "", outcome(result, limit))


def _digest(entries: Mapping[str, Any]) -> str:
    return hashlib.sha256(repr(sorted(entries.items())).encode()).hexdigest()


def _judged(work: Work, batch: Batch, report: LabReport) -> Judged:
    """Each item by the printed limit and by those of the register on the day of the test."""
    product = work.session.get_one(Product, batch.product_id)
    known = known_limits.in_force(work.session, limits.kind_of(product.code), report.tested_on)
    items = tuple(
        (one, limits.judge(one.item, one.result, one.unit, one.limit, one.stated, known)) for one in report.items
    )
    return Judged(report, items, _sample(work, batch, report.sample_lot))


def _sample(work: Work, batch: Batch, written: str) -> Sample | None:
    """The sample of this batch whose seal the report names."""
    sealed = select(Sample).where(Sample.batch_id == batch.id, Sample.seal_key == one_spelling(written))
    return work.session.exec(sealed).first()


def _record(work: Work, outlook: Outlook, judged: Judged, digest: str) -> quality.LabReport:
    batch, report = outlook.batch, judged.report
    data = {
        "laboratory": report.laboratory,
        "number": report.report_no,
        "test_kind": report.kind.value,
        "items": len(report.items),
        "passed": judged.passed,
    }
    moment = report.tested_at or moment_of_day(report.tested_on, work.now)
    if report.tested_at is None:
        data["day"] = report.tested_on.isoformat()
    event = events.record(work, batch, EventKind.TESTING, event_time=moment, data=data)
    kept = quality.LabReport(
        batch_id=batch.id,
        event_id=event.id,
        enterprise_id=batch.holder_id,
        kind=report.kind.value,
        laboratory=report.laboratory,
        laboratory_key=one_spelling(report.laboratory),
        number=report.report_no,
        number_key=one_spelling(report.report_no),
        sample_id=judged.sample.id if judged.sample else None,
        official=outlook.official,
        tested_on=report.tested_on,
        tested_at=report.tested_at,
        received_at=work.now,
        passed=judged.passed,
        digest=digest,
        recorded_by=work.actor.person_id or "",
    )
    try:
        with work.session.begin_nested():
            work.session.add(kept)
    except IntegrityError:  # somebody else entered this number since it was looked up
        batches.refuse_faults([_taken(report)])
    work.session.add_all(_items(kept.id, judged))
    work.session.flush()
    if not kept.passed:
        holds.place_automatic(work, batch.id, reason_code=HoldReason.TEST_FAILED, cause=cause_of(kept))
    return kept


def cause_of(report: quality.LabReport) -> str:
    """What the hold that follows from a failing report names as its cause."""
    return f"test:{report.id}"


def _items(report_id: str, judged: Judged) -> Iterator[quality.LabItem]:
    for position, (item, found) in enumerate(judged.items, 1):
        yield quality.LabItem(
            report_id=report_id,
            position=position,
            name=item.item,
            method=item.method,
            result=item.result,
            unit=item.unit,
            limit=item.limit,
            passed=found.outcome is Outcome.PASS,
            judged_by=found.by,
            doubtful=found.doubtful,
            **_register(found.limit),
        )


def _register(limit: Limit | None) -> dict[str, Any]:
    """The register's limit of that day, kept with the item, so that a later edition does not rewrite it."""
    if limit is None:
        return {}
    return {
        "register_limit": f"{limit.limit} {limit.unit}".strip(),
        "register_source": limit.source,
        "register_source_en": limit.source_en,
        "register_checked": not limit.to_be_checked,
    }


def _twins(judged: Sequence[Judged]) -> Iterator[Fault]:
    """The same number twice in one sheet, written differently."""
    seen: set[tuple[str, str]] = set()
    for one in judged:
        report = one.report
        key = one_spelling(report.laboratory), one_spelling(report.report_no)
        if key in seen:
            yield _taken(report)
        seen.add(key)


def _faults(work: Work, batch: Batch, judged: Judged) -> Iterable[Fault]:
    report = judged.report
    if judged.sample is None and not same_lot(report.sample_lot, batch.lot):
        yield _at(report, "lab_reports.other_lot", "sample_lot", written=report.sample_lot, lot=batch.lot)
    day = "tested_at" if report.tested_at else "tested_on"
    if report.tested_on < batch.made_on:
        yield _at(report, "lab_reports.tested_too_early", day, slaughtered=batch.made_on.isoformat())
    late = report.tested_at is not None and report.tested_at > work.now + CLOCK_DRIFT
    if report.tested_on > work.today or late:
        yield _at(report, "lab_reports.tested_in_future", day, today=work.today.isoformat())
    taken = select(quality.LabReport.id).where(
        quality.LabReport.laboratory_key == one_spelling(report.laboratory),
        quality.LabReport.number_key == one_spelling(report.report_no),
        quality.LabReport.status != Status.WITHDRAWN.value,
    )
    if work.session.exec(taken).first():
        yield _taken(report)
    yield from _item_faults(judged)


def _item_faults(judged: Judged) -> Iterator[Fault]:
    """Items nothing can be decided on: no limit anywhere and no word of the report, or units that do not compare."""
    for place, (item, found) in enumerate(judged.items):
        if found.outcome is Outcome.NO_LIMIT:
            yield _at_item(item, place, "lab_reports.limit_missing", "limit", {"item": item.item})
        elif found.outcome is Outcome.UNDECIDED:
            theirs = f"{found.limit.limit} {found.limit.unit}".strip() if found.limit else item.limit
            params = {"result": item.result, "limit": theirs}
            yield _at_item(item, place, "lab_reports.not_comparable", "result", params)


def _taken(report: LabReport) -> Fault:
    return _at(report, "lab_reports.number_taken", "report_no", number=report.report_no, laboratory=report.laboratory)


#: What the columns of a sheet are called in the fields of a page or a program.
_TYPED = {"report_no": "number", "sample_lot": "sample", "item": "name"}


def _at(report: LabReport, code: str, field: str, **params: object) -> Fault:
    return _fault(report.items[0].row, code, field, f"/{_TYPED.get(field, field)}", params)


def _at_item(item: LabItem, place: int, code: str, field: str, params: Mapping[str, object]) -> Fault:
    return _fault(item.row, code, field, f"/items/{place}/{_TYPED.get(field, field)}", params)


def _fault(row: int, code: str, field: str, pointer: str, params: Mapping[str, object]) -> Fault:
    """At its cell in a sheet; typed reports have no rows, and their faults point into what was sent."""
    heading = _HEADINGS[field]
    if not row:
        return Fault(code, pointer, {**params, "column": heading, "row": 1})
    return Fault(code, "", {**params, "column": heading, "row": row}, row, heading)
