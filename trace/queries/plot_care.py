"""Reads treatments of plots: of one place, and those whose safe interval ran when something was harvested there."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlmodel import Session, col, select

from brand.kernel.actors import Actor
from brand.kernel.errors import unknown
from brand.kernel.paging import Page, page
from trace.models.batches import Batch
from trace.models.places import Place
from trace.models.plot_care import PlotTreatment
from trace.queries.lineage import portions
from trace.rules.goods import BatchKind
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


def uses(session: Session, place_id: str) -> list[Use]:
    """What keeps harvests from a place closed, and on which days."""
    statement = select(PlotTreatment).where(
        PlotTreatment.place_id == place_id,
        col(PlotTreatment.struck_at).is_(None),
        col(PlotTreatment.closed_until).is_not(None),
    )
    return [Use(one.name, one.lot, one.used_on, one.closed_until) for one in session.exec(statement)]


def harvested_within(session: Session, batch_ids: Collection[str]) -> Sequence[tuple[Batch, PlotTreatment]]:
    """Harvests among these batches that were taken inside a safe interval, whenever it was written down."""
    found: list[tuple[Batch, PlotTreatment]] = []
    for some in portions(batch_ids):
        statement = (
            select(Batch, PlotTreatment)
            .join(PlotTreatment, col(PlotTreatment.place_id) == col(Batch.place_id))
            .where(
                col(Batch.id).in_(some),
                Batch.kind == BatchKind.HARVEST.value,
                col(PlotTreatment.struck_at).is_(None),
                col(PlotTreatment.used_on) <= col(Batch.made_on),
                col(PlotTreatment.closed_until) >= col(Batch.made_on),
            )
            .order_by(col(Batch.lot), col(PlotTreatment.name))
        )
        found += session.exec(statement).all()
    return found
