"""Reads what goods have to do with supply contracts: which one runs, what was taken of it, what the public is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from brand.kernel import rows
from brand.kernel.clock import local_day
from brand.kernel.errors import Fault, invalid
from brand.models.enterprises import Enterprise, EnterpriseKind
from trace.models.supply import SupplyContract, SupplyUse
from trace.queries.lineage import portions
from trace.queries.supply import bare, between
from trace.rules.supply import NONE_IN_WORDS, RUNNING, WITHOUT


@dataclass(frozen=True)
class Grown:
    """What anybody may read of one contract behind goods: confirmed when, by which office (a GB/T 2260 code)."""

    confirmed_on: date
    office: str
    household: bool


_BEHIND = (
    select(SupplyContract.id, SupplyContract.confirmed_at, SupplyContract.office, Enterprise.kind)
    .join(Enterprise, col(Enterprise.id) == col(SupplyContract.supplier_id))
    .join(SupplyUse, col(SupplyUse.contract_id) == col(SupplyContract.id))
    .where(col(SupplyUse.batch_id).in_(bindparam("batches", expanding=True)))
    .distinct()
)


def running(session: Session, buyer_id: str, supplier_id: str, product_id: str, day: date) -> SupplyContract | None:
    """The contract between these two for these goods that runs on that day."""
    its = between(buyer_id, supplier_id, product_id, day, day).where(SupplyContract.state == RUNNING)
    return next((one for one in session.exec(its) if runs_from(one) <= day), None)


def id_of(session: Session, buyer_id: str, supplier_id: str, product_id: str, number: str) -> str:
    """The contract of these two by its number, as a sheet names it: «无» for none; raises ``supply.not_yours``.

    Of several with one number (one paper may speak of several goods) it is that of these goods, of those the one that
    runs, else the latest.
    """
    if not number or number == NONE_IN_WORDS:
        return WITHOUT if number else ""
    its = (SupplyContract.buyer_id == buyer_id, SupplyContract.supplier_id == supplier_id)
    found = session.exec(bare(select(SupplyContract).where(*its, SupplyContract.number == number))).all()
    fitting_first = sorted(found, key=lambda one: (one.product_id != product_id, one.state != RUNNING))
    if not fitting_first:
        raise invalid("supply.not_yours", faults=[Fault("supply.not_yours", "/contract")])
    return fitting_first[0].id


def runs_from(one: SupplyContract) -> date:
    """Its first day or, if later, the day on which it was confirmed: a contract reaches no harvest before it."""
    assert one.confirmed_at is not None
    return max(one.valid_from, local_day(one.confirmed_at))


def taken_by(session: Session, batch_ids: Collection[str]) -> list[tuple[SupplyUse, Decimal]]:
    """The first use of a contract by each of these batches, and what it took and has not given back, kg."""
    uses: dict[str, list[SupplyUse]] = defaultdict(list)
    its = select(SupplyUse).where(col(SupplyUse.batch_id).in_(batch_ids)).order_by(col(SupplyUse.at))
    for one in session.exec(its):
        uses[one.batch_id].append(one)
    return [(each[0], sum((one.kg for one in each), Decimal(0))) for each in uses.values()]


def grown(session: Session, batch_ids: Iterable[str]) -> tuple[Grown, ...]:
    """For the public: every contract behind these goods, in the order they were confirmed."""
    found: dict[str, Grown] = {}
    for some in portions(list(batch_ids)):
        for one, at, office, kind in rows.ask(session, _BEHIND, batches=list(some)):
            assert at is not None  # nothing is bought under a contract nobody confirmed
            found[one] = Grown(local_day(at), office, kind == EnterpriseKind.HOUSEHOLD)
    return tuple(sorted(found.values(), key=lambda one: (one.confirmed_on, one.office)))
