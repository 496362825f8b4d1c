"""Enterprises over the API: joining is open to everybody, reading and deciding to those who may."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs, public
from brand.edge.protection import csrf, limiter
from brand.edge.requests import actor, reading, writing
from brand.kernel.paging import Page
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from brand.queries import enterprises as reads
from brand.schemas.enterprises import (
    EditIn,
    EnterpriseOut,
    EnterprisePage,
    EnterpriseWhole,
    JoinIn,
    ListIn,
    RefuseIn,
    ResumeIn,
    StepIn,
    SuspendIn,
)
from brand.services import enterprises

blp = Blueprint("api_enterprises", __name__, url_prefix="/api/v1/enterprises", description="Enterprises")
csrf.exempt(blp)


@blp.route("", methods=["POST"])
@limiter.shared_limit("10/hour", scope="join")
@blp.arguments(JoinIn)
@blp.response(201, EnterpriseOut)
@creates(EnterpriseOut)
@public
def join(work: Work, values: dict[str, Any]) -> Enterprise:
    """Join the register; the office confirms. The account made with it may sign in at once."""
    return enterprises.join(work, **values)


@blp.route("", methods=["GET"])
@blp.arguments(ListIn, location="query")
@blp.response(200, EnterprisePage)
@needs("enterprises.read")
def index(values: dict[str, Any]) -> Page[Enterprise]:
    """Enterprises the asker may see, newest first."""
    with reading() as work:
        return reads.listing(work.session, actor(), number=values.pop("page"), **values)


@blp.route("/<enterprise_id>", methods=["GET"])
@blp.response(200, EnterpriseWhole)
@needs("enterprises.read")
def show(enterprise_id: str) -> dict[str, Any]:
    """One enterprise; how to reach it only for the office, inspectors and its own people."""
    with reading() as work:
        return _whole(work, enterprise_id)


@blp.route("/<enterprise_id>", methods=["PUT"])
@blp.arguments(EditIn)
@blp.response(200, EnterpriseWhole)
@needs("enterprises.edit")
def edit(values: dict[str, Any], enterprise_id: str) -> dict[str, Any]:
    """All entries anew; once the office has confirmed, only address and contact may differ."""
    with writing() as work:
        enterprises.edit(work, enterprise_id, **values)
        return _whole(work, enterprise_id)


@blp.route("/<enterprise_id>/confirm", methods=["POST"])
@blp.arguments(StepIn)
@blp.response(200, EnterpriseWhole)
@needs("enterprises.confirm")
def confirm(values: dict[str, Any], enterprise_id: str) -> dict[str, Any]:
    """Confirm a pending enterprise."""
    return _step(enterprise_id, "confirm", values)


@blp.route("/<enterprise_id>/refuse", methods=["POST"])
@blp.arguments(RefuseIn)
@blp.response(200, EnterpriseWhole)
@needs("enterprises.confirm")
def refuse(values: dict[str, Any], enterprise_id: str) -> dict[str, Any]:
    """Refuse a pending enterprise, with a reason."""
    return _step(enterprise_id, "refuse", values)


@blp.route("/<enterprise_id>/resubmit", methods=["POST"])
@blp.arguments(StepIn)
@blp.response(200, EnterpriseWhole)
@needs("enterprises.edit")
def resubmit(values: dict[str, Any], enterprise_id: str) -> dict[str, Any]:
    """Ask the office again after a refusal."""
    return _step(enterprise_id, "resubmit", values)


@blp.route("/<enterprise_id>/suspend", methods=["POST"])
@blp.arguments(SuspendIn)
@blp.response(200, EnterpriseWhole)
@needs("enterprises.suspend")
def suspend(values: dict[str, Any], enterprise_id: str) -> dict[str, Any]:
    """Suspend a confirmed enterprise, with a reason; from that day on its licences do not count."""
    return _step(enterprise_id, "suspend", values)


@blp.route("/<enterprise_id>/resume", methods=["POST"])
@blp.arguments(ResumeIn)
@blp.response(200, EnterpriseWhole)
@needs("enterprises.suspend")
def resume(values: dict[str, Any], enterprise_id: str) -> dict[str, Any]:
    """End a suspension."""
    return _step(enterprise_id, "resume", values)


def _step(enterprise_id: str, action: str, values: dict[str, Any]) -> dict[str, Any]:
    with writing() as work:
        enterprises.step(work, enterprise_id, action, **values)
        return _whole(work, enterprise_id)


def _whole(work: Work, enterprise_id: str) -> dict[str, Any]:
    found = reads.view(work.session, actor(), enterprise_id, work.today)
    return found.enterprise.model_dump() | {"contact": found.contact}
