"""Animals before slaughter over the API: announce a lot, send the tags a reader read, write the examination down."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading, writing
from brand.kernel.paging import Page
from brand.kernel.work import Work
from trace.models.lairage import Lairage
from trace.queries import lairage as reads
from trace.schemas.lairage import CallOffIn, ExamineIn, LairageIn, LairagePage, LairagesIn, LairageWhole, ReadIn
from trace.services import alarms, lairage

blp = Blueprint("api_lairage", __name__, url_prefix="/api/v1", description="Animals before slaughter")
csrf.exempt(blp)


@blp.route("/lairage", methods=["GET"])
@blp.arguments(LairagesIn, location="query")
@blp.response(200, LairagePage)
@needs("batches.read")
def index(wanted: dict[str, Any]) -> Page[Lairage]:
    """Lots within reach, those not slaughtered yet first."""
    with reading() as work:
        found = reads.listing(work.session, actor(), number=wanted["page"], size=wanted["size"])
    return Page([one.lairage for one in found.rows], found.number, found.size, found.total)


def _heard(view: Callable[..., Any]) -> Callable[..., Any]:
    """What must not be refused unseen sounds an alarm after the refused transaction is undone."""

    @wraps(view)
    def call(*args: Any, enterprise_id: str, **values: Any) -> Any:
        with alarms.watching(writing, enterprise_id):
            return view(*args, enterprise_id=enterprise_id, **values)

    return call


@blp.route("/enterprises/<enterprise_id>/lairage", methods=["POST"])
@blp.arguments(LairageIn)
@blp.response(201, LairageWhole)
@_heard
@creates(LairageWhole)
@needs("batches.register")
def announce(work: Work, given: dict[str, Any], enterprise_id: str) -> dict[str, Any]:
    """A lot that is to come to that abattoir."""
    return _whole(work, lairage.announce(work, enterprise_id, **given))


@blp.route("/lairage/<lairage_id>", methods=["GET"])
@blp.response(200, LairageWhole)
@needs("batches.read")
def show(lairage_id: str) -> dict[str, Any]:
    """One lot with its tags and where announcement, animals, herd and paper do not agree."""
    with reading() as work:
        return _whole(work, reads.find(work.session, actor(), lairage_id).lairage)


@blp.route("/lairage/<lairage_id>/tags", methods=["POST"])
@blp.arguments(ReadIn)
@blp.response(201, LairageWhole)
@creates(LairageWhole)
@needs("batches.register")
def read(work: Work, given: dict[str, Any], lairage_id: str) -> dict[str, Any]:
    """Tags read at the gate, beside those read before."""
    return _whole(work, lairage.read(work, lairage_id, **given))


@blp.route("/lairage/<lairage_id>/examination", methods=["POST"])
@blp.arguments(ExamineIn)
@blp.response(201, LairageWhole)
@creates(LairageWhole)
@needs("batches.register")
def examine(work: Work, given: dict[str, Any], lairage_id: str) -> dict[str, Any]:
    """The examination before slaughter; it closes the lot."""
    return _whole(work, lairage.examine(work, lairage_id, **given))


@blp.route("/lairage/<lairage_id>/calling-off", methods=["POST"])
@blp.arguments(CallOffIn)
@blp.response(201, LairageWhole)
@creates(LairageWhole)
@needs("batches.register")
def call_off(work: Work, given: dict[str, Any], lairage_id: str) -> dict[str, Any]:
    """A lot of which nothing came; its number is free again."""
    return _whole(work, lairage.call_off(work, lairage_id, **given))


def _whole(work: Work, one: Lairage) -> dict[str, Any]:
    found = one.differences if one.examined_at else reads.compared(work.session, one, work.today)
    return one.model_dump() | {"tags": reads.tags(work.session, one.id), "differences": found}
