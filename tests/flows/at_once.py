"""Many people act on one batch at the same moment; afterwards every gram is counted from the rows alone."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.work import Work
from tests import make
from tests.people import ABATTOIR
from tests.races.harness import one_work, race
from trace.formats.packing_sheet import PackingRow, PackingSheet
from trace.models.batches import Batch, PackLine
from trace.models.containers import PackStock
from trace.models.flows import Operation
from trace.queries import flows as reads
from trace.rules.goods import BatchKind
from trace.services import flow_beginnings, flows, packing, shipments
from trace.services.flow_beginnings import Beginning
from trace.services.flow_parts import Output, Part, Transformation
from trace.services.shipment_loads import Load

TODAY = make.MONDAY.date()
#: What somebody who comes too late may be told; anything else fails the harness.
LATE = {"flows.more_than_left", "mass_balance.packs_above_cold", "batches.stale", "service.busy"}


def collected(database: Database, lot: str, kg: str) -> str:
    """The id of a batch the abattoir collected from the cooperative."""

    def commission(work: Work) -> str:
        product_id = make.a_product(work.session).id
        output = Output(lot, Decimal(kg))
        one = Beginning(BatchKind.COLLECTED, product_id, "fresh_leaf", "cooperative", TODAY, output)
        return flow_beginnings.commission(work, "abattoir", one, with_papers=True).id

    with database.reading() as session:
        clerk = make.actor(session, ABATTOIR)
    return one_work(database, commission, clerk)


def everybody(
    database: Database, *, people: int, acts: int, number: int, before: Callable[[str], None] = lambda _: None
) -> Counter[str]:
    """So many people, each with so many acts drawn from ``number``; what they were told, «done» included.

    ``before`` is called ahead of each transaction with the id of the batch, for twins that look too early.
    """
    batch_id, beside = collected(database, f"N{number}", "100"), collected(database, f"M{number}", "50")
    with database.reading() as session:
        clerk = make.actor(session, ABATTOIR)

    def act(position: int) -> Counter[str]:
        chance, told = random.Random(number * 1000 + position), Counter[str]()
        for turn in range(acts):
            kg = Decimal(chance.randint(1, 15_000)).scaleb(-3)
            what = _ACTS[chance.choice(sorted(_ACTS))]
            lot = f"R{number}-{position}-{turn}"
            before(batch_id)
            try:
                one_work(database, lambda work: what(work, batch_id, beside, kg, lot), clerk)  # noqa: B023
                told["done"] += 1
            except AppError as error:
                told[error.code] += 1
        return told

    return sum(race(people, act).done, Counter[str]())


def count_every_gram(session: Session) -> None:
    """What entered is loose, in packs, gone or declared lost; no batch gave more than it had."""
    assert reads.differences(session) == []
    loose = sum((total - used for total, used in session.exec(select(Batch.total_kg, Batch.used_kg))), Decimal(0))
    stocks = select(PackStock.packs, PackLine.net_kg).join(PackLine, col(PackLine.id) == col(PackStock.pack_line_id))
    packed = sum((packs * net for packs, net in session.exec(stocks)), Decimal(0))
    acts = session.exec(select(Operation)).all()
    entered = sum((one.out_kg for one in acts if one.kind == "commission"), Decimal(0))
    assert entered == loose + packed + sum((one.gone_kg + one.loss_kg for one in acts), Decimal(0))


def _split(work: Work, batch_id: str, _: str, kg: Decimal, lot: str) -> object:
    return flows.split(work, "abattoir", batch_id, [Output(lot, kg)], TODAY)


def _merge(work: Work, batch_id: str, beside: str, kg: Decimal, lot: str) -> object:
    return flows.merge(work, "abattoir", [Part(batch_id, kg), Part(beside, kg)], lot, TODAY)


def _sort(work: Work, batch_id: str, _: str, kg: Decimal, lot: str) -> object:
    kept = max(Decimal("0.001"), (kg * Decimal("0.9")).quantize(Decimal("0.001")))
    asked = Transformation("sorting", (Part(batch_id, kg),), (Output(lot, kept),), kg - kept, TODAY)
    return flows.transform(work, "abattoir", asked)


def _sell(work: Work, batch_id: str, _: str, kg: Decimal, lot: str) -> object:
    return flows.take_out(work, "abattoir", "sell", Part(batch_id, kg), TODAY, buyer=f"示范{lot}")


def _lose(work: Work, batch_id: str, _: str, kg: Decimal, lot: str) -> object:
    return flows.take_out(work, "abattoir", "lose", Part(batch_id, kg), TODAY, words=f"示范{lot}")


def _pack(work: Work, batch_id: str, _: str, kg: Decimal, lot: str) -> object:
    its = work.session.get_one(Batch, batch_id).lot
    row = PackingRow(1, its, f"示范{lot}", kg, 1, kg, TODAY, 30, "常温")
    return packing.record(work, batch_id, PackingSheet((row,), (), (), "0" * 64))


def _ship(work: Work, batch_id: str, _: str, kg: Decimal, lot: str) -> object:
    loads = [Load(batch_id, kg=kg)]
    return shipments.send(work, "abattoir", to_id="rival_abattoir", loads=loads, planned_on=TODAY, seal=lot)


_ACTS: dict[str, Callable[[Work, str, str, Decimal, str], Any]] = {
    "split": _split,
    "merge": _merge,
    "sort": _sort,
    "sell": _sell,
    "lose": _lose,
    "pack": _pack,
    "ship": _ship,
}
