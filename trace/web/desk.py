"""The start page of a signed-in person: what waits for them in both halves, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import timedelta
from itertools import groupby
from typing import Any

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from brand.edge.languages import say
from brand.edge.pages import render
from brand.edge.policies import signed_in
from brand.edge.requests import actor, reading
from brand.queries.desk import Waiting
from trace.queries.desk import waiting

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
    with reading() as work:
        items = waiting(work.session, actor(), work.today)
        today = work.today
    who = actor()
    return render(
        "desk.html",
        groups=_grouped(items),
        today=today,
        soon=today + timedelta(days=2),
        actions=[(say(words), url_for(endpoint), icon) for words, endpoint, icon, right in _STARTS if who.may(right)],
    )


def _grouped(items: Iterable[Waiting]) -> list[tuple[str, list[dict[str, Any]]]]:
    ordered = sorted(items, key=lambda one: (one.topic, one.due is None, one.due, one.title))
    shown = [asdict(one) | {"href": url_for(one.endpoint, **dict[str, Any](one.values))} for one in ordered]
    return [(topic, list(rows)) for topic, rows in groupby(shown, key=lambda one: str(one["topic"]))]
