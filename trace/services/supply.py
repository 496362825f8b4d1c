"""Changes supply contracts: declared, consented to, confirmed, ended; and what purchases take of their weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import col, select, update

from brand.kernel import audit
from brand.kernel.errors import AppError, Fault, conflict, invalid, refused, unknown
from brand.kernel.uploads import Upload
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise, EnterpriseState
from brand.models.licences import Licence
from brand.queries import licences
from brand.rules.licence_terms import LicenceStatus
from trace.models.batches import Batch
from trace.models.places import Place
from trace.models.supply import SupplyContract, SupplyPlot, SupplyUse
from trace.queries import supply as reads
from trace.rules.places import BEARING, IN_USE
from trace.rules.supply import (
    FLOW,
    RUNNING,
    WITHOUT,
    Side,
    check_days,
    check_origin,
    check_season,
    check_term,
    exceeded,
)
from trace.services import plot_care
from trace.services.flows import Beginning

#: The party a step is taken for; of an end either may speak.
_PARTIES = {
    "withdraw": ("buyer_id",),
    "end": ("buyer_id", "supplier_id"),
}


@dataclass(frozen=True)
class Paper:
    """The contract's paper: its file, or its digest alone (SHA-256, hexadecimal), then its buyer keeps the file."""

    file: Upload | None = None
    sha256: str = ""


@dataclass(frozen=True)
class Bought:
    """What a purchase says of a contract: its id, ``none`` for bought without one, or nothing; of which harvest."""

    contract: str = ""
    harvested_on: date | None = None
    plot: str = ""


NOTHING_SAID = Bought()


def declare(
    work: Work, buyer_id: str, *, licence_id: str, supplier_id: str, plots: Sequence[str], paper: Paper, **entries: Any
) -> SupplyContract:
    """A contract of the licence's holder; ``plots`` are codes of the supplier's plots, ``entries`` number, dates, kg.

    Raises ``supply.licence``, ``.supplier``, ``.supplier_licensed``, ``.plot``, ``.paper``, ``.overlaps`` and what
    ``check_term`` and ``check_origin`` raise.
    """
    work.actor.require("enterprises.edit", buyer_id)
    # Two declarations of one enterprise take turns, so that each sees the season of the other.
    work.session.exec(select(Enterprise.id).where(Enterprise.id == buyer_id).with_for_update()).first()
    licence = _licence(work, buyer_id, licence_id, work.today)
    assert licence.product_id is not None
    first, last = entries["valid_from"], entries["valid_until"]
    check_term(first, last, licence.valid_from, licence.valid_until)
    supplier = _supplier(work, buyer_id, supplier_id, licence.product_id, last)
    land = [_plot(work, supplier_id, code, first) for code in dict.fromkeys(plots)]
    sides = [Side("plots", one.county_code) for one in land] or [Side("supplier", supplier.county_code)]
    check_origin(reads.territory(work.session, licence), sides)
    other = reads.overlapping(work.session, buyer_id, supplier_id, licence.product_id, first, last)
    if other is not None:
        raise _at("valid_from", "supply.overlaps", number=other.number)
    move = FLOW.apply("new", "declare", {})
    made = SupplyContract(
        licence_id=licence.id,
        buyer_id=buyer_id,
        product_id=licence.product_id,
        supplier_id=supplier_id,
        state=move.next_state,
        declared_by=work.actor.person_id or "",
        declared_at=work.now,
        **entries,
        **_kept(paper),
    )
    work.session.add(made)
    work.session.flush()
    for place in land:
        work.session.add(SupplyPlot(contract_id=made.id, place_id=place.id))
    work.session.flush()
    _record(work, move.audit, made, supplier=supplier_id, kg=made.kg, digest=made.digest)
    return made


def step(
    work: Work, contract_id: str, action: str, *, version: int, reason_code: str = "", comment: str = ""
) -> SupplyContract:
    """``consent`` or ``decline`` (supplier), ``record`` (the office, of a signed paper), ``withdraw`` (buyer),
    ``confirm``, ``refuse``, ``stop`` (the office of the supplier's place), ``end`` (either party).

    Raises ``supply.stale``, ``supply.more_than_season`` and what a guard refuses.
    """
    found = _take_version(work, contract_id, action, version)
    facts = reads.facts(found, work.actor, work.today) | {"reason_code": reason_code, "comment": comment}
    move = FLOW.apply(found.state, action, facts)
    person = work.actor.person_id
    if action in ("consent", "record"):
        found.consented_by, found.consented_at, found.consent = person, work.now, comment[:200]
    if action == "confirm":
        _check_confirmed(work, found)
        found.confirmed_by, found.confirmed_at = person, work.now
        found.office = reads.office(work.session, work.actor, found)
    if move.next_state == "ended":
        found.ended_at = work.now
    if action not in ("consent", "record", "confirm"):
        found.reason_code, found.reason = (reason_code if move.reason else ""), comment
    found.state = move.next_state
    work.session.flush()
    _record(work, move.audit, found, reason_code=reason_code)
    return found


