"""Reads which steps and papers a chain has, the way back to its beginnings included."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlmodel import Session, col, func, or_, select

from brand.kernel.clock import local_day
from brand.models.enterprises import Enterprise, EnterpriseKind
from brand.queries import product_rules
from brand.rules.product_rules import Item, RuleKind, Stage
from trace.models.batches import Batch, Carcass, Flow
from trace.models.commitments import Commitment
from trace.models.events import Event
from trace.models.herds import Grazing, Stay
from trace.models.purchases import Purchase
from trace.models.quarantine import QuarantineCertificate, QuarantineUse
from trace.models.shipments import Shipment, ShipmentLine
from trace.models.supply import SupplyUse
from trace.queries import events, lineage, quality
from trace.queries.lineage import portions
from trace.rules import commitments
from trace.rules.completeness import ALWAYS, Found, Line, MadeOf, carried, evaluate, missing
from trace.rules.events import EventKind
from trace.rules.flows import commissioned
from trace.rules.goods import BatchKind, Subject
from trace.rules.lab_reports import TestKind
from trace.rules.shipments import CALLED_OFF

_OF_EVENTS: Mapping[EventKind, Item] = {
    EventKind.HARVEST: Item.HARVEST,
    EventKind.ANTE_MORTEM: Item.ANTE_MORTEM,
    EventKind.SLAUGHTERING: Item.SLAUGHTERING,
    EventKind.GRADING: Item.GRADING,
    EventKind.CHILLING: Item.CHILLING,
    EventKind.AGEING: Item.AGEING,
    EventKind.PH: Item.PH,
    EventKind.CUTTING: Item.CUTTING,
    EventKind.PACKING: Item.PACKING,
}
#: How a batch came to be says what was done: the harvest of a plot, the making of something else.
_OF_KINDS: Mapping[str, Item] = {BatchKind.HARVEST: Item.HARVEST, BatchKind.MADE: Item.PROCESSING}

#: Who sells raw goods of its own growing.
_GROWERS = (EnterpriseKind.HOUSEHOLD.value, EnterpriseKind.COOPERATIVE.value, EnterpriseKind.COLLECTIVE.value)

Finds = Iterator[tuple[str, Item, date]]


def lines(session: Session, batch: Batch) -> tuple[Line, ...]:
    """What the batch's product asks for today, there or missing."""
    rule = product_rules.in_force(session, batch.product_id, RuleKind.COMPLETENESS)
    return evaluate(rule.content, there(session, batch.id))


def needed_missing(session: Session, batch: Batch) -> int:
    """How many steps and papers are missing that labels need."""
    return len(missing(lines(session, batch), Stage.LABEL))


def there(session: Session, batch_id: str) -> frozenset[Item]:
    """Steps and papers that speak for the batch: its own, and what everything it was made from brought along."""
    past = lineage.back(session, [batch_id])
    return carried(batch_id, _own(session, past), made_of(session, past))


def made_of(session: Session, past: Collection[str]) -> MadeOf:
    """For each of these batches what it was made from, and the day those goods left for it."""
    found: dict[str, list[tuple[str, date]]] = defaultdict(list)
    for some in portions(past):
        made = (
            select(Flow.output_id, Flow.input_id, Event.event_time)
            .join(Event, col(Event.id) == col(Flow.event_id))
            .where(col(Flow.output_id).in_(some))
        )
        for output, source, at in session.exec(made):
            found[output].append((source, local_day(at)))
    return found


def _own(session: Session, past: Collection[str]) -> dict[str, Found]:
    found: dict[str, dict[Item, date]] = defaultdict(dict)
    for some in portions(past):
        for read in _READERS:
            for batch_id, item, day in read(session, some):
                found[batch_id][item] = min(day, found[batch_id].get(item, day))
    return dict(found)


def _events(session: Session, some: Collection[str]) -> Finds:
    first = func.min(Event.event_time)
    statement = select(Event.batch_id, Event.kind, first).where(
        col(Event.batch_id).in_(some), col(Event.kind).in_([one.value for one in _OF_EVENTS]), events.counts()
    )
    for batch_id, kind, at in session.exec(statement.group_by(col(Event.batch_id), col(Event.kind))):
        yield batch_id or "", _OF_EVENTS[EventKind(kind)], local_day(at)


def _kinds(session: Session, some: Collection[str]) -> Finds:
    named: Any = (Batch.id, Batch.kind, Batch.made_on, Batch.place_id)
    for batch_id, kind, day, place_id in session.exec(select(*named).where(col(Batch.id).in_(some))):
        if kind in _OF_KINDS:
            yield batch_id, _OF_KINDS[kind], day
        if place_id:
            yield batch_id, Item.PLACE, ALWAYS


