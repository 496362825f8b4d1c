"""Reads holds: which bear on which goods at this moment, and the lists of those who placed or suffer them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from brand.kernel.actors import Actor
from brand.kernel.clock import local_day
from brand.kernel.errors import unknown
from brand.kernel.paging import Page, page
from brand.models.accounts import Person
from brand.models.enterprises import Enterprise, EnterpriseState
from brand.queries.lookups import by_id
from trace.models.batches import Batch
from trace.models.holds import Hold
from trace.queries import lineage, subjects
from trace.queries.batches import OWNERS
from trace.rules.holds import Origin, Scope, bearing


@dataclass(frozen=True)
class Entry:
    """One hold with its names; ``subject`` is the lot of a batch, the day or the name of whatever else is held."""

    hold: Hold
    subject: str
    enterprise: Enterprise | None
    placed_by: str
    lifted_by: str


def bearing_on(session: Session, batch_ids: Collection[str]) -> dict[str, list[Hold]]:
    """The open holds on each of these batches, oldest first: on itself or on anything it was made from."""
    held = list(session.exec(select(Hold).where(col(Hold.lifted_at).is_(None)).order_by(col(Hold.placed_at))))
    if not held:
        return {one: [] for one in batch_ids}
    history = lineage.pasts(session, batch_ids)
    everything = frozenset().union(*history.values())
    found = bearing(held, subjects.handles(session, everything, [one.scope for one in held]), history)
    return {batch: [one for one in holds if isinstance(one, Hold)] for batch, holds in found.items()}


def told(batch: Batch, held: list[Hold]) -> dict[str, str | int]:
    """What a refusal says of the oldest of these holds, and how many there are."""
    first = held[0]
    since = local_day(first.placed_at).isoformat()
    reason = f"holds.reason.{first.reason_code}"
    return {"lot": batch.lot, "number": first.number, "reason": reason, "since": since, "count": len(held)}


def listing(session: Session, actor: Actor, *, state: str = "open", number: int = 1, size: int = 25) -> Page[Entry]:
    """Holds within reach, newest first; ``state`` is open, lifted or all."""
    statement = _within_reach(actor)
    if state in ("open", "lifted"):
        lifted = col(Hold.lifted_at)
        statement = statement.where(lifted.is_(None) if state == "open" else lifted.is_not(None))
    found = page(session, statement.order_by(col(Hold.placed_at).desc(), col(Hold.id)), number, size)
    return Page(entries(session, found.rows), found.number, found.size, found.total)


def find(session: Session, actor: Actor, number: str) -> Entry:
    """One hold within reach; raises ``access.unknown``."""
    found = session.exec(_within_reach(actor).where(Hold.number == number)).first()
    if found is None:
        raise unknown()
    return entries(session, [found])[0]


def readable(session: Session, actor: Actor, held: Iterable[Hold]) -> frozenset[str]:
    """Numbers of those whose page the actor may open; goods may stand still over a hold at another enterprise."""
    ids = {one.id for one in held}
    return frozenset(one.number for one in session.exec(_within_reach(actor).where(col(Hold.id).in_(ids))))


def entries(session: Session, holds: Iterable[Hold]) -> list[Entry]:
    """The holds with their names."""
    found = list(holds)
    enterprises = by_id(session, Enterprise, {one.enterprise_id for one in found if one.enterprise_id})
    persons = by_id(session, Person, {who for one in found for who in (one.placed_by, one.lifted_by) if who})
    names = {one: person.name for one, person in persons.items()}
    return [
        Entry(
            one,
            _title(session, one),
            enterprises.get(one.enterprise_id or ""),
            names.get(one.placed_by, ""),
            names.get(one.lifted_by or "", ""),
        )
        for one in found
    ]


def subject(session: Session, actor: Actor, scope: str, key: str) -> str:
    """What somebody is about to hold, in words; raises ``access.unknown`` beyond the actor's reach."""
    found = subjects.find(session, scope, key) if scope in list(Scope) else None
    if found is None or not found.within(lambda one: actor.may("holds.place", one)):
        raise unknown()
    return found.title


def enterprises(session: Session, actor: Actor) -> list[Enterprise]:
    """Whose days the actor may hold, by name."""
    reach = actor.reach("holds.place")
    statement = select(Enterprise).where(Enterprise.state == EnterpriseState.CONFIRMED).order_by(Enterprise.name)
    if reach is not None:
        statement = statement.where(col(Enterprise.id).in_(reach))
    return list(session.exec(statement))


def concerned(session: Session, hold: Hold) -> list[Batch]:
    """The batches a hold names by itself; what was made from them stands still with them."""
    return subjects.batches(session, hold.scope, hold.key)


def liftable(session: Session, entry: Entry, actor: Actor) -> bool:
    """Whether the actor is somebody who may let it go; that the same person cannot is for the service to say."""
    if entry.hold.origin != Origin.ENTERPRISE:
        return actor.reach("holds.place") is None
    found = subjects.find(session, entry.hold.scope, entry.hold.key)
    return found is not None and found.within(lambda one: actor.may("holds.place", one))


def _title(session: Session, hold: Hold) -> str:
    found = subjects.find(session, hold.scope, hold.key)
    return found.title if found else hold.key


def _within_reach(actor: Actor) -> SelectOfScalar[Hold]:
    reach = actor.reach("batches.read")
    statement = select(Hold)
    if reach is None:
        return statement
    own = select(Batch.id).where(or_(*(one.in_(reach) for one in OWNERS)))
    on_own = (col(Hold.scope) == Scope.BATCH.value) & col(Hold.key).in_(own)
    return statement.where(or_(col(Hold.enterprise_id).in_(reach), on_own))
