"""Reads the story behind a pack for the public: facts about goods and enterprises, none about persons."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy
from sqlalchemy import Connection, String, bindparam, cast, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from brand.kernel import rows
from brand.models.enterprises import Enterprise, EnterpriseKind
from brand.models.licences import Licence
from brand.models.schemes import Brand, Product, Scheme, Tier
from brand.queries import endorsements, licences, standards
from brand.queries.endorsements import Statement
from brand.queries.licences import Entry
from brand.rules.grade_tables import GradeTable
from brand.rules.places import county, townships
from trace.models.batches import Batch, Carcass, PackLine, Slaughter
from trace.models.commitments import Commitment
from trace.models.events import ChillingLog
from trace.queries import axes, batches, commitments, cuts, grading, grounds, lineage, supply
from trace.queries.batches import Report, Step
from trace.queries.grading import GradeShare
from trace.queries.places import PublicPlace
from trace.queries.supply import Grown
from trace.queries.verification import Pack
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

_PRODUCER, _LICENSEE, _MAKER = aliased(Enterprise), aliased(Enterprise), aliased(Enterprise)
#: A pack line with every record that its story names once.
_OF_LINE = (
    sqlalchemy.select(PackLine, Batch, Licence, Brand, Product, Tier, Scheme, _PRODUCER, _LICENSEE, _MAKER, Slaughter)
    .join(Batch, col(Batch.id) == col(PackLine.batch_id))
    .join(Licence, col(Licence.id) == col(Batch.licence_id))
    .join(Brand, col(Brand.id) == col(Licence.brand_id))
    .join(Product, col(Product.id) == col(Batch.product_id))
    .join(Tier, col(Tier.id) == col(Brand.tier_id))
    .join(Scheme, col(Scheme.id) == col(Tier.scheme_id))
    .join(_PRODUCER, col(_PRODUCER.id) == col(Batch.producer_id))
    .join(_LICENSEE, col(_LICENSEE.id) == col(Batch.licensee_id))
    .join(_MAKER, col(_MAKER.id) == col(Batch.maker_id))
    .outerjoin(Slaughter, col(Slaughter.batch_id) == col(Batch.id))
    .where(col(PackLine.id) == bindparam("line"))
)
_KINDS = (
    select(Carcass.breed, Carcass.animal_class, func.min(Carcass.age_months), func.max(Carcass.age_months))
    .where(col(Carcass.batch_id) == bindparam("batch"))
    .group_by(Carcass.breed, Carcass.animal_class)
)
_NOT_ASSESSED = select(Carcass.not_assessed).where(
    col(Carcass.id).in_(
        select(func.min(Carcass.id))
        .where(col(Carcass.batch_id) == bindparam("batch"))
        .group_by(cast(col(Carcass.not_assessed), String))
    )
)
_HOMES = select(Enterprise.id).where(
    col(Enterprise.id).in_(bindparam("ids", expanding=True)), col(Enterprise.kind) == EnterpriseKind.HOUSEHOLD
)


@dataclass(frozen=True)
class Party:
    """An enterprise as the public may see it; ``name`` is empty for a household, whose name is a person's."""

    name: str
    name_en: str
    credit_code: str
    county: str
    township: str


@dataclass(frozen=True)
class Origin:
    """What the carcasses of a batch have in common: breeds as stated, age in months, classes, criteria not assessed."""

    slaughter: Slaughter
    breeds: tuple[str, ...]
    youngest: Decimal
    oldest: Decimal
    classes: tuple[str, ...]
    not_assessed: tuple[str, ...]


@dataclass(frozen=True)
class Story:
    """Everything the page of a pack tells beside the verdict; ``licence`` has its status today."""

    batch: Batch
    line: PackLine
    naming: Naming
    producer: Party
    licensee: Party
    maker: Party
    licence: Entry
    tier: Tier
    scheme: Scheme
    origin: Origin | None
    grades: tuple[GradeShare, ...]
    table: GradeTable | None
    chain: tuple[Step, ...]
    chillings: tuple[ChillingLog, ...]
    reports: tuple[Report, ...]
    endorsements: tuple[Statement, ...]
    asked: tuple[Line, ...]
    promises: tuple[Commitment, ...]
    axes: Mapping[Axis, str]
    grounds: tuple[PublicPlace, ...]
    contracts: tuple[Grown, ...]

    @property
    def best_before(self) -> date:
        return self.line.packed_on + timedelta(days=self.line.shelf_life_days)


