"""Reads the story behind a pack for the public: facts about goods and enterprises, none about persons.

It is told when the page of these packs is opened for the first time, and therefore in few statements and no records.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, SQLModel, col

from brand.kernel import rows
from brand.models.enterprises import Enterprise, EnterpriseKind
from brand.models.licences import Licence
from brand.models.schemes import Brand, Product, Tier
from brand.queries import endorsements, standards
from brand.queries.endorsements import Statement
from brand.rules.grade_tables import GradeTable
from brand.rules.licence_terms import LicenceStatus
from brand.rules.places import county, townships
from trace.models.batches import Batch, PackLine, Slaughter
from trace.models.grading import GradeDecision
from trace.queries import axes, batches, grading, grounds, lineage, pack_records, supply_goods
from trace.queries.batches import Step
from trace.queries.pack_records import Carcasses, Chilling, Promise, Report, Year
from trace.queries.places import PublicPlace
from trace.queries.supply_goods import Grown
from trace.queries.verification import Edition, Pack
from trace.rules.axes import Axis
from trace.rules.completeness import Line
from trace.rules.cuts import Naming
from trace.rules.events import EventKind

#: Of goods made from more batches than these the page tells the steps of the packed batch alone; it would get too long.
MOST_BEHIND = 12
#: What happened to goods before they became part of others; what else was done with the rest of them is another story.
BEHIND = frozenset(
    {
        EventKind.HARVEST,
        EventKind.TRANSFORMING,
        EventKind.ANTE_MORTEM,
        EventKind.SLAUGHTERING,
        EventKind.GRADING,
        EventKind.REGRADING,
        EventKind.CHILLING,
        EventKind.AGEING,
        EventKind.PH,
    }
)


class Packs(NamedTuple):
    """Packs of one kind out of one batch."""

    id: str
    cut: str
    net_kg: Decimal
    packed_on: date
    shelf_life_days: int
    storage: str


class Goods(NamedTuple):
    """The batch in them."""

    id: str
    code: str
    lot: str
    form: str
    made_on: date
    licensee_id: str
    product_id: str
    licence_id: str


class Terms(NamedTuple):
    """The licence under which they carry the name."""

    id: str
    number: str
    valid_from: date
    valid_until: date


class Carried(NamedTuple):
    """The product; ``name_mn`` is in Mongolian script, or empty."""

    name: str
    name_en: str
    name_mn: str


class Named(NamedTuple):
    """A brand, or the tier it stands on."""

    name: str
    name_en: str


class Whose(NamedTuple):
    """An enterprise as the register has it: the name may be a person's."""

    kind: str
    name: str
    name_en: str
    credit_code: str | None
    county_code: str
    township_code: str


class Sheet(NamedTuple):
    """What the slaughter day says of all carcasses of the batch; nothing where the goods never were carcasses."""

    head: int
    grade_table: str
    grade_edition: str
    alike: Mapping[str, Any]


_PRODUCER, _LICENSEE = aliased(Enterprise), aliased(Enterprise)
#: The parts of one row, each with the columns it is named after.
_PARTS: Sequence[tuple[Any, type[SQLModel]]] = (
    (Packs, PackLine),
    (Goods, Batch),
    (Terms, Licence),
    (Carried, Product),
    (Named, Brand),
    (Named, Tier),
    (Whose, _PRODUCER),
    (Whose, _LICENSEE),
    (Sheet, Slaughter),
)
_DECIDED = select(func.count()).where(col(GradeDecision.batch_id) == col(Batch.id)).scalar_subquery()
_OF_LINE = (
    select(*(getattr(model, name) for part, model in _PARTS for name in part._fields), _DECIDED.label("decided"))
    .select_from(PackLine)
    .join(Batch, col(Batch.id) == col(PackLine.batch_id))
    .join(Licence, col(Licence.id) == col(Batch.licence_id))
    .join(Brand, col(Brand.id) == col(Licence.brand_id))
    .join(Product, col(Product.id) == col(Batch.product_id))
    .join(Tier, col(Tier.id) == col(Brand.tier_id))
    .join(_PRODUCER, col(_PRODUCER.id) == col(Batch.producer_id))
    .join(_LICENSEE, col(_LICENSEE.id) == col(Batch.licensee_id))
    .outerjoin(Slaughter, col(Slaughter.batch_id) == col(Batch.id))
    .where(col(PackLine.id) == bindparam("line"))
)


class Party(NamedTuple):
    """An enterprise as the public may see it; ``name`` is empty for a household, whose name is a person's."""

    name: str
    name_en: str
    credit_code: str
    county: str
    township: str


@dataclass(frozen=True)
class Origin:
    """The slaughter day, what its carcasses have in common, and the table they were graded by.

    ``wording``: digest of the words of the standard in which the table stands.
    """

    sheet: Sheet
    carcasses: Carcasses
    wording: str
    table: GradeTable | None


