"""Test reports over the API: typed in, their papers, the word of laboratory or inspector, release, retest."""

from __future__ import annotations

from typing import Any

from flask import Response

from brand.edge.api import Blueprint, creates
from brand.edge.files import saved, uploaded
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading, writing
from brand.kernel.paging import Page
from brand.kernel.uploads import ENDINGS
from brand.kernel.work import Work
from trace.models.quality import ReportFile
from trace.queries import quality as reads
from trace.queries import quality_lists
from trace.queries.quality import ReportPage
from trace.queries.quality_lists import Row
from trace.schemas.quality import (
    ReliefIn,
    ReportFileOut,
    ReportIn,
    ReportOut,
    ReportsIn,
    ReportsOut,
    ReportStepIn,
    RetestAskIn,
    RetestResultIn,
    RetestSampleIn,
)
from trace.services import lab_reports, report_steps, retests

blp = Blueprint("api_quality", __name__, url_prefix="/api/v1", description="Test reports")
csrf.exempt(blp)


@blp.route("/tests", methods=["GET"])
@blp.arguments(ReportsIn, location="query")
@blp.response(200, ReportsOut)
@needs("quality.read")
def index(wanted: dict[str, Any]) -> Page[Row]:
    """Reports within reach, the latest first; ``state`` is declared, contested or failing."""
    asked = {"text": wanted["q"], "state": wanted["state"], "number": wanted["page"], "size": wanted["size"]}
    with reading() as work:
        return quality_lists.listing(work.session, actor(), **asked)


@blp.route("/batches/<batch_id>/tests", methods=["POST"])
@blp.arguments(ReportIn)
@blp.response(201, ReportOut)
@creates(ReportOut)
@needs("quality.read")
def record(work: Work, values: dict[str, Any], batch_id: str) -> ReportPage:
    """A laboratory report or rapid test; the verdict is computed, a failing one holds the batch at once."""
    return _page(work, lab_reports.record_one(work, batch_id, values).id)


@blp.route("/tests/<lab_report_id>", methods=["GET"])
@blp.response(200, ReportOut)
@needs("quality.read")
def show(lab_report_id: str) -> ReportPage:
    """One report whole; ``digest`` is what a confirmation must name."""
    with reading() as work:
        return _page(work, lab_report_id)


@blp.route("/tests/<lab_report_id>/files", methods=["POST"])
@blp.response(201, ReportFileOut)
@needs("quality.read")
def attach(lab_report_id: str) -> ReportFile:
    """One paper as multipart/form-data with the part ``file``; the same bytes twice answer ``materials.twice``."""
    upload = uploaded()
    with writing() as work:
        return report_steps.attach(work, lab_report_id, upload)


@blp.route("/tests/<lab_report_id>/files/<file_id>", methods=["GET"])
@needs("quality.read")
def file(lab_report_id: str, file_id: str) -> Response:
    """The bytes of one paper, as an attachment."""
    with reading() as work:
        one = reads.file(work.session, actor(), lab_report_id, file_id)
    return saved(one.content, f"{one.id}.{ENDINGS[one.media_type]}", one.media_type)


@blp.route("/tests/<lab_report_id>/steps/<any(confirm, contest, uphold, reject, withdraw):action>", methods=["POST"])
@blp.arguments(ReportStepIn)
@blp.response(200, ReportOut)
@creates(ReportOut, status=200)
@needs("lab_reports.confirm")
def step(work: Work, values: dict[str, Any], lab_report_id: str, action: str) -> ReportPage:
    """The word of the laboratory named, or of an inspector; ``digest_seen`` names what was read."""
    report_steps.step(work, lab_report_id, action, **values)
    return _page(work, lab_report_id)


@blp.route("/tests/<lab_report_id>/relief/<any(ask_release, release, keep_held):action>", methods=["POST"])
@blp.arguments(ReliefIn)
@blp.response(200, ReportOut)
@creates(ReportOut, status=200)
@needs("quality.release")
def relieve(work: Work, values: dict[str, Any], lab_report_id: str, action: str) -> ReportPage:
    """Two persons let failing goods go: one asks, another decides."""
    report_steps.relieve(work, lab_report_id, action, **values)
    return _page(work, lab_report_id)


@blp.route("/tests/<lab_report_id>/retest", methods=["POST"])
@blp.arguments(RetestAskIn)
@blp.response(201, ReportOut)
@creates(ReportOut)
@needs("quality.read")
def ask(work: Work, values: dict[str, Any], lab_report_id: str) -> ReportPage:
    """Ask for a retest within its term: four hours after a rapid test, five working days after a report."""
    retests.ask(work, lab_report_id, **values)
    return _page(work, lab_report_id)


@blp.route("/tests/<lab_report_id>/retest/sample", methods=["POST"])
@blp.arguments(RetestSampleIn)
@blp.response(200, ReportOut)
@creates(ReportOut, status=200)
@needs("quality.read")
def hand_over(work: Work, values: dict[str, Any], lab_report_id: str) -> ReportPage:
    """The day the retesting laboratory got the sample."""
    retests.hand_over(work, lab_report_id, **values)
    return _page(work, lab_report_id)


@blp.route("/tests/<lab_report_id>/retest/result", methods=["POST"])
@blp.arguments(RetestResultIn)
@blp.response(200, ReportOut)
@creates(ReportOut, status=200)
@needs("quality.read")
def answer(work: Work, values: dict[str, Any], lab_report_id: str) -> ReportPage:
    """The report the retest led to; once confirmed and passing it overturns the first one."""
    retests.answer(work, lab_report_id, **values)
    return _page(work, lab_report_id)


def _page(work: Work, lab_report_id: str) -> ReportPage:
    return reads.page(work.session, work.actor, lab_report_id, work.now)
