"""Makes goods for tests of flows: tea leaf of the cooperative's garden, split, mixed and processed through services."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import select

from brand.kernel.actors import SYSTEM
from brand.kernel.work import Work
from brand.models.schemes import Scheme
from tests import make
from tests.people import INSPECTOR, PRODUCER
from trace.models.batches import Batch
from trace.rules.goods import BatchKind
from trace.services import flow_beginnings, flows
from trace.services.flow_beginnings import Beginning
from trace.services.flow_parts import Output, Part, Transformation

DAY = date(2026, 9, 12)


def by_producer(work: Work) -> Work:
    """The same transaction and moment, with the cooperative's clerk acting."""
    return Work(work.session, make.actor(work.session, PRODUCER), work.now, "test")


def by_inspector(work: Work) -> Work:
    return Work(work.session, make.actor(work.session, INSPECTOR), work.now, "test")


def a_garden(work: Work) -> str:
    """The id of a tea garden of the cooperative's; loads the scheme where there is none."""
    if work.session.exec(select(Scheme)).first() is None:
        make.a_scheme(Work(work.session, SYSTEM, work.now, "test"))
    return make.a_place(work, kind="tea_garden", name="示范茶园", declared_mu=Decimal(100)).id


def beginning(work: Work, *, lot: str = "T1", kg: str = "100", place_id: str = "", **changes: Any) -> Beginning:
    """A harvest of fresh leaf as its people state it."""
    usual: dict[str, Any] = {
        "kind": BatchKind.HARVEST,
        "form": "fresh_leaf",
        "producer_id": "cooperative",
        "day": DAY,
        "output": Output(lot, Decimal(kg)),
        "place_id": place_id or a_garden(work),
        "product_id": "",
    }
    given = usual | changes
    given["product_id"] = given["product_id"] or make.a_product(work.session).id
    return Beginning(**given)


def leaf(work: Work, **options: Any) -> Batch:
    """100 kg of fresh leaf of the cooperative's, harvested on 2026-09-12."""
    return flow_beginnings.commission(by_producer(work), "cooperative", beginning(work, **options))


def split(work: Work, batch: Batch, *weights: str, day: date = DAY) -> list[Batch]:
    outputs = [Output(f"{batch.lot}-{place}", Decimal(kg)) for place, kg in enumerate(weights, 1)]
    return flows.split(by_producer(work), "cooperative", batch.id, outputs, day)


def tea(
    batch: Batch, out: str, *, taken: str = "100", loss: str | None = None, lot: str = "M1", process: str = "tea_making"
) -> Transformation:
    """A making of tea out of that batch."""
    lost = Decimal(taken) - Decimal(out) if loss is None else Decimal(loss)
    return Transformation(process, (Part(batch.id, Decimal(taken)),), (Output(lot, Decimal(out)),), lost, DAY)
