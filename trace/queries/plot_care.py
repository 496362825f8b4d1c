"""Reads treatments of plots: of one place, and those whose safe interval ran when something was harvested there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from brand.kernel.actors import Actor
from brand.kernel.errors import unknown
from brand.kernel.paging import Page, page
from brand.kernel.remembered import remembered
from trace.models.batches import Batch
from trace.models.events import Event
from trace.models.places import Place
from trace.models.plot_care import PlotTreatment
from trace.queries import harvests
from trace.queries.lineage import portions
from trace.rules.withdrawal import Use


def place(session: Session, actor: Actor, place_id: str) -> Place:
    """A place whose treatments this person may read; raises ``access.unknown``."""
    found = session.get(Place, place_id)
    if found is None:
        raise unknown()
    actor.require("herds.read", found.enterprise_id)
    return found


def listing(session: Session, actor: Actor, place_id: str, *, number: int = 1, size: int = 25) -> Page[PlotTreatment]:
    """What was put on a place, the latest first, struck ones among them."""
    place(session, actor, place_id)
    statement = select(PlotTreatment).where(PlotTreatment.place_id == place_id)
    ordered = statement.order_by(col(PlotTreatment.last_used_on).desc(), col(PlotTreatment.id))
    return page(session, ordered, number, size)


def late(session: Session, treatments: Iterable[PlotTreatment]) -> frozenset[str]:
    """Ids of those that were written down later than the office allows for such a record."""
    ids = {one.event_id: one.id for one in treatments}
    wanted = select(Event.id).where(col(Event.id).in_(ids), col(Event.late))
    return frozenset(ids[one] for one in session.exec(wanted))


@remembered
def uses(session: Session, place_id: str) -> tuple[Use, ...]:
    """What keeps harvests from a place closed, and on which days."""
    statement = select(PlotTreatment).where(
        PlotTreatment.place_id == place_id,
        col(PlotTreatment.struck_at).is_(None),
        col(PlotTreatment.closed_until).is_not(None),
    )
    return tuple(Use(one.name, one.lot, one.used_on, one.closed_until) for one in session.exec(statement))


def harvested_within(session: Session, batch_ids: Collection[str]) -> Sequence[tuple[Batch, PlotTreatment]]:
    """Harvests among these batches that were taken inside a safe interval, whenever it was written down."""
    found: list[tuple[Batch, PlotTreatment]] = []
    for some in portions(batch_ids):
        statement = _within(col(Batch.id).in_(some), col(PlotTreatment.struck_at).is_(None))
        found += session.exec(statement.order_by(col(Batch.lot), col(PlotTreatment.name))).all()
    return found


def touched(session: Session, treatment_id: str) -> Sequence[Batch]:
    """Goods that were harvested inside the safe interval of that treatment."""
    found = session.exec(_within(PlotTreatment.id == treatment_id).order_by(col(Batch.lot)))
    return [batch for batch, _ in found]


def _within(*asked: Any) -> Select[Batch, PlotTreatment]:
    goods = harvests.grown()
    return (
        select(Batch, PlotTreatment)
        .join(goods, goods.c.batch_id == col(Batch.id))
        .join(PlotTreatment, col(PlotTreatment.place_id) == goods.c.place_id)
        .where(col(PlotTreatment.used_on) <= goods.c.day, col(PlotTreatment.closed_until) >= goods.c.day, *asked)
    )
