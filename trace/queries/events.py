"""Says which events still count, how soon each kind is to be written down, and from which day goods were there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from brand.kernel.clock import local_day
from brand.queries import product_rules
from brand.rules.product_rules import RuleKind, shipped
from trace.models.batches import Batch, Flow
from trace.models.events import Event
from trace.models.flows import BatchStay
from trace.models.places import Place
from trace.queries.lineage import portions
from trace.rules.events import EventKind


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
    """Event id → where it happened, as far as the records say: the store goods lay in, or the land of a harvest."""
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
    return found


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
