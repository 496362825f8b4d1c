"""Says which events still count, how soon each kind is to be written down, and from which day goods were there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from brand.kernel.clock import local_day
from brand.models.accounts import Person
from brand.models.enterprises import Enterprise
from brand.queries import product_rules
from brand.queries.lookups import by_id
from brand.rules.product_rules import RuleKind, shipped
from trace.models.batches import Batch, Flow
from trace.models.events import Event
from trace.models.flows import BatchStay
from trace.models.places import Place
from trace.queries.lineage import portions
from trace.rules.events import SEATS, EventKind
from trace.rules.places import IN_USE


def counts() -> Any:
    """The condition on events of batches that nobody has withdrawn."""
    later = aliased(Event)
    same = col(later.batch_id) == col(Event.batch_id)
    withdrawn = (col(later.corrects_id) == col(Event.id)) & (col(later.kind) == EventKind.WITHDRAWN.value)
    return ~exists().where(same, withdrawn)


def lag_hours(session: Session, kind: EventKind, batch: Batch | None, on: date) -> int | None:
    """Within how many hours such an event is written down, by the product's rule; None where nobody set any."""
    if batch is None:
        rule = shipped(RuleKind.LAGS, "")
    else:
        rule = product_rules.in_force(session, batch.product_id, RuleKind.LAGS, on)
    hours = rule.content["hours"].get(kind.value)
    return int(hours) if hours else None


def places(session: Session, batch: Batch) -> dict[str, Place]:
    """Event id → where it happened. What was written down before events said so: the store goods lay in, or the land
    of a harvest, as far as the records say.
    """
    during = (
        col(BatchStay.since) <= col(Event.event_time),
        col(BatchStay.until).is_(None) | (col(BatchStay.until) > col(Event.event_time)),
    )
    lay = (
        select(Event.id, Place)
        .join(BatchStay, col(BatchStay.batch_id) == col(Event.batch_id))
        .join(Place, col(Place.id) == col(BatchStay.place_id))
        .where(Event.batch_id == batch.id, *during)
    )
    found = dict(session.exec(lay).all())
    land = session.get(Place, batch.place_id) if batch.place_id else None
    if land is not None:
        grown = select(Event.id).where(Event.batch_id == batch.id, Event.kind == EventKind.HARVEST.value)
        found = dict.fromkeys(session.exec(grown), land) | found
    said = select(Event.id, Place).join(Place, col(Place.id) == col(Event.place_id)).where(Event.batch_id == batch.id)
    return found | dict(session.exec(said).all())


@dataclass(frozen=True)
class Told:
    """An event with who answers for it and the place it names; for people who may read persons' names."""

    event: Event
    enterprise: Enterprise
    person: str
    place: Place | None


def told(session: Session, events: Iterable[Event]) -> list[Told]:
    """These events in their order, each with its names."""
    found = list(events)
    enterprises = by_id(session, Enterprise, {one.enterprise_id for one in found})
    persons = by_id(session, Person, {one.person_id for one in found})
    places = by_id(session, Place, {one.place_id for one in found if one.place_id})
    return [
        Told(one, enterprises[one.enterprise_id], persons[one.person_id].name, places.get(one.place_id or ""))
        for one in found
    ]


def lay_in(session: Session, moments: Mapping[str, datetime]) -> dict[str, str]:
    """Batch id → id of the place in which the batch lay at that moment; none for batches that lay nowhere."""
    found = {}
    for some in portions(moments):
        for stay in session.exec(select(BatchStay).where(col(BatchStay.batch_id).in_(some))):
            at = moments[stay.batch_id]
            if stay.since <= at and (stay.until is None or at < stay.until):
                found[stay.batch_id] = stay.place_id
    return found


def seat(session: Session, enterprise_id: str, kind: EventKind, on: date) -> str | None:
    """The one place of its enterprise at which such a step is done (``SEATS``); None where there are several."""
    kinds = SEATS.get(kind, ())
    if not kinds:
        return None
    statement = select(Place.kind, Place.id).where(
        Place.enterprise_id == enterprise_id,
        col(Place.kind).in_(kinds),
        col(Place.state).in_(IN_USE),
        col(Place.opened_on) <= on,
    )
    there = session.exec(statement).all()
    first = next((one for one in kinds if any(kind == one for kind, _ in there)), None)
    its = [place_id for kind, place_id in there if kind == first]
    return its[0] if len(its) == 1 else None


def began(session: Session, batch: Batch) -> date:
    """The day these goods were there: made, or parted from what they were made from, whichever is later."""
    return began_all(session, [batch])[batch.id]


def began_all(session: Session, batches: Iterable[Batch]) -> dict[str, date]:
    """The same of many batches, by their ids."""
    found = {one.id: one.made_on for one in batches}
    for some in portions(found):
        statement = select(Flow.output_id, func.max(Event.event_time)).join(Event, col(Flow.event_id) == col(Event.id))
        parted = statement.where(col(Flow.output_id).in_(some)).group_by(Flow.output_id)
        found |= {key: max(found[key], local_day(at)) for key, at in session.exec(parted)}
    return found
