"""Holds over the API: place one, read them, let go."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading, writing
from brand.kernel.paging import Page
from brand.kernel.work import Work
from trace.queries import holds as reads
from trace.queries.holds import Entry
from trace.schemas.holds import HoldIn, HoldOut, HoldPageOut, HoldsIn, LiftIn
from trace.services import holds

blp = Blueprint("api_holds", __name__, url_prefix="/api/v1/holds", description="Holds")
csrf.exempt(blp)


@blp.route("", methods=["GET"])
@blp.arguments(HoldsIn, location="query")
@blp.response(200, HoldPageOut)
@needs("batches.read")
def index(wanted: dict[str, Any]) -> Page[Entry]:
    """Holds within reach, newest first."""
    with reading() as work:
        return reads.listing(work.session, actor(), state=wanted["state"], number=wanted["page"], size=wanted["size"])


@blp.route("", methods=["POST"])
@blp.arguments(HoldIn)
@blp.response(201, HoldOut)
@creates(HoldOut)
@needs("holds.place")
def place(work: Work, given: dict[str, Any]) -> Entry:
    """Hold something; everything made from it stands still with it."""
    return reads.entries(work.session, [holds.place(work, **given)])[0]


@blp.route("/<number>", methods=["GET"])
@blp.response(200, HoldOut)
@needs("batches.read")
def show(number: str) -> Entry:
    """One hold."""
    with reading() as work:
        return reads.find(work.session, actor(), number)


@blp.route("/<number>/lift", methods=["POST"])
@blp.arguments(LiftIn)
@blp.response(200, HoldOut)
@needs("holds.place")
def lift(given: dict[str, Any], number: str) -> Entry:
    """Let it go, with a reason; the office's and a test's holds by another person of the office."""
    with writing() as work:
        return reads.entries(work.session, [holds.lift(work, number, **given)])[0]
