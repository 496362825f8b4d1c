"""Sheets over the API: looked at or taken in whole, listed and taken back; the same refusals as on the pages."""

from __future__ import annotations

from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue

from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading, rehearsing
from brand.kernel.errors import unknown
from brand.kernel.paging import Page
from brand.kernel.work import Work
from brand.queries import enterprises
from trace.api import sheet_jobs
from trace.models.imports import SheetImport, SheetKind
from trace.queries import imports as reads
from trace.schemas.batches import (
    DryRun,
    SheetFile,
    SheetJobOut,
    SheetLookOut,
    SheetOut,
    SheetPageOut,
    SheetsIn,
    VersionIn,
)
from trace.services import imports, jobs, sheet_kinds

blp = Blueprint("api_sheets", __name__, url_prefix="/api/v1", description="Sheets of an enterprise")
csrf.exempt(blp)


@blp.route("/enterprises/<enterprise_id>/sheets", methods=["GET"])
@blp.arguments(SheetsIn, location="query")
@blp.response(200, SheetPageOut)
@needs("enterprises.read")
def index(wanted: dict[str, Any], enterprise_id: str) -> Page[SheetImport]:
    """Sheets that were brought, the newest first, and what became of them."""
    with reading() as work:
        enterprises.one(work.session, actor(), enterprise_id)
        kinds = sheet_kinds.open_to(work, enterprise_id)
        return reads.listing(work.session, enterprise_id, kinds, number=wanted["page"], size=wanted["size"])


@blp.route("/enterprises/<enterprise_id>/sheets/<kind>", methods=["POST"])
@blp.arguments(SheetFile, location="files")
@blp.arguments(DryRun, location="query")
@blp.response(201, SheetOut)
@blp.alt_response(200, schema=SheetLookOut, description="With dry_run: what would happen.")
@blp.alt_response(202, schema=SheetJobOut, description=sheet_jobs.ACCEPTED)
@needs("enterprises.read")
def take(file: dict[str, Any], run: dict[str, Any], enterprise_id: str, kind: str) -> ResponseReturnValue:
    """Take a sheet in, all of it or nothing; ``kind`` is one of those the pages offer for an enterprise.

    Files of more than 150,000 bytes are taken in by a job; looked at by one (dry run), the file is kept, waits for its
    yes on the pages, and may be sent again to be taken in.
    """
    found = _kind(kind)
    with reading() as work:
        enterprises.one(work.session, actor(), enterprise_id)
        sheet_kinds.permit(work, found, enterprise_id)
    sent = file["file"]
    name, data = sent.filename or "", sent.read()
    sent.seek(0)
    if len(data) > jobs.LARGE:
        return sheet_jobs.begin(found, name, data, enterprise_id, dry_run=run["dry_run"])
    upload = imports.read(found, name, data)
    if run["dry_run"]:
        with rehearsing() as work:
            outlook = imports.look(work, upload, enterprise_id)
        told = {"kind": kind, "rows": upload.count, "unchanged": getattr(outlook, "unchanged", 0)}
        return jsonify(SheetLookOut().dump(told))

    def run_it(work: Work) -> SheetImport:
        return imports.take_in(work, upload, enterprise_id)

    return creates(SheetOut)(run_it)()


@blp.route("/sheets/<import_id>/undo", methods=["POST"])
@blp.arguments(VersionIn)
@blp.response(200, SheetOut)
@blp.alt_response(202, schema=SheetJobOut, description=sheet_jobs.ACCEPTED)
@needs("enterprises.read")
def undo(given: dict[str, Any], import_id: str) -> ResponseReturnValue:
    """Take back all that a sheet brought, while nothing has been done with it since; more than 1,000 rows by a job."""
    with reading() as work:
        rows = imports.kept(work, import_id).rows
    if rows > jobs.MANY_ROWS:
        return sheet_jobs.accepted(lambda work: jobs.begin_undo(work, import_id, **given))
    return creates(SheetOut, status=200)(lambda work: imports.undo(work, import_id, **given))()


def _kind(text: str) -> SheetKind:
    """A kind that belongs to an enterprise; raises ``access.unknown``."""
    found = next((one for one in sheet_kinds.OF_ENTERPRISES if one.value == text), None)
    if found is None:
        raise unknown()
    return found
