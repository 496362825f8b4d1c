"""Takes back sheets of a slaughter day: registration, packing and logger file by the acts and events they led to."""

from __future__ import annotations

from sqlmodel import col, select

from brand.kernel.errors import conflict
from brand.kernel.work import Work
from trace.models.batches import Batch
from trace.models.events import ChillingLog, Event
from trace.models.imports import SheetImport
from trace.models.quality import LabReport
from trace.queries import events as event_reads
from trace.rules.lab_reports import WITHDRAW
from trace.services import chilling, events, lab_reports, packing, report_steps, undoing
from trace.services.intakes import Target, Upload, plain_id

#: What a sheet's row keeps beside what the person said: the act it led to.
ACT = "act"
#: The same of reports, their ids.
REPORTS = "reports"


def take_packing(work: Work, target: Target, upload: Upload) -> str:
    """Pack by the list; its row keeps which act it was. Raises what ``packing.look`` raises."""
    done = packing.record(work, plain_id(target), upload.sheet, upload.heard)
    row = work.session.get_one(SheetImport, upload.import_id)
    row.details = {**row.details, ACT: done.id}
    return plain_id(target)


def take_chilling(work: Work, target: Target, upload: Upload) -> str:
    """Keep the logger file; raises what ``chilling.look`` raises."""
    chilling.record(work, plain_id(target), upload.sheet, upload.name)
    return plain_id(target)


def take_reports(work: Work, target: Target, upload: Upload) -> str:
    """Keep the reports; raises what ``lab_reports.look`` raises."""
    made = lab_reports.record(work, plain_id(target), upload.sheet)
    row = work.session.get_one(SheetImport, upload.import_id)
    row.details = {**row.details, REPORTS: ",".join(one.id for one in made)}
    return plain_id(target)


def undo_reports(work: Work, row: SheetImport) -> None:
    """Every report of the sheet is taken back; raises what ``report_steps.step`` raises, e.g. for a failing one."""
    made = [one for one in row.details.get(REPORTS, "").split(",") if one]
    if not made:
        raise conflict("imports.no_undo")
    for one in made:
        report = work.session.get_one(LabReport, one, populate_existing=True)
        report_steps.step(work, one, WITHDRAW, version=report.version, comment=row.file_name)


def undo_carcasses(work: Work, row: SheetImport) -> None:
    """The registration is taken back as an act; raises what ``undoing.undo`` raises."""
    batch = work.session.get_one(Batch, row.batch_id)
    _undo(work, batch.operation_id, row.file_name)


def undo_packing(work: Work, row: SheetImport) -> None:
    """The packs are loose goods again; raises what ``undoing.undo`` raises."""
    _undo(work, row.details.get(ACT), row.file_name)


def undo_chilling(work: Work, row: SheetImport) -> None:
    """The events of the file are withdrawn; raises ``events.answer_first`` for a breach nobody has answered for.

    The file of a journey spoke for everything on board, and speaks for none of it any more.
    """
    logs = select(Event.id, ChillingLog).join(ChillingLog, col(ChillingLog.event_id) == col(Event.id))
    its = logs.where(ChillingLog.digest == row.digest, event_reads.counts())
    found = work.session.exec(its.where(ChillingLog.batch_id == row.target_id)).first()
    if found is None:
        raise conflict("imports.no_undo")
    journey = found[1].shipment_id
    same = [found] if journey is None else work.session.exec(its.where(ChillingLog.shipment_id == journey)).all()
    for event_id, log in same:
        batch = work.session.get_one(Batch, log.batch_id, populate_existing=True)
        events.withdraw(work, event_id, version=batch.version, reason=row.file_name)


def _undo(work: Work, operation_id: str | None, words: str) -> None:
    if not operation_id:
        raise conflict("imports.no_undo")
    undoing.undo(work, operation_id, words=words)
