"""Findings from markets over the API: the queue, and what is made of one."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading, writing
from brand.kernel.paging import Page
from trace.models.field_findings import FieldFinding
from trace.queries import field_findings as reads
from trace.schemas.field_findings import FieldFindingOut, FieldFindingPageOut, FieldFindingsIn, FieldFindingStepIn
from trace.services import field_findings

blp = Blueprint(
    "api_field_findings", __name__, url_prefix="/api/v1/field-findings", description="Findings of inspectors in markets"
)
csrf.exempt(blp)


@blp.route("", methods=["GET"])
@blp.arguments(FieldFindingsIn, location="query")
@blp.response(200, FieldFindingPageOut)
@needs("licences.inspect")
def index(wanted: dict[str, Any]) -> Page[FieldFinding]:
    """Findings, newest first; without a state those nobody has dealt with."""
    with reading() as work:
        return reads.listing(work.session, actor(), state=wanted["state"], number=wanted["page"], size=wanted["size"])


@blp.route("/<number>/<any(take_up, report, set_aside):action>", methods=["POST"])
@blp.arguments(FieldFindingStepIn)
@blp.response(200, FieldFindingOut)
@needs("licences.inspect")
def step(given: dict[str, Any], number: str, action: str) -> FieldFinding:
    """Take it up as an inspection of its licence, make it a case of the office, or set it aside; each says why."""
    with writing() as work:
        return field_findings.step(work, number, action, **given)
