"""Reads when goods were on a journey or in a store, and the logger files that tell how cold they were there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, or_, select

from trace.models.batches import Batch, PackLine
from trace.models.containers import Container, ContainerBatch, ContainerLine, ShipmentBox
from trace.models.events import ChillingLog, Event
from trace.models.flows import BatchStay
from trace.models.places import Place
from trace.models.shipments import Shipment, ShipmentLine
from trace.queries import events
from trace.rules.chilling import ColdStep, Span
from trace.rules.events import EventKind
from trace.rules.shipments import CALLED_OFF

#: Steps that belong to a journey or a stay, and the column of a logger file that names which.
SPANS: Mapping[ColdStep, str] = {ColdStep.COLD_TRANSPORT: "shipment_id", ColdStep.COLD_STORAGE: "stay_id"}


@dataclass(frozen=True)
class Recorded:
    """A logger file of a journey: whose batch it speaks of, and whether its breaches were answered for."""

    batch: Batch
    log: ChillingLog
    answered: bool

    @property
    def open(self) -> bool:
        return bool(self.log.breaches) and not self.answered


def spans(session: Session, step: ColdStep, batch_id: str) -> list[Span]:
    """The journeys of a batch, or its stays in stores."""
    if step is ColdStep.COLD_STORAGE:
        stays = session.exec(select(BatchStay).where(BatchStay.batch_id == batch_id)).all()
        return [Span(one.id, one.since, one.until) for one in stays]
    loose = select(ShipmentLine.shipment_id).where(ShipmentLine.batch_id == batch_id)
    on_board = or_(col(Shipment.id).in_(loose), col(Shipment.id).in_(_boxed_journeys(batch_id)))
    journeys = select(Shipment).where(on_board, Shipment.state != CALLED_OFF)
    return [Span(one.id, one.sent_at, one.ended_at) for one in session.exec(journeys).all()]


def named(session: Session, step: ColdStep, key: str) -> dict[str, str]:
    """How an event names the journey or the store."""
    if step is ColdStep.COLD_TRANSPORT:
        return {"shipment": session.get_one(Shipment, key).number}
    return {"place": session.get_one(Place, session.get_one(BatchStay, key).place_id).code}


def has_file(session: Session, batch_id: str, span: Span, digest: str) -> bool:
    """Whether this very file speaks already for the batch there."""
    same = (ChillingLog.batch_id == batch_id, ChillingLog.digest == digest)
    bound = (col(ChillingLog.shipment_id) == span.key) | (col(ChillingLog.stay_id) == span.key)
    statement = select(ChillingLog.id).join(Event, col(Event.id) == col(ChillingLog.event_id))
    return session.exec(statement.where(*same, bound, events.counts())).first() is not None


def others_aboard(session: Session, shipment_id: str, batch: Batch) -> list[Batch]:
    """What else was on that journey and is where the batch is."""
    return [one for one in aboard(session, shipment_id) if one.id != batch.id and one.holder_id == batch.holder_id]


def aboard(session: Session, shipment_id: str) -> list[Batch]:
    """Every batch of a journey, loose or in cases and on pallets."""
    loose = select(ShipmentLine.batch_id).where(ShipmentLine.shipment_id == shipment_id)
    boxes = select(ShipmentBox.container_id).where(ShipmentBox.shipment_id == shipment_id)
    cases = select(Container.id).where(or_(col(Container.id).in_(boxes), col(Container.parent_id).in_(boxes)))
    packed = (
        select(PackLine.batch_id)
        .join(ContainerLine, col(ContainerLine.pack_line_id) == col(PackLine.id))
        .where(col(ContainerLine.container_id).in_(cases))
    )
    inside = select(ContainerBatch.batch_id).where(col(ContainerBatch.container_id).in_(cases))
    there = or_(*(col(Batch.id).in_(one) for one in (loose, packed, inside)))
    return list(session.exec(select(Batch).where(there, col(Batch.withdrawn).is_(False)).order_by(col(Batch.id))))


def _boxed_journeys(batch_id: str) -> Any:
    """Ids of the journeys of cases with goods of a batch, or of the pallets those stand on."""
    lines = select(PackLine.id).where(PackLine.batch_id == batch_id)
    packed = select(ContainerLine.container_id).where(col(ContainerLine.pack_line_id).in_(lines))
    inside = select(ContainerBatch.container_id).where(ContainerBatch.batch_id == batch_id)
    cases = or_(col(Container.id).in_(packed), col(Container.id).in_(inside))
    pallets = select(Container.parent_id).where(cases, col(Container.parent_id).is_not(None))
    its = select(Container.id).where(cases)
    boxed = or_(col(ShipmentBox.container_id).in_(its), col(ShipmentBox.container_id).in_(pallets))
    return select(ShipmentBox.shipment_id).where(boxed)


def of_journey(session: Session, shipment_id: str) -> list[Recorded]:
    """The logger files of a journey nobody withdrew, by lot."""
    statement: Any = (
        select(Batch, ChillingLog)
        .join(ChillingLog, col(ChillingLog.batch_id) == col(Batch.id))
        .join(Event, col(Event.id) == col(ChillingLog.event_id))
        .where(ChillingLog.shipment_id == shipment_id, events.counts())
        .order_by(col(ChillingLog.started_at), col(Batch.lot))
    )
    found = list(session.exec(statement))
    answers = select(Event.corrects_id).where(
        col(Event.corrects_id).in_([log.event_id for _, log in found]), Event.kind == EventKind.ANSWER.value
    )
    answered = set(session.exec(answers))
    return [Recorded(batch, log, log.event_id in answered) for batch, log in found]
