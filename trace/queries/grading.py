"""Reads grades: of each carcass the one that stands, who gave which, what is disputed, and what may carry the brand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, func
from sqlmodel import Session, col, select

from brand.kernel import rows
from brand.kernel.paging import Page, page
from brand.models.accounts import Person
from brand.rules.grade_tables import Grade
from trace.models.batches import Batch, Carcass, Flow
from trace.models.events import Event
from trace.models.grading import GradeDecision
from trace.queries import lineage
from trace.rules.events import EventKind
from trace.rules.grading import Decision, Standing, Weighed, allowed_kg, replay, start

#: Carcasses at or above a grade: the grades a limit allows, best first.
_RANK = {grade: place for place, grade in enumerate(Grade)}


class GradeShare(NamedTuple):
    """How many carcasses of a batch have one grade, their cold weight in kg, and how many rest on unchecked rows."""

    grade: Grade
    head: int
    cold_kg: Decimal
    to_be_checked: int


@dataclass(frozen=True)
class Graded:
    """A carcass with the grade that stands: the table's, or that of the newest decision of persons."""

    carcass: Carcass
    newest: GradeDecision | None

    @property
    def grade(self) -> str:
        return self.newest.standing if self.newest else self.carcass.grade

    @property
    def by_persons(self) -> bool:
        """Whether persons decided otherwise than the table."""
        return self.grade != self.carcass.grade

    @property
    def disputed(self) -> bool:
        return self.newest is not None and self.newest.disputed

    @property
    def waiting(self) -> bool:
        return self.newest is not None and self.newest.waiting


def standing() -> ColumnElement[str]:
    """The grade that stands, as a column beside ``Carcass``."""
    newest = (
        select(GradeDecision.standing)
        .where(GradeDecision.carcass_id == Carcass.id)
        .order_by(col(GradeDecision.position).desc())
        .limit(1)
        .scalar_subquery()
        .correlate(Carcass)
    )
    return func.coalesce(newest, col(Carcass.grade))


@cache
def _shares() -> Any:
    each = (
        select(standing().label("grade"), col(Carcass.cold_kg).label("kg"), col(Carcass.to_be_checked).label("doubt"))
        .where(col(Carcass.batch_id) == bindparam("batch"))
        .subquery()
    )
    sums = (func.count(), func.sum(each.c.kg), func.count().filter(each.c.doubt))
    return select(each.c.grade, *sums).group_by(each.c.grade)


def shares(session: Session, batch_id: str) -> tuple[GradeShare, ...]:
    """Every grade, best first, empty ones included."""
    found = {grade: of_it for grade, *of_it in rows.ask(session, _shares(), batch=batch_id)}
    return tuple(GradeShare(one, *found.get(one.value, (0, Decimal(0), 0))) for one in Grade)


def carcasses(session: Session, batch_id: str, *, grade: str = "", number: int = 1, size: int = 25) -> Page[Graded]:
    """Carcasses in the abattoir's own order; ``grade`` is one that stands."""
    statement = select(Carcass).where(Carcass.batch_id == batch_id)
    if grade:
        statement = statement.where(standing() == grade)
    found = page(session, statement.order_by(col(Carcass.carcass_no), col(Carcass.id)), number, size)
    return Page(_graded(session, batch_id, found.rows), found.number, found.size, found.total)


def every_carcass(session: Session, batch_id: str) -> Sequence[Graded]:
    """All carcasses of a batch, for an export or a picture."""
    statement = select(Carcass).where(Carcass.batch_id == batch_id).order_by(col(Carcass.carcass_no), col(Carcass.id))
    return _graded(session, batch_id, session.exec(statement).all())


def _graded(session: Session, batch_id: str, rows: Iterable[Carcass]) -> list[Graded]:
    newest = {one.carcass_id: one for one in decisions(session, batch_id)}
    return [Graded(one, newest.get(one.id)) for one in rows]


def decisions(session: Session, batch_id: str) -> Sequence[GradeDecision]:
    """Everything persons decided in a batch, of each carcass the oldest first."""
    statement = select(GradeDecision).where(GradeDecision.batch_id == batch_id)
    return session.exec(statement.order_by(col(GradeDecision.position), col(GradeDecision.carcass_id))).all()


def decisions_of(session: Session, carcass_ids: Iterable[str]) -> dict[str, list[GradeDecision]]:
    """The same of each of these carcasses; a long sheet of grades is many acts on parts of one batch."""
    found: dict[str, list[GradeDecision]] = defaultdict(list)
    for part in lineage.portions(carcass_ids):
        theirs = select(GradeDecision).where(col(GradeDecision.carcass_id).in_(part))
        for one in session.exec(theirs.order_by(col(GradeDecision.position))):
            found[one.carcass_id].append(one)
    return found


