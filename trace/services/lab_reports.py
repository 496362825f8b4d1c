"""Takes laboratory reports on a batch: each number once, every verdict computed, all «declared» until confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import select

from brand.kernel import audit
from brand.kernel.errors import Fault
from brand.kernel.work import Work
from trace.formats.lab_report import COLUMNS, LabItem, LabReport, LabSheet
from trace.models import quality
from trace.models.batches import Batch
from trace.rules.events import EventKind, moment_of_day
from trace.rules.lab_verdicts import Outcome
from trace.rules.lots import same_lot
from trace.services import batches, events

_HEADINGS = {column.field: column.heading for column in COLUMNS}


@dataclass(frozen=True)
class Outlook:
    """The reports a file would become."""

    batch: Batch
    reports: tuple[LabReport, ...]

    @property
    def items(self) -> int:
        return sum(len(report.items) for report in self.reports)

    @property
    def passed(self) -> bool:
        return all(item_passed(item) for report in self.reports for item in report.items)


def look(work: Work, batch_id: str, sheet: LabSheet) -> Outlook:
    """Hold the reports against the batch, changing nothing.

    Raises ``imports.faulty`` (with ``lab_reports.other_lot``, ``.number_taken``, ``.tested_too_early``,
    ``.tested_in_future`` at their rows).
    """
    batch = batches.of_abattoir(work, batch_id)
    batches.refuse_faults(sheet.faults)
    batches.refuse_faults([fault for report in sheet.rows for fault in _report_faults(work, batch, report)])
    return Outlook(batch, sheet.rows)


def record(work: Work, batch_id: str, sheet: LabSheet) -> Sequence[quality.LabReport]:
    """Keep each report with its items as one testing event; raises what ``look`` raises."""
    outlook = look(work, batch_id, sheet)
    kept = [_record(work, outlook.batch, report, sheet.digest) for report in outlook.reports]
    audit.record(
        work,
        "batches.record_lab_report",
        "batch",
        outlook.batch.id,
        enterprise_id=outlook.batch.abattoir_id,
        numbers=[report.number for report in kept],
        passed=all(report.passed for report in kept),
    )
    return kept


def item_passed(item: LabItem) -> bool:
    """By the figures; where the report sets no limit, its own word is all there is."""
    return item.stated == "pass" if item.computed is Outcome.NO_LIMIT else item.computed is Outcome.PASS


def _record(work: Work, batch: Batch, report: LabReport, digest: str) -> quality.LabReport:
    passed = all(item_passed(item) for item in report.items)
    data = {
        "day": report.tested_on.isoformat(),
        "laboratory": report.laboratory,
        "number": report.report_no,
        "items": len(report.items),
        "passed": passed,
    }
    moment = moment_of_day(report.tested_on, work.now)
    event = events.record(work, batch, EventKind.TESTING, event_time=moment, data=data)
    kept = quality.LabReport(
        batch_id=batch.id,
        event_id=event.id,
        laboratory=report.laboratory,
        number=report.report_no,
        tested_on=report.tested_on,
        passed=passed,
        digest=digest,
    )
    work.session.add(kept)
    work.session.flush()
    work.session.add_all(_items(kept.id, report.items))
    return kept


def _items(report_id: str, items: Sequence[LabItem]) -> Iterable[quality.LabItem]:
    for position, item in enumerate(items, 1):
        yield quality.LabItem(
            report_id=report_id,
            position=position,
            name=item.item,
            method=item.method,
            result=item.result,
            unit=item.unit,
            limit=item.limit,
            passed=item_passed(item),
        )


def _report_faults(work: Work, batch: Batch, report: LabReport) -> Iterable[Fault]:
    row = report.items[0].row
    if not same_lot(report.sample_lot, batch.lot):
        yield _at(row, "lab_reports.other_lot", "sample_lot", written=report.sample_lot, lot=batch.lot)
    if report.tested_on < batch.slaughtered_on:
        yield _at(row, "lab_reports.tested_too_early", "tested_on", slaughtered=batch.slaughtered_on.isoformat())
    if report.tested_on > work.today:
        yield _at(row, "lab_reports.tested_in_future", "tested_on", today=work.today.isoformat())
    taken = select(quality.LabReport.id).where(
        quality.LabReport.laboratory == report.laboratory, quality.LabReport.number == report.report_no
    )
    if work.session.exec(taken).first():
        yield _at(row, "lab_reports.number_taken", "report_no", number=report.report_no, laboratory=report.laboratory)


def _at(row: int, code: str, field: str, **params: object) -> Fault:
    return Fault(code, "", {**params, "column": _HEADINGS[field], "row": row}, row, _HEADINGS[field])
