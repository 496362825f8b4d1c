"""Changes supply contracts: declared, their paper added, consented to, confirmed, ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
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
from trace.models.places import Place
from trace.models.supply import SupplyContract, SupplyPlot
from trace.queries import supply as reads
from trace.rules.places import BEARING, IN_USE
from trace.rules.supply import (
    FLOW,
    Side,
    check_origin,
    check_season,
    check_term,
)

#: The party a step is taken for; of an end either may speak.
_PARTIES = {
    "attach": ("buyer_id",),
    "withdraw": ("buyer_id",),
    "end": ("buyer_id", "supplier_id"),
}


@dataclass(frozen=True)
class Paper:
    """The contract's paper: its file, or its digest alone (SHA-256, hexadecimal), then its buyer keeps the file.

    Neither of both: it follows.
    """

    file: Upload | None = None
    sha256: str = ""


NO_PAPER = Paper()


def declare(
    work: Work, buyer_id: str, *, licence_id: str, supplier_id: str, plots: Sequence[str], paper: Paper, **entries: Any
) -> SupplyContract:
    """A contract of the licence's holder; ``plots`` are codes of the supplier's plots, ``entries`` number, dates, kg.

    Raises ``supply.licence``, ``.supplier``, ``.supplier_licensed``, ``.plot``, ``.overlaps`` and what ``check_term``
    and ``check_origin`` raise.
    """
    work.actor.require("enterprises.edit", buyer_id)
    # Two declarations of one enterprise take turns, so that each sees the season of the other.
    work.session.exec(select(Enterprise.id).where(Enterprise.id == buyer_id).with_for_update()).first()
    licence = valid_licence(work, buyer_id, licence_id, work.today)
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


def attach(work: Work, contract_id: str, *, version: int, paper: Paper) -> SupplyContract:
    """The paper of a contract that was declared without; once there it stays. Raises ``supply.paper``, ``.stale``."""
    found = _take_version(work, contract_id, "attach", version)
    move = FLOW.apply(found.state, "attach", reads.facts(found, work.actor, work.today))
    if paper == NO_PAPER:
        raise _at("paper", "supply.paper")
    for name, value in _kept(paper).items():
        setattr(found, name, value)
    work.session.flush()
    _record(work, move.audit, found, digest=found.digest)
    return found


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
    _record(work, move.audit, found, reason_code=reason_code, **_figures(work, found))
    return found


def valid_licence(work: Work, buyer_id: str, licence_id: str, day: date) -> Licence:
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
    refuse_licensed(work, supplier_id, product_id, day, "supplier")
    return found


def refuse_licensed(work: Work, supplier_id: str, product_id: str, day: date, field: str) -> None:
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


def _check_confirmed(work: Work, found: SupplyContract) -> None:
    """Asked again on the day it counts from; two confirmations for one supplier take turns."""
    work.session.exec(select(Enterprise.id).where(Enterprise.id == found.supplier_id).with_for_update()).first()
    supplier = work.session.get_one(Enterprise, found.supplier_id)
    if supplier.state != EnterpriseState.CONFIRMED:
        raise refused("supply.supplier")
    valid_licence(work, found.buyer_id, found.licence_id, work.today)
    refuse_licensed(work, found.supplier_id, found.product_id, found.valid_until, "supplier")
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


def _figures(work: Work, one: SupplyContract) -> dict[str, Any]:
    """What the log tells of a contract that is confirmed or ended."""
    licence = work.session.get_one(Licence, one.licence_id).number
    agreed = {"kg": one.kg, "used_kg": one.used_kg, "valid_from": one.valid_from, "valid_until": one.valid_until}
    return {"licence": licence} | agreed


def _kept(paper: Paper) -> dict[str, Any]:
    if paper.file is not None:
        one = paper.file
        return {"name": one.name, "media_type": one.media_type, "digest": one.digest, "content": one.data}
    return {"digest": paper.sha256}


def _at(field: str, code: str, **params: object) -> AppError:
    return invalid(code, faults=[Fault(code, f"/{field}", params)], **params)


def _record(work: Work, action: str, one: SupplyContract, **detail: Any) -> None:
    about = {"number": one.number, "state": one.state}
    audit.record(work, action, "supply_contract", one.id, enterprise_id=one.buyer_id, **about, **detail)
