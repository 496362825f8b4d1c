"""What waits for a person as a queue: narrowed, ordered, counted, each line with where its last day stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from brand.kernel.actors import Actor
from brand.queries.desk import Waiting
from brand.queries.terms import Terms
from brand.rules.urgency import Standing, standing
from trace.queries.desk import waiting


@dataclass(frozen=True)
class Line:
    """One thing that waits, and where its last day stands."""

    item: Waiting
    standing: Standing


@dataclass(frozen=True)
class Queue:
    """The lines asked for in their order; ``topics`` and ``urgencies`` count everything that waits."""

    lines: tuple[Line, ...]
    topics: Mapping[str, int]
    urgencies: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.topics.values())


def queue(
    session: Session, actor: Actor, today: date, *, q: str = "", topic: str = "", urgency: str = "", sort: str = "due"
) -> Queue:
    """What waits for this person, narrowed by topic, urgency and a piece of text; ``sort`` is due, topic or title."""
    terms = Terms(session)
    held = [Line(one, standing(terms.calendar, one.due, today, terms.near)) for one in waiting(session, actor, today)]
    found = [
        one
        for one in held
        if topic in ("", one.item.topic)
        and urgency in ("", one.standing.nearness)
        and q.casefold() in f"{one.item.title} {one.item.detail}".casefold()
    ]
    return Queue(
        tuple(sorted(found, key=lambda one: _place(one, sort))),
        Counter(one.item.topic for one in held),
        Counter(str(one.standing.nearness) for one in held),
    )


def _place(line: Line, sort: str) -> tuple[object, ...]:
    """What is due first stands first; what has no term comes last."""
    one = line.item
    first = {"topic": (one.topic,), "title": (one.title,)}.get(sort, ())
    return (*first, one.due or date.max, one.topic, one.title)
