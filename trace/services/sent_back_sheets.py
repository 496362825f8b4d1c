"""A refused sheet as it goes back to whoever sent it: the same rows, with a reason beside each bad one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from brand.kernel.errors import Fault
from trace.formats import (
    batch_sheets,
    carcass_sheet,
    cold_room,
    goods_sheets,
    gtin_sheets,
    herd_sheets,
    journey_sheets,
    lab_report,
    land_sheets,
    packing_sheet,
    places_sheet,
    supply_sheets,
)
from trace.formats.columns import Column
from trace.formats.geojson import MEDIA_TYPE
from trace.formats.outline_files import OUTLINES
from trace.formats.reasons import with_reasons
from trace.formats.tables import read_table
from trace.models.imports import SheetKind

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Kinds of which each row is one record.
LINES = {
    SheetKind(form.kind): form
    for forms in (herd_sheets, goods_sheets, land_sheets, batch_sheets, journey_sheets, gtin_sheets, supply_sheets)
    for form in forms.FORMS
}
COLUMNS: Mapping[SheetKind, Sequence[Column]] = {
    SheetKind.CARCASSES: carcass_sheet.COLUMNS,
    SheetKind.CHILLING: cold_room.COLUMNS,
    SheetKind.PACKING: packing_sheet.COLUMNS,
    SheetKind.LAB_REPORT: lab_report.COLUMNS,
    SheetKind.RAPID_TESTS: lab_report.RAPID_COLUMNS,
    SheetKind.PLACES: places_sheet.COLUMNS,
    SheetKind.OUTLINES: (),
    **{kind: form.columns for kind, form in LINES.items()},
}


@dataclass(frozen=True)
class Back:
    """A file, its name and its media type."""

    data: bytes
    name: str
    media_type: str


def mended(
    kind: SheetKind, name: str, data: bytes, faults: Sequence[Fault], *, explain: Callable[[Fault], str], heading: str
) -> Back:
    """``explain`` puts a fault into words, ``heading`` stands over them; of outlines only those refused come back."""
    reasons: dict[int, str] = {}
    for one in faults:
        row = one.row or 1
        reasons[row] = f"{reasons[row]}\n{explain(one)}" if row in reasons else explain(one)
    stem = name.rpartition(".")[0] or name
    if kind is SheetKind.OUTLINES:
        return Back(OUTLINES.with_reasons(data, reasons), f"{stem}-reasons.geojson", MEDIA_TYPE)
    return Back(with_reasons(read_table(data, name), COLUMNS[kind], reasons, heading), f"{stem}-reasons.xlsx", XLSX)
