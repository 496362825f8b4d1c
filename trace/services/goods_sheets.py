"""Takes in sheets of goods that enter and leave the books, one act a row; undone by taking every act back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlmodel import Session, col, select

from brand.kernel.clock import local_day
from brand.kernel.errors import conflict
from brand.kernel.remembered import remembered
from brand.kernel.work import Work
from trace.formats import goods_sheets as forms
from trace.formats.lines import Line
from trace.models.batches import Batch
from trace.models.events import Event
from trace.models.flows import Draw, Operation
from trace.models.imports import SheetImport
from trace.models.places import Place
from trace.models.purchases import Purchase
from trace.queries import lots
from trace.queries import purchases as purchase_reads
from trace.queries import supply_goods as supply_reads
from trace.rules.flows import LEAVING
from trace.rules.goods import BatchKind
from trace.services import flow_beginnings, flows, purchases, row_sheets, seats, undoing
from trace.services.flow_beginnings import Beginning
from trace.services.flow_parts import Output, Part
from trace.services.purchases import Papers
from trace.services.row_sheets import RowSheet, batch_of, place_id, product_id
from trace.services.supply_goods import Bought


def _harvest(work: Work, owner: str, lines: Sequence[Line]) -> Iterator[str]:
    many = []
    for line in lines:
        said, plot = line.values, _plot(work.session, owner, line.values["place"])
        product, much = product_id(work, said["product"]), Output(said["lot"], said["kg"])
        many.append(Beginning(BatchKind.HARVEST, product, said["form"], owner, said["day"], much, plot or ""))
    for batch in flow_beginnings.commission_all(work, owner, many):
        yield batch.operation_id or ""


def _harvest_all(work: Work, owner: str, rows: Sequence[Sequence[Line]]) -> Iterator[str]:
    return _harvest(work, owner, [line for (line,) in rows])


@remembered
def _plot(session: Session, owner: str, name: str) -> str | None:
    return session.exec(select(Place.id).where(Place.enterprise_id == owner, Place.name == name)).first()


def _lots_there(work: Work, owner: str, lines: Sequence[Line]) -> list[Line]:
    """Rows whose lot stands already."""
    standing = lots.standing(work.session, owner, [line.values["lot"] for line in lines])
    return [line for line in lines if line.values["lot"] in standing]


def _harvested_already(work: Work, owner: str, line: Line) -> bool:
    """Whether a standing harvest says the same lot, plot, product, stage, day and weight."""
    said = line.values
    place = select(Place.id).where(Place.enterprise_id == owner, Place.name == said["place"]).scalar_subquery()
    same = (
        select(Batch.id)
        .where(Batch.maker_id == owner, Batch.lot == said["lot"], lots.STANDING)
        .where(Batch.kind == BatchKind.HARVEST.value, Batch.product_id == product_id(work, said["product"]))
        .where(Batch.form == said["form"], Batch.made_on == said["day"], Batch.total_kg == said["kg"])
        .where(Batch.place_id == place)
    )
    return work.session.exec(same).first() is not None


def _leave(work: Work, owner: str, lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        said, part = line.values, Part(batch_of(work, owner, line).id, line.values["kg"])
        more = {"words": said.get("words", ""), "buyer": said.get("buyer", "")}
        with seats.here(work, owner, place_id(work, owner, said.get("place", ""))):
            done = flows.take_out(work, owner, said["leaving"], part, said["day"], **more)
        yield done.id


def _lots_drawn_on(work: Work, owner: str, lines: Sequence[Line]) -> list[Line]:
    """Rows whose lot something left already."""
    its = select(Batch.lot).join(Draw, col(Draw.batch_id) == col(Batch.id)).join(Operation)
    some = Operation.enterprise_id == owner, col(Operation.kind).in_(LEAVING)
    drawn = set(work.session.exec(its.where(*some, col(Batch.lot).in_([line.values["lot"] for line in lines]))))
    return [line for line in lines if line.values["lot"] in drawn]


def _left_already(work: Work, owner: str, line: Line) -> bool:
    """Whether a standing act says the same lot, kind, weight, day, buyer and words, at the place if one is said."""
    said, at = line.values, place_id(work, owner, line.values.get("place", ""))
    wanted = (said["leaving"], said["kg"], said["day"], said.get("buyer", ""), said.get("words", ""))
    return any((wanted, at or there) == (told, there) for told, there in _gone(work.session, owner, said["lot"]))


@remembered
def _gone(session: Session, owner: str, lot: str) -> frozenset[tuple[Any, ...]]:
    """(kind, weight, day, buyer, words) and place of what left that lot and stands; a sheet has many rows of one."""
    back = select(Operation.undoes_id).where(col(Operation.undoes_id).is_not(None))
    told: Any = (Operation.kind, Operation.gone_kg, Operation.at, Operation.buyer, Operation.words, Event.place_id)
    its = select(*told).join(Draw, col(Draw.operation_id) == col(Operation.id))
    its = its.join(Event, col(Event.operation) == col(Operation.id))
    its = its.join(Batch, col(Batch.id) == col(Draw.batch_id)).where(Operation.enterprise_id == owner, Batch.lot == lot)
    left = its.where(col(Operation.kind).in_(LEAVING), col(Operation.id).not_in(back))
    return frozenset(((kind, kg, local_day(at), *more), there) for kind, kg, at, *more, there in session.exec(left))


def _buy(work: Work, owner: str, lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        said = line.values
        seller = purchase_reads.seller(work.session, said["seller"])
        at, product = place_id(work, owner, said.get("place", "")), product_id(work, said["product"])
        much = Output(said["lot"], said["kg"])
        one = Beginning(BatchKind.COLLECTED, product, said["form"], seller.id, said["day"], much, at)
        named = supply_reads.id_of(work.session, owner, seller.id, product, said.get("contract", ""))
        bought = Bought(named, said.get("harvested_on"), said.get("plot", ""))
        batch = purchases.buy(work, owner, one, Papers(said["paper_number"], said.get("consent", ""), bought=bought))
        yield batch.operation_id or ""


def _bought_already(work: Work, owner: str, line: Line) -> bool:
    """Whether a standing purchase says the same lot, seller's paper, day and weight."""
    said = line.values
    same = (
        select(Batch.id)
        .join(Purchase, Purchase.batch_id == Batch.id)  # type: ignore[arg-type]
        .where(Purchase.buyer_id == owner, Purchase.paper_number == said["paper_number"])
        .where(Batch.maker_id == owner, Batch.lot == said["lot"], lots.STANDING)
        .where(Batch.made_on == said["day"], Batch.total_kg == said["kg"])
    )
    return work.session.exec(same).first() is not None


def _undo(work: Work, row: SheetImport, acts: Sequence[str]) -> None:
    """Every act of the sheet is taken back; raises what ``undoing.undo`` raises."""
    if not acts:
        raise conflict("imports.no_undo")
    undoing.undo_all(work, acts, words=row.file_name)


HARVESTS = row_sheets.intake(
    RowSheet(
        forms.HARVESTS,
        "flows.record",
        _harvest,
        says="product",
        undo=_undo,
        weighs="kg",
        acts=_harvest_all,
        known=_harvested_already,
        perhaps=_lots_there,
    )
)
#: Rows of one lot rest on each other.
SALES = row_sheets.intake(
    RowSheet(
        forms.SALES,
        "flows.record",
        _leave,
        says="leaving",
        undo=_undo,
        weighs="kg",
        known=_left_already,
        perhaps=_lots_drawn_on,
        together="lot",
    )
)
PURCHASES = row_sheets.intake(
    RowSheet(
        forms.PURCHASES,
        "flows.record",
        _buy,
        says="product",
        undo=_undo,
        weighs="kg",
        known=_bought_already,
        perhaps=_lots_there,
        columns={"producer_id": "seller", "certificate": "form", "quantity_kg": "kg"},
    )
)
