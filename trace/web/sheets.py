"""What page doors for sheets share: the file in the request, its faults on the page, the sheet with its reasons."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from flask import Response, request, url_for

from brand.edge.languages import explain, say
from brand.edge.pages import Form, named
from brand.kernel.errors import AppError, Fault, invalid
from brand.models.enterprises import Enterprise
from trace.formats import carcass_sheet, cold_room, goods_sheets, herd_sheets, lab_report, packing_sheet, places_sheet
from trace.formats.columns import Column
from trace.formats.reasons import Marked, located, with_reasons
from trace.formats.tables import read_table
from trace.models.imports import SheetKind
from trace.schemas.batches import LARGEST_IN_PAGE
from trace.services import imports
from trace.services.imports import Upload

COLUMNS: Mapping[SheetKind, Sequence[Column]] = {
    SheetKind.CARCASSES: carcass_sheet.COLUMNS,
    SheetKind.CHILLING: cold_room.COLUMNS,
    SheetKind.PACKING: packing_sheet.COLUMNS,
    SheetKind.LAB_REPORT: lab_report.COLUMNS,
    SheetKind.RAPID_TESTS: lab_report.RAPID_COLUMNS,
    SheetKind.PLACES: places_sheet.COLUMNS,
    **{SheetKind(kind): columns for kind, columns in (*herd_sheets.COLUMNS.items(), *goods_sheets.COLUMNS.items())},
}
#: Kinds that belong to an enterprise, and the page they lead back to.
HOMES: Mapping[SheetKind, str] = {
    SheetKind.ANIMALS: "herds.index",
    SheetKind.CARE: "herds.index",
    SheetKind.HERD_MOVES: "herds.index",
    SheetKind.HARVESTS: "batches.index",
    SheetKind.SALES: "batches.index",
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEMPLATES: Mapping[SheetKind, Callable[[], bytes]] = {
    SheetKind.CARCASSES: carcass_sheet.carcass_template,
    SheetKind.CHILLING: cold_room.cold_room_template,
    SheetKind.PACKING: packing_sheet.packing_template,
    SheetKind.LAB_REPORT: lab_report.lab_report_template,
    SheetKind.RAPID_TESTS: lab_report.rapid_tests_template,
    SheetKind.PLACES: places_sheet.places_template,
    **{SheetKind(kind): partial(herd_sheets.template, kind) for kind in herd_sheets.COLUMNS},
    **{SheetKind(kind): partial(goods_sheets.template, kind) for kind in goods_sheets.COLUMNS},
}


def crumbs(kind: SheetKind, enterprise: Enterprise) -> list[tuple[str, str]]:
    """The way back from a sheet of an enterprise."""
    return [(say(f"imports.home.{kind}"), url_for(HOMES[kind])), (named(enterprise), url_for(HOMES[kind]))]


def uploaded(kind: SheetKind) -> Upload:
    """The sheet in this request: the file chosen now, else the one of the last try that came back with the page."""
    name, data = sent()
    return imports.read(kind, name, data)


def sent() -> tuple[str, bytes]:
    """Name and bytes of that file, unread; raises ``imports.no_file``."""
    file = request.files.get("file")
    if file is not None and file.filename:
        return file.filename, file.read()
    content = request.form.get("content", "")
    try:
        data = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if not data:
        raise invalid("imports.no_file", faults=[Fault("imports.no_file", "/file")])
    return request.form.get("file_name", ""), data


def faulty(form: Form, upload: Upload | None) -> dict[str, Any]:
    """What the page shows of a sheet that was refused cell by cell; nothing when it was refused for another reason."""
    if upload is None or form.error is None or form.error.code != "imports.faulty":
        return {"marks": (), "content": "", "file_name": "", "sheet": None}
    small = len(upload.data) <= LARGEST_IN_PAGE
    return {
        "marks": _marks(upload, form.error),
        "content": base64.b64encode(upload.data).decode() if small else "",
        "file_name": upload.name,
        "sheet": upload.sheet if upload.kind is SheetKind.CHILLING else None,
    }


def mended(form: Form, upload: Upload | None) -> Response | None:
    """The refused sheet with a reason beside each bad row, when that is what was asked for."""
    if upload is None or form.error is None or form.value("answer") != "reasons":
        return None
    reasons: dict[int, str] = {}
    for one in form.error.faults:
        row = one.row or 1
        reasons[row] = f"{reasons[row]}\n{explain(one)}" if row in reasons else explain(one)
    data = with_reasons(read_table(upload.data, upload.name), COLUMNS[upload.kind], reasons, say("What is wrong"))
    return attachment(data, f"{upload.name.rpartition('.')[0] or upload.name}-reasons.xlsx", XLSX)


def attachment(data: bytes, name: str, kind: str) -> Response:
    response = Response(data, mimetype=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _marks(upload: Upload, error: AppError) -> tuple[Marked, ...]:
    return located(read_table(upload.data, upload.name), COLUMNS[upload.kind], error.faults)
