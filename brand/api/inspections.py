"""Visits, yearly reviews and findings over the API."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs, signed_in
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading, writing
from brand.kernel.work import Work
from brand.queries import inspections as reads
from brand.queries import licences
from brand.queries.inspections import Found
from brand.schemas.inspections import InspectionIn, InspectionOut, InspectionsOut, InspectionStepIn
from brand.services import inspections

blp = Blueprint(
    "api_inspections", __name__, url_prefix="/api/v1/licences/<number>/inspections", description="Visits and reviews"
)
csrf.exempt(blp)


@blp.route("", methods=["GET"])
@blp.response(200, InspectionsOut)
@needs("licences.read")
def index(number: str) -> dict[str, Any]:
    """What was found under a licence, newest first; the holder sees what it was told."""
    with reading() as work:
        entry = licences.find(work.session, actor(), number, work.today)
        return {"rows": reads.of_licence(work.session, actor(), entry)}


@blp.route("", methods=["POST"])
@blp.arguments(InspectionIn)
@blp.response(201, InspectionOut)
@creates(InspectionOut)
@needs("licences.inspect")
def create(work: Work, values: dict[str, Any], number: str) -> Found:
    """A visit or review; a clean yearly review needs its test report and is therefore made on the page."""
    entry = licences.find(work.session, work.actor, number, work.today)
    made = inspections.record(work, entry.licence.id, **values)
    return reads.find(work.session, work.actor, made.id)


@blp.route("/<inspection_id>/<action>", methods=["POST"])
@blp.arguments(InspectionStepIn)
@blp.response(200, InspectionOut)
@signed_in
def step(values: dict[str, Any], number: str, inspection_id: str, action: str) -> Found:
    """tell, close, accept, fail or carry_out."""
    with writing() as work:
        licences.find(work.session, work.actor, number, work.today)
        inspections.step(work, inspection_id, action, **values)
        return reads.find(work.session, work.actor, inspection_id)
