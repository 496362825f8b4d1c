"""The log of guidance, norms and services over the API."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading
from brand.kernel.paging import Page
from brand.kernel.work import Work
from brand.queries import guidance as reads
from brand.queries.guidance import Given
from brand.schemas.guidance import GuidanceIn, GuidanceOut, GuidancePageOut, GuidancesIn
from brand.services import guidance

blp = Blueprint(
    "api_guidance", __name__, url_prefix="/api/v1/enterprises/<enterprise_id>/guidance", description="Guidance log"
)
csrf.exempt(blp)


@blp.route("", methods=["GET"])
@blp.arguments(GuidancesIn, location="query")
@blp.response(200, GuidancePageOut)
@needs("enterprises.read")
def index(wanted: dict[str, Any], enterprise_id: str) -> Page[Given]:
    """What was given to the enterprise, newest first."""
    with reading() as work:
        return reads.log(work.session, actor(), enterprise_id, number=wanted["page"], size=wanted["size"])


@blp.route("", methods=["POST"])
@blp.arguments(GuidanceIn)
@blp.response(201, GuidanceOut)
@creates(GuidanceOut)
@needs("guidance.write")
def create(work: Work, values: dict[str, Any], enterprise_id: str) -> Given:
    """One act of guidance, norms or service."""
    made = guidance.record(work, enterprise_id, **values)
    named = {one.id: one for one in reads.brands(work.session)}
    return Given(made, named.get(made.brand_id or ""))
