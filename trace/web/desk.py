"""The start page of a signed-in person: what waits for them in both halves as a queue; the address is its state."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from brand.edge.languages import say
from brand.edge.lists import take_several
from brand.edge.pages import render
from brand.edge.policies import signed_in
from brand.edge.requests import actor, reading
from brand.kernel.errors import unknown
from brand.queries.desk import MOST
from brand.rules.several import SeveralStep
from brand.rules.urgency import Nearness
from trace.queries.desk_queue import queue
from trace.schemas.desk import SORTS, DeskIn

bp = Blueprint("desk", __name__)

#: What one may start from the desk: words, endpoint, icon, permission.
_STARTS = (
    ("Apply for a licence", "applications.new", "certificate", "applications.write"),
    ("Register a batch", "imports.begin", "upload", "batches.register"),
    ("Order labels", "labels.index", "tag", "labels.order"),
)


@bp.get("/desk")
@signed_in
def show() -> ResponseReturnValue:
    wanted = DeskIn().take({name: text for name, text in request.args.items() if text and name != "lang"})
    who = actor()
    with reading() as work:
        found = queue(work.session, who, work.today, **wanted)
    return render(
        "desk.html",
        found=found,
        lines=[(one, url_for(one.item.endpoint, **dict[str, Any](one.item.values))) for one in found.lines],
        steps=[
            one for one in SeveralStep if any(line.item.tick and line.item.tick.step is one for line in found.lines)
        ],
        wanted=wanted,
        kept={name: text for name, text in wanted.items() if text and (name, text) != ("sort", "due")},
        most=MOST,
        nearness=list(Nearness),
        sorts=SORTS,
        actions=[(say(words), url_for(endpoint), icon) for words, endpoint, icon, right in _STARTS if who.may(right)],
    )


@bp.post("/desk/<step>")
@signed_in
def take(step: str) -> ResponseReturnValue:
    """One step on the lines ticked, each judged by itself; who may take it nowhere finds nothing here."""
    if step not in set(SeveralStep):
        raise unknown()
    return take_several(SeveralStep(step), "desk.show")
