"""Uploaded sheets on their way in: looked at first, taken in whole or not at all, and never twice.

A door reads the file with ``read`` before it opens a transaction, because reading a workbook takes a tenth of a second
and writers wait for each other; ``preview`` keeps a faultless sheet until its owner says yes, ``confirm`` takes it in,
``undo`` takes back what nobody has touched since. What a kind of sheet means is told by its ``Intake``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

from sqlmodel import col, delete, select

from brand.kernel import audit
from brand.kernel.errors import conflict, unknown
from brand.kernel.uploads import shown_name
from brand.kernel.work import Work
from trace.models.batches import Batch
from trace.models.imports import ImportState, SheetImport, SheetKind
from trace.models.jobs import Job
from trace.rules.events import shown
from trace.services import (
    intakes,
    seats,
)
from trace.services.batches import Plan
from trace.services.intakes import Unread
from trace.services.sheet_kinds import INTAKES

#: What became of looking at a sheet; the kinds that belong to a batch are told apart by the doors.
Outlook = Any
Target = intakes.Target
Upload = intakes.Upload
#: The name of a file that came without one.
NAMELESS = "sheet"


#: What a row keeps beside what the kind of its sheet asks for: where all of it happened.
_PLACE = "place_id"


def read(
    kind: SheetKind, name: str, data: bytes, said: Mapping[str, str] | None = None, *, place_id: str = ""
) -> Upload:
    """The sheet in a file; ``said`` is what its kind wants told beside it, ``place_id`` where it happened.

    Raises ``tables.*`` where it is no table at all, else its faults are in the sheet.
    """
    clean = shown_name(name) or NAMELESS
    beside = [dict(said)] if said else []
    return Upload(kind, clean, data, INTAKES[kind].read(data, clean, *beside), place_id=place_id)


def look(work: Work, upload: Upload, target: Target) -> Outlook:
    """What taking the sheet in would do, changing nothing; raises every refusal that taking it in would raise."""
    enterprise_id = _refuse_twin(work, upload, target)
    with seats.here(work, enterprise_id, upload.place_id):
        return INTAKES[upload.kind].look(work, target, upload.sheet)


def preview(work: Work, upload: Upload, target: Target) -> SheetImport:
    """Keep a faultless sheet until its owner says yes; an open preview of the same file is that preview.

    Raises what ``look`` raises; then nothing is kept.
    """
    enterprise_id = INTAKES[upload.kind].permit(work, target)
    look(work, upload, target)
    details = _details(upload, target)
    found = _twin(work, upload, target)
    if found is not None:
        if found.state == ImportState.UNDONE:
            found.state, found.content, found.at = ImportState.PREVIEWED.value, upload.data, work.now
            found.file_name, found.by, found.version = upload.name, work.actor.person_id or "", found.version + 1
        if found.details != details:
            found.details, found.version = details, found.version + 1
        work.session.flush()
        return found
    return _add(work, upload, target, enterprise_id)


def confirm(work: Work, import_id: str, upload: Upload, *, version: int) -> SheetImport:
    """Take in a previewed sheet, all of it or nothing.

    ``upload`` is the kept content, read again outside the transaction. Raises ``imports.stale`` and what ``look`` does.
    """
    row = kept(work, import_id)
    if row.state != ImportState.PREVIEWED or row.version != version or row.digest != upload.sheet.digest:
        raise conflict("imports.stale")
    return _take(work, row, upload, target_of(row))


def take(work: Work, upload: Upload, target: Target) -> Batch:
    """Look and take in at once, for programs: the batch a sheet began or belongs to; raises what ``look`` raises."""
    return work.session.get_one(Batch, take_in(work, upload, target).batch_id)


def take_in(work: Work, upload: Upload, target: Target) -> SheetImport:
    """The same for a sheet of any kind."""
    return _take(work, preview(work, upload, target), upload, target)


def undo(work: Work, import_id: str, *, version: int) -> SheetImport:
    """Take back all that a sheet brought, while nothing has been done with it since; then it may be taken in again.

    Raises ``imports.stale``, ``imports.no_undo`` for kinds that are only ever corrected, and what the kind refuses.
    """
    row, take_back = undoable(work, import_id, version=version)
    take_back(work, row)
    row.state, row.version = ImportState.UNDONE.value, row.version + 1
    audit.record(work, "imports.undo", "sheet_import", row.id, enterprise_id=row.enterprise_id, kind=row.kind)
    work.session.flush()
    return row


def undoable(work: Work, import_id: str, *, version: int) -> tuple[SheetImport, Callable[[Work, SheetImport], None]]:
    """A sheet that was taken in, and how its kind is taken back; raises ``imports.no_undo`` or ``imports.stale``."""
    row = kept(work, import_id)
    take_back = INTAKES[SheetKind(row.kind)].undo
    if take_back is None:
        raise conflict("imports.no_undo")
    if row.state != ImportState.DONE or row.version != version:
        raise conflict("imports.stale")
    return row, take_back


def tell(work: Work, import_id: str, upload: Upload, *, version: int) -> SheetImport:
    """Say something else beside a previewed file, e.g. which column is which; raises what ``look`` raises."""
    row = kept(work, import_id)
    if row.state != ImportState.PREVIEWED or row.version != version or row.digest != upload.sheet.digest:
        raise conflict("imports.stale")
    look(work, upload, target_of(row))
    row.details, row.rows, row.version = _details(upload, target_of(row)), upload.count, row.version + 1
    work.session.flush()
    return row


def keep_unread(
    work: Work,
    kind: SheetKind,
    name: str,
    data: bytes,
    target: Target,
    said: Mapping[str, str] | None = None,
    *,
    place_id: str = "",
    state: ImportState = ImportState.CHECKING,
) -> SheetImport:
    """Keep a large file for a job to look at, or (``taking``) to take in as it is.

    Raises ``imports.file_already_taken`` for the same bytes, ``imports.stale`` while a job takes them in.
    """
    unread = Unread(hashlib.sha256(data).hexdigest(), said=said or {})
    upload = Upload(kind, shown_name(name) or NAMELESS, data, unread, place_id=place_id)
    enterprise_id = _refuse_twin(work, upload, target)
    seats.check(work, enterprise_id, place_id)
    row = _twin(work, upload, target)
    if row is None:
        row = _add(work, upload, target, enterprise_id)
    elif row.state == ImportState.TAKING:
        raise conflict("imports.stale")
    row.state, row.content, row.version = state.value, data, row.version + 1
    row.details = _details(upload, target)
    work.session.flush()
    return row


def pieces(upload: Upload, size: int) -> Iterable[Any]:
    """The sheet in pieces that can be looked at one by one."""
    cut = INTAKES[upload.kind].pieces
    return [upload.sheet] if cut is None else cut(upload.sheet, size)


def look_at(work: Work, kind: SheetKind, sheet: Any, target: Target) -> Outlook:
    """Look at a piece of a sheet; raises what its rows are refused for."""
    INTAKES[kind].permit(work, target)
    return INTAKES[kind].look(work, target, sheet)


def looked_at(work: Work, import_id: str, upload: Upload) -> dict[str, Any]:
    """A job found nothing wrong: from now on the sheet waits for its owner's yes. Gives its figures."""
    row = kept(work, import_id)
    if row.state != ImportState.CHECKING or row.digest != upload.sheet.digest:
        raise conflict("imports.stale")
    row.state, row.rows, row.version = ImportState.PREVIEWED.value, upload.count, row.version + 1
    work.session.flush()
    return INTAKES[upload.kind].figures(upload.sheet)


