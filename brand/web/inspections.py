"""After the grant, as pages: a visit or yearly review written down, a finding's steps, contract and papers saved."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from brand.edge.files import saved, uploaded, uploaded_all
from brand.edge.pages import Form, back, render
from brand.edge.policies import needs, signed_in
from brand.edge.requests import actor, reading, writing
from brand.kernel.errors import unknown
from brand.kernel.uploads import ENDINGS
from brand.queries import inspections as reads
from brand.queries import licences, office_tables
from brand.rules.inspections import InspectionKind, Severity
from brand.rules.office_tables import Table
from brand.rules.sanctions import Sanction
from brand.schemas.inspections import ContractIn, InspectionIn, InspectionStepIn
from brand.services import inspections

bp = Blueprint("inspections", __name__, url_prefix="/licences/<number>")
MOST_FILES = 8


@bp.get("/inspections")
@needs("licences.read")
def index(number: str) -> ResponseReturnValue:
    """Everything found under a licence, with its contract."""
    with reading() as work:
        entry = licences.find(work.session, actor(), number, work.today)
        found = reads.of_licence(work.session, actor(), entry)
        contracts = reads.contracts(work.session, entry.licence.id)
        today = work.today
    return render("inspections/index.html", entry=entry, found=found, contracts=contracts, today=today)


@bp.route("/inspections/new", methods=["GET", "POST"])
@needs("licences.inspect")
def new(number: str) -> ResponseReturnValue:
    with reading() as work:
        entry = licences.find(work.session, actor(), number, work.today)
        table = office_tables.in_force(work.session, entry.brand.scheme_id, Table.SANCTIONS)
        today = work.today
    form = Form(InspectionIn(), visited_on=today.isoformat(), kind=InspectionKind.VISIT)
    if form.posted:
        with form.catching():
            values, files = form.values(), uploaded_all("files", most=MOST_FILES)
            with writing() as work:
                inspections.record(work, entry.licence.id, uploads=files, **values)
            return back("inspections.index", "The inspection is recorded.", number=number)
    choices = {"kinds": list(InspectionKind), "severities": list(Severity), "reasons": list(Sanction)}
    page = render("inspections/new.html", form=form, entry=entry, table=table, most_files=MOST_FILES, **choices)
    return page, form.status


@bp.route("/contract", methods=["GET", "POST"])
@needs("licences.inspect")
def contract(number: str) -> ResponseReturnValue:
    with reading() as work:
        entry = licences.find(work.session, actor(), number, work.today)
        today = work.today
    form = Form(ContractIn(), signed_on=today.isoformat())
    if form.posted:
        with form.catching():
            values, upload = form.values(), uploaded()
            with writing() as work:
                inspections.keep_contract(work, entry.licence.id, upload=upload, **values)
            return back("inspections.index", "The contract is kept.", number=number)
    return render("inspections/contract.html", form=form, entry=entry), form.status


@bp.get("/files/<file_id>")
@needs("licences.read")
def save(number: str, file_id: str) -> ResponseReturnValue:
    with reading() as work:
        entry = licences.find(work.session, actor(), number, work.today)
        file = reads.file(work.session, actor(), entry.licence.id, file_id)
    return saved(file.content, f"{number}-{file.kind}.{ENDINGS[file.media_type]}", file.media_type)


@bp.route("/inspections/<inspection_id>/<action>", methods=["GET", "POST"])
@signed_in
def step(number: str, inspection_id: str, action: str) -> ResponseReturnValue:
    """One step of a finding."""
    form = Form(InspectionStepIn())
    if form.posted:
        with form.catching(), writing() as work:
            inspections.step(work, inspection_id, action, **form.values())
            return back("inspections.index", f"inspection.done.{action}", number=number)
    with reading() as work:
        entry = licences.find(work.session, actor(), number, work.today)
        one = reads.find(work.session, actor(), inspection_id)
    found = next((each for each in one.open_steps if each.step.action == action), None)
    if found is None or one.inspection.licence_id != entry.licence.id:
        raise form.error or unknown()
    page = render(
        "inspections/step.html", form=form, entry=entry, one=one.inspection, step=found.step, refusal=found.refusal
    )
    return page, form.status
