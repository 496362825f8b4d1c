"""Applications over the API: list, one, a new one, and every step of their life."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs, signed_in
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading, writing
from brand.kernel.paging import Page
from brand.kernel.work import Work
from brand.queries import applications as reads
from brand.queries.applications import Detail, Row
from brand.schemas.applications import (
    ApplicationEditIn,
    ApplicationIn,
    ApplicationOut,
    ApplicationPageOut,
    ApplicationsIn,
    ApplicationStepIn,
)
from brand.services import applications

blp = Blueprint("api_applications", __name__, url_prefix="/api/v1/applications", description="Applications")
csrf.exempt(blp)


@blp.route("", methods=["GET"])
@blp.arguments(ApplicationsIn, location="query")
@blp.response(200, ApplicationPageOut)
@needs("applications.read")
def index(wanted: dict[str, Any]) -> Page[Row]:
    """Applications within reach, newest change first."""
    with reading() as work:
        return reads.listing(
            work.session,
            actor(),
            text=wanted["q"],
            state=wanted["state"],
            number=wanted["page"],
            size=wanted["size"],
        )


@blp.route("", methods=["POST"])
@blp.arguments(ApplicationIn)
@blp.response(201, ApplicationOut)
@creates(ApplicationOut)
@needs("applications.write")
def create(work: Work, values: dict[str, Any]) -> Detail:
    """A draft; it goes to the office with the step ``submit``."""
    application = applications.draft(work, **values)
    return reads.detail(work.session, work.actor, application.id, work.today)


@blp.route("/<application_id>", methods=["GET"])
@blp.response(200, ApplicationOut)
@needs("applications.read")
def show(application_id: str) -> Detail:
    """One application with its history and the steps open to the asker."""
    with reading() as work:
        return reads.detail(work.session, actor(), application_id, work.today)


@blp.route("/<application_id>", methods=["PUT"])
@blp.arguments(ApplicationEditIn)
@blp.response(200, ApplicationOut)
@needs("applications.write")
def edit(values: dict[str, Any], application_id: str) -> Detail:
    """Change what is asked for, while it is a draft or was sent back."""
    with writing() as work:
        applications.edit(work, application_id, **values)
        return reads.detail(work.session, work.actor, application_id, work.today)


@blp.route("/<application_id>/<action>", methods=["POST"])
@blp.arguments(ApplicationStepIn)
@blp.response(200, ApplicationOut)
@signed_in
def step(values: dict[str, Any], application_id: str, action: str) -> Detail:
    """submit, start_review, return, publish_notice, grant, refuse or withdraw; ``version`` is the one last seen.

    A grant also names the ``digest`` that was read, as the application shows it.
    """
    with writing() as work:
        applications.step(work, application_id, action, **values)
        return reads.detail(work.session, work.actor, application_id, work.today)
