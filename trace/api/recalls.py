"""Recalls over the API: what the public may know, cases for those who call goods back, answers of holders."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs, public
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading, writing
from brand.kernel.paging import Page
from brand.kernel.work import Work
from trace.models.recalls import Recall
from trace.parts import parts
from trace.queries import recall_sets
from trace.queries import recalls as reads
from trace.queries.recalls import Case
from trace.rules.recalls import Figures
from trace.schemas.recalls import (
    PublicRecallPageOut,
    RecallCaseIn,
    RecallCaseOut,
    RecallCloseIn,
    RecallOut,
    RecallPageOut,
    RecallReportIn,
    RecallsIn,
    RecallStepIn,
    WholePublicRecallOut,
)
from trace.services import recalls

blp = Blueprint("api_recalls", __name__, url_prefix="/api/v1", description="Recalls")
csrf.exempt(blp)


@blp.route("/recalls", methods=["GET"])
@blp.arguments(RecallsIn, location="query")
@blp.response(200, PublicRecallPageOut)
@public
def index(wanted: dict[str, Any]) -> Page[Recall]:
    """Goods called back, newest first."""
    with reading() as work:
        return reads.public_listing(work.session, number=wanted["page"], size=wanted["size"])


@blp.route("/recalls/<number>", methods=["GET"])
@blp.response(200, WholePublicRecallOut)
@public
def show(number: str) -> dict[str, Any]:
    """One recall with the lots and codes it calls back."""
    with reading() as work:
        recall, lines = reads.public(work.session, number)
    return {"recall": recall, "batches": lines}


@blp.route("/recall-cases", methods=["GET"])
@blp.arguments(RecallsIn, location="query")
@blp.response(200, RecallPageOut)
@needs("batches.read")
def cases(wanted: dict[str, Any]) -> Page[Recall]:
    """Cases and drills within reach, newest first."""
    with reading() as work:
        return reads.listing(work.session, actor(), number=wanted["page"], size=wanted["size"])


@blp.route("/recall-cases", methods=["POST"])
@blp.arguments(RecallCaseIn)
@blp.response(201, RecallOut)
@creates(RecallOut)
@needs("recalls.propose")
def propose(work: Work, given: dict[str, Any]) -> Recall:
    """Propose a recall, or a drill of one, from any starting points."""
    given["starts"] = recall_sets.read_starts(given["starts"], parts().hosts)
    return recalls.propose(work, **given)


@blp.route("/recall-cases/<number>", methods=["GET"])
@blp.response(200, RecallCaseOut)
@needs("batches.read")
def case(number: str) -> Case:
    """A case with holders, batches and the sum so far."""
    with reading() as work:
        return reads.case(work.session, actor(), number)


@blp.route("/recall-cases/<number>/<any(open, discard):action>", methods=["POST"])
@blp.arguments(RecallStepIn)
@blp.response(200, RecallOut)
@needs("recalls.decide")
def step(given: dict[str, Any], number: str, action: str) -> Recall:
    """Open it (another person than its proposer, but for a drill) or put it away."""
    with writing() as work:
        return recalls.step(work, number, action, **given)


@blp.route("/recall-cases/<number>/close", methods=["POST"])
@blp.arguments(RecallCloseIn)
@blp.response(200, RecallOut)
@needs("recalls.decide")
def close(given: dict[str, Any], number: str) -> Recall:
    """End it once every holder has reported and the sum comes out, or the difference is named."""
    with writing() as work:
        return recalls.step(work, number, "close", **given)


@blp.route("/recall-cases/<number>/holders/<enterprise_id>/acknowledge", methods=["POST"])
@blp.arguments(RecallStepIn)
@blp.response(200, RecallCaseOut)
@needs("recalls.answer")
def acknowledge(given: dict[str, Any], number: str, enterprise_id: str) -> Case:
    """The holder has read it and stopped the goods; ``version`` is that of its notice."""
    with writing() as work:
        recalls.acknowledge(work, number, enterprise_id, **given)
        return reads.case(work.session, work.actor, number)


@blp.route("/recall-cases/<number>/holders/<enterprise_id>/reports", methods=["POST"])
@blp.arguments(RecallReportIn)
@blp.response(201, RecallCaseOut)
@creates(RecallCaseOut)
@needs("recalls.answer")
def report(work: Work, given: dict[str, Any], number: str, enterprise_id: str) -> Case:
    """What became of the holder's goods; the latest report counts."""
    figures = Figures(*(given.pop(name) for name in ("found_kg", "destroyed_kg", "returned_kg", "gone_kg")))
    recalls.report(work, number, enterprise_id, figures=figures, **given)
    return reads.case(work.session, work.actor, number)
