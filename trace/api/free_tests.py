"""Free tests over the API: programmes, requests, and the office's word on them."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading
from brand.kernel.paging import Page
from brand.kernel.work import Work
from trace.models.free_tests import TestProgramme
from trace.queries import free_tests as reads
from trace.queries.free_tests import Entry
from trace.schemas.free_tests import (
    FreeTestIn,
    FreeTestOut,
    FreeTestsIn,
    FreeTestsOut,
    FreeTestStepIn,
    ProgrammeIn,
    ProgrammeOut,
    ProgrammesOut,
    ProgrammeStepIn,
)
from trace.services import free_tests

blp = Blueprint("api_free_tests", __name__, url_prefix="/api/v1", description="Free tests")
csrf.exempt(blp)


@blp.route("/free-tests/programmes", methods=["GET"])
@blp.response(200, ProgrammesOut)
@needs("quality.read")
def programmes() -> dict[str, Any]:
    """Every programme with its window, quota and source, the latest first."""
    with reading() as work:
        return {"rows": reads.programmes(work.session)}


@blp.route("/free-tests/programmes", methods=["POST"])
@blp.arguments(ProgrammeIn)
@blp.response(201, ProgrammeOut)
@creates(ProgrammeOut)
@needs("schemes.propose")
def propose(work: Work, values: dict[str, Any]) -> TestProgramme:
    """A programme; it opens once another person approves it."""
    return free_tests.propose(work, **values)


@blp.route("/free-tests/programmes/<test_programme_id>/<any(approve, refuse, end):action>", methods=["POST"])
@blp.arguments(ProgrammeStepIn)
@blp.response(200, ProgrammeOut)
@creates(ProgrammeOut, status=200)
@needs("schemes.approve")
def step_programme(work: Work, values: dict[str, Any], test_programme_id: str, action: str) -> TestProgramme:
    """Approve, refuse or end a programme."""
    return free_tests.step_programme(work, test_programme_id, action, **values)


@blp.route("/free-tests", methods=["GET"])
@blp.arguments(FreeTestsIn, location="query")
@blp.response(200, FreeTestsOut)
@needs("quality.read")
def index(wanted: dict[str, Any]) -> Page[Entry]:
    """Requests within reach, the latest first."""
    asked = {"state": wanted["state"], "number": wanted["page"], "size": wanted["size"]}
    with reading() as work:
        return reads.listing(work.session, actor(), **asked)


@blp.route("/batches/<batch_id>/free-tests", methods=["POST"])
@blp.arguments(FreeTestIn)
@blp.response(201, FreeTestOut)
@creates(FreeTestOut)
@needs("free_tests.ask")
def ask(work: Work, values: dict[str, Any], batch_id: str) -> Entry:
    """Ask for a free test of one's own goods."""
    return reads.find(work.session, work.actor, free_tests.ask(work, batch_id, **values).id)


@blp.route("/free-tests/<free_test_id>", methods=["GET"])
@blp.response(200, FreeTestOut)
@needs("quality.read")
def show(free_test_id: str) -> Entry:
    with reading() as work:
        return reads.find(work.session, actor(), free_test_id)


@blp.route("/free-tests/<free_test_id>/<any(accept, refuse, withdraw, finish):action>", methods=["POST"])
@blp.arguments(FreeTestStepIn)
@blp.response(200, FreeTestOut)
@creates(FreeTestOut, status=200)
@needs("quality.read")
def step(work: Work, values: dict[str, Any], free_test_id: str, action: str) -> Entry:
    """Accept, refuse with a reason or finish with the report (office); withdraw (whoever asked)."""
    return reads.find(work.session, work.actor, free_tests.step(work, free_test_id, action, **values).id)
