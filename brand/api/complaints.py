"""Complaints over the API: anybody sends one, the office reads the queue and takes the steps."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for

from brand.edge.api import Blueprint
from brand.edge.files import saved
from brand.edge.policies import needs, public
from brand.edge.protection import csrf, limiter
from brand.edge.requests import actor, house, reading, writing
from brand.edge.tickets import new_token, secret_for
from brand.kernel.paging import Page
from brand.kernel.uploads import ENDINGS
from brand.queries import complaints as reads
from brand.queries.complaints import Detail, Row
from brand.schemas.complaints import (
    ComplaintIn,
    ComplaintOut,
    ComplaintPageOut,
    ComplaintsIn,
    ComplaintStepIn,
    TicketOut,
)
from brand.services import complaints

blp = Blueprint("api_complaints", __name__, url_prefix="/api/v1/complaints", description="Complaints and objections")
csrf.exempt(blp)


@blp.route("", methods=["POST"])
@limiter.shared_limit("20/hour", scope="complain")
@blp.arguments(ComplaintIn)
@blp.response(201, TicketOut)
@public
def create(values: dict[str, Any]) -> dict[str, str]:
    """Send one, without an account. With an ``Idempotency-Key`` (20 characters or more) a repeated call acts once."""
    secret = secret_for(request.headers.get("Idempotency-Key", "") or new_token())
    with writing() as work:
        found = complaints.receive(work, secret=secret, **values)
    link = house().settings.public_url.rstrip("/") + url_for("complain.status", secret=secret)
    return {"number": found.number, "kind": found.kind, "state": found.state, "link": link}


@blp.route("", methods=["GET"])
@blp.arguments(ComplaintsIn, location="query")
@blp.response(200, ComplaintPageOut)
@needs("complaints.read")
def index(wanted: dict[str, Any]) -> Page[Row]:
    """The queue, what is due first standing first."""
    filters = {name: wanted[name] for name in ("kind", "state", "handler")}
    with reading() as work:
        return reads.listing(
            work.session, actor(), work.today, text=wanted["q"], number=wanted["page"], size=wanted["size"], **filters
        )


@blp.route("/<complaint_id>", methods=["GET"])
@blp.response(200, ComplaintOut)
@needs("complaints.read")
def show(complaint_id: str) -> Detail:
    """One with its history; who sent it only for those with ``complaints.contact``."""
    with reading() as work:
        return reads.detail(work.session, actor(), complaint_id, work.today)


@blp.route("/<complaint_id>/pictures/<picture_id>", methods=["GET"])
@needs("complaints.read")
def picture(complaint_id: str, picture_id: str) -> Response:
    """The bytes of one photograph, as an attachment."""
    with reading() as work:
        one = reads.picture(work.session, actor(), complaint_id, picture_id)
    return saved(one.content, f"{one.digest[:12]}.{ENDINGS[one.media_type]}", one.media_type)


@blp.route("/<complaint_id>/<action>", methods=["POST"])
@blp.arguments(ComplaintStepIn)
@blp.response(200, ComplaintOut)
@needs("complaints.handle")
def step(values: dict[str, Any], complaint_id: str, action: str) -> Detail:
    """A step by its name: accept, refuse, answer, end_mediation, reopen, close, uphold, dismiss, route, escalate.

    ``version`` is the one last seen.
    """
    with writing() as work:
        complaints.step(work, complaint_id, action, **values)
        return reads.detail(work.session, work.actor, complaint_id, work.today)
