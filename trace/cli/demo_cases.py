"""The demo county's cases: two of labelled packs on a pallet that is on its way, one of other packs that stays."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import col, select

from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from trace.models.batches import Batch, PackLine
from trace.models.containers import Container
from trace.models.labels import LabelOrder
from trace.rules.containers import ContainerKind
from trace.services import containers, shipments
from trace.services.container_labels import Range
from trace.services.containers import Filling

#: Labelled packs of the first two cases, by their place in the order.
_RANGES = ((1, 12), (13, 24))
_UNLABELLED = 10


def packed(work: Work, enterprise: Enterprise) -> None:
    """Two cases of labelled packs on a pallet, and a third case beside it."""
    order = work.session.exec(select(LabelOrder).join(Batch).where(Batch.lot == "20260912A")).one()
    cases = [
        containers.pack(work, enterprise.id, ContainerKind.CASE, Filling(ranges=[Range(order.number, first, last)]))
        for first, last in _RANGES
    ]
    containers.pack(work, enterprise.id, ContainerKind.PALLET, Filling(cases=[one.code for one in cases]))
    others = select(PackLine).where(
        PackLine.batch_id == order.batch_id, col(PackLine.id) != order.pack_line_id, col(PackLine.packs) > _UNLABELLED
    )
    line = work.session.exec(others.order_by(PackLine.cut, col(PackLine.id))).first()
    assert line is not None
    containers.pack(work, enterprise.id, ContainerKind.CASE, Filling(packs={line.id: _UNLABELLED}))


def sent(work: Work, enterprise: Enterprise, receiver: Enterprise) -> None:
    """The pallet leaves for the cooperative, which has not confirmed it yet."""
    pallet = work.session.exec(select(Container).where(Container.kind == ContainerKind.PALLET.value)).one()
    shipments.send(
        work,
        enterprise.id,
        to_id=receiver.id,
        loads=[],
        planned_on=work.today + timedelta(days=1),
        vehicle="蒙LDEMO1",
        seal="SF-0915",
        boxes=[pallet.code],
    )
