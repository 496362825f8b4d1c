"""Takes in sheets of harvests and of goods that left the books, one act a row; undone by taking every act back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import col, select

from brand.kernel.errors import AppError, Fault, conflict
from brand.kernel.work import Work
from brand.models.schemes import Product
from trace.formats.goods_sheets import read_harvests, read_sales
from trace.formats.herd_sheets import HerdSheet, pieces
from trace.formats.lines import Line, in_reading_order
from trace.models.batches import Batch
from trace.models.imports import SheetImport
from trace.models.places import Place
from trace.rules.flows import OperationKind, check_day, check_leaving, check_left
from trace.rules.goods import BatchKind
from trace.services import batches, flows, holds, undoing
from trace.services.flow_parts import Output, Part
from trace.services.flows import Beginning
from trace.services.herd_sheets import quiet
from trace.services.intakes import Intake, Target, Upload, plain_id

#: What a sheet's row keeps: the acts it led to, in their order.
ACTS = "acts"
#: Fields of an act under the name its column has in the sheet.
_COLUMN_OF = {"place_id": "place", "product_id": "product", "output": "kg", "kind": "leaving"}


@dataclass(frozen=True)
class Outlook:
    """What a sheet would do: acts and kilograms by what each row says (a product, or where goods went)."""

    counts: dict[str, tuple[int, Decimal]]


def permit(work: Work, target: Target) -> str:
    work.actor.require("flows.record", plain_id(target))
    return plain_id(target)


def look_at_harvests(work: Work, target: Target, sheet: HerdSheet) -> Outlook:
    """Every row as the harvest it would be, changing nothing."""
    return _look(
        sheet, lambda line: flows.check_beginning(work, plain_id(target), _harvest(work, target, line)), "product"
    )


def look_at_sales(work: Work, target: Target, sheet: HerdSheet) -> Outlook:
    """Every row against what is left after the rows above it, changing nothing."""
    taken: dict[str, Decimal] = defaultdict(Decimal)
    return _look(sheet, lambda line: _check_leaving(work, plain_id(target), line, taken), "leaving")


def take_harvests(work: Work, target: Target, upload: Upload) -> None:
    look_at_harvests(work, target, upload.sheet)

    def act(line: Line) -> str | None:
        return flows.commission(work, plain_id(target), _harvest(work, target, line)).operation_id

    _take(work, upload, act)


def take_sales(work: Work, target: Target, upload: Upload) -> None:
    look_at_sales(work, target, upload.sheet)

    def act(line: Line) -> str | None:
        said, part = line.values, Part(_batch(work, plain_id(target), line).id, line.values["kg"])
        more = {"words": said.get("words", ""), "buyer": said.get("buyer", "")}
        return flows.take_out(work, plain_id(target), said["leaving"], part, said["day"], **more).id

    _take(work, upload, act)


def undo(work: Work, row: SheetImport) -> None:
    """Every act of the sheet is taken back, the last first; raises what ``undoing.undo`` raises."""
    acts = [one for one in row.details.get(ACTS, "").split(",") if one]
    if not acts:
        raise conflict("imports.no_undo")
    for one in reversed(acts):
        undoing.undo(work, one, words=row.file_name)


def _look(sheet: HerdSheet, check: Callable[[Line], object], by: str) -> Outlook:
    counts: dict[str, tuple[int, Decimal]] = {}
    faults: list[Fault] = []
    for line in sheet.rows:
        try:
            check(line)
        except AppError as error:
            faults += _at(sheet, line, error)
            continue
        head, kg = counts.get(line.values[by], (0, Decimal(0)))
        counts[line.values[by]] = (head + 1, kg + line.values["kg"])
    batches.refuse_faults(in_reading_order([*sheet.faults, *faults]))
    return Outlook(counts)


def _take(work: Work, upload: Upload, act: Callable[[Line], str | None]) -> None:
    """All rows or none; what only shows when the rows above are booked is named at its row too."""
    done: list[str] = []
    for line in upload.sheet.rows:
        try:
            done.append(act(line) or "")
        except AppError as error:
            batches.refuse_faults(_at(upload.sheet, line, error))
    row = work.session.get_one(SheetImport, upload.import_id)
    row.details = {**row.details, ACTS: ",".join(done)}


def _at(sheet: HerdSheet, line: Line, error: AppError) -> list[Fault]:
    found = []
    for one in error.faults or (Fault(error.code, "", error.params),):
        field = one.pointer.strip("/").split("/")[-1]
        found.append(sheet.fault(line, _COLUMN_OF.get(field, field or "lot"), one.code, one.params))
    return found


def _harvest(work: Work, target: Target, line: Line) -> Beginning:
    said, owner = line.values, plain_id(target)
    place = work.session.exec(select(Place.id).where(Place.enterprise_id == owner, Place.name == said["place"])).first()
    product = work.session.exec(select(Product.id).where(Product.name == said["product"])).first()
    much = Output(said["lot"], said["kg"])
    return Beginning(BatchKind.HARVEST, product or "", said["form"], owner, said["day"], much, place or "")


def _batch(work: Work, holder_id: str, line: Line) -> Batch:
    """The standing batch of that lot which the enterprise holds; raises ``flows.not_yours`` at the lot."""
    mine = select(Batch).where(
        Batch.holder_id == holder_id, Batch.lot == line.values["lot"], col(Batch.withdrawn).is_(False)
    )
    found = work.session.exec(mine.execution_options(populate_existing=True)).all()
    if len(found) != 1:
        raise conflict("flows.not_yours", faults=[Fault("flows.not_yours", "/lot")])
    return found[0]


def _check_leaving(work: Work, holder_id: str, line: Line, taken: dict[str, Decimal]) -> None:
    said, batch = line.values, _batch(work, holder_id, line)
    check_leaving(said["leaving"], said.get("words", ""), said.get("buyer", ""))
    check_day(said["day"], work.today, [(batch.lot, batch.made_on)])
    (holds.refuse_held if said["leaving"] == OperationKind.SELL else holds.refuse_moving)(work, [batch.id])
    check_left(batch.lot, batch.total_kg, batch.used_kg + taken[batch.id], said["kg"])
    taken[batch.id] += said["kg"]


HARVESTS = Intake(read_harvests, permit, look_at_harvests, quiet(take_harvests), undo, pieces)
#: Looked at in one piece: a row rests on the rows above it.
SALES = Intake(read_sales, permit, look_at_sales, quiet(take_sales), undo)