def claim(work: Work, import_id: str, *, version: int) -> SheetImport:
    """The owner's yes to a sheet that a job takes in; nobody else takes it meanwhile. Raises ``imports.stale``."""
    row = kept(work, import_id)
    if row.state != ImportState.PREVIEWED or row.version != version:
        raise conflict("imports.stale")
    row.state, row.version = ImportState.TAKING.value, version + 1
    work.session.flush()
    return row


def take_claimed(work: Work, import_id: str, upload: Upload) -> SheetImport:
    """Take in a claimed sheet, all of it or nothing."""
    row = kept(work, import_id)
    if row.state != ImportState.TAKING or row.digest != upload.sheet.digest:
        raise conflict("imports.stale")
    row.rows = upload.count
    return _take(work, row, upload, target_of(row))


def discard(work: Work, import_id: str) -> SheetImport:
    """Throw a preview away; a sheet that was taken in stays (``imports.stale``)."""
    row = kept(work, import_id)
    if row.state not in (ImportState.PREVIEWED, ImportState.CHECKING):
        raise conflict("imports.stale")
    work.session.exec(delete(Job).where(col(Job.import_id) == row.id))
    audit.record(work, "imports.discard", "sheet_import", row.id, enterprise_id=row.enterprise_id, kind=row.kind)
    work.session.delete(row)
    return row


