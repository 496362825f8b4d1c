"""Appeals over the API: the decisions open to appeal, a new appeal with its papers, its answer."""

from __future__ import annotations

from typing import Any

from flask import Response

from brand.edge.api import Blueprint
from brand.edge.files import saved, uploaded_all
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading, writing
from brand.kernel.paging import Page
from brand.kernel.uploads import ENDINGS
from brand.queries import appeals as reads
from brand.queries.appeals import Shown
from brand.schemas.appeals import (
    AppealablesOut,
    AppealAnswerIn,
    AppealOut,
    AppealPageOut,
    AppealsIn,
    DecisionAppealIn,
)
from brand.services import appeals

blp = Blueprint("api_appeals", __name__, url_prefix="/api/v1/appeals", description="Appeals against decisions")
csrf.exempt(blp)
MOST_FILES = 8


@blp.route("", methods=["GET"])
@blp.arguments(AppealsIn, location="query")
@blp.response(200, AppealPageOut)
@needs("applications.read")
def index(wanted: dict[str, Any]) -> Page[Shown]:
    """Appeals within reach, newest first."""
    with reading() as work:
        asked = {"state": wanted["state"], "number": wanted["page"], "size": wanted["size"]}
        return reads.listing(work.session, actor(), **asked)


@blp.route("/decisions", methods=["GET"])
@blp.response(200, AppealablesOut)
@needs("appeals.write")
def decisions() -> dict[str, Any]:
    """Refusals, orders and sanctions against the asker's enterprises that may be appealed today."""
    with reading() as work:
        return {"rows": reads.open_to(work.session, actor(), work.today)}


@blp.route("", methods=["POST"])
@blp.arguments(DecisionAppealIn, location="form")
@blp.response(201, AppealOut)
@needs("appeals.write")
def create(values: dict[str, Any]) -> Shown:
    """One appeal as multipart/form-data, with up to eight papers as parts ``files``."""
    papers = uploaded_all("files", most=MOST_FILES)
    with writing() as work:
        made = appeals.file(work, uploads=papers, **values)
        return reads.find(work.session, work.actor, made.id)


@blp.route("/<appeal_id>", methods=["GET"])
@blp.response(200, AppealOut)
@needs("applications.read")
def show(appeal_id: str) -> Shown:
    """One appeal with its answer."""
    with reading() as work:
        return reads.find(work.session, actor(), appeal_id)


@blp.route("/<appeal_id>/<any(uphold, change):action>", methods=["POST"])
@blp.arguments(AppealAnswerIn)
@blp.response(200, AppealOut)
@needs("appeals.answer")
def step(values: dict[str, Any], appeal_id: str, action: str) -> Shown:
    """Answer in writing: uphold the decision, or say that it has to be changed."""
    with writing() as work:
        appeals.step(work, appeal_id, action, **values)
        return reads.find(work.session, work.actor, appeal_id)


@blp.route("/<appeal_id>/files/<file_id>", methods=["GET"])
@needs("applications.read")
def save(appeal_id: str, file_id: str) -> Response:
    """The bytes of one paper, as an attachment."""
    with reading() as work:
        number = reads.find(work.session, actor(), appeal_id).appeal.number
        file = reads.file(work.session, actor(), appeal_id, file_id)
    return saved(file.content, f"{number}-{file.id}.{ENDINGS[file.media_type]}", file.media_type)
