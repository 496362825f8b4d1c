"""Uploaded sheets on their way in: looked at first, taken in whole or not at all, and never twice.

A door reads the file with ``read`` before it opens a transaction, because reading a workbook takes a tenth of a second
and writers wait for each other; ``preview`` keeps a faultless sheet until its owner says yes, ``confirm`` takes it in.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from sqlmodel import select

from brand.kernel import audit
from brand.kernel.errors import conflict, unknown
from brand.kernel.work import Work
from trace.formats.carcass_sheet import CarcassSheet, read_carcasses
from trace.formats.cold_room import ColdRoomSheet, read_cold_room
from trace.formats.lab_report import LabSheet, read_lab_report
from trace.formats.packing_sheet import PackingSheet, read_packing
from trace.models.batches import Batch
from trace.models.imports import ImportState, SheetImport, SheetKind
from trace.rules.events import shown
from trace.services import batches, chilling, lab_reports, packing
from trace.services.batches import Plan

Sheet = CarcassSheet | ColdRoomSheet | PackingSheet | LabSheet
Outlook = batches.Outlook | chilling.Outlook | packing.Outlook | lab_reports.Outlook
#: Where a sheet goes: a plan for carcasses, the id of a batch for the others.
Target = Plan | str

LONGEST_NAME = 200
READERS: Mapping[SheetKind, Callable[[bytes, str], Sheet]] = {
    SheetKind.CARCASSES: read_carcasses,
    SheetKind.CHILLING: read_cold_room,
    SheetKind.PACKING: read_packing,
    SheetKind.LAB_REPORT: read_lab_report,
}


@dataclass(frozen=True)
class Upload:
    """A file and what is written in it."""

    kind: SheetKind
    name: str
    data: bytes
    sheet: Sheet

    @property
    def count(self) -> int:
        """Filled lines of the sheet."""
        if isinstance(self.sheet, LabSheet):
            return sum(len(report.items) for report in self.sheet.rows)
        return len(self.sheet.rows)


def read(kind: SheetKind, name: str, data: bytes) -> Upload:
    """The sheet in a file; raises ``tables.*`` where it is no table at all, else its faults are in the sheet."""
    clean = _clean(name)
    return Upload(kind, clean, data, READERS[kind](data, clean))


def look(work: Work, upload: Upload, target: Target) -> Outlook:
    """What taking the sheet in would do, changing nothing; raises every refusal that taking it in would raise."""
    _refuse_twin(work, upload, target)
    sheet = upload.sheet
    if isinstance(sheet, CarcassSheet):
        return batches.look(work, _plan(target), sheet)
    if isinstance(sheet, ColdRoomSheet):
        return chilling.look(work, _batch_id(target), sheet)
    if isinstance(sheet, PackingSheet):
        return packing.look(work, _batch_id(target), sheet)
    return lab_reports.look(work, _batch_id(target), sheet)


def preview(work: Work, upload: Upload, target: Target) -> SheetImport:
    """Keep a faultless sheet until its owner says yes; an open preview of the same file is that preview.

    Raises what ``look`` raises; then nothing is kept.
    """
    enterprise_id = _permit(work, target)
    look(work, upload, target)
    details = asdict(target) if isinstance(target, Plan) else {}
    found = _twin(work, upload, target)
    if found is not None:
        if found.details != details:
            found.details, found.version = details, found.version + 1
        return found
    return _add(work, upload, target, enterprise_id)


def confirm(work: Work, import_id: str, upload: Upload, *, version: int) -> Batch:
    """Take in a previewed sheet, all of it or nothing.

    ``upload`` is the kept content, read again outside the transaction. Raises ``imports.stale`` and what ``look`` does.
    """
    row = kept(work, import_id)
    if row.state != ImportState.PREVIEWED or row.version != version or row.digest != upload.sheet.digest:
        raise conflict("imports.stale")
    return _take(work, row, upload, target_of(row))


def take(work: Work, upload: Upload, target: Target) -> Batch:
    """Look and take in at once, for programs; raises what ``look`` raises."""
    row = preview(work, upload, target)
    return _take(work, row, upload, target)


def discard(work: Work, import_id: str) -> SheetImport:
    """Throw a preview away; a sheet that was taken in stays (``imports.stale``)."""
    row = kept(work, import_id)
    if row.state != ImportState.PREVIEWED:
        raise conflict("imports.stale")
    audit.record(work, "imports.discard", "sheet_import", row.id, enterprise_id=row.enterprise_id, kind=row.kind)
    work.session.delete(row)
    return row


def kept(work: Work, import_id: str) -> SheetImport:
    """The sheet of that id, for somebody who may take it in."""
    row = work.session.get(SheetImport, import_id)
    if row is None:
        raise unknown()
    _permit(work, target_of(row))
    return row


def target_of(row: SheetImport) -> Target:
    return Plan(**row.details) if row.kind == SheetKind.CARCASSES else row.target_id


def _take(work: Work, row: SheetImport, upload: Upload, target: Target) -> Batch:
    sheet = upload.sheet
    if isinstance(sheet, CarcassSheet):
        batch = batches.register(work, _plan(target), sheet)
    else:
        batch = work.session.get_one(Batch, _batch_id(target))
        _record(work, batch.id, upload)
    row.state, row.content, row.batch_id, row.at = ImportState.DONE.value, None, batch.id, work.now
    row.by, row.version = work.actor.person_id or "", row.version + 1
    audit.record(
        work, "imports.confirm", "sheet_import", row.id, enterprise_id=row.enterprise_id, kind=row.kind, batch=batch.id
    )
    return batch


def _record(work: Work, batch_id: str, upload: Upload) -> None:
    sheet = upload.sheet
    if isinstance(sheet, ColdRoomSheet):
        chilling.record(work, batch_id, sheet, upload.name)
    elif isinstance(sheet, PackingSheet):
        packing.record(work, batch_id, sheet)
    elif isinstance(sheet, LabSheet):
        lab_reports.record(work, batch_id, sheet)


def _permit(work: Work, target: Target) -> str:
    """The enterprise for which the person acts; what is not theirs does not exist."""
    if isinstance(target, Plan):
        work.actor.require("batches.register", target.abattoir_id)
        return target.abattoir_id
    return batches.of_abattoir(work, target).abattoir_id


def _refuse_twin(work: Work, upload: Upload, target: Target) -> None:
    """The same bytes taken in before, for the same abattoir or batch."""
    _permit(work, target)
    found = _twin(work, upload, target)
    if found is not None and found.state == ImportState.DONE and found.batch_id:
        batch = work.session.get_one(Batch, found.batch_id)
        raise conflict("imports.already_taken", at=shown(found.at), lot=batch.lot, batch=batch.code, id=batch.id)


def _twin(work: Work, upload: Upload, target: Target) -> SheetImport | None:
    statement = select(SheetImport).where(
        SheetImport.kind == upload.kind,
        SheetImport.target_id == _target_id(target),
        SheetImport.digest == upload.sheet.digest,
    )
    return work.session.exec(statement).first()


def _add(work: Work, upload: Upload, target: Target, enterprise_id: str) -> SheetImport:
    row = SheetImport(
        kind=upload.kind.value,
        target_id=_target_id(target),
        enterprise_id=enterprise_id,
        file_name=upload.name,
        digest=upload.sheet.digest,
        content=upload.data,
        details=asdict(target) if isinstance(target, Plan) else {},
        rows=upload.count,
        at=work.now,
        by=work.actor.person_id or "",
    )
    work.session.add(row)
    audit.record(work, "imports.preview", "sheet_import", row.id, enterprise_id=enterprise_id, kind=row.kind)
    work.session.flush()
    return row


def _target_id(target: Target) -> str:
    return target.abattoir_id if isinstance(target, Plan) else target


def _plan(target: Target) -> Plan:
    assert isinstance(target, Plan)
    return target


def _batch_id(target: Target) -> str:
    assert isinstance(target, str)
    return target


def _clean(name: str) -> str:
    """The last part of the file's name without invisible signs; it is only ever shown."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    return "".join(one for one in last if one.isprintable())[:LONGEST_NAME] or "sheet"
