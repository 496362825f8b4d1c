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
from trace.formats import (
    carcass_sheet,
    cold_room,
    lab_report,
    packing_sheet,
    places_sheet,
)
from trace.formats.outline_files import OUTLINES
from trace.formats.reasons import Marked, located
from trace.formats.tables import read_table
from trace.models.imports import SheetKind
from trace.rules.ear_tags import Species
from trace.schemas.batches import LARGEST_IN_PAGE
from trace.services import sent_back_sheets
from trace.services.imports import Upload
from trace.services.sent_back_sheets import COLUMNS, LINES

#: Kinds that belong to an enterprise, and the page they lead back to.
HOMES: Mapping[SheetKind, str] = {
    SheetKind.ANIMALS: "herds.index",
    SheetKind.CARE: "herds.index",
    SheetKind.HERD_MOVES: "herds.index",
    SheetKind.HARVESTS: "batches.index",
    SheetKind.SALES: "batches.index",
    SheetKind.PH: "batches.index",
    SheetKind.SAMPLES: "batches.index",
    SheetKind.GRADES: "batches.index",
    SheetKind.PURCHASES: "purchases.index",
    SheetKind.PLACES: "places.index",
    SheetKind.OUTLINES: "places.index",
    SheetKind.PLOT_CARE: "places.index",
    SheetKind.CAPACITIES: "capacities.index",
    SheetKind.HERDS: "herds.index",
    SheetKind.CERTIFICATES: "quarantine.index",
    SheetKind.SHIPMENTS: "shipments.index",
    SheetKind.ARRIVALS: "shipments.index",
    SheetKind.GTINS: "gtins.index",
    SheetKind.SUPPLY: "supply.index",
}
#: What the words mean by which rows of a kind are counted; elsewhere they are names as written.
SAYS: Mapping[SheetKind, str] = {
    SheetKind.SALES: "flows.kind.",
    SheetKind.HERDS: "animal.species.",
    SheetKind.CERTIFICATES: "quarantine.form.",
    SheetKind.PLOT_CARE: "plot_care.kind.",
    SheetKind.OUTLINES: "imports.says.",
}
TEMPLATES: Mapping[SheetKind, Callable[[], bytes]] = {
    SheetKind.CARCASSES: carcass_sheet.carcass_template,
    SheetKind.CHILLING: cold_room.cold_room_template,
    SheetKind.PACKING: packing_sheet.packing_template,
    SheetKind.LAB_REPORT: lab_report.lab_report_template,
    SheetKind.RAPID_TESTS: lab_report.rapid_tests_template,
    SheetKind.PLACES: places_sheet.places_template,
    SheetKind.OUTLINES: OUTLINES.template,
    **{kind: form.template for kind, form in LINES.items()},
}
#: Carcasses of other animals than sheep, by the name of their file.
OTHER_TEMPLATES: Mapping[str, Callable[[], bytes]] = {
    "carcasses-cattle": partial(carcass_sheet.carcass_template, species=Species.CATTLE)
}


def crumbs(kind: SheetKind, enterprise: Enterprise) -> list[tuple[str, str]]:
    """The way back from a sheet of an enterprise."""
    address = url_for(HOMES[kind], **at_home(kind, enterprise.id))  # type: ignore[arg-type]
    return [(say(f"imports.home.{HOMES[kind]}"), address), (named(enterprise), address)]


def at_home(kind: SheetKind, enterprise_id: str) -> dict[str, str]:
    """What the address of the page a kind leads back to asks for."""
    return (
        {"enterprise_id": enterprise_id} if HOMES[kind] in ("capacities.index", "gtins.index", "supply.index") else {}
    )


def sent() -> tuple[str, bytes]:
    """Name and bytes of the file chosen now, else of the last try that came back with the page.

    Unread; raises ``imports.no_file``.
    """
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
    return sent_back(upload.kind, upload.name, upload.data, form.error.faults)


def sent_back(kind: SheetKind, name: str, data: bytes, faults: Sequence[Fault]) -> Response:
    """A refused file with the reasons beside its rows."""
    back = sent_back_sheets.mended(kind, name, data, faults, explain=explain, heading=say("What is wrong"))
    return attachment(back.data, back.name, back.media_type)


def attachment(data: bytes, name: str, kind: str) -> Response:
    response = Response(data, mimetype=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _marks(upload: Upload, error: AppError) -> tuple[Marked, ...]:
    if upload.kind is SheetKind.OUTLINES:
        return tuple(Marked(one, "", "") for one in error.faults)
    return located(read_table(upload.data, upload.name), COLUMNS[upload.kind], error.faults)
