"""The desk's steps on several records over the API: each by its own guard, one refusal undoes no other."""

from __future__ import annotations

from typing import Any

from brand.edge import refusals
from brand.edge.api import Blueprint
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import writing
from brand.rules.several import SeveralStep
from brand.schemas.several import OutcomesOut, PickedListIn, picked
from brand.services.several import Outcome, step_each

blp = Blueprint("api_several", __name__, url_prefix="/api/v1", description="One step on several records")
csrf.exempt(blp)


@blp.route("/enterprises/confirm", methods=["POST"])
@blp.arguments(PickedListIn)
@blp.response(200, OutcomesOut)
@needs("enterprises.confirm")
def confirm(values: dict[str, Any]) -> dict[str, list[Outcome]]:
    """Confirm enterprises that joined."""
    return _each(values, SeveralStep.CONFIRM)


@blp.route("/applications/start-review", methods=["POST"])
@blp.arguments(PickedListIn)
@blp.response(200, OutcomesOut)
@needs("applications.review")
def start_review(values: dict[str, Any]) -> dict[str, list[Outcome]]:
    """Start the review of applications that were sent."""
    return _each(values, SeveralStep.START_REVIEW)


@blp.route("/complaints/accept", methods=["POST"])
@blp.arguments(PickedListIn)
@blp.response(200, OutcomesOut)
@needs("complaints.handle")
def accept(values: dict[str, Any]) -> dict[str, list[Outcome]]:
    """Accept complaints."""
    return _each(values, SeveralStep.ACCEPT)


def _each(values: dict[str, Any], step: SeveralStep) -> dict[str, list[Outcome]]:
    with writing() as work:
        found = step_each(work, step, picked(values))
    refusals.note_each(found)
    return {"rows": found}