@dataclass(frozen=True)
class Past:
    """What happened to a batch and what was stated of it, the goods it was made from included."""

    chain: tuple[Step, ...]
    chillings: tuple[Chilling, ...]
    reports: tuple[Report, ...]
    promises: tuple[Promise, ...]
    axes: Mapping[Axis, str]
    grounds: tuple[PublicPlace, ...]
    contracts: tuple[Grown, ...]


@dataclass(frozen=True)
class Story:
    """Everything the page of a pack tells beside the verdict; ``status`` is that of the licence today.

    ``past`` is asked when somebody wants it, and only as long as the database is looked at.
    """

    line: Packs
    batch: Goods
    naming: Naming
    producer: Party
    licensee: Party
    licence: Terms
    status: LicenceStatus
    years: tuple[Year, ...]
    product: Carried
    brand: Named
    tier: Named
    origin: Origin | None
    endorsements: tuple[Statement, ...]
    asked: tuple[Line, ...]
    edition: Edition
    told_on: date
    past: Callable[[], Past]

    @property
    def best_before(self) -> date:
        return self.line.packed_on + timedelta(days=self.line.shelf_life_days)


def story_by(connection: Connection, pack: Pack, today: date) -> Story:
    """The story of a verified pack, for whoever has no session."""
    with rows.Glance(connection) as session:
        return story(session, pack, today)


def story(session: Session, pack: Pack, today: date) -> Story:
    """The story of a verified pack; what the verdict on it rests on is not asked a second time."""
    (row,) = rows.ask(session, _OF_LINE, line=pack.pack_line_id)
    line, batch, licence, product, brand, tier, producer, licensee, sheet = _parted(row)
    return Story(
        line=line,
        batch=batch,
        naming=pack.namings[line.cut],
        producer=party(producer, today),
        licensee=party(licensee, today),
        licence=licence,
        status=pack.standing,
        years=pack_records.years(session, licence.id),
        product=product,
        brand=brand,
        tier=tier,
        origin=_origin(session, batch.id, sheet, decided=row.decided > 0) if sheet.head is not None else None,
        endorsements=_endorsements(session, batch, today) if pack.edition.endorsements else (),
        asked=pack.asked,
        edition=pack.edition,
        told_on=today,
        past=cache(lambda: _past(session, batch.id)),
    )


def _past(session: Session, batch_id: str) -> Past:
    behind = lineage.back(session, [batch_id]) - {batch_id}
    told = sorted(behind) if len(behind) <= MOST_BEHIND else []
    return Past(
        chain=_chain(session, batch_id, told),
        chillings=pack_records.chillings(session, batch_id),
        reports=pack_records.reports(session, batch_id),
        promises=pack_records.promises(session, batch_id, told),
        axes=_stated(session, batch_id, told),
        grounds=grounds.of(session, [batch_id, *told]),
        contracts=supply_goods.grown(session, [batch_id, *told]),
    )


def _parted(row: Sequence[Any]) -> list[Any]:
    values = iter(row)
    return [part(*islice(values, len(part._fields))) for part, _ in _PARTS]


def _endorsements(session: Session, batch: Goods, today: date) -> tuple[Statement, ...]:
    return tuple(endorsements.for_pack(session, batch.licensee_id, batch.product_id, batch.code, today))


def _stated(session: Session, batch_id: str, behind: Sequence[str]) -> dict[Axis, str]:
    """What was stated on the six axes of the pack's batch, else of the one batch behind it of which it was."""
    by_batch = axes.statements_of(session, [batch_id, *behind])
    found = by_batch.pop(batch_id, {})
    for axis in Axis:
        values = {each[axis] for each in by_batch.values() if axis in each}
        if axis not in found and len(values) == 1:
            found[axis] = values.pop()
    return {axis: found[axis] for axis in Axis if axis in found}


def _chain(session: Session, batch_id: str, behind: Sequence[str]) -> tuple[Step, ...]:
    """The pack's own steps and those of the goods it was made from; a household is nowhere named."""
    steps = list(batches.chain(session, batch_id))
    if behind:
        steps += [one for one in batches.chain(session, *behind) if one.kind in BEHIND]
        steps.sort(key=lambda one: (one.event_time, one.record_time))
    return tuple(one._replace(enterprise="", enterprise_en="") if one.household else one for one in steps)


def party(whose: Whose | Enterprise, on: date) -> Party:
    """The public side of an enterprise; places no finer than a township."""
    private = whose.kind == EnterpriseKind.HOUSEHOLD
    seat = county(whose.county_code, on)
    return Party(
        name="" if private else whose.name,
        name_en="" if private else whose.name_en,
        credit_code="" if private else whose.credit_code or "",
        county=seat.name if seat else "",
        township=next((one.name for one in townships(whose.county_code) if one.code == whose.township_code), ""),
    )


def _origin(session: Session, batch_id: str, sheet: Sheet, *, decided: bool) -> Origin | None:
    """``decided``: persons have given grades after the table had."""
    if not sheet.alike:
        return None
    shares = grading.shares(session, batch_id) if decided else pack_records.by_table(sheet.alike)
    found = pack_records.carcasses(sheet.alike, shares)
    return Origin(sheet, found, *standards.published_wording(session, sheet.grade_table, sheet.grade_edition))
