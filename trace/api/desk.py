"""The desk over the API: what waits for the person whose token it is, and what several may be taken of at once."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint
from brand.edge.policies import signed_in
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading
from trace.queries.desk_queue import Queue, queue
from trace.schemas.desk import DeskIn, DeskOut

blp = Blueprint("api_desk", __name__, url_prefix="/api/v1", description="What waits for whom")
csrf.exempt(blp)


@blp.route("/desk", methods=["GET"])
@blp.arguments(DeskIn, location="query")
@blp.response(200, DeskOut)
@signed_in
def index(wanted: dict[str, Any]) -> Queue:
    """The queue, cut down to the token's rights; a line with a ``step`` may be sent to that step's door with others."""
    with reading() as work:
        return queue(work.session, actor(), work.today, **wanted)
