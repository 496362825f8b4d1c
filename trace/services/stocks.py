"""Moves packs between holders and out of the books; each step one guarded statement, so no pack is in two places.

Needs no permission of its own: the services that call it have asked for theirs and hold the batch's lock.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from sqlmodel import col, select, update

from brand.kernel.errors import Fault, conflict, invalid
from brand.kernel.work import Work
from trace.models.batches import PackLine
from trace.models.containers import PackMove, PackStock
from trace.models.flows import Operation


def weigh(work: Work, batch_id: str, holder_id: str, packs: Mapping[str, int], at: str) -> Decimal:
    """What so many packs of these lines weigh, kg.

    Raises ``stocks.not_there`` for packs of another batch, or more than the holder has, with the figures.
    """
    there = _stocks(work, batch_id, holder_id)
    weight = Decimal(0)
    for line_id, count in packs.items():
        line, stock = there.get(line_id, (None, None))
        if line is None or stock is None or not 0 < count <= stock.packs:
            params = {"asked": count, "there": stock.packs if stock else 0}
            raise invalid("stocks.not_there", faults=[Fault("stocks.not_there", at, params)], **params)
        weight += line.net_kg * count
    return weight


def take_out(work: Work, operation: Operation, holder_id: str, packs: Mapping[str, int]) -> None:
    """Packs leave the books with that act; raises ``stocks.stale`` where somebody took them meanwhile."""
    for line_id, count in sorted(packs.items()):
        its = (col(PackStock.pack_line_id) == line_id, col(PackStock.holder_id) == holder_id)
        enough = col(PackStock.packs) >= count
        less = update(PackStock).where(*its, enough).values(packs=col(PackStock.packs) - count)
        more = update(PackLine).where(col(PackLine.id) == line_id, col(PackLine.gone) + count <= col(PackLine.packs))
        if work.session.exec(less).rowcount != 1:
            raise conflict("stocks.stale")
        if work.session.exec(more.values(gone=col(PackLine.gone) + count)).rowcount != 1:
            raise conflict("stocks.stale")
        work.session.add(PackMove(operation_id=operation.id, pack_line_id=line_id, packs=count))
    work.session.flush()


def hand_over(work: Work, batch_id: str, from_id: str, to_id: str) -> None:
    """All packs of the batch that one holder has go to another."""
    for line_id, (_, stock) in _stocks(work, batch_id, from_id).items():
        work.session.refresh(stock)
        theirs = (col(PackStock.pack_line_id) == line_id, col(PackStock.holder_id) == to_id)
        more = update(PackStock).where(*theirs).values(packs=col(PackStock.packs) + stock.packs)
        if work.session.exec(more).rowcount != 1:
            work.session.add(PackStock(pack_line_id=line_id, holder_id=to_id, packs=stock.packs))
        stock.packs = 0
    work.session.flush()


def _stocks(work: Work, batch_id: str, holder_id: str) -> dict[str, tuple[PackLine, PackStock]]:
    statement = (
        select(PackLine, PackStock)
        .join(PackStock, col(PackStock.pack_line_id) == col(PackLine.id))
        .where(PackLine.batch_id == batch_id, PackStock.holder_id == holder_id)
    )
    return {line.id: (line, stock) for line, stock in work.session.exec(statement)}
