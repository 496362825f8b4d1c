"""Uploaded sheets on their way in: looked at first, taken in whole or not at all, and never twice.

A door reads the file with ``read`` before it opens a transaction, because reading a workbook takes a tenth of a second
and writers wait for each other; ``preview`` keeps a faultless sheet until its owner says yes, ``confirm`` takes it in,
``undo`` takes back what nobody has touched since. What a kind of sheet means is told by its ``Intake``.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

from sqlmodel import col, delete, select

from brand.kernel import audit
from brand.kernel.errors import AppError, conflict, unknown
from brand.kernel.work import Work
from trace.formats.carcass_sheet import read_carcasses
from trace.formats.cold_room import read_cold_room
from trace.formats.lab_report import read_lab_report, read_rapid_tests
from trace.formats.packing_sheet import read_packing
from trace.models.batches import Batch
from trace.models.imports import ImportState, SheetImport, SheetKind
from trace.models.jobs import Job
from trace.rules.events import shown
from trace.services import (
    animal_sheets,
    batch_sheets,
    batches,
    care_sheets,
    chilling,
    day_sheets,
    goods_sheets,
    gtin_sheets,
    intakes,
    journey_sheets,
    keeper_sheets,
    lab_reports,
    land_sheets,
    move_sheets,
    packing,
    place_sheets,
    seats,
    supply_sheets,
)
from trace.services.batches import Plan
from trace.services.intakes import Intake, Reader, Unread, plain_id

#: What became of looking at a sheet; the kinds that belong to a batch are told apart by the doors.
Outlook = Any
Target = intakes.Target
Upload = intakes.Upload
LONGEST_NAME = 200


def _of_batch(
    look: Callable[[Work, str, Any], Any], record: Callable[[Work, str, Upload], object], reader: Reader
) -> Intake:
    """A sheet that belongs to a batch which is there already."""

    def take(work: Work, target: Target, upload: Upload) -> str:
        record(work, plain_id(target), upload)
        return plain_id(target)

    return Intake(
        reader,
        lambda work, target: batches.held(work, plain_id(target)).holder_id,
        lambda work, target, sheet: look(work, plain_id(target), sheet),
        take,
    )


def _of_reports(reader: Reader) -> Intake:
    """Reports on a batch; each stands by itself, so a long sheet is looked at some reports at a time."""
    made = _of_batch(lab_reports.look, day_sheets.take_reports, reader)
    return replace(made, undo=day_sheets.undo_reports, pieces=lab_reports.pieces)


def _abattoir(work: Work, target: Target) -> str:
    work.actor.require("batches.register", _plan(target).abattoir_id)
    return _plan(target).abattoir_id


INTAKES: Mapping[SheetKind, Intake] = {
    SheetKind.CARCASSES: Intake(
        read_carcasses,
        _abattoir,
        lambda work, target, sheet: batches.look(work, _plan(target), sheet),
        lambda work, target, upload: batches.register(work, _plan(target), upload.sheet).id,
        day_sheets.undo_carcasses,
    ),
    SheetKind.CHILLING: replace(
        _of_batch(chilling.look, day_sheets.take_chilling, read_cold_room), undo=day_sheets.undo_chilling
    ),
    SheetKind.PACKING: replace(
        _of_batch(packing.look, day_sheets.take_packing, read_packing), undo=day_sheets.undo_packing, tells=True
    ),
    SheetKind.LAB_REPORT: _of_reports(read_lab_report),
    SheetKind.RAPID_TESTS: _of_reports(read_rapid_tests),
    SheetKind.PLACES: place_sheets.PLACES,
    SheetKind.ANIMALS: animal_sheets.ANIMALS,
    SheetKind.CARE: care_sheets.CARE,
    SheetKind.HERD_MOVES: move_sheets.MOVES,
    SheetKind.HARVESTS: goods_sheets.HARVESTS,
    SheetKind.SALES: goods_sheets.SALES,
    SheetKind.PURCHASES: goods_sheets.PURCHASES,
    SheetKind.CAPACITIES: land_sheets.CAPACITIES,
    SheetKind.PLOT_CARE: land_sheets.PLOT_CARE,
    SheetKind.OUTLINES: land_sheets.OUTLINES,
    SheetKind.HERDS: keeper_sheets.HERDS,
    SheetKind.CERTIFICATES: keeper_sheets.CERTIFICATES,
    SheetKind.PH: batch_sheets.PH,
    SheetKind.SAMPLES: batch_sheets.SAMPLES,
    SheetKind.GRADES: batch_sheets.GRADED,
    SheetKind.SHIPMENTS: journey_sheets.SHIPMENTS,
    SheetKind.ARRIVALS: journey_sheets.ARRIVALS,
    SheetKind.GTINS: gtin_sheets.GTINS,
    SheetKind.SUPPLY: supply_sheets.SUPPLY,
}


#: Everything else belongs to a batch, or begins one.
_OF_BATCHES = frozenset(
    {SheetKind.CARCASSES, SheetKind.CHILLING, SheetKind.PACKING, SheetKind.LAB_REPORT, SheetKind.RAPID_TESTS}
)
OF_ENTERPRISES = frozenset(INTAKES) - _OF_BATCHES


#: What a row keeps beside what the kind of its sheet asks for: where all of it happened.
_PLACE = "place_id"


def read(
    kind: SheetKind, name: str, data: bytes, said: Mapping[str, str] | None = None, *, place_id: str = ""
) -> Upload:
    """The sheet in a file; ``said`` is what its kind wants told beside it, ``place_id`` where it happened.

    Raises ``tables.*`` where it is no table at all, else its faults are in the sheet.
    """
    clean = _clean(name)
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
    upload = Upload(kind, _clean(name), data, unread, place_id=place_id)
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


def permit(work: Work, kind: SheetKind, target: Target) -> str:
    """The enterprise for which the person may take in such a sheet there; what is not theirs does not exist."""
    return INTAKES[kind].permit(work, target)


def open_to(work: Work, enterprise_id: str) -> frozenset[SheetKind]:
    """Kinds of sheets of an enterprise itself which the person may bring for it."""
    return frozenset(kind for kind in OF_ENTERPRISES if _may(work, kind, enterprise_id))


def _may(work: Work, kind: SheetKind, enterprise_id: str) -> bool:
    try:
        return INTAKES[kind].permit(work, enterprise_id) == enterprise_id
    except AppError:
        return False


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


def _plan(target: Target) -> Plan:
    assert isinstance(target, Plan)
    return target


def _clean(name: str) -> str:
    """The last part of the file's name without invisible signs; it is only ever shown."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    return "".join(one for one in last if one.isprintable())[:LONGEST_NAME] or "sheet"