def graders(session: Session, batch_id: str) -> dict[str, str]:
    """Person id → name of those who decided; for staff only."""
    theirs = select(GradeDecision.grader_id).where(GradeDecision.batch_id == batch_id)
    return dict(session.exec(select(Person.id, Person.name).where(col(Person.id).in_(theirs))).all())


def history(session: Session, batch_id: str) -> list[tuple[Carcass, list[GradeDecision]]]:
    """Carcasses persons decided on, each with its decisions, those still open first."""
    by_carcass: dict[str, list[GradeDecision]] = defaultdict(list)
    for one in decisions(session, batch_id):
        by_carcass[one.carcass_id].append(one)
    rows = {one.id: one for part in lineage.portions(by_carcass) for one in _by_id(session, part)}
    found = [(rows[key], made) for key, made in by_carcass.items()]
    return sorted(found, key=lambda pair: (not (pair[1][-1].disputed or pair[1][-1].waiting), pair[0].carcass_no))


def _by_id(session: Session, ids: Sequence[str]) -> Sequence[Carcass]:
    return session.exec(select(Carcass).where(col(Carcass.id).in_(ids))).all()


def _counting(session: Session, batch_id: str, carcass_ids: Iterable[str]) -> list[GradeDecision]:
    """Those of these carcasses that count: without acts that were taken back, and without the rows that say so."""
    word = (Event.batch_id == batch_id, Event.kind == EventKind.WITHDRAWN.value)
    taken_back = {at for pair in session.exec(select(Event.id, Event.corrects_id).where(*word)) for at in pair}
    made = decisions_of(session, carcass_ids).values()
    return [one for theirs in made for one in theirs if one.event_id not in taken_back]


def standings(session: Session, batch: Batch, rows: Iterable[Carcass]) -> dict[str, Standing]:
    """Carcass id → what stands and whose hands are behind it."""
    asked = {one.id: one for one in rows}
    made: dict[str, list[Decision]] = defaultdict(list)
    for one in _counting(session, batch.id, asked):
        made[one.carcass_id].append(Decision(Grade(one.grade), one.grader_id))
    begun = {key: start(Grade(one.grade), batch.registered_by) for key, one in asked.items()}
    return {key: replay(first, made[key]) for key, first in begun.items()}


def disputed(session: Session, batch_ids: Collection[str]) -> int:
    """Carcasses of these batches on whose grade graders differ."""
    return _newest_with(session, batch_ids, col(GradeDecision.disputed))


def waiting(session: Session, batch_ids: Collection[str]) -> int:
    """Carcasses of these batches whose proposed grade waits for a second hand."""
    return _newest_with(session, batch_ids, col(GradeDecision.waiting))


def _newest_with(session: Session, batch_ids: Collection[str], condition: Any) -> int:
    last = (
        select(GradeDecision.carcass_id, func.max(GradeDecision.position).label("position"))
        .where(col(GradeDecision.batch_id).in_(batch_ids))
        .group_by(col(GradeDecision.carcass_id))
        .subquery()
    )
    statement = (
        select(func.count())
        .select_from(GradeDecision)
        .join(last, (col(GradeDecision.carcass_id) == last.c.carcass_id))
        .where(col(GradeDecision.position) == last.c.position, condition)
    )
    return session.exec(statement).one()


def room_kg(session: Session, batch: Batch, least: Grade) -> Decimal:
    """How much of what has not flowed out of a batch reaches the grade, kg, its past included."""
    past = lineage.back(session, [batch.id])
    inputs: dict[str, dict[str, Decimal]] = defaultdict(dict)
    out: dict[str, Decimal] = defaultdict(Decimal)
    for part in lineage.portions(past):
        for flow in session.exec(select(Flow).where(col(Flow.output_id).in_(part))):
            inputs[flow.output_id][flow.input_id] = flow.kg
        out.update(lineage.flowed(session, part))
    weights: dict[str, Weighed] = {}
    for part in lineage.portions(past):
        good = _good_kg(session, part, least)
        for one in session.exec(select(Batch).where(col(Batch.id).in_(part))):
            weights[one.id] = Weighed(one.total_kg, out[one.id], good.get(one.id))
    return allowed_kg(batch.id, weights, inputs)


def _good_kg(session: Session, batch_ids: Sequence[str], least: Grade) -> dict[str, Decimal]:
    """Batch id → cold weight of its carcasses at or above the grade; batches without carcasses are absent."""
    each = (
        select(col(Carcass.batch_id).label("batch"), col(Carcass.cold_kg).label("kg"), standing().label("grade"))
        .where(col(Carcass.batch_id).in_(batch_ids))
        .subquery()
    )
    allowed = [one.value for one in Grade if _RANK[one] <= _RANK[least]]
    good = func.coalesce(func.sum(each.c.kg).filter(each.c.grade.in_(allowed)), 0)
    statement = select(each.c.batch, good).group_by(each.c.batch)
    return {batch: Decimal(kg) for batch, kg in session.exec(statement)}
