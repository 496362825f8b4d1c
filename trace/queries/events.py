"""Says which events still count, how soon each kind is to be written down, and from which day goods were there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, bindparam, exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from brand.kernel import rows
from brand.kernel.clock import local_day
from brand.kernel.remembered import remembered
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
from trace.rules.events import SEATS, EventKind, seats_of
from trace.rules.places import IN_USE, PlaceKind

_SOME: BindParameter[Any] = bindparam("batches", expanding=True)
_STAYS = select(BatchStay.batch_id, BatchStay.place_id, BatchStay.since, BatchStay.until).where(
    col(BatchStay.batch_id).in_(_SOME)
)
_PARTED = (
    select(Flow.output_id, func.max(Event.event_time))
    .join(Event, col(Flow.event_id) == col(Event.id))
    .where(col(Flow.output_id).in_(_SOME))
    .group_by(col(Flow.output_id))
)
_COUNTY = select(Enterprise.county_code).where(col(Enterprise.id) == bindparam("enterprise"))
_SEATS = select(Place.kind, Place.id).where(
    col(Place.enterprise_id) == bindparam("enterprise"),
    col(Place.kind).in_(bindparam("kinds", expanding=True)),
    col(Place.state).in_(IN_USE),
    col(Place.opened_on) <= bindparam("on"),
)


@cache
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


def lay_in(session: Session, moments: Collection[tuple[str, datetime]]) -> dict[tuple[str, datetime], str]:
    """For each batch id and moment the id of the place in which it then lay; none for batches that lay nowhere."""
    stays: dict[str, list[Any]] = defaultdict(list)
    for some in portions({batch_id for batch_id, _ in moments}):
        for batch_id, *stay in rows.ask(session, _STAYS, batches=some):
            stays[batch_id].append(stay)
    return {
        (batch_id, at): place_id
        for batch_id, at in moments
        for place_id, since, until in stays[batch_id]
        if since <= at and (until is None or at < until)
    }


@remembered
def seat(session: Session, enterprise_id: str, kind: EventKind, on: date) -> str | None:
    """The one place of its enterprise at which such a step is done (``SEATS``); None where there are several."""
    kinds = SEATS.get(kind, ())
    if not kinds:
        return None
    there = rows.ask(session, _SEATS, enterprise=enterprise_id, kinds=list(kinds), on=on)
    first = next((one for one in kinds if any(kind == one for kind, _ in there)), None)
    its = [place_id for kind, place_id in there if kind == first]
    return its[0] if len(its) == 1 else None


@remembered
def county_code(session: Session, enterprise_id: str) -> str:
    """Where the enterprise has its seat."""
    ((code,),) = rows.ask(session, _COUNTY, enterprise=enterprise_id)
    return str(code)


def offered(session: Session, enterprise_id: str, kind: EventKind) -> list[Place]:
    """Places of that enterprise at which such a step may have happened, for its people to choose from."""
    statement = select(Place).where(
        Place.enterprise_id == enterprise_id,
        col(Place.kind).in_(seats_of(kind)),
        col(Place.state).in_(IN_USE),
    )
    order = {one: number for number, one in enumerate(seats_of(kind))}
    found = session.exec(statement.order_by(Place.name, col(Place.id))).all()
    return sorted(found, key=lambda place: order[PlaceKind(place.kind)])


def began(session: Session, batches: Iterable[Batch]) -> dict[str, date]:
    """Batch id → the day its goods were there: made, or parted from what they were made from, whichever is later."""
    found = {one.id: one.made_on for one in batches}
    for some in portions(found):
        parted = rows.ask(session, _PARTED, batches=some)
        found |= {key: max(found[key], local_day(at)) for key, at in parted}
    return found
