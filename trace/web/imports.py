"""Pages for sheets on their way in: upload, faults beside their cells, the look before the yes, and the yes itself."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.languages import explain
from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, rehearsing, writing
from brand.kernel.errors import Fault, invalid, unknown
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from brand.models.schemes import Product
from brand.queries import enterprises
from brand.queries.lookups import by_id
from trace.formats.geojson import MEDIA_TYPE
from trace.models.imports import ImportState, SheetImport, SheetKind
from trace.models.places import Place
from trace.queries import batches as reads
from trace.queries import devices, producers
from trace.queries import events as event_reads
from trace.rules.events import EventKind
from trace.rules.weights import plain
from trace.schemas.batches import ColdPage, ColumnsPage, PlacedPage, PlanPage, SheetPage, VersionIn
from trace.services import alarms, imports, jobs, sheet_kinds
from trace.services.batches import Plan
from trace.services.imports import Outlook, Target, Upload
from trace.services.sent_back_sheets import XLSX
from trace.web import batch_parts as parts
from trace.web import sheets

bp = Blueprint("imports", __name__)
FIRST_ROWS = 8


@bp.get("/imports/templates/<kind>.xlsx")
@needs("enterprises.read")
def template(kind: str) -> ResponseReturnValue:
    """The sheet to fill in, with drop-downs, notes and an example."""
    if kind in sheets.OTHER_TEMPLATES:
        return sheets.attachment(sheets.OTHER_TEMPLATES[kind](), f"{kind}.xlsx", XLSX)
    found = _kind(kind)
    if found is SheetKind.OUTLINES:
        raise unknown()
    return sheets.attachment(sheets.TEMPLATES[found](), f"{found}.xlsx", XLSX)


@bp.get("/imports/templates/outlines.geojson")
@needs("enterprises.read")
def outlines() -> ResponseReturnValue:
    """A collection with one named plot, as programs that draw plots write it."""
    return sheets.attachment(sheets.TEMPLATES[SheetKind.OUTLINES](), "outlines.geojson", MEDIA_TYPE)


@bp.route("/batches/import", methods=["GET", "POST"])
@needs("batches.register")
def begin() -> ResponseReturnValue:
    """A carcass sheet, whose animals and which product: the beginning of a batch."""
    with reading() as work:
        choices = producers.choices(work.session, actor(), work.today)
        places = [place for one in choices.abattoirs for place in _places(work, one.id, SheetKind.CARCASSES)]
    said = {name: request.args[name] for name in ("abattoir_id", *_SAID) if name in request.args}
    form = Form(PlanPage(), **(_obvious(choices) | said))
    upload = None
    if form.posted:
        with form.catching():
            name, data = sheets.sent()
            large = _is_for_a_job(form, data)
            given = form.values()
            at = given["place_id"]
            upload = None if large else imports.read(SheetKind.CARCASSES, name, data, place_id=at)
            plan = Plan(_abattoir(given["abattoir_id"]), *(given[name] for name in _SAID))
            if upload is None:
                return _begin_look(SheetKind.CARCASSES, name, data, plan, place_id=at)
            with alarms.watching(writing, plan.abattoir_id):
                return _keep(upload, plan)
    kept = {name: form.value(name) for name in ("abattoir_id", *_SAID, "place_id")}
    return _again(form, upload, SheetKind.CARCASSES, choices=choices, kept=kept, places=places)


@bp.route("/batches/<batch_id>/sheets/<kind>", methods=["GET", "POST"])
@needs("events.record")
def add(batch_id: str, kind: str) -> ResponseReturnValue:
    """A sheet that belongs to a batch: logger file, packing list or laboratory report."""
    found = _kind(kind)
    if found is SheetKind.CARCASSES or found in sheets.HOMES:
        raise unknown()
    with reading() as work:
        entry = reads.find(work.session, actor(), batch_id)
        actor().require("events.record", entry.batch.holder_id)
        known = devices.of_enterprise(work.session, entry.batch.holder_id)
        places = _places(work, entry.batch.holder_id, found)
        at = (entry.batch.id, work.now)
        lies = event_reads.lay_in(work.session, [at]).get(at, "")
    cold = found is SheetKind.CHILLING
    form = Form(ColdPage() if cold else PlacedPage(), step=request.args.get("step", "chilling"))
    upload = None
    if form.posted:
        with form.catching():
            name, data = sheets.sent()
            large = _is_for_a_job(form, data)
            given = form.values()
            if large and not cold:
                return _begin_look(found, name, data, batch_id, place_id=given["place_id"])
            upload = imports.read(found, name, data, place_id=given["place_id"])
            if cold:
                upload = _told(upload, given, {one.serial: one.columns for one in known})
            if large:
                return _begin_look(found, name, data, batch_id, upload.sheet.said, place_id=given["place_id"])
            return _keep(upload, batch_id)
    kept = {"place_id": form.value("place_id")}
    shown = {"entry": entry, "one": entry.batch, "devices": known, "places": places, "lies": lies}
    return _again(form, upload, found, kept=kept, **shown)


#: What a sheet of a batch tells, for the places offered; a logger file may be of any cold step.
_STEP = {
    SheetKind.CARCASSES: EventKind.SLAUGHTERING,
    SheetKind.CHILLING: EventKind.CHILLING,
    SheetKind.PACKING: EventKind.PACKING,
}


def _places(work: Work, enterprise_id: str, kind: SheetKind) -> list[Place]:
    return event_reads.offered(work.session, enterprise_id, _STEP.get(kind, EventKind.TESTING))


_BESIDE = ("step", "device", "heading", "at", "clock", "room", "core", "order")


def _told(upload: Upload, given: dict[str, Any], remembered: dict[str, dict[str, str]]) -> Upload:
    """A logger file read by what was said beside it, else as the clerk read this recorder's last file."""
    said = {name: given[name] for name in _BESIDE if given.get(name)}
    if "at" not in said:
        said["device"] = given["device"] or upload.sheet.serial
        said |= remembered.get(said["device"], {})
    read = imports.read(upload.kind, upload.name, upload.data, said, place_id=upload.place_id)
    if read.sheet.faults and "at" not in given and not upload.sheet.faults:
        # What is remembered does not fit this file: our own guess does, and is shown for correction.
        kept = {name: word for name, word in said.items() if name in ("step", "device")}
        return imports.read(upload.kind, upload.name, upload.data, kept, place_id=upload.place_id)
    return read


