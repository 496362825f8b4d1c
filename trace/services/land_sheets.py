"""Takes in sheets of land: capacities of a season, what was put on plots, and outlines of many plots in one file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlmodel import col, select

from brand.kernel.errors import conflict
from brand.kernel.work import Work
from trace.formats import land_sheets as forms
from trace.formats import outline_files
from trace.formats.lines import Line
from trace.models.capacities import Capacity
from trace.models.events import Event
from trace.models.imports import SheetImport
from trace.models.places import Place
from trace.models.plot_care import PlotTreatment
from trace.queries import places as place_reads
from trace.rules.capacities import LIVE
from trace.services import capacities, events, places, plot_care, row_sheets
from trace.services.row_sheets import RowSheet, place_id, product_id

_FIGURES = ("season_from", "season_to", "declared", "unit", "basis", "mu", "per_mu", "source")
_TREATED = ("kind", "name", "approval", "lot", "unit", "used_on", "last_used_on", "safe_days", "person", "reason")


def _declare(work: Work, owner: str, lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        at = place_id(work, owner, line.values.get("place", ""))
        product = product_id(work, line.values["product"])
        yield capacities.declare(work, owner, place_id=at, product_id=product, **_figures(line)).id


def _figures(line: Line) -> dict[str, Any]:
    return {name: line.values.get(name) for name in _FIGURES}


def _declared_already(work: Work, owner: str, line: Line) -> bool:
    said = line.values
    scope = select(Place.id).where(Place.enterprise_id == owner, Place.name == said.get("place", ""))
    held = select(Capacity).where(
        Capacity.enterprise_id == owner,
        Capacity.scope == (work.session.exec(scope).first() if said.get("place") else owner),
        Capacity.product_id == product_id(work, said["product"]),
        Capacity.season_from == said["season_from"],
        col(Capacity.state).in_(LIVE),
    )
    found = work.session.exec(held).first()
    return found is not None and all(getattr(found, name) == value for name, value in _figures(line).items())


def _withdraw(work: Work, _row: SheetImport, made: Sequence[str]) -> None:
    """Raises ``capacities.used_already`` once goods rest on one, ``capacities.wrong_state`` once it is verified."""
    for one in made:
        found = work.session.get_one(Capacity, one, populate_existing=True)
        capacities.step(work, one, "withdraw", version=found.version)


def _treat(work: Work, owner: str, lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        said = {name: line.values[name] for name in _TREATED if name in line.values}
        at = place_id(work, owner, line.values["place"]) or ""
        said |= {"approval": said.get("approval", ""), "reason": said.get("reason", "")}
        yield plot_care.record(work, at, dose=f"{line.values['dose']:f}", **said).id


def _treated_already(work: Work, owner: str, line: Line) -> bool:
    said = line.values
    same = select(PlotTreatment.dose).where(
        PlotTreatment.enterprise_id == owner,
        col(PlotTreatment.place_id).in_(select(Place.id).where(Place.name == said["place"])),
        PlotTreatment.name == said["name"],
        PlotTreatment.lot == said["lot"],
        PlotTreatment.used_on == said["used_on"],
        col(PlotTreatment.struck_at).is_(None),
    )
    return f"{said['dose'].normalize():f}" in work.session.exec(same).all()


def _strike(work: Work, row: SheetImport, made: Sequence[str]) -> None:
    """The records are struck, unless that would open a harvest; raises ``care.undo_opens`` with the last closed day."""
    its = select(PlotTreatment).where(col(PlotTreatment.id).in_(made), col(PlotTreatment.struck_at).is_(None))
    found = work.session.exec(its).all()
    closed = [one.closed_until for one in found if one.closed_until]
    if closed and max(closed) >= work.today:
        raise conflict("care.undo_opens", until=max(closed).isoformat())
    for one in found:
        one.struck_at, one.struck_by, one.struck_reason = work.now, work.actor.person_id, row.file_name
    events.void_all(work, [work.session.get_one(Event, one.event_id) for one in found], row.file_name)


def _draw(work: Work, owner: str, lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        place = work.session.get_one(Place, place_id(work, owner, line.values["place"]), populate_existing=True)
        said = {"outline": line.values["outline"], "valid_from": line.values.get("valid_from")}
        yield places.draw(work, place.id, version=place.version, **said).id


def _drawn_already(work: Work, owner: str, line: Line) -> bool:
    named = select(Place.id).where(Place.enterprise_id == owner, Place.name == line.values["place"])
    held = place_reads.outline(work.session, work.session.exec(named).first() or "")
    return held is not None and held.digest == line.values["outline"].digest


def _rub_out(work: Work, _row: SheetImport, made: Sequence[str]) -> None:
    for one in reversed(made):
        places.rub_out(work, one)


CAPACITIES = row_sheets.intake(
    RowSheet(
        forms.CAPACITIES,
        "enterprises.edit",
        _declare,
        says="product",
        undo=_withdraw,
        known=_declared_already,
        together="product",
    )
)
PLOT_CARE = row_sheets.intake(
    RowSheet(forms.PLOT_CARE, "flows.record", _treat, says="kind", undo=_strike, known=_treated_already)
)
OUTLINES = row_sheets.intake(
    RowSheet(
        outline_files.OUTLINES,
        "enterprises.edit",
        _draw,
        says="kind",
        undo=_rub_out,
        known=_drawn_already,
        columns={"valid_from": "valid_from"},
    )
)
