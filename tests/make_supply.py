"""Makes supply contracts: the cooperative buys of its neighbour, a household here, under its own licence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from tests import make
from tests.make_flows import beginning
from tests.people import CLERK, PRODUCER, RIVAL, PersonOfTheCast
from trace.models.batches import Batch
from trace.models.supply import SupplyContract
from trace.rules.goods import BatchKind
from trace.rules.purchases import Certificate
from trace.services import purchases, supply
from trace.services.flow_parts import Output
from trace.services.purchases import Papers
from trace.services.supply import Paper
from trace.services.supply_goods import Bought

#: When the contracts of the tests were signed; goods are harvested and bought on ``DAY``.
SIGNED = make.MONDAY - timedelta(days=18)
DAY = date(2026, 9, 12)


def by(session: Session, person: PersonOfTheCast, now: Any = SIGNED) -> Work:
    return make.work(session, make.actor(session, person), now)


def declared(
    session: Session, *, buyer: str = "cooperative", person: PersonOfTheCast = PRODUCER, **changes: Any
) -> SupplyContract:
    """1,000 kg from 2026-08-25 to 2026-10-31; the supplier becomes a household."""
    licence = make.a_licence(make.work(session)) if buyer == "cooperative" else None
    session.get_one(Enterprise, "rival").kind = "household"
    usual: dict[str, Any] = {
        "licence_id": licence.id if licence else "",
        "supplier_id": "rival",
        "plots": (),
        "paper": Paper(make.a_paper("供货合同")),
        "number": "示范合同 2026-1",
        "valid_from": date(2026, 8, 25),
        "valid_until": date(2026, 10, 31),
        "kg": Decimal(1000),
    }
    return supply.declare(by(session, person), buyer, **usual | changes)


def step(session: Session, one: SupplyContract, action: str, person: PersonOfTheCast, **said: Any) -> SupplyContract:
    """One step by that person on the day of signing, or ``now``."""
    work = by(session, person, said.pop("now", SIGNED))
    return supply.step(work, one.id, action, version=one.version, **said)


def running(session: Session, **changes: Any) -> SupplyContract:
    """One that its supplier agreed to and the office confirmed."""
    one = declared(session, **changes)
    step(session, one, "consent", RIVAL)
    return step(session, one, "confirm", CLERK)


def buy(
    session: Session,
    contract: str,
    *,
    kg: str = "100",
    lot: str = "C1",
    person: PersonOfTheCast = PRODUCER,
    **changes: Any,
) -> Batch:
    """So much fresh leaf of the household's bought by the cooperative, under that contract or ``none``."""
    said = {name: changes.pop(name) for name in ("harvested_on", "plot") if name in changes}
    buyer = changes.pop("buyer", "cooperative")
    goods = {"producer_id": "rival", "day": DAY, "output": Output(lot, Decimal(kg))} | changes
    one = replace(beginning(make.work(session), kind=BatchKind.COLLECTED, place_id="x", **goods), place_id=None)
    papers = Papers(
        f"示范单 {lot}", "收购单上签字", None, Certificate(Decimal(kg), DAY), make.a_paper("合格证"),
        Bought(contract, **{"harvested_on": DAY} | said),
    )  # fmt: skip
    return purchases.buy(by(session, person, make.MONDAY), buyer, one, papers)
