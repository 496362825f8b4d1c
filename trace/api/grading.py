"""Grading by persons over the API: read what stands, give a grade, state an axis, write a pH down."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from trace.models.batches import Batch
from trace.models.grading import AxisStatement
from trace.queries import axes as axis_reads
from trace.queries import batches as batch_reads
from trace.queries import grading as reads
from trace.schemas.batches import StepOut
from trace.schemas.grading import AxisIn, AxisOut, GradeIn, GradingOut, SettleIn
from trace.schemas.ph import PhIn
from trace.services import axes, grading, ph

blp = Blueprint("api_grading", __name__, url_prefix="/api/v1/batches", description="Grading by persons")
csrf.exempt(blp)


@blp.route("/<batch_id>/grading", methods=["GET"])
@blp.response(200, GradingOut)
@needs("batches.read")
def show(batch_id: str) -> dict[str, Any]:
    """Grades as they stand, disputes, every decision, and the six axes."""
    with reading() as work:
        return _whole(work, batch_reads.find(work.session, actor(), batch_id).batch)


@blp.route("/<batch_id>/grade-decisions", methods=["POST"])
@blp.arguments(GradeIn)
@blp.response(201, GradingOut)
@creates(GradingOut)
@needs("events.record")
def grade(work: Work, given: dict[str, Any], batch_id: str) -> dict[str, Any]:
    """A grade by the acting person for carcasses by their numbers; without ``grade`` it agrees with what stands."""
    grading.grade(work, batch_id, grading.Said(**given))
    return _whole(work, work.session.get_one(Batch, batch_id))


@blp.route("/<batch_id>/grade-settlements", methods=["POST"])
@blp.arguments(SettleIn)
@blp.response(201, GradingOut)
@creates(GradingOut)
@needs("grading.settle")
def settle(work: Work, given: dict[str, Any], batch_id: str) -> dict[str, Any]:
    """The office's third hand between graders who differ; its grade is one of those they gave."""
    grading.settle(work, batch_id, grading.Said(**given))
    return _whole(work, work.session.get_one(Batch, batch_id))


@blp.route("/<batch_id>/axes", methods=["POST"])
@blp.arguments(AxisIn)
@blp.response(201, AxisOut)
@creates(AxisOut)
@needs("events.record")
def state(work: Work, given: dict[str, Any], batch_id: str) -> AxisStatement:
    """What the acting person states of the batch on one of the six axes."""
    return axes.state(work, batch_id, **given)


@blp.route("/<batch_id>/ph", methods=["POST"])
@blp.arguments(PhIn)
@blp.response(201, StepOut)
@creates(StepOut)
@needs("events.record")
def measure(work: Work, given: dict[str, Any], batch_id: str) -> dict[str, Any]:
    """The lowest and highest pH of some carcasses, so many hours after slaughter."""
    made = ph.record(work, batch_id, **given)
    return made.model_dump() | {"enterprise": work.session.get_one(Enterprise, made.enterprise_id).name}


def _whole(work: Work, batch: Batch) -> dict[str, Any]:
    history = reads.history(work.session, batch.id)
    return {
        "batch_id": batch.id,
        "version": batch.version,
        "disputed": reads.disputed(work.session, [batch.id]),
        "waiting": reads.waiting(work.session, [batch.id]),
        "decisions": [one.model_dump() | {"carcass_no": of.carcass_no} for of, made in history for one in made],
        "axes": _axes(axis_reads.of(work.session, batch)),
    }


def _axes(found: axis_reads.Axes) -> dict[str, Any]:
    return {
        "breeds": [{"breed": breed, "head": head} for breed, head in found.breeds],
        "quality": found.shares,
        "cuts": [{"cut": cut, "naming": how} for cut, how in found.cuts],
        "youngest_months": found.youngest,
        "oldest_months": found.oldest,
        "keeps": [{"days": days, "storage": storage} for days, storage in found.keeps],
        "stated": list(found.stated.values()),
    }