@bp.post("/imports/<import_id>/columns")
@needs("events.record")
def columns(import_id: str) -> ResponseReturnValue:
    """Another word on which column is which, before the yes."""
    form = Form(ColumnsPage())
    with reading() as work:
        row = imports.kept(work, import_id)
    if row.kind != SheetKind.CHILLING:
        raise unknown()
    upload = imports.read_kept(row)
    with form.catching():
        given = form.values()
        version = given.pop("version")
        upload = _told(upload, given, {})
        with writing() as work:
            imports.tell(work, import_id, upload, version=version)
        return back("imports.show", import_id=import_id)
    return _preview(row, form)


@bp.route("/enterprises/<enterprise_id>/sheets/<kind>", methods=["GET", "POST"])
@needs("enterprises.read")
def bring(enterprise_id: str, kind: str) -> ResponseReturnValue:
    """A sheet that belongs to an enterprise: its animals, what was given to them, where they went."""
    found = _kind(kind)
    if found not in sheets.HOMES:
        raise unknown()
    with reading() as work:
        enterprise = enterprises.one(work.session, actor(), enterprise_id)
        sheet_kinds.permit(work, found, enterprise_id)
    form = Form(SheetPage())
    upload = None
    if form.posted:
        with form.catching():
            form.values()
            name, data = sheets.sent()
            if _is_for_a_job(form, data):
                return _begin_look(found, name, data, enterprise_id)
            upload = imports.read(found, name, data)
            return _keep(upload, enterprise_id)
    crumbs = sheets.crumbs(found, enterprise)
    return _again(form, upload, found, entry=None, one=None, kept={}, crumbs=crumbs)


@bp.get("/imports/<import_id>")
@needs("enterprises.read")
def show(import_id: str) -> ResponseReturnValue:
    """What the sheet would become, before the yes."""
    with reading() as work:
        row = imports.kept(work, import_id)
    if row.state != ImportState.PREVIEWED:
        return _done(row, Form(VersionIn()))
    if _is_large(row) and "whole" not in request.args:
        return _large(row, Form(VersionIn()))
    return _preview(row, Form(VersionIn()))


@bp.post("/imports/<import_id>/confirm")
@needs("enterprises.read")
def confirm(import_id: str) -> ResponseReturnValue:
    """Take the sheet in."""
    form = Form(VersionIn())
    with reading() as work:
        row = imports.kept(work, import_id)
    if _is_large(row):
        return _begin(row, form)
    upload = imports.read_kept(row)
    with form.catching():
        given = form.values()
        with alarms.watching(writing, row.enterprise_id), writing() as work:
            done = imports.confirm(work, import_id, upload, **given)
        return _home(done, f"imports.done.{row.kind}")
    return _preview(row, form)


@bp.post("/imports/<import_id>/discard")
@needs("enterprises.read")
def discard(import_id: str) -> ResponseReturnValue:
    """Throw the preview away; the file is forgotten."""
    with writing() as work:
        row = imports.discard(work, import_id)
    return _home(row, "The sheet is discarded; nothing was taken in.")


@bp.post("/imports/<import_id>/undo")
@needs("enterprises.read")
def undo(import_id: str) -> ResponseReturnValue:
    """Take back all that the sheet brought, while nothing has been done with it since."""
    form = Form(VersionIn())
    with reading() as work:
        row = imports.kept(work, import_id)
    with form.catching():
        given = form.values()
        if row.rows > jobs.MANY_ROWS:
            with writing() as work:
                job = jobs.begin_undo(work, import_id, **given)
            return back("jobs.show", job_id=job.id)
        with writing() as work:
            imports.undo(work, import_id, **given)
        return _home(row, "The sheet is taken back; it may be taken in again.")
    return _done(row, form)


