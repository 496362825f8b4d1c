"""The register of limits over the API: what is in force, one entered, and the second person's word."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import reading
from brand.kernel.work import Work
from trace.models.limits import TestLimit
from trace.queries import limits as reads
from trace.schemas.limits import EnteredOut, LimitIn, LimitsIn, LimitsOut, LimitStepIn
from trace.services import limits

blp = Blueprint("api_limits", __name__, url_prefix="/api/v1/limits", description="Limits of tested items")
csrf.exempt(blp)


@blp.route("", methods=["GET"])
@blp.arguments(LimitsIn, location="query")
@blp.response(200, LimitsOut)
@needs("quality.read")
def index(wanted: dict[str, Any]) -> dict[str, Any]:
    """The limits of one kind of product in force today, and all that wait for a second person."""
    with reading() as work:
        rows = reads.listing(work.session, wanted["kind"], work.today)
        return {"kind": wanted["kind"], "rows": rows, "waiting": reads.waiting(work.session)}


@blp.route("", methods=["POST"])
@blp.arguments(LimitIn)
@blp.response(201, EnteredOut)
@creates(EnteredOut)
@needs("standards.write")
def propose(work: Work, values: dict[str, Any]) -> TestLimit:
    """A limit with its source; it counts once another person approves it."""
    return limits.propose(work, **values)


@blp.route("/<test_limit_id>/<any(approve, refuse, withdraw):action>", methods=["POST"])
@blp.arguments(LimitStepIn)
@blp.response(200, EnteredOut)
@creates(EnteredOut, status=200)
@needs("standards.read")
def step(work: Work, values: dict[str, Any], test_limit_id: str, action: str) -> TestLimit:
    """Approve or refuse (another person), or withdraw."""
    return limits.step(work, test_limit_id, action, **values)
