"""Makes batches of crops: harvests of one's own, goods bought up, and mixtures of them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session, select

from brand.kernel.ids import new_id
from brand.kernel.work import Work
from brand.models.schemes import Scheme
from tests import make
from trace.crypto.label_codes import fresh_batch_code
from trace.models.batches import Batch, Flow
from trace.models.events import Event
from trace.models.quality import LabReport
from trace.rules.look_alikes import one_spelling

#: A pesticide on a plot, whose safe interval runs to 2026-09-12.
TREATED = {
    "kind": "pesticide",
    "name": "示范农药",
    "approval": "PD示范",
    "lot": "A1",
    "dose": "30.0",
    "unit": "g",
    "used_on": date(2026, 9, 5),
    "safe_days": 7,
    "person": "示范操作人",
    "reason": "茶小绿叶蝉",
}


def a_crop(session: Session, lot: str = "T20260901", *, owner: str = "cooperative", **changes: Any) -> Batch:
    """100 kg of fresh tea leaves, picked on 2026-09-01 by their holder, as a harvest leaves them behind."""
    if session.exec(select(Scheme)).first() is None:
        make.a_scheme(make.work(session))
    kg = Decimal(changes.pop("kg", "100"))
    usual: dict[str, Any] = {
        "id": new_id(),
        "code": fresh_batch_code(),
        "lot": lot,
        "kind": "harvest",
        "form": "fresh_leaf",
        "product_id": make.a_product(session).id,
        "producer_id": owner,
        "licensee_id": changes.get("producer_id", owner),
        "maker_id": owner,
        "holder_id": owner,
        "made_on": date(2026, 9, 1),
        "unit": "kg",
        "quantity": kg,
        "total_kg": kg,
        "registered_at": make.MONDAY,
        "registered_by": "producer",
    }
    batch = Batch(**usual | changes)
    session.add(batch)
    session.flush()
    return batch


def mixed(session: Session, lot: str, sources: dict[str, str], **changes: Any) -> Batch:
    """A batch made from so many kg of each source by its id."""
    kg = str(sum(map(Decimal, sources.values())))
    made = a_crop(session, lot, kind="merged", kg=kg, **changes)
    event = _event(session, made)
    for source, taken in sources.items():
        session.get_one(Batch, source).used_kg += Decimal(taken)
        session.add(Flow(input_id=source, output_id=made.id, kg=Decimal(taken), event_id=event.id))
    session.flush()
    return made


def reported(session: Session, batch: Batch, number: str = "R-1", **changes: Any) -> LabReport:
    """A passing laboratory report on a batch, confirmed by nobody yet."""
    laboratory = changes.pop("laboratory", "示范检测中心")
    usual: dict[str, Any] = {
        "batch_id": batch.id,
        "event_id": _event(session, batch).id,
        "enterprise_id": batch.holder_id,
        "kind": "laboratory",
        "laboratory": laboratory,
        "laboratory_key": one_spelling(laboratory),
        "number": number,
        "number_key": one_spelling(number),
        "tested_on": date(2026, 9, 2),
        "received_at": make.MONDAY,
        "passed": True,
        "digest": "0" * 64,
        "recorded_by": "producer",
    }
    report = LabReport(**usual | changes)
    session.add(report)
    session.flush()
    return report


def _event(session: Session, batch: Batch, at: datetime = make.MONDAY) -> Event:
    event = Event(
        subject="batch",
        subject_id=batch.id,
        batch_id=batch.id,
        kind="testing",
        biz_step="inspecting",
        event_time=at,
        record_time=at,
        enterprise_id=batch.holder_id,
        person_id="producer",
        account_id="producer",
        county_code="150824",
        data={},
    )
    session.add(event)
    session.flush()
    return event


def by(session: Session, person: make.PersonOfTheCast) -> Work:
    """That person at work on the Monday."""
    return Work(session, make.actor(session, person), make.MONDAY, "test")