def _home(row: SheetImport, message: str) -> ResponseReturnValue:
    """Back to where sheets of that kind belong."""
    if row.batch_id is not None:
        return back("batches.show", message, batch_id=row.batch_id)
    if row.kind == SheetKind.CARCASSES:
        return back("batches.index", message)
    if row.kind in sheets.HOMES:
        kind = SheetKind(row.kind)
        return back(sheets.HOMES[kind], message, **sheets.at_home(kind, row.enterprise_id))
    return back("batches.show", message, batch_id=row.target_id)


def _is_for_a_job(form: Form, data: bytes) -> bool:
    """A large sheet is looked at by a job, unless its reasons were asked for."""
    return len(data) > jobs.LARGE and form.value("answer") != "reasons"


def _begin_look(
    kind: SheetKind, name: str, data: bytes, target: Target, said: dict[str, str] | None = None, *, place_id: str = ""
) -> ResponseReturnValue:
    with writing() as work:
        job = jobs.begin_look(work, kind, name, data, target, said, place_id=place_id)
    return back("jobs.show", job_id=job.id)


def _is_large(row: SheetImport) -> bool:
    """Whether a job has looked at it, and takes it in as well."""
    return len(row.content or b"") > jobs.LARGE


def _begin(row: SheetImport, form: Form) -> ResponseReturnValue:
    """The yes to a large sheet: a job takes it in."""
    with form.catching():
        given = form.values()
        with writing() as work:
            job = jobs.begin_take(work, row.id, **given)
        return back("jobs.show", job_id=job.id)
    return _large(row, form)


def _large(row: SheetImport, form: Form) -> ResponseReturnValue:
    """The look of a large sheet: the figures a job found."""
    with reading() as work:
        job = jobs.latest(work, row.id)
    says = sheets.SAYS.get(SheetKind(row.kind), "")
    return render("imports/large.html", row=row, form=form, job=job, says=says), form.status


_SAID = ("producer_id", "product_id", "lot")


def _kind(text: str) -> SheetKind:
    try:
        return SheetKind(text)
    except ValueError:
        raise unknown() from None


def _keep(upload: Upload, target: Target) -> ResponseReturnValue:
    with writing() as work:
        row = imports.preview(work, upload, target)
    return back("imports.show", import_id=row.id)


def _again(form: Form, upload: Upload | None, kind: SheetKind, **context: Any) -> ResponseReturnValue:
    """The form, empty or with what was wrong; or the sheet with its reasons, when that was asked for."""
    answer = sheets.mended(form, upload)
    if answer is not None:
        return answer
    page = render(
        "imports/upload.html", form=form, kind=kind, explain=explain, **context, **sheets.faulty(form, upload)
    )
    return page, form.status


def _preview(row: SheetImport, form: Form) -> ResponseReturnValue:
    upload = imports.read_kept(row)
    outlook: Outlook | None = None
    looking = rehearsing if sheet_kinds.INTAKES[upload.kind].rehearsed else reading
    with looking() as work:
        names = _names(work, row)
        with form.catching():
            outlook = imports.look(work, upload, imports.target_of(row))
    page = render(
        "imports/show.html",
        row=row,
        form=form,
        outlook=outlook,
        upload=upload,
        parts=parts,
        plain=plain,
        first_rows=FIRST_ROWS,
        says=sheets.SAYS.get(upload.kind, ""),
        **names,
    )
    return page, form.status


def _done(row: SheetImport, form: Form) -> ResponseReturnValue:
    """What became of a sheet of an enterprise, and the way back."""
    undoable = sheet_kinds.INTAKES[SheetKind(row.kind)].undo is not None
    return render("imports/done.html", row=row, form=form, undoable=undoable), form.status


def _names(work: Work, row: SheetImport) -> dict[str, Any]:
    if row.kind == SheetKind.CARCASSES:
        ids = {row.details["producer_id"], row.details["abattoir_id"]}
        parties = by_id(work.session, Enterprise, ids)
        products = by_id(work.session, Product, {row.details["product_id"]})
        return {
            "producer": parties[row.details["producer_id"]],
            "product": products[row.details["product_id"]],
        }
    if row.kind in sheets.HOMES:
        return {"entry": None}
    return {"entry": reads.find(work.session, actor(), row.target_id)}


def _obvious(choices: producers.Choices) -> dict[str, Any]:
    """What need not be chosen because there is only one."""
    ids = {
        "abattoir_id": [one.id for one in choices.abattoirs],
        "producer_id": [one.id for one in choices.producers],
        "product_id": [one.id for one in choices.products],
    }
    return {name: found[0] for name, found in ids.items() if len(found) == 1}


def _abattoir(said: str) -> str:
    """The abattoir named, else the only one the person works for."""
    own = actor().reach("batches.register") or frozenset()
    if said or len(own) == 1:
        return said or next(iter(own))
    raise invalid("input.required", faults=[Fault("input.required", "/abattoir_id")])