def story_by(connection: Connection, pack: Pack, today: date) -> Story:
    """The story of a verified pack, for whoever has no session."""
    with Session(connection) as session:
        return story(session, pack.pack_line_id, today, pack.asked)


def story(session: Session, pack_line_id: str, today: date, asked: tuple[Line, ...]) -> Story:
    """The story of the packs of one line; the line is known to exist and to have labels, so its batch has a licence.

    ``asked``: the steps and papers of its chain, which whoever verified a pack has read already.
    """
    row = session.execute(_OF_LINE, {"line": pack_line_id}).one()  # brand and product are in hand with it
    line, batch, licence, *_, tier, scheme, producer, licensee, maker, slaughter = row
    origin = _origin(session, slaughter) if slaughter is not None else None
    behind = lineage.back(session, [batch.id]) - {batch.id}
    told = sorted(behind) if len(behind) <= MOST_BEHIND else []
    return Story(
        batch=batch,
        line=line,
        naming=cuts.of(session, batch, line.cut),
        producer=party(producer, today),
        licensee=party(licensee, today),
        maker=party(maker, today),
        licence=licences.entries(session, [licence], today)[0],
        tier=tier,
        scheme=scheme,
        origin=origin,
        grades=grading.shares(session, batch.id),
        table=_table(session, origin),
        chain=_chain(session, batch.id, told),
        chillings=tuple(log for _, log in batches.chillings(session, batch.id)),
        reports=batches.reports(session, batch.id),
        asked=asked,
        promises=commitments.speaking(session, batch.id, told),
        axes=_stated(session, batch.id, told),
        grounds=grounds.of(session, [batch.id, *told]),
        contracts=supply.grown(session, [batch.id, *told]),
        endorsements=tuple(endorsements.for_pack(session, batch.licensee_id, batch.product_id, batch.code, today)),
    )


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
    homes = _households(session, {one.enterprise_id for one in steps})
    return tuple(replace(one, enterprise="", enterprise_en="") if one.enterprise_id in homes else one for one in steps)


def _households(session: Session, ids: Collection[str]) -> frozenset[str]:
    return frozenset(rows.run(session, _HOMES, ids=ids).scalars())


def party(enterprise: Enterprise, on: date) -> Party:
    """The public side of an enterprise; places no finer than a township."""
    private = enterprise.kind == EnterpriseKind.HOUSEHOLD
    seat = county(enterprise.county_code, on)
    names = {one.code: one.name for one in townships(enterprise.county_code)}
    return Party(
        name="" if private else enterprise.name,
        name_en="" if private else enterprise.name_en,
        credit_code="" if private else enterprise.credit_code or "",
        county=seat.name if seat else "",
        township=names.get(enterprise.township_code, ""),
    )


def _table(session: Session, origin: Origin | None) -> GradeTable | None:
    if origin is None:
        return None
    return standards.published_table(session, origin.slaughter.grade_table, origin.slaughter.grade_edition)


def _origin(session: Session, slaughter: Slaughter) -> Origin | None:
    found = rows.run(session, _KINDS, batch=slaughter.batch_id).all()
    if not found:
        return None
    breeds, classes, youngest, oldest = zip(*found, strict=True)
    return Origin(
        slaughter,
        tuple(sorted(set(breeds))),
        min(youngest),
        max(oldest),
        tuple(sorted(set(classes))),
        _not_assessed(session, slaughter.batch_id),
    )


def _not_assessed(session: Session, batch_id: str) -> tuple[str, ...]:
    """Criteria missing on any carcass, in the order of the table; a JSON column has no DISTINCT on PostgreSQL."""
    lists = rows.run(session, _NOT_ASSESSED, batch=batch_id).scalars()
    return tuple(dict.fromkeys(name for one in lists for name in one))
