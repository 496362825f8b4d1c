"""Reads what the printed label of a case or pallet says, and what everybody is told who reads its code.

Neither names who has it now, a buyer or a journey; a household is told by kind and township only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session

from brand.kernel import texts
from brand.kernel.clock import local_day
from brand.models.enterprises import Enterprise
from brand.models.schemes import Product
from brand.queries.lookups import by_id
from trace.formats.papers import CaseLabel
from trace.models.containers import Container
from trace.queries import containers, cuts, holds, label_stops, packs, recalls
from trace.queries.packs import Party
from trace.rules.containers import COLOURS, ContainerKind, ContainerState, Told, told
from trace.rules.cuts import PLAIN, Naming
from trace.rules.verdicts import Colour, Reason, Signature
from trace.rules.weights import plain

#: Rows of contents on a printed label; the page behind its symbol has them all.
MOST_ROWS = 8


@dataclass(frozen=True)
class Row:
    """Goods of one lot, size and name, all of it in the container: kg of one pack (none: loose), packs, kg together."""

    product: Product
    lot: str
    batch: str
    cut: str
    naming: Naming
    net_kg: Decimal | None
    packs: int
    kg: Decimal


@dataclass(frozen=True)
class PublicContainer:
    """``words``: what is told of it, the gravest first. ``recall`` is the number of one of its goods, or empty;
    ``cases`` and ``pallet`` are codes.

    ``signature`` is that of the label somebody scanned; ``against`` are the red reasons for which this label is not to
    be believed, whatever is on record.
    """

    code: str
    kind: str
    words: tuple[Told, ...]
    packed_on: date
    ended_on: date | None
    packer: Party
    rows: tuple[Row, ...]
    cases: tuple[str, ...]
    pallet: str
    recall: str
    signature: Signature = Signature.ABSENT
    against: tuple[Reason, ...] = ()

    @property
    def word(self) -> Told:
        return self.words[0]

    @property
    def colour(self) -> Colour:
        return Colour.RED if self.against else COLOURS[self.word]

    @property
    def packs(self) -> int:
        return sum(one.packs for one in self.rows)

    @property
    def kg(self) -> Decimal:
        return sum((one.kg for one in self.rows), Decimal(0))


def of(session: Session, one: Container, today: date, kid: str = "") -> PublicContainer:
    """What may be said of a container to everybody; ``kid`` is that of the key that signed the label scanned."""
    inside = containers.packed_with(session, one)
    batches = inside.batch_ids
    recalled = recalls.recalled(session, batches)
    held = any(holds.bearing_on(session, batches).values())
    last = containers.events(session, one.id)[-1:] if one.state != ContainerState.PACKED else []
    lines = [(each.container_id, each.line.id, each.packs) for each in inside.packed]
    stops = label_stops.among(session, lines, inside.licence_ids, {kid} - {""})
    parent = session.get(Container, one.parent_id) if one.parent_id else None
    return PublicContainer(
        one.code,
        one.kind,
        told(one.state, held=held, recalled=bool(recalled), stops=stops),
        local_day(one.packed_at),
        local_day(last[0].record_time) if last else None,
        packs.party(session.get_one(Enterprise, one.maker_id), today),
        _rows(session, inside),
        tuple(each.code for each in inside.cases),
        parent.code if parent else "",
        min(recalled.values(), default=""),
    )


def packer_name(one: PublicContainer) -> str:
    """Who packed it as labels may say it, in Chinese: a household by its township."""
    return one.packer.name or texts.say("zh", "scan.household", place=one.packer.township or one.packer.county)


def label(one: PublicContainer, address: str) -> CaseLabel:
    """The label to be stuck on it, whose symbol leads to ``address``; words from the Chinese catalogue."""
    rows = [
        (
            row.product.name,
            row.lot,
            _named(row),
            f"{plain(row.net_kg)} kg × {row.packs}" if row.net_kg else f"{plain(row.kg)} kg",
        )
        for row in one.rows[:MOST_ROWS]
    ]
    return CaseLabel(
        kind=_say(f"kind.{one.kind}"),
        code=one.code,
        head=[_say(f"head.{name}") for name in ("product", "lot", "cut", "amount")],
        rows=rows,
        more=_say("more", count=len(one.rows) - MOST_ROWS) if len(one.rows) > MOST_ROWS else "",
        pairs=[
            *([(_say("cases"), str(len(one.cases)))] if one.kind == ContainerKind.PALLET else []),
            (_say("packs"), str(one.packs) if one.packs else "–"),
            (_say("kg"), f"{plain(one.kg)} kg"),
            (_say("packed_on"), one.packed_on.isoformat()),
            (_say("packer"), packer_name(one)),
        ],
        check=_say("check"),
        address=address,
    )


def _rows(session: Session, inside: containers.Contents) -> tuple[Row, ...]:
    products = by_id(
        session, Product, {one.batch.product_id for one in inside.packed} | {one.product_id for _, one in inside.loose}
    )
    found: dict[str, Row] = {}
    for one in inside.packed:
        old = found.get(one.line.id)
        count = one.packs + (old.packs if old else 0)
        how = old.naming if old else cuts.of(session, one.batch.form, one.batch.product_id, one.line.cut)
        product, line = products[one.batch.product_id], one.line
        found[line.id] = Row(
            product, one.batch.lot, one.batch.code, line.cut, how, line.net_kg, count, line.net_kg * count
        )
    loose = [
        Row(products[one.product_id], one.lot, one.code, "", Naming.NO_CUT, None, 0, one.total_kg)
        for _, one in inside.loose
    ]
    return (*found.values(), *loose)


def _named(row: Row) -> str:
    """A name nobody compared with the printed standard is marked on paper too."""
    if not row.cut or row.naming in PLAIN:
        return row.cut
    return texts.say("zh", "%(cut)s (%(mark)s)", cut=row.cut, mark=texts.say("zh", f"cuts.{row.naming}"))


def _say(key: str, **params: object) -> str:
    return texts.say("zh", f"case_label.{key}", **params)
