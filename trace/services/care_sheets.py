"""Takes in sheets of what was given to animals, one record a row; no numbers means the whole herd."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from brand.kernel.errors import AppError, Fault, conflict
from brand.kernel.remembered import remembered, remembering
from brand.kernel.work import Work
from trace.formats import herd_sheets as forms
from trace.formats.line_sheets import LineSheet, pieces
from trace.models.care import CaredAnimal, CareRecord
from trace.models.events import Event
from trace.models.imports import SheetImport
from trace.queries import herds as herd_reads
from trace.queries.lineage import portions
from trace.rules.care import clean_dose
from trace.services import care, events
from trace.services.herd_sheets import Outlook, Row, figures, permit, quiet, refuse, rows_of
from trace.services.intakes import Intake, Target, Upload, plain_id


def look_at_care(work: Work, target: Target, sheet: LineSheet) -> Outlook:
    """What was given, one record a row."""
    rows, faults = rows_of(work, plain_id(target), sheet)
    counts: dict[tuple[str, str], int] = defaultdict(int)
    unchanged = 0
    with remembering(work.session):
        for row in rows:
            try:
                said = _said(work, row)
                if _is_recorded(work.session, row, said):
                    unchanged += 1
                    continue
                care.check(work, row.herd, **said)
                counts["care", row.herd.name] += 1
            except AppError as error:
                faults += [_care_fault(sheet, row, one) for one in error.faults or (Fault(error.code),)]
    refuse(sheet, faults)
    return Outlook(dict(counts), unchanged)


def take_care(work: Work, target: Target, upload: Upload) -> None:
    with remembering(work.session):
        look_at_care(work, target, upload.sheet)
        for row in rows_of(work, plain_id(target), upload.sheet)[0]:
            said = _said(work, row)
            if not _is_recorded(work.session, row, said):
                more = {name: row.get(name) for name in ("unit", "route", "person", "reason", "lot")}
                care.record(work, row.herd.id, import_id=upload.import_id, **said, **more)


def undo_care(work: Work, row: SheetImport) -> None:
    """The records are struck, unless that would open slaughter: such a record only the office strikes.

    Raises ``care.undo_opens`` with the last closed day.
    """
    made = work.session.exec(select(CareRecord).where(CareRecord.import_id == row.id)).all()
    closed = [one.closed_until for one in made if one.closed_until and one.struck_at is None]
    if closed and max(closed) >= work.today:
        raise conflict("care.undo_opens", until=max(closed).isoformat())
    standing = [one for one in made if one.struck_at is None]
    for one in standing:
        one.struck_at, one.struck_by, one.struck_reason = work.now, work.actor.person_id, row.file_name
    for one in made:
        one.import_id = None
    events.void_all(work, [work.session.get_one(Event, one.event_id) for one in standing], row.file_name)
    work.session.flush()


def _said(work: Work, row: Row) -> dict[str, Any]:
    return {
        "medicine_id": _medicine(work.session, row.herd.enterprise_id, row.herd.species, str(row.get("medicine"))),
        "given_on": row.get("given_on"),
        "last_dose_on": row.get("last_dose_on", None),
        "dose": f"{row.get('dose'):f}",
        "animal_ids": herd_reads.named(work.session, row.herd.id, row.get("numbers")),
    }


def _is_recorded(session: Session, row: Row, said: Mapping[str, Any]) -> bool:
    """Whether a record that stands says the same of the same animals."""
    wanted = (said["medicine_id"], row.get("lot"), said["last_dose_on"] or said["given_on"], clean_dose(said["dose"]))
    return (*wanted, frozenset(said["animal_ids"])) in _recorded(session, row.herd.id, said["given_on"])


@remembered
def _recorded(session: Session, herd_id: str, given_on: date) -> frozenset[tuple[Any, ...]]:
    """Medicine, lot, last day, dose and animals (none: the whole herd) of what was given first on that day."""
    its = CareRecord.herd_id == herd_id, CareRecord.given_on == given_on, col(CareRecord.struck_at).is_(None)
    found = session.exec(select(CareRecord).where(*its)).all()
    animals: dict[str, set[str]] = defaultdict(set)
    for some in portions([one.id for one in found if not one.whole_herd]):
        treated = select(CaredAnimal.care_id, CaredAnimal.animal_id).where(col(CaredAnimal.care_id).in_(some))
        for care_id, animal_id in session.exec(treated):
            animals[care_id].add(animal_id)
    return frozenset(
        (one.medicine_id, one.lot, one.last_dose_on, one.dose, frozenset(animals[one.id])) for one in found
    )


@remembered
def _medicine(session: Session, enterprise_id: str, species: str, name: str) -> str:
    """The id of the medicine of that name on the lists; empty for none."""
    listed = herd_reads.medicines(session, enterprise_id, species)
    return next((one.id for one in listed if one.name == name), "")


def _care_fault(sheet: LineSheet, row: Row, one: Fault) -> Fault:
    field = {"medicine_id": "medicine", "animals": "numbers"}.get(one.pointer.lstrip("/"), one.pointer.lstrip("/"))
    return sheet.fault(row.line, field or "herd", one.code, one.params)


CARE = Intake(forms.CARE.read, permit, look_at_care, quiet(take_care), undo_care, pieces, figures)
