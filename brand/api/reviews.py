"""The office's records of an application over the API."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint
from brand.edge.policies import signed_in
from brand.edge.protection import csrf
from brand.edge.requests import writing
from brand.queries import applications as reads
from brand.queries.applications import Detail
from brand.schemas.applications import ApplicationOut
from brand.schemas.reviews import RecordIn
from brand.services import reviews

blp = Blueprint(
    "api_reviews", __name__, url_prefix="/api/v1/applications/<application_id>/records", description="Office records"
)
csrf.exempt(blp)


@blp.route("/<action>", methods=["POST"])
@blp.arguments(RecordIn)
@blp.response(200, ApplicationOut)
@signed_in
def record(values: dict[str, Any], application_id: str, action: str) -> Detail:
    """recommend, review_desk, inspect_site or hear_experts; pictures are added on the page."""
    with writing() as work:
        reviews.record(work, application_id, action, **values)
        return reads.detail(work.session, work.actor, application_id, work.today)
