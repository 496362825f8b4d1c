"""The standards library for everybody: what is in force, how carcasses are graded, older editions, documents."""

from __future__ import annotations

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from brand.edge.pages import render
from brand.edge.policies import public
from brand.edge.requests import reading
from brand.models.standards import StandardFile
from brand.queries import standards as reads
from brand.rules.standards import Section
from brand.web import standard_tables

bp = Blueprint("standards", __name__, url_prefix="/standards")


@bp.get("")
@public
def index() -> ResponseReturnValue:
    with reading() as work:
        found = reads.published(work.session, work.today)
    return render("standards/index.html", found=found)


@bp.get("/<slug>")
@public
def show(slug: str) -> ResponseReturnValue:
    """The edition in force, with its grade table."""
    with reading() as work:
        found = reads.library(work.session, slug, work.today)
    return _page(found, found.current)


@bp.get("/<slug>/<label>")
@public
def edition(slug: str, label: str) -> ResponseReturnValue:
    """One published edition, in force or not."""
    with reading() as work:
        return _page(*reads.edition_of(work.session, slug, label, work.today))


@bp.get("/<slug>/<label>/files/<sha256>")
@public
def document(slug: str, label: str, sha256: str) -> ResponseReturnValue:
    with reading() as work:
        _, one = reads.edition_of(work.session, slug, label, work.today)
        return attachment(*reads.document(work.session, one, sha256))


def _page(found: reads.Library, one: reads.Edition) -> str:
    table = standard_tables.shown(one.content["grade_table"])
    return render("standards/show.html", found=found, one=one, table=table, sections=list(Section))


def attachment(file: StandardFile, name: str) -> Response:
    """The bytes as they were taken in, to be saved and never shown inside a page of ours."""
    response = Response(file.data, mimetype=file.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
