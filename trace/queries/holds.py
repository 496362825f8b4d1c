"""Reads holds: which bear on which goods at this moment, and the lists of those who placed or suffer them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
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
from trace.queries import lineage
from trace.rules.holds import Handle, Origin, Scope, bearing, day_key, of_day


@dataclass(frozen=True)
class Entry:
    """One hold with its names; ``subject`` is the lot of a batch, the day or the name of whatever else is held."""

    hold: Hold
    subject: str
    enterprise: Enterprise | None
    placed_by: str
    lifted_by: str
    batch: Batch | None = None


def bearing_on(session: Session, batch_ids: Collection[str]) -> dict[str, list[Hold]]:
    """The open holds on each of these batches, oldest first: on itself or on anything it was made from."""
    held = list(session.exec(select(Hold).where(col(Hold.lifted_at).is_(None)).order_by(col(Hold.placed_at))))
    if not held:
        return {one: [] for one in batch_ids}
    history = lineage.pasts(session, batch_ids)
    everything = frozenset().union(*history.values())
    found = bearing(held, handles(session, everything), history)
    return {batch: [one for one in holds if isinstance(one, Hold)] for batch, holds in found.items()}


def told(batch: Batch, held: list[Hold]) -> dict[str, str | int]:
    """What a refusal says of the oldest of these holds, and how many there are."""
    first = held[0]
    since = local_day(first.placed_at).isoformat()
    reason = f"holds.reason.{first.reason_code}"
    return {"lot": batch.lot, "number": first.number, "reason": reason, "since": since, "count": len(held)}


def handles(session: Session, batch_ids: Collection[str]) -> dict[str, frozenset[Handle]]:
    """What each batch can be taken hold of by, of itself alone."""
    named = (col(Batch.id), col(Batch.maker_id), col(Batch.made_on))
    rows = session.exec(select(*named).where(col(Batch.id).in_(batch_ids)))
    return {
        batch: frozenset({Handle(Scope.BATCH, batch), Handle(Scope.DAY, day_key(maker, day))})
        for batch, maker, day in rows
    }


def listing(session: Session, actor: Actor, *, state: str = "open", number: int = 1, size: int = 25) -> Page[Entry]:
    """Holds within reach, newest first; ``state`` is open, lifted or empty for both."""
    statement = _within_reach(actor)
    if state:
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


def entries(session: Session, holds: Iterable[Hold]) -> list[Entry]:
    """The holds with their names, three look-ups for any number of them."""
    found = list(holds)
    enterprises = by_id(session, Enterprise, {one.enterprise_id for one in found if one.enterprise_id})
    persons = by_id(session, Person, {who for one in found for who in (one.placed_by, one.lifted_by) if who})
    batches = by_id(session, Batch, {one.key for one in found if one.scope == Scope.BATCH})
    names = {one: person.name for one, person in persons.items()}
    return [
        Entry(
            one,
            _subject(one, batches),
            enterprises.get(one.enterprise_id or ""),
            names.get(one.placed_by, ""),
            names.get(one.lifted_by or "", ""),
            batches.get(one.key),
        )
        for one in found
    ]


def subject(session: Session, actor: Actor, scope: str, key: str) -> str:
    """What somebody is about to hold, in words; raises ``access.unknown`` beyond the actor's reach."""
    batch = session.get(Batch, key) if scope == Scope.BATCH else None
    if batch is None or not any(actor.may("holds.place", one) for one in (batch.holder_id, batch.producer_id)):
        raise unknown()
    return batch.lot


def enterprises(session: Session, actor: Actor) -> list[Enterprise]:
    """Whose days the actor may hold, by name."""
    reach = actor.reach("holds.place")
    statement = select(Enterprise).where(Enterprise.state == EnterpriseState.CONFIRMED).order_by(Enterprise.name)
    if reach is not None:
        statement = statement.where(col(Enterprise.id).in_(reach))
    return list(session.exec(statement))


def concerned(session: Session, hold: Hold) -> list[Batch]:
    """The batches a hold names by itself; what was made from them stands still with them."""
    statement = select(Batch)
    if hold.scope == Scope.BATCH:
        statement = statement.where(Batch.id == hold.key)
    else:
        enterprise_id, day = of_day(hold.key)
        statement = statement.where(Batch.maker_id == enterprise_id, Batch.made_on == day)
    return list(session.exec(statement.order_by(col(Batch.lot))))


def liftable(entry: Entry, actor: Actor) -> bool:
    """Whether the actor is somebody who may let it go; that the same person cannot is for the service to say."""
    owners = [entry.batch.holder_id, entry.batch.producer_id] if entry.batch else [entry.hold.enterprise_id or ""]
    if entry.hold.origin != Origin.ENTERPRISE:
        return actor.reach("holds.place") is None
    return any(actor.may("holds.place", one) for one in owners)


def _subject(hold: Hold, batches: Mapping[str, Batch]) -> str:
    if hold.scope == Scope.BATCH:
        return batches[hold.key].lot
    return of_day(hold.key)[1].isoformat()


def _within_reach(actor: Actor) -> SelectOfScalar[Hold]:
    reach = actor.reach("batches.read")
    statement = select(Hold)
    if reach is None:
        return statement
    own = select(Batch.id).where(or_(col(Batch.maker_id).in_(reach), col(Batch.producer_id).in_(reach)))
    on_own = (col(Hold.scope) == Scope.BATCH.value) & col(Hold.key).in_(own)
    return statement.where(or_(col(Hold.enterprise_id).in_(reach), on_own))
