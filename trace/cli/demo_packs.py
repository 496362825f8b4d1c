"""Packs of the demo county that are no meat: tested, packed, labelled; the addresses in symbols, and a forged one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session, col, select

from brand.kernel.work import Work
from brand.models.schemes import Product
from trace.crypto.code_profiles import UnitCode
from trace.crypto.label_codes import path
from trace.formats.packing_sheet import COLUMNS
from trace.models.batches import Batch, PackLine
from trace.models.imports import SheetKind
from trace.models.labels import Label, LabelOrder
from trace.rules.lab_reports import TestKind
from trace.rules.limits import kind_of, shipped
from trace.services import imports, lab_reports, label_releases, labels
from trace.services.signer import LabelSigner

#: Labels ordered of each kind of pack, all of them put on packs.
_LABELS = 20
_LEAD = "铅"


@dataclass(frozen=True)
class Packs:
    """Packs of one kind: of which lot, what stands on them, net weight in kg, shelf life in days."""

    lot: str
    cut: str
    net_kg: Decimal
    packs: int
    shelf_life_days: int
    storage: str


def tested(work: Work, batch: Batch, number: str, lead: str) -> None:
    """A laboratory's report of one item, lead in mg/kg; the limit printed on it is that of the house's own table."""
    kind = kind_of(work.session.get_one(Product, batch.product_id).code)
    limit = next(one for one in shipped() if (one.kind, one.item) == (kind, _LEAD))
    item = {"name": _LEAD, "method": "示范方法", "result": lead, "unit": limit.unit, "limit": limit.limit}
    entries = {"kind": TestKind.LABORATORY.value, "number": number, "laboratory": "示范检测中心", "sample": ""}
    lab_reports.record_one(work, batch.id, {**entries, "tested_on": work.today, "tested_at": None, "items": [item]})


def packed(work: Work, one: Packs) -> None:
    """By a packing list of one line, as it would be uploaded."""
    headings = ",".join(column.heading for column in COLUMNS)
    values = (one.lot, one.cut, one.net_kg, one.packs, one.net_kg * one.packs, work.today, one.shelf_life_days)
    sheet = f"{headings}\n{','.join(map(str, values))},{one.storage}\n"
    batch = work.session.exec(select(Batch).where(Batch.lot == one.lot)).one()
    imports.take(work, imports.read(SheetKind.PACKING, "packing.csv", sheet.encode()), target=batch.id)


def labelled(work: Work, signer: LabelSigner, one: Packs) -> str:
    """Twenty labels on twenty packs; the address in the first."""
    line = work.session.exec(select(PackLine).where(PackLine.cut == one.cut)).one()
    made = labels.order(work, signer, pack_line_id=line.id, packs=_LABELS)
    label_releases.release(work, made.id, printer="own", version=made.version)
    labels.activate(work, made.id, first=1, last=_LABELS)
    return paths(work.session, made)[0]


def paths(session: Session, order: LabelOrder) -> list[str]:
    """Path and query of every label of an order, by position."""
    code = session.get_one(Batch, order.batch_id).code
    rows = session.exec(select(Label).where(Label.order_id == order.id).order_by(col(Label.position)))
    return [f"{path(UnitCode(code, one.serial))}?s={order.kid}.{one.signature}" for one in rows]


def forged(address: str) -> str:
    """The same address with one character of the signature changed."""
    changed = "A" if address[-20] != "A" else "B"
    return f"{address[:-20]}{changed}{address[-19:]}"
