"""Reads the six axes of a batch: what its records show, and what was stated beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import bindparam, func
from sqlmodel import Session, col, select

from brand.kernel import rows
from trace.models.batches import Batch, Carcass, PackLine
from trace.models.grading import AxisStatement
from trace.queries import cuts, grading, lineage
from trace.queries.grading import GradeShare
from trace.queries.lineage import portions
from trace.rules.axes import Axis
from trace.rules.cuts import Naming

_STATED = (
    select(AxisStatement.batch_id, AxisStatement.axis, AxisStatement.value)
    .where(col(AxisStatement.batch_id).in_(bindparam("batches", expanding=True)))
    .order_by(col(AxisStatement.position))
)


@dataclass(frozen=True)
class Axes:
    """Breeds with heads, grades, cuts with how their names stand, ages in months, shelf lives, and the statements.

    Of goods made of carcasses elsewhere the breeds and ages are those of the carcasses they go back to.
    """

    breeds: tuple[tuple[str, int], ...]
    shares: tuple[GradeShare, ...]
    cuts: tuple[tuple[str, Naming], ...]
    youngest: Decimal | None
    oldest: Decimal | None
    keeps: tuple[tuple[int, str], ...]
    stated: Mapping[Axis, AxisStatement]

    @property
    def shown(self) -> frozenset[Axis]:
        """Where the records speak for themselves; goods of graded carcasses have their quality from them."""
        records = {
            Axis.BREED: self.breeds,
            Axis.QUALITY: self.breeds,
            Axis.CUT: self.cuts,
            Axis.SHELF_LIFE: self.keeps,
        }
        return frozenset(axis for axis, found in records.items() if found)


def of(session: Session, batch: Batch) -> Axes:
    """The axes of one batch."""
    past = list(lineage.back(session, [batch.id]))
    theirs = col(Carcass.batch_id).in_(past)
    breeds = select(Carcass.breed, func.count()).where(theirs).group_by(Carcass.breed).order_by(func.count().desc())
    youngest, oldest = session.exec(
        select(func.min(Carcass.age_months), func.max(Carcass.age_months)).where(theirs)
    ).one()
    keeps = select(PackLine.shelf_life_days, PackLine.storage).where(PackLine.batch_id == batch.id).distinct()
    return Axes(
        tuple((breed, head) for breed, head in session.exec(breeds)),
        grading.shares(session, batch.id),
        tuple(cuts.packed(session, batch).items()),
        youngest,
        oldest,
        tuple(sorted(session.exec(keeps).all())),
        statements(session, batch.id),
    )


def statements(session: Session, batch_id: str) -> dict[Axis, AxisStatement]:
    """The newest statement on each axis."""
    statement = select(AxisStatement).where(AxisStatement.batch_id == batch_id)
    return {Axis(one.axis): one for one in session.exec(statement.order_by(col(AxisStatement.position)))}


def statements_of(session: Session, batch_ids: Collection[str]) -> dict[str, dict[Axis, str]]:
    """Batch → axis → what the newest statement says."""
    found: dict[str, dict[Axis, str]] = defaultdict(dict)
    for some in portions(batch_ids):
        for batch_id, axis, value in rows.ask(session, _STATED, batches=list(some)):
            found[batch_id][Axis(axis)] = value
    return dict(found)
