"""Puts batches into stores: a batch lies at one place at a time, and a hold on the place holds what lay there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlmodel import col, select

from brand.kernel import audit
from brand.kernel.errors import Fault, invalid, pointing
from brand.kernel.work import Work
from trace.models.flows import BatchStay
from trace.models.places import Place
from trace.rules.events import EventKind, check_time, shown
from trace.rules.goods import Subject
from trace.rules.places import HANDLING, IN_USE
from trace.services import events
from trace.services.flow_parts import held


def store(work: Work, enterprise_id: str, batch_id: str, place_id: str, at: datetime) -> BatchStay:
    """The batch lies there from that moment; where it lay before it has left.

    Raises ``flows.store`` for a place that is no store of the enterprise in use, ``flows.stored_before`` for a moment
    before the last one, ``flows.stored_there``, and what ``flow_parts.held`` raises.
    """
    work.actor.require("flows.record", enterprise_id)
    batch = held(work, enterprise_id, [batch_id], held_too=True)[batch_id]
    place = work.session.get(Place, place_id)
    if place is None or place.enterprise_id != enterprise_id or place.state not in IN_USE or place.kind not in HANDLING:
        raise invalid("flows.store", faults=[Fault("flows.store", "/place_id")])
    with pointing({"": "/at"}):
        check_time(at, work.now)
    here = select(BatchStay).where(BatchStay.batch_id == batch_id, col(BatchStay.until).is_(None))
    before = work.session.exec(here).first()
    if before is not None and before.place_id == place_id:
        raise invalid("flows.stored_there", faults=[Fault("flows.stored_there", "/place_id")])
    if before is not None and at < before.since:
        params = {"since": shown(before.since)}
        raise invalid("flows.stored_before", faults=[Fault("flows.stored_before", "/at", params)], **params)
    leave(work, at, batch_id)
    with pointing({"": "/at"}):
        done = events.record(
            work, batch, EventKind.STORING, event_time=at, data={"place": place.code}, place_id=place_id
        )
    made = BatchStay(batch_id=batch_id, place_id=place_id, since=at, event_id=done.id)
    work.session.add(made)
    work.session.flush()
    audit.record(work, "flows.store", Subject.BATCH.value, batch_id, enterprise_id=enterprise_id, place=place_id)
    return made


def leave(work: Work, at: datetime, *batch_ids: str) -> None:
    """Whatever store they lie in, they have left; for shipments too. Needs no permission of its own."""
    here = (col(BatchStay.batch_id).in_(batch_ids), col(BatchStay.until).is_(None))
    work.session.exec(update(BatchStay).where(*here).values(until=at))
