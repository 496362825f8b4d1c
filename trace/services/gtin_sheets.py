"""Takes in lists of goods under GTINs: each row through the service of the page; undone until labels bear one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from brand.kernel.errors import AppError, Fault, invalid
from brand.kernel.work import Work
from trace.formats.gtin_sheets import GTINS as FORM
from trace.formats.lines import Line
from trace.models.imports import SheetImport
from trace.queries import gtins as reads
from trace.rules.gtins import as_written
from trace.services import gtins, row_sheets
from trace.services.gtins import Goods
from trace.services.row_sheets import RowSheet, product_id


def _register(work: Work, owner: str, lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        said = line.values
        wanted = Goods(said["gtin"], product_id(work, said["product"]), said["goods"], said["net_kg"])
        try:
            yield gtins.register(work, owner, [wanted])[0].id
        except AppError as error:
            if error.code != "gtins.registering":
                raise
            why = error.faults[0]
            at = Fault(why.code, "/" + why.pointer.rpartition("/")[2], why.params)
            raise invalid(why.code, faults=[at], **why.params) from error


def _registered_already(work: Work, owner: str, line: Line) -> bool:
    said = line.values
    try:
        item = reads.by_gtin(work.session, as_written(said["gtin"]))
    except AppError:
        return False
    wanted = (owner, product_id(work, said["product"]), said["goods"], said["net_kg"], True)
    held = item and (item.enterprise_id, item.product_id, item.goods, item.net_kg, item.active)
    return held == wanted


def _take_back(work: Work, _row: SheetImport, made: Sequence[str]) -> None:
    """Raises ``gtins.printed`` once labels bear one of them."""
    for one in made:
        gtins.take_back(work, one)


GTINS = row_sheets.intake(
    RowSheet(
        FORM,
        "enterprises.edit",
        _register,
        says="goods",
        undo=_take_back,
        known=_registered_already,
        columns={"product_id": "product"},
    )
)
