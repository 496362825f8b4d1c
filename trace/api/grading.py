"""Grading by persons over the API: read what stands, give a grade, state an axis."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading
from brand.kernel.work import Work
from trace.models.batches import Batch
from trace.models.grading import AxisStatement
from trace.queries import axes as axis_reads
from trace.queries import batches as batch_reads
from trace.queries import grading as reads
from trace.schemas.grading import AxisIn, AxisOut, GradeIn, GradingOut
from trace.services import axes, grading

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
    grading.grade(work, batch_id, **given)
    return _whole(work, work.session.get_one(Batch, batch_id))


@blp.route("/<batch_id>/axes", methods=["POST"])
@blp.arguments(AxisIn)
@blp.response(201, AxisOut)
@creates(AxisOut)
@needs("events.record")
def state(work: Work, given: dict[str, Any], batch_id: str) -> AxisStatement:
    """What the acting person states of the batch on one of the six axes."""
    return axes.state(work, batch_id, **given)


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
