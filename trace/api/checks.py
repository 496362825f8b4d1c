"""Samples and looks at goods over the API."""

from __future__ import annotations

from typing import Any

from flask import Response

from brand.edge.api import Blueprint, creates
from brand.edge.files import saved, uploaded_all
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading, writing
from brand.kernel.paging import Page
from brand.kernel.uploads import ENDINGS
from brand.kernel.work import Work
from trace.models.checks import Sample
from trace.queries import batches
from trace.queries import checks as reads
from trace.queries.checks import Entry
from trace.rules.checklists import checklists
from trace.schemas.checks import (
    CHECKS_IN,
    ChecklistsOut,
    GoodsCheckOut,
    GoodsChecksIn,
    GoodsChecksOut,
    SampleIn,
    SampleOut,
    SamplesOut,
)
from trace.services import checks, samples

blp = Blueprint("api_checks", __name__, url_prefix="/api/v1", description="Samples and looks at goods")
csrf.exempt(blp)


@blp.route("/batches/<batch_id>/samples", methods=["GET"])
@blp.response(200, SamplesOut)
@needs("batches.read")
def samples_of(batch_id: str) -> dict[str, Any]:
    """The samples taken of a batch, oldest first."""
    with reading() as work:
        batch = batches.find(work.session, actor(), batch_id).batch
        return {"rows": reads.samples(work.session, batch.id)}


@blp.route("/batches/<batch_id>/samples", methods=["POST"])
@blp.arguments(SampleIn)
@blp.response(201, SampleOut)
@creates(SampleOut)
@needs("quality.read")
def take(work: Work, values: dict[str, Any], batch_id: str) -> Sample:
    """A sample under a seal that was never used before."""
    return samples.take(work, batch_id, **values)


@blp.route("/checklists", methods=["GET"])
@blp.response(200, ChecklistsOut)
@needs("quality.read")
def lists() -> dict[str, Any]:
    """The lists of questions, each with the clause it rests on."""
    return {"rows": list(checklists().values())}


@blp.route("/checks", methods=["GET"])
@blp.arguments(GoodsChecksIn, location="query")
@blp.response(200, GoodsChecksOut)
@needs("quality.read")
def index(wanted: dict[str, Any]) -> Page[Entry]:
    """Looks within reach, the latest first."""
    with reading() as work:
        return reads.listing(work.session, actor(), number=wanted["page"], size=wanted["size"])


@blp.route("/checks/<goods_check_id>", methods=["GET"])
@blp.response(200, GoodsCheckOut)
@needs("quality.read")
def show(goods_check_id: str) -> Entry:
    with reading() as work:
        return reads.find(work.session, actor(), goods_check_id)


@blp.route("/checks/<goods_check_id>/files/<file_id>", methods=["GET"])
@needs("quality.read")
def file(goods_check_id: str, file_id: str) -> Response:
    """The bytes of one photo, as an attachment."""
    with reading() as work:
        one = reads.file(work.session, actor(), goods_check_id, file_id)
    return saved(one.content, f"{one.id}.{ENDINGS[one.media_type]}", one.media_type)


def _record(checklist: str, values: dict[str, Any], batch_id: str) -> Entry:
    photos = uploaded_all("files", most=checks.MOST_FILES)
    with writing() as work:
        made = checks.record(work, batch_id, checklist=checklist, uploads=photos, **values)
        return reads.find(work.session, work.actor, made.id)


@blp.route("/batches/<batch_id>/checks/farm", methods=["POST"])
@blp.arguments(CHECKS_IN["farm"], location="form")
@blp.response(201, GoodsCheckOut)
@needs("quality.read")
def farm(values: dict[str, Any], batch_id: str) -> Entry:
    """Origin and production records, as multipart/form-data: ``answers/<question>`` each, photos as ``files``."""
    return _record("farm", values, batch_id)


@blp.route("/batches/<batch_id>/checks/goods", methods=["POST"])
@blp.arguments(CHECKS_IN["goods"], location="form")
@blp.response(201, GoodsCheckOut)
@needs("quality.read")
def goods(values: dict[str, Any], batch_id: str) -> Entry:
    """Goods and packing, in the same form."""
    return _record("goods", values, batch_id)


@blp.route("/batches/<batch_id>/checks/cold", methods=["POST"])
@blp.arguments(CHECKS_IN["cold"], location="form")
@blp.response(201, GoodsCheckOut)
@needs("quality.read")
def cold(values: dict[str, Any], batch_id: str) -> Entry:
    """Cold stores and vehicles, in the same form."""
    return _record("cold", values, batch_id)