def kept(work: Work, import_id: str) -> SheetImport:
    """The sheet of that id, for somebody who may take it in."""
    row = work.session.get(SheetImport, import_id)
    if row is None:
        raise unknown()
    INTAKES[SheetKind(row.kind)].permit(work, target_of(row))
    return row


def read_kept(row: SheetImport) -> Upload:
    """The kept file, to be read outside any transaction; raises ``imports.stale`` once it was taken in."""
    if row.content is None:
        raise conflict("imports.stale")
    said = {} if row.kind == SheetKind.CARCASSES else _beside(row)
    return read(SheetKind(row.kind), row.file_name, row.content, said, place_id=row.details.get(_PLACE, ""))


def target_of(row: SheetImport) -> Target:
    return Plan(**_beside(row)) if row.kind == SheetKind.CARCASSES else row.target_id


def _beside(row: SheetImport) -> dict[str, str]:
    """What the person said beside the file, without where it happened."""
    return {name: word for name, word in row.details.items() if name != _PLACE}


def _take(work: Work, row: SheetImport, upload: Upload, target: Target) -> SheetImport:
    with seats.here(work, row.enterprise_id, upload.place_id):
        row.batch_id = INTAKES[upload.kind].take(work, target, replace(upload, import_id=row.id))
    row.state, row.content, row.at = ImportState.DONE.value, None, work.now
    row.by, row.version = work.actor.person_id or "", row.version + 1
    detail = {"batch": row.batch_id} if row.batch_id else {"rows": row.rows}
    audit.record(
        work, "imports.confirm", "sheet_import", row.id, enterprise_id=row.enterprise_id, kind=row.kind, **detail
    )
    work.session.flush()
    return row


def _refuse_twin(work: Work, upload: Upload, target: Target) -> str:
    """Refuse the same bytes for the same abattoir, batch or enterprise; else who acts there."""
    enterprise_id = INTAKES[upload.kind].permit(work, target)
    found = _twin(work, upload, target)
    if found is None or found.state != ImportState.DONE:
        return enterprise_id
    if found.batch_id is None:
        raise conflict("imports.file_already_taken", at=shown(found.at), rows=found.rows)
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
        details=_details(upload, target),
        rows=upload.count,
        at=work.now,
        by=work.actor.person_id or "",
    )
    work.session.add(row)
    audit.record(work, "imports.preview", "sheet_import", row.id, enterprise_id=enterprise_id, kind=row.kind)
    work.session.flush()
    return row


def _details(upload: Upload, target: Target) -> dict[str, str]:
    """What the person said beside the file."""
    said = asdict(target) if isinstance(target, Plan) else dict(getattr(upload.sheet, "said", {}))
    return said | ({_PLACE: upload.place_id} if upload.place_id else {})


def _target_id(target: Target) -> str:
    return target.abattoir_id if isinstance(target, Plan) else target
