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
        if not _less(work, line_id, holder_id, count):
            raise conflict("stocks.stale")
    be_gone(work, operation, packs)


def be_gone(work: Work, operation: Operation, packs: Mapping[str, int]) -> None:
    """Packs no stock holds any more, loose or in a case, are gone with that act; raises ``stocks.stale``."""
    for line_id, count in sorted(packs.items()):
        more = update(PackLine).where(col(PackLine.id) == line_id, col(PackLine.gone) + count <= col(PackLine.packs))
        if work.session.exec(more.values(gone=col(PackLine.gone) + count)).rowcount != 1:
            raise conflict("stocks.stale")
        work.session.add(PackMove(operation_id=operation.id, pack_line_id=line_id, packs=count))
    work.session.flush()


def come_back(work: Work, undone: Operation, holder_id: str, packs: Mapping[str, int]) -> None:
    """Packs an act had taken out are with their holder again; told below zero. Raises ``stocks.stale``."""
    for line_id, count in sorted(packs.items()):
        less = update(PackLine).where(col(PackLine.id) == line_id, col(PackLine.gone) >= count)
        if work.session.exec(less.values(gone=col(PackLine.gone) - count)).rowcount != 1:
            raise conflict("stocks.stale")
        put_back(work, line_id, holder_id, count)
        work.session.add(PackMove(operation_id=undone.id, pack_line_id=line_id, packs=-count))
    work.session.flush()


def put_away(work: Work, line_id: str, holder_id: str, packs: int, at: str) -> None:
    """Packs go into a case; raises ``stocks.not_there`` for more than the holder has outside, with the figures."""
    if packs > 0 and _less(work, line_id, holder_id, packs):
        return
    its = (PackStock.pack_line_id == line_id, PackStock.holder_id == holder_id)
    params = {"asked": packs, "there": work.session.exec(select(PackStock.packs).where(*its)).first() or 0}
    raise invalid("stocks.not_there", faults=[Fault("stocks.not_there", at, params)], **params)


def put_back(work: Work, line_id: str, holder_id: str, packs: int) -> None:
    """Packs come out of a case, to whoever has it now."""
    theirs = (col(PackStock.pack_line_id) == line_id, col(PackStock.holder_id) == holder_id)
    more = update(PackStock).where(*theirs).values(packs=col(PackStock.packs) + packs)
    if work.session.exec(more).rowcount != 1:
        work.session.add(PackStock(pack_line_id=line_id, holder_id=holder_id, packs=packs))
        work.session.flush()


def hand_over(work: Work, batch_id: str, from_id: str, to_id: str) -> None:
    """All packs of the batch that one holder has go to another."""
    for line_id, (_, stock) in _stocks(work, batch_id, from_id).items():
        work.session.refresh(stock)
        put_back(work, line_id, to_id, stock.packs)
        stock.packs = 0
    work.session.flush()


def _less(work: Work, line_id: str, holder_id: str, packs: int) -> bool:
    """The guarded step: of two who together take more than there is only one gets it."""
    its = (col(PackStock.pack_line_id) == line_id, col(PackStock.holder_id) == holder_id)
    less = update(PackStock).where(*its, col(PackStock.packs) >= packs).values(packs=col(PackStock.packs) - packs)
    return work.session.exec(less).rowcount == 1


def _stocks(work: Work, batch_id: str, holder_id: str) -> dict[str, tuple[PackLine, PackStock]]:
    statement = (
        select(PackLine, PackStock)
        .join(PackStock, col(PackStock.pack_line_id) == col(PackLine.id))
        .where(PackLine.batch_id == batch_id, PackStock.holder_id == holder_id)
    )
    return {line.id: (line, stock) for line, stock in work.session.exec(statement)}
