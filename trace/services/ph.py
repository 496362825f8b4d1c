"""Takes pH readings of a batch of carcasses into its chain; optional unless the product's rule asks for them."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from sqlmodel import select

from brand.kernel import audit
from brand.kernel.errors import pointing, refused
from brand.kernel.work import Work
from trace.models.batches import Slaughter
from trace.models.events import Event
from trace.rules import ph as rules
from trace.rules.events import EventKind
from trace.rules.grading import check_seen
from trace.services import batches, events, holds, seats


def record(
    work: Work,
    batch_id: str,
    *,
    version: int,
    hours: int,
    head: int,
    lowest: Decimal,
    highest: Decimal,
    place_id: str = "",
) -> Event:
    """The lowest and highest reading of ``head`` carcasses, so many hours after the last of them was slaughtered.

    Raises ``batches.stale``, ``ph.no_carcasses``, what ``rules.ph.check`` raises, or ``events.in_future``.
    """
    batch = batches.held(work, batch_id)
    holds.lock(work, [batch.id])
    work.session.refresh(batch)
    check_seen(batch.version, version)
    day = work.session.get(Slaughter, batch.id)
    slaughtered = select(Event).where(Event.batch_id == batch.id, Event.kind == EventKind.SLAUGHTERING.value)
    first = work.session.exec(slaughtered).first()
    if day is None or first is None:
        raise refused("ph.no_carcasses")
    rules.check(lowest, highest, head, day.head)
    data = {
        "head": head,
        "hours": str(hours),
        "lowest_ph": f"{lowest:f}",
        "highest_ph": f"{highest:f}",
        "ph_verdict": rules.verdict(highest, hours).value,
    }
    measured = datetime.fromisoformat(first.data["until"]) + timedelta(hours=hours)
    with seats.here(work, batch.holder_id, place_id), pointing({"": "/hours"}):
        made = events.record(work, batch, EventKind.PH, event_time=measured, data=data)
    told = {"batch": batch.code, "head": head}
    audit.record(work, "events.record_ph", "batch", batch.id, enterprise_id=batch.holder_id, **told)
    return made
