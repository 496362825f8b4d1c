"""Reads label orders: who may see which, labels counted by state, single codes, and what may be ordered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from functools import partial

from sqlmodel import Session, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from brand.kernel.actors import Actor
from brand.kernel.errors import AppError, Fault, refused, unknown
from brand.kernel.paging import Page, page
from brand.models.accounts import Person
from brand.models.enterprises import Enterprise
from brand.models.licences import Licence, LicenceYear
from brand.models.schemes import Product
from brand.queries import licences
from brand.queries.lookups import by_id
from brand.rules.product_rules import Stage
from trace.crypto.code_profiles import GtinCode, UnitCode
from trace.crypto.label_codes import signed_address
from trace.models.batches import Batch, PackLine
from trace.models.label_chunks import PIECE
from trace.models.labels import Label, LabelOrder, PrintRun
from trace.queries import gate as gate_reads
from trace.queries import gtins
from trace.queries.batches import HANDS, pack_lines
from trace.rules import gate
from trace.rules.labels import LARGEST_ORDER, LabelState


@dataclass(frozen=True)
class Entry:
    """One order with its names and its labels counted by state."""

    order: LabelOrder
    batch: Batch
    line: PackLine
    licensee: Enterprise
    product: Product
    counts: Mapping[str, int]
    replaces: str = ""

    @property
    def issued(self) -> int:
        return self.counts.get(LabelState.ISSUED, 0)

    @property
    def activated(self) -> int:
        return self.counts.get(LabelState.ACTIVATED, 0)

    @property
    def void(self) -> int:
        return self.counts.get(LabelState.VOID, 0)


@dataclass(frozen=True)
class Code:
    """One label as its holder sees it; ``address`` is path and query of what the symbol says."""

    label: Label
    unit: UnitCode
    address: str


@dataclass(frozen=True)
class Offer:
    """A pack line that may get labels: ``left`` packs without one, ``most`` that also fit allowance and one order.

    ``gtin`` is the one its codes may name, or empty.
    """

    line: PackLine
    left: int
    most: int
    gtin: str


@dataclass(frozen=True)
class Offers:
    """What may be ordered for one batch today; ``allowance`` is that of the running year, if the licence covers it.

    ``against``: what stands at the release gate before labels, empty when it is open.
    """

    batch: Batch
    licensee: Enterprise
    licence: Licence
    against: tuple[Fault, ...]
    allowance: LicenceYear | None
    lines: tuple[Offer, ...]


def listing(session: Session, actor: Actor, *, batch_id: str = "", number: int = 1, size: int = 25) -> Page[Entry]:
    """Orders within reach, newest first."""
    statement = _within_reach(actor)
    if batch_id:
        statement = statement.where(LabelOrder.batch_id == batch_id)
    ordered = statement.order_by(col(LabelOrder.ordered_at).desc(), col(LabelOrder.number).desc())
    found = page(session, ordered, number, size)
    return Page(entries(session, found.rows), found.number, found.size, found.total)


def find(session: Session, actor: Actor, order_id: str) -> Entry:
    """One order, if it is within reach; raises ``access.unknown``."""
    found = session.exec(_within_reach(actor).where(LabelOrder.id == order_id)).first()
    if found is None:
        raise unknown()
    return entries(session, [found])[0]


def by_number(session: Session, number: str) -> LabelOrder:
    """The order with that number; raises ``access.unknown``."""
    found = session.exec(select(LabelOrder).where(LabelOrder.number == number)).first()
    if found is None:
        raise unknown()
    return found


def entries(session: Session, orders: Iterable[LabelOrder]) -> list[Entry]:
    """The orders with what belongs beside them, five look-ups for any number of them."""
    found = list(orders)
    batches = by_id(session, Batch, {one.batch_id for one in found})
    lines = by_id(session, PackLine, {one.pack_line_id for one in found})
    licensees = by_id(session, Enterprise, {one.licensee_id for one in batches.values()})
    products = by_id(session, Product, {one.product_id for one in batches.values()})
    counts = _counts(session, [one.id for one in found])
    earlier = by_id(session, LabelOrder, {one.replaces_id for one in found if one.replaces_id})
    replaced = {one.id: one.number for one in earlier.values()}
    return [
        Entry(
            one,
            batch,
            lines[one.pack_line_id],
            licensees[batch.licensee_id],
            products[batch.product_id],
            counts[one.id],
            replaced.get(one.replaces_id or "", ""),
        )
        for one in found
        for batch in [batches[one.batch_id]]
    ]


def _counts(session: Session, order_ids: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
    statement = (
        select(col(Label.order_id), col(Label.state), func.count())
        .where(col(Label.order_id).in_(order_ids))
        .group_by(col(Label.order_id), col(Label.state))
    )
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for order_id, state, count in session.exec(statement):
        counts[order_id][state] = count
    return counts


def _within_reach(actor: Actor) -> SelectOfScalar[LabelOrder]:
    """Orders for batches that the actor's enterprise owns, made or holds."""
    reach = actor.reach("labels.read")
    statement = select(LabelOrder)
    if reach is None:
        return statement
    theirs = or_(*(one.in_(reach) for one in HANDS))
    return statement.where(col(LabelOrder.batch_id).in_(select(Batch.id).where(theirs)))