def under(work: Work, buyer_id: str, one: Beginning, said: Bought) -> tuple[Beginning, SupplyContract | None]:
    """The goods as the contract licenses them, and the contract; without one they come back as they were.

    Raises ``supply.choose`` where a contract runs and nothing is said of it, ``supply.not_yours``, ``.not_running``,
    ``.other_goods``, ``.licence``, ``.supplier_licensed``, ``.plot_needed``, ``.plot`` and what ``check_days`` raises.
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
    licence = _licence(work, buyer_id, found.licence_id, one.day)
    _refuse_licensed(work, found.supplier_id, found.product_id, one.day, "contract")
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


def _licence(work: Work, buyer_id: str, licence_id: str, day: date) -> Licence:
    """The buyer's licence on goods, valid that day; raises ``supply.licence``."""
    found = work.session.get(Licence, licence_id)
    if found is None or found.enterprise_id != buyer_id or found.product_id is None:
        raise _at("licence_id", "supply.licence", number="–", day=day.isoformat())
    if licences.status_on(work.session, found, day) is not LicenceStatus.VALID:
        raise _at("licence_id", "supply.licence", number=found.number, day=day.isoformat())
    return found


def _supplier(work: Work, buyer_id: str, supplier_id: str, product_id: str, day: date) -> Enterprise:
    found = work.session.get(Enterprise, supplier_id)
    if found is None or found.state != EnterpriseState.CONFIRMED or supplier_id == buyer_id:
        raise _at("supplier", "supply.supplier")
    _refuse_licensed(work, supplier_id, product_id, day, "supplier")
    return found


def _refuse_licensed(work: Work, supplier_id: str, product_id: str, day: date, field: str) -> None:
    """Goods of one who has a licence for them stand or fall by that licence, suspended or revoked as it may be."""
    own = reads.own_licence(work.session, supplier_id, product_id, day)
    if own is not None:
        raise _at(field, "supply.supplier_licensed", number=own.number)


def _plot(work: Work, supplier_id: str, code: str, day: date) -> Place:
    """A plot of the supplier's in use; another's answers like one that is not there."""
    found = work.session.exec(select(Place).where(Place.code == code)).first()
    if (
        found is None
        or found.enterprise_id != supplier_id
        or found.state not in IN_USE
        or found.kind not in BEARING
        or found.opened_on > day
    ):
        raise _at("plots", "supply.plot", plot=code)
    return found


def _grown_on(work: Work, contract: SupplyContract, said: Bought) -> str | None:
    """The plot the goods grew on: the one the contract names, or the one said of several."""
    named = reads.plots(work.session, contract.id)
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


def _check_confirmed(work: Work, found: SupplyContract) -> None:
    """Asked again on the day it counts from; two confirmations for one supplier take turns."""
    work.session.exec(select(Enterprise.id).where(Enterprise.id == found.supplier_id).with_for_update()).first()
    supplier = work.session.get_one(Enterprise, found.supplier_id)
    if supplier.state != EnterpriseState.CONFIRMED:
        raise refused("supply.supplier")
    _licence(work, found.buyer_id, found.licence_id, work.today)
    _refuse_licensed(work, found.supplier_id, found.product_id, found.valid_until, "supplier")
    for season, promised in reads.seasons(work.session, found):
        check_season(found.kg, promised, season)


def _take_version(work: Work, contract_id: str, action: str, version: int) -> SupplyContract:
    permission = next((one.permission for one in FLOW.steps if one.action == action and action != "declare"), None)
    found = work.session.get(SupplyContract, contract_id)
    if found is None or permission is None:
        raise unknown()
    parties = _PARTIES.get(action, ("supplier_id",))
    work.actor.require(permission, *(getattr(found, one) for one in parties))
    its = (col(SupplyContract.id) == contract_id, col(SupplyContract.version) == version)
    taken = work.session.exec(update(SupplyContract).where(*its).values(version=version + 1))
    work.session.refresh(found)
    if taken.rowcount != 1:
        raise conflict("supply.stale")
    return found


def _kept(paper: Paper) -> dict[str, Any]:
    if paper.file is not None:
        one = paper.file
        return {"name": one.name, "media_type": one.media_type, "digest": one.digest, "content": one.data}
    if not paper.sha256:
        raise _at("paper", "supply.paper")
    return {"digest": paper.sha256}


def _at(field: str, code: str, **params: object) -> AppError:
    return invalid(code, faults=[Fault(code, f"/{field}", params)], **params)


def _record(work: Work, action: str, one: SupplyContract, **detail: Any) -> None:
    about = {"number": one.number, "state": one.state}
    audit.record(work, action, "supply_contract", one.id, enterprise_id=one.buyer_id, **about, **detail)
