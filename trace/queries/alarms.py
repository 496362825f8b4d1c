"""Reads alarms for those who answer them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from brand.kernel.actors import Actor
from brand.kernel.paging import Page, page
from brand.models.enterprises import Enterprise
from brand.queries.lookups import by_id
from trace.models.alarms import Alarm


@dataclass(frozen=True)
class Entry:
    alarm: Alarm
    enterprise: Enterprise


def listing(session: Session, *, number: int = 1, size: int = 25) -> Page[Entry]:
    """Open ones first, then the latest; for people of the whole county only."""
    statement = select(Alarm).order_by(col(Alarm.answered_at).is_not(None), col(Alarm.at).desc(), col(Alarm.id))
    found = page(session, statement, number, size)
    named = by_id(session, Enterprise, {one.enterprise_id for one in found.rows})
    return Page([Entry(one, named[one.enterprise_id]) for one in found.rows], found.number, found.size, found.total)


def open_ones(session: Session, actor: Actor, most: int) -> list[Entry]:
    """What waits for those who answer alarms; nothing for anybody else."""
    if not actor.may("alarms.answer"):
        return []
    return [one for one in listing(session, size=most).rows if one.alarm.answered_at is None]