def codes(session: Session, entry: Entry, *, state: str = "", number: int = 1, size: int = 25) -> Page[Code]:
    """Labels of an order in their order on the sheets."""
    statement = select(Label).where(Label.order_id == entry.order.id)
    if state:
        statement = statement.where(Label.state == state)
    found = page(session, statement.order_by(col(Label.position)), number, size)
    return Page([_code(entry.batch, entry.order, one) for one in found.rows], found.number, found.size, found.total)


def one_code(session: Session, entry: Entry, position: int) -> Code:
    """The label at one place of an order; raises ``access.unknown``."""
    statement = select(Label).where(Label.order_id == entry.order.id, Label.position == position)
    label = session.exec(statement).first()
    if label is None:
        raise unknown()
    return _code(entry.batch, entry.order, label)


def any_code(session: Session, entry: Entry, position: int) -> Code | None:
    """The same, or None while an order that is being signed has no such label yet."""
    try:
        return one_code(session, entry, position)
    except AppError:
        return None


def printable(session: Session, order_id: str, first: int, last: int) -> Sequence[tuple[int, str, str]]:
    """Position, serial and signature of the next labels of a range that may be printed: void ones never again."""
    statement = (
        select(Label.position, Label.serial, Label.signature)
        .where(
            Label.order_id == order_id, col(Label.position).between(first, last), Label.state != LabelState.VOID.value
        )
        .order_by(col(Label.position))
        .limit(PIECE)
    )
    return session.exec(statement).all()


def coding(order: LabelOrder, batch: Batch) -> Callable[[str], UnitCode | GtinCode]:
    """What the symbol of each label says: the goods by GTIN and lot where the order was for that, else the batch."""
    if order.gtin is None:
        return partial(UnitCode, batch.code)
    gtin, lot, expiry = order.gtin, batch.lot, order.expiry
    return lambda serial: GtinCode(gtin, lot, serial, expiry)


def code_of(order: LabelOrder, batch: Batch, serial: str) -> UnitCode | GtinCode:
    """The same for one label."""
    return coding(order, batch)(serial)


def _code(batch: Batch, order: LabelOrder, label: Label) -> Code:
    code = code_of(order, batch, label.serial)
    address = signed_address(code, order.kid, label.signature) if order.signed else code.address
    return Code(label, UnitCode(batch.code, label.serial), address)


def prints(session: Session, order_id: str) -> Sequence[tuple[PrintRun, str]]:
    """The reprint log of an order, newest first, with who printed; for staff only."""
    statement = (
        select(PrintRun, Person.name)
        .join(Person, col(Person.id) == col(PrintRun.person_id), isouter=True)
        .where(PrintRun.order_id == order_id)
        .order_by(col(PrintRun.at).desc(), col(PrintRun.id))
    )
    return session.exec(statement).all()


def offers(session: Session, actor: Actor, batch_id: str, today: date) -> Offers:
    """What the actor may order for a batch; raises ``access.unknown`` or ``gate.no_licence``."""
    batch = session.get(Batch, batch_id)
    if batch is None or not actor.may("labels.order", batch.licensee_id):
        raise unknown()
    if batch.licence_id is None:
        raise refused("gate.no_licence")
    licence = session.get_one(Licence, batch.licence_id)
    allowance = licences.year_of(session, licence.id, today.year)
    left_kg = allowance.cap_kg - allowance.used_kg if allowance else Decimal(0)
    return Offers(
        batch,
        session.get_one(Enterprise, batch.licensee_id),
        licence,
        gate.reasons(gate_reads.facts(session, batch, today), Stage.LABEL),
        allowance,
        tuple(_offer(session, batch, line, left_kg, today) for line in pack_lines(session, batch_id)),
    )


def _offer(session: Session, batch: Batch, line: PackLine, left_kg: Decimal, today: date) -> Offer:
    left = line.packs - line.ordered
    affordable = int((left_kg / line.net_kg).to_integral_value(ROUND_FLOOR))
    found = gtins.of_line(session, batch, line, today)
    return Offer(line, left, max(0, min(left, affordable, LARGEST_ORDER)), found[0].gtin if found else "")


def batches_to_label(session: Session, actor: Actor) -> Sequence[Batch]:
    """Packed batches within reach that have packs without labels, newest first; at most fifty."""
    open_lines = select(PackLine.batch_id).where(PackLine.ordered < PackLine.packs)
    statement = select(Batch).where(col(Batch.id).in_(open_lines), col(Batch.licence_id).is_not(None))
    reach = actor.reach("labels.order")
    if reach is not None:
        statement = statement.where(col(Batch.licensee_id).in_(reach))
    return session.exec(statement.order_by(col(Batch.made_on).desc(), col(Batch.lot)).limit(50)).all()
