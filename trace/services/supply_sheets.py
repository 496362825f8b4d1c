"""Takes in sheets of supply contracts, each row declared as on the page; undone until an office confirmed one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlmodel import col, select

from brand.kernel.errors import conflict
from brand.kernel.work import Work
from trace.formats.lines import Line
from trace.formats.supply_sheets import SUPPLY as FORM
from trace.models.imports import SheetImport
from trace.models.supply import SupplyContract
from trace.queries import supply as reads
from trace.rules.supply import LIVE, plot_codes
from trace.services import row_sheets, supply
from trace.services.row_sheets import RowSheet
from trace.services.supply import Paper

_AGREED = ("number", "valid_from", "valid_until", "kg")


def _declare(work: Work, owner: str, lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        said = line.values
        yield supply.declare(
            work,
            owner,
            plots=plot_codes(said.get("plots", "")),
            paper=Paper(sha256=said.get("sha256", "")),
            **_parties(work, owner, line),
            **{name: said[name] for name in _AGREED},
        ).id


def _parties(work: Work, owner: str, line: Line) -> dict[str, Any]:
    licence = reads.licence(work.session, owner, line.values["licence"], work.today)
    return {"licence_id": licence.id, "supplier_id": reads.supplier(work.session, line.values["supplier"]).id}


def _declared_already(work: Work, owner: str, line: Line) -> bool:
    """A live contract says the same; a paper that the row does not name may have come meanwhile."""
    said = line.values
    its = {name: said[name] for name in _AGREED} | _parties(work, owner, line)
    same = [getattr(SupplyContract, name) == value for name, value in its.items()]
    held = select(SupplyContract.id, SupplyContract.digest).where(SupplyContract.buyer_id == owner, *same)
    found = work.session.exec(held.where(col(SupplyContract.state).in_(LIVE))).first()
    if found is None or said.get("sha256", found[1]) != found[1]:
        return False
    return {one.code for one in reads.plots(work.session, found[0])} == set(plot_codes(said.get("plots", "")))


def _withdraw(work: Work, _row: SheetImport, made: Sequence[str]) -> None:
    """Those still open go; raises ``supply.confirmed_since`` once an office confirmed one of them."""
    for one in made:
        found = work.session.get_one(SupplyContract, one, populate_existing=True)
        if found.confirmed_at is not None:
            raise conflict("supply.confirmed_since", number=found.number)
        if found.state in LIVE:
            supply.step(work, one, "withdraw", version=found.version)


SUPPLY = row_sheets.intake(
    RowSheet(
        FORM,
        "enterprises.edit",
        _declare,
        says="licence",
        undo=_withdraw,
        known=_declared_already,
        together="supplier",
        weighs="kg",
        columns={"licence_id": "licence"},
    )
)
