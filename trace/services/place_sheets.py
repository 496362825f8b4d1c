"""Takes in lists of places: new ones are declared, known ones without a change passed over; undone while untouched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, delete, select

from brand.kernel import audit
from brand.kernel.errors import AppError, Fault, conflict, unknown
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from brand.rules import places as counties
from trace.formats.places_sheet import COLUMNS, PlaceRow, PlaceSheet, read_places
from trace.models.capacities import Capacity
from trace.models.imports import SheetImport
from trace.models.places import Place, PlaceOutline
from trace.services import places
from trace.services.batches import refuse_faults
from trace.services.intakes import Intake, Target, Upload, plain_id

_HEADINGS = {column.field: column.heading for column in COLUMNS}


@dataclass(frozen=True)
class Outlook:
    """What a list would become: places to declare, and how many stand in the register already."""

    enterprise: Enterprise
    new: tuple[PlaceRow, ...]
    known: int


def permit(work: Work, target: Target) -> str:
    """The enterprise whose places they are."""
    work.actor.require("enterprises.edit", plain_id(target))
    return plain_id(target)


def look(work: Work, target: Target, sheet: PlaceSheet) -> Outlook:
    """Hold the list against the register, changing nothing.

    Raises ``imports.faulty`` with ``places.row_differs``, ``.township_unknown`` and what ``places.write`` refuses,
    each at its cell.
    """
    enterprise = work.session.get(Enterprise, permit(work, target))
    if enterprise is None:
        raise unknown()
    refuse_faults(sheet.faults)
    held = _held(work, enterprise.id)
    refuse_faults([one for row in sheet.rows for one in _faults(work, enterprise, row, held.get(row.name))])
    new = tuple(row for row in sheet.rows if row.name not in held)
    return Outlook(enterprise, new, len(sheet.rows) - len(new))


def take(work: Work, target: Target, upload: Upload) -> None:
    """Declare the new places; raises what ``look`` raises."""
    outlook = look(work, target, upload.sheet)
    for row in outlook.new:
        made = places.write(work, outlook.enterprise.id, **entries(outlook.enterprise, row))
        made.import_id = upload.import_id


def undo(work: Work, row: SheetImport) -> None:
    """Take back what the list brought; raises ``places.touched`` with the first place somebody has gone on with."""
    brought = work.session.exec(select(Place).where(Place.import_id == row.id).with_for_update()).all()
    ids = [one.id for one in brought]
    drawn = work.session.exec(select(PlaceOutline).where(col(PlaceOutline.place_id).in_(ids)))
    counted = work.session.exec(select(Capacity).where(col(Capacity.place_id).in_(ids)))
    used = {one.place_id for one in drawn} | {one.place_id for one in counted}
    touched = next((one for one in brought if one.version > 1 or one.id in used), None)
    if touched is not None:
        raise conflict("places.touched", name=touched.name)
    for one in brought:
        audit.record(work, "places.take_back", "place", one.id, enterprise_id=one.enterprise_id, code=one.code)
    work.session.exec(delete(Place).where(col(Place.id).in_(ids)))


def rows_of(held: Iterable[Any]) -> list[PlaceRow]:
    """Places in use as a list that, taken in again, changes nothing; ``held`` as ``queries.places.of`` gives them."""
    return [
        PlaceRow(
            0,
            one.place.name,
            one.place.kind,
            one.place.opened_on,
            one.township,
            one.place.declared_mu,
            one.place.name_en,
            one.place.name_mn,
        )
        for one in held
        if one.place.closed_on is None
    ]


def entries(enterprise: Enterprise, row: PlaceRow) -> dict[str, Any]:
    """What ``places.write`` takes."""
    return {
        "kind": row.kind,
        "name": row.name,
        "name_en": row.name_en,
        "name_mn": row.name_mn,
        "county_code": enterprise.county_code,
        "township_code": township(enterprise, row.township) or "",
        "declared_mu": row.declared_mu,
        "site_id": None,
        "opened_on": row.opened_on,
    }


def township(enterprise: Enterprise, written: str) -> str | None:
    """The code of a township of the enterprise's county; empty where we hold no list; None for no such township."""
    towns = counties.townships(enterprise.county_code)
    if not towns:
        return ""
    return next((one.code for one in towns if written in (one.name, one.code)), None)


def _held(work: Work, enterprise_id: str) -> dict[str, Place]:
    return {one.name: one for one in work.session.exec(select(Place).where(Place.enterprise_id == enterprise_id))}


def _faults(work: Work, enterprise: Enterprise, row: PlaceRow, held: Place | None) -> Iterable[Fault]:
    if township(enterprise, row.township) is None:
        towns = "、".join(one.name for one in counties.townships(enterprise.county_code))
        yield _at(row, "township", "places.township_unknown", value=row.township, towns=towns)
        return
    wanted = entries(enterprise, row)
    if held is not None:
        yield from (
            _at(row, name if name != "township_code" else "township", "places.row_differs", name=row.name)
            for name in _COMPARED
            if getattr(held, name) != wanted[name]
        )
        return
    try:
        places.check(work, enterprise.id, wanted)
    except AppError as error:
        for one in error.faults:
            yield _at(row, one.pointer.removeprefix("/"), one.code, **one.params)


_COMPARED: Sequence[str] = ("kind", "township_code", "declared_mu", "opened_on", "name_en", "name_mn")


def _at(row: PlaceRow, field: str, code: str, **params: object) -> Fault:
    heading = _HEADINGS.get(field, _HEADINGS["name"])
    return Fault(code, "", {**params, "column": heading, "row": row.row}, row.row, heading)


PLACES = Intake(read_places, permit, look, take, undo)
