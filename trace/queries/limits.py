"""Reads limits of tested items: those in force on a day, all that were entered, and what waits for a second person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session, col, select

from brand.kernel.actors import Actor
from brand.kernel.errors import unknown
from brand.queries.open_steps import OpenStep, open_steps
from trace.models.limits import TestLimit
from trace.rules import limits
from trace.rules.limits import Limit


def in_force(session: Session, kind: str, day: date) -> Mapping[str, Limit]:
    """The limits of a kind on that day by folded item name."""
    approved = select(TestLimit).where(TestLimit.kind == kind, TestLimit.state == "approved")
    return limits.in_force([_limit(one) for one in session.exec(approved)], kind, day)


def listing(session: Session, kind: str, day: date) -> list[Limit]:
    """Each limit in force once, by item."""
    found = {id(one): one for one in in_force(session, kind, day).values() if one.limit}
    return sorted(found.values(), key=lambda one: one.item)


def waiting(session: Session) -> list[TestLimit]:
    """Limits that wait for a second person, oldest first."""
    return list(session.exec(select(TestLimit).where(TestLimit.state == "open").order_by(col(TestLimit.written_at))))


def open_steps_of(one: TestLimit, actor: Actor) -> list[OpenStep]:
    """What this person could do with an entered limit now."""
    known = {"person_id": actor.person_id, "written_by": one.written_by}
    return list(open_steps(limits.FLOW, one.state, actor, None, known, ()))


def find(session: Session, limit_id: str) -> TestLimit:
    """One entered limit; raises ``access.unknown``."""
    found = session.get(TestLimit, limit_id)
    if found is None:
        raise unknown()
    return found


def _limit(one: TestLimit) -> Limit:
    return Limit(
        kind=one.kind,
        item=one.item,
        aliases=tuple(one.aliases),
        limit=one.limit,
        unit=one.unit,
        source=one.source,
        source_en=one.source_en,
        confidence=one.confidence,
        to_be_checked=False,
        valid_from=one.valid_from,
    )
