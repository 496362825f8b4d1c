"""Every kind of sheet with its intake: how it is read, looked at, taken in and taken back, and who may bring it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from brand.kernel.errors import AppError
from brand.kernel.work import Work
from trace.formats.carcass_sheet import read_carcasses
from trace.formats.cold_room import read_cold_room
from trace.formats.lab_report import read_lab_report, read_rapid_tests
from trace.formats.packing_sheet import read_packing
from trace.models.imports import SheetKind
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
    supply_sheets,
)
from trace.services.batches import Plan
from trace.services.intakes import Intake, Reader, plain_id

Target = intakes.Target
Upload = intakes.Upload


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


def _plan(target: Target) -> Plan:
    assert isinstance(target, Plan)
    return target
