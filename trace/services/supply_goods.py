"""What purchases take of supply contracts: goods bought under one carry its licence and draw on its weight."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from sqlmodel import col, update

from brand.kernel.errors import AppError, Fault, invalid
from brand.kernel.work import Work
from trace.models.batches import Batch
from trace.models.supply import SupplyContract, SupplyUse
from trace.queries import supply as contracts
from trace.queries import supply_goods as reads
from trace.rules.places import IN_USE
from trace.rules.supply import RUNNING, WITHOUT, check_days, exceeded
from trace.services import plot_care, supply
from trace.services.flow_beginnings import Beginning


@dataclass(frozen=True)
class Bought:
    """What a purchase says of a contract: its id, ``none`` for bought without one, or nothing; of which harvest."""

    contract: str = ""
    harvested_on: date | None = None
    plot: str = ""


NOTHING_SAID = Bought()


def under(work: Work, buyer_id: str, one: Beginning, said: Bought) -> tuple[Beginning, SupplyContract | None]:
    """The goods as the contract licenses them, and the contract; without one they come back as they were.

    Raises ``supply.choose`` where a contract runs and nothing is said of it, ``supply.not_yours``, ``.not_running``,
    ``.other_goods``, ``.licence``, ``.supplier_licensed``, ``.plot_needed``, ``.no_plots``, ``.plot`` and what
    ``check_days`` raises.
    """
    if said.contract in ("", WITHOUT):
        open_one = reads.running(work.session, buyer_id, one.producer_id, one.product_id, one.day)
        if open_one is not None and not said.contract:
            raise _at("contract", "supply.choose", number=open_one.number)
        return one, None
    found = work.session.get(SupplyContract, said.contract)
    if found is None or found.buyer_id != buyer_id or found.supplier_id != one.producer_id:
        raise _at("contract", "supply.not_yours")
    if found.state != RUNNING:
        raise _at("contract", "supply.not_running", number=found.number, state=f"supply.state.{found.state}")
    if found.product_id != one.product_id:
        raise _at("product_id", "supply.other_goods", number=found.number)
    check_days(found.number, reads.runs_from(found), found.valid_until, said.harvested_on, one.day)
    licence = supply.valid_licence(work, buyer_id, found.licence_id, one.day)
    supply.refuse_licensed(work, found.supplier_id, found.product_id, one.day, "contract")
    plot_id = _grown_on(work, found, said)
    if plot_id is not None and said.harvested_on is not None:
        plot_care.check_harvest(work, plot_id, said.harvested_on)
    return replace(one, licence_id=licence.id, plot_id=plot_id), found


def take(work: Work, contract: SupplyContract, batch: Batch, plot_id: str | None, said: Bought) -> None:
    """The weight of these goods from what the contract has left: one guarded statement, the CHECK behind it.

    Raises ``supply.exceeded`` with the figures, ``supply.not_running`` where it ended meanwhile.
    """
    assert said.harvested_on is not None
    _use(work, contract.id, batch.id, batch.total_kg, said.harvested_on, plot_id)


def give_back(work: Work, *batch_ids: str) -> None:
    """Undo what these batches took, when the purchases are withdrawn; twice gives back once."""
    for one, kg in reads.taken_by(work.session, batch_ids):
        if kg > 0:
            _use(work, one.contract_id, one.batch_id, -kg, one.harvested_on, one.place_id)


def _use(work: Work, contract_id: str, batch_id: str, kg: Decimal, grown_on: date, place_id: str | None) -> None:
    after = col(SupplyContract.used_kg) + kg
    guarded = update(SupplyContract).where(
        col(SupplyContract.id) == contract_id, after >= 0, after <= col(SupplyContract.kg)
    )
    if kg > 0:
        guarded = guarded.where(col(SupplyContract.state) == RUNNING)
    changed = work.session.exec(guarded.values(used_kg=after))
    found = work.session.get_one(SupplyContract, contract_id, populate_existing=True)
    if changed.rowcount != 1:
        if found.state != RUNNING:
            raise _at("contract", "supply.not_running", number=found.number, state=f"supply.state.{found.state}")
        raise exceeded(found.number, found.kg, found.used_kg, kg)
    work.session.add(
        SupplyUse(
            contract_id=contract_id,
            batch_id=batch_id,
            kg=kg,
            harvested_on=grown_on,
            place_id=place_id,
            at=work.now,
            person_id=work.actor.person_id or "",
        )
    )
    work.session.flush()


def _grown_on(work: Work, contract: SupplyContract, said: Bought) -> str | None:
    """The plot the goods grew on: the one the contract names, or the one said of several."""
    named = contracts.plots(work.session, contract.id)
    if not named and said.plot:
        raise _at("plot", "supply.no_plots", number=contract.number, plot=said.plot)
    if not named:
        return None
    found = [one for one in named if said.plot in ("", one.code)]
    if not found:
        raise _at("plot", "supply.plot", plot=said.plot)
    if len(found) > 1:
        raise _at("plot", "supply.plot_needed", codes="、".join(one.code for one in named))
    if found[0].state not in IN_USE:
        raise _at("plot", "supply.plot", plot=found[0].code)
    return found[0].id


def _at(field: str, code: str, **params: object) -> AppError:
    return invalid(code, faults=[Fault(code, f"/{field}", params)], **params)
