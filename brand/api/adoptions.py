"""Adoption of standards in batches and trainings over the API."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs, signed_in
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading, writing
from brand.kernel.work import Work
from brand.queries import adoptions as reads
from brand.queries.adoptions import EnrolmentRow, TrainingRow
from brand.schemas.adoptions import EnrolmentOut, EnrolmentsOut, TrainingOut, TrainingsOut
from brand.schemas.standards import AdoptIn, AttendanceIn, EnrolmentIn, TrainingIn
from brand.services import adoptions

blp = Blueprint("api_adoptions", __name__, url_prefix="/api/v1", description="Adoption of standards and trainings")
csrf.exempt(blp)


@blp.route("/adoptions", methods=["GET"])
@blp.response(200, EnrolmentsOut)
@signed_in
def index() -> dict[str, Any]:
    """Every batch; ``open_to`` names the enterprises the asker may adopt for."""
    with reading() as work:
        return {"rows": reads.enrolments(work.session, actor(), work.today)}


@blp.route("/adoptions", methods=["POST"])
@blp.arguments(EnrolmentIn)
@blp.response(201, EnrolmentOut)
@creates(EnrolmentOut)
@needs("standards.write")
def create(work: Work, values: dict[str, Any]) -> EnrolmentRow:
    """Open a batch in which enterprises adopt a published edition."""
    return _row(work, adoptions.open_enrolment(work, **values).id)


@blp.route("/adoptions/<enrolment_id>/adopt", methods=["POST"])
@blp.arguments(AdoptIn)
@blp.response(200, EnrolmentOut)
@needs("standards.adopt")
def adopt(values: dict[str, Any], enrolment_id: str) -> EnrolmentRow:
    """The enterprise works by this edition from today on."""
    with writing() as work:
        adoptions.adopt(work, enrolment_id, **values)
        return _row(work, enrolment_id)


def _row(work: Work, enrolment_id: str) -> EnrolmentRow:
    found = reads.enrolments(work.session, work.actor, work.today)
    return next(one for one in found if one.enrolment.id == enrolment_id)


@blp.route("/trainings", methods=["GET"])
@blp.response(200, TrainingsOut)
@signed_in
def trainings() -> dict[str, Any]:
    """Every training."""
    with reading() as work:
        return {"rows": reads.trainings(work.session, actor())}


@blp.route("/trainings", methods=["POST"])
@blp.arguments(TrainingIn)
@blp.response(201, TrainingOut)
@creates(TrainingOut)
@needs("standards.write")
def hold(work: Work, values: dict[str, Any]) -> TrainingRow:
    """Put a training on record after it was held."""
    return reads.training(work.session, work.actor, adoptions.hold_training(work, **values).id)


@blp.route("/trainings/<training_id>/attendance", methods=["PUT"])
@blp.arguments(AttendanceIn)
@blp.response(200, TrainingOut)
@needs("standards.write")
def attend(values: dict[str, Any], training_id: str) -> TrainingRow:
    """How many people of an enterprise came; said again it replaces what was said, 0 strikes it out."""
    with writing() as work:
        adoptions.attend(work, training_id, **values)
        return reads.training(work.session, work.actor, training_id)
