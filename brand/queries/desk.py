"""What waits for a person in the registry: one line per thing to do, with its due day where a rule sets one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session, col, select

from brand.kernel.actors import Actor
from brand.models.enterprises import Enterprise

#: A desk shows at most this many of one topic; the rest is in the topic's own list.
MOST = 50


@dataclass(frozen=True)
class Waiting:
    """One thing that waits. ``topic`` is a message id; ``endpoint`` and ``values`` lead to where it is done."""

    topic: str
    title: str
    endpoint: str
    values: Mapping[str, str] = field(default_factory=dict)
    detail: str = ""
    due: date | None = None


def enterprises_waiting(session: Session, actor: Actor) -> list[Waiting]:
    """New enterprises for those who confirm them; their own pending or refused ones for their people."""
    return [
        *_enterprises(session, actor, "enterprises.confirm", "pending", "desk.enterprise_to_confirm"),
        *_enterprises(session, actor, "enterprises.edit", "refused", "desk.enterprise_refused"),
        *_enterprises(session, actor, "enterprises.edit", "pending", "desk.enterprise_pending"),
    ]


def _enterprises(session: Session, actor: Actor, permission: str, state: str, topic: str) -> Iterator[Waiting]:
    statement = select(Enterprise).where(Enterprise.state == state).order_by(col(Enterprise.joined_at)).limit(MOST)
    reach = actor.reach(permission)
    if reach is not None:
        statement = statement.where(col(Enterprise.id).in_(reach))
    for one in session.exec(statement):
        yield Waiting(topic, one.name, "enterprises.show", {"enterprise_id": one.id}, detail=one.credit_code or "")