def _purchases(session: Session, some: Collection[str]) -> Finds:
    """Raw goods bought of those who grow them were harvested by the seller; what a trader sells does not say so.

    Of goods of a contract the day is known, and the plot where the contract names one.
    """
    named: Any = (Batch.id, Batch.made_on, Batch.form, SupplyUse.harvested_on, SupplyUse.place_id)
    bought = (
        select(*named)
        .join(Purchase, col(Purchase.batch_id) == col(Batch.id))
        .join(Enterprise, col(Enterprise.id) == col(Purchase.seller_id))
        .join(SupplyUse, (col(SupplyUse.batch_id) == col(Batch.id)) & (col(SupplyUse.kg) > 0), isouter=True)
        .where(col(Batch.id).in_(some), col(Enterprise.kind).in_(_GROWERS))
    )
    for batch_id, day, form, harvested_on, place_id in session.exec(bought):
        if form in commissioned():
            yield batch_id, Item.HARVEST, harvested_on or day
        if place_id:
            yield batch_id, Item.PLACE, ALWAYS


def _reports(session: Session, some: Collection[str]) -> Finds:
    """A rapid test is a screening and no laboratory's report; one that its laboratory contests speaks for nothing."""
    for batch_id, tests in quality.tests_of(session, some).items():
        if any(one.kind == TestKind.LABORATORY and one.counts_for for one in tests):
            yield batch_id, Item.LABORATORY_REPORT, ALWAYS


def _animals(session: Session, some: Collection[str]) -> Finds:
    """Every carcass is that of a registered animal; and every animal was on a known place, where all were."""
    heads = _heads(session, some)
    linked = _counted(session, some, col(Carcass.animal_id).is_not(None))
    grazed = (
        select(Stay.animal_id)
        .join(Grazing, col(Grazing.herd_id) == col(Stay.herd_id))
        .where(or_(col(Stay.until).is_(None), col(Grazing.since) < col(Stay.until)))
        .where(or_(col(Grazing.until).is_(None), col(Stay.since) < col(Grazing.until)))
    )
    placed = _counted(session, some, col(Carcass.animal_id).in_(grazed))
    for batch_id, head in heads.items():
        if linked.get(batch_id) == head:
            yield batch_id, Item.ANIMALS, ALWAYS
        if placed.get(batch_id) == head:
            yield batch_id, Item.PLACE, ALWAYS


def _papers(session: Session, some: Collection[str]) -> Finds:
    """Quarantine papers used for the batch, for a journey of it, or for the herds on the way to its slaughter."""
    for batch_id, day in session.exec(_used(Subject.BATCH, QuarantineUse.subject_id, some)):
        yield batch_id, Item.QUARANTINE, day
    journeys = _used(Subject.SHIPMENT, ShipmentLine.batch_id, some).join(
        ShipmentLine, col(ShipmentLine.shipment_id) == col(QuarantineUse.subject_id)
    )
    journeys = journeys.join(Shipment, col(Shipment.id) == col(ShipmentLine.shipment_id))
    for batch_id, day in session.exec(journeys.where(Shipment.state != CALLED_OFF)):
        yield batch_id, Item.QUARANTINE, day
    herds = (
        select(Stay.animal_id)
        .join(QuarantineUse, col(QuarantineUse.subject_id) == col(Stay.herd_id))
        .join(QuarantineCertificate, col(QuarantineCertificate.id) == col(QuarantineUse.certificate_id))
        .where(QuarantineUse.subject == Subject.HERD.value, QuarantineCertificate.state != "rejected")
        .where(Stay.left == "slaughter", col(QuarantineUse.used_on) <= col(Stay.until))
        .where(col(QuarantineCertificate.valid_until) >= col(Stay.until))
    )
    with_papers = _counted(session, some, col(Carcass.animal_id).in_(herds))
    for batch_id, head in _heads(session, some).items():
        if with_papers.get(batch_id) == head:
            yield batch_id, Item.QUARANTINE, ALWAYS


def _used(subject: Subject, batch_id: Any, some: Collection[str]) -> Any:
    statement: Any = select(batch_id, QuarantineUse.used_on)
    statement = statement.select_from(QuarantineUse).join(
        QuarantineCertificate, col(QuarantineCertificate.id) == col(QuarantineUse.certificate_id)
    )
    return statement.where(
        QuarantineUse.subject == subject.value, QuarantineCertificate.state != "rejected", batch_id.in_(some)
    )


def _heads(session: Session, some: Collection[str]) -> dict[str, int]:
    return _counted(session, some)


def _counted(session: Session, some: Collection[str], *conditions: Any) -> dict[str, int]:
    """Carcasses per batch."""
    statement = select(Carcass.batch_id, func.count()).where(col(Carcass.batch_id).in_(some), *conditions)
    return dict(session.exec(statement.group_by(col(Carcass.batch_id))).all())


def _commitments(session: Session, some: Collection[str]) -> Finds:
    named: Any = (Commitment.batch_id, Commitment.issued_on)
    valid = (col(Commitment.batch_id).in_(some), Commitment.state == commitments.State.VALID.value)
    for batch_id, day in session.exec(select(*named).where(*valid)):
        yield batch_id, Item.COMMITMENT_CERTIFICATE, day


_READERS: Iterable[Any] = (_events, _kinds, _purchases, _reports, _animals, _papers, _commitments)
