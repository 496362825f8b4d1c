"""Reads everything the release gate looks at, for pages, programs and refusals alike."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, func, select

from brand.kernel.clock import local_day
from brand.models.enterprises import Enterprise, EnterpriseState
from brand.models.inspections import Inspection
from brand.models.licences import Licence
from brand.queries import licences, product_rules
from brand.rules.grade_tables import Grade
from brand.rules.inspections import Measure
from brand.rules.product_rules import RuleKind
from trace.models.batches import Batch, Carcass, PackLine
from trace.models.care import CaredAnimal, CareRecord
from trace.models.events import ChillingLog, Event
from trace.models.herds import Animal
from trace.queries import (
    checks,
    completeness,
    containers,
    grading,
    holds,
    lineage,
    plot_care,
    quality,
    recalls,
    shipments,
)
from trace.queries.lineage import portions
from trace.rules.completeness import left_on
from trace.rules.events import EventKind
from trace.rules.gate import Facts, GradeRoom, Interval, Licensed, Withdrawal


def facts(session: Session, batch: Batch, today: date, asked_kg: Decimal = Decimal(0)) -> Facts:
    """The facts of one batch today; ``asked_kg`` is what is to be packed under the brand beside what is packed.

    Tests, withdrawal periods, breaches, holds and steps are those of everything it was made from as well.
    """
    past = lineage.back(session, [batch.id])
    return Facts(
        licence=_licence(session, batch, today),
        lines=completeness.lines(session, batch),
        breaches_open=breaches_open(session, batch.id),
        findings=_findings(session, batch),
        checks=_checks(session, past),
        failed_reports=tuple(sorted({one for some in quality.failing(session, past).values() for one in some})),
        disputed_grades=grading.disputed(session, past),
        holds=_holds(session, batch),
        journey=shipments.on_the_way(session, [batch.id]).get(batch.id, ""),
        inside=_inside(session, batch),
        recall=recalls.recalled(session, [batch.id]).get(batch.id, ""),
        withdrawals=_withdrawals(session, past),
        intervals=_intervals(session, past),
        grade=_grade(session, batch, asked_kg),
    )


def _licence(session: Session, batch: Batch, today: date) -> Licensed | None:
    licence = session.get(Licence, batch.licence_id) if batch.licence_id else None
    if licence is None:
        return None
    holder = session.get_one(Enterprise, licence.enterprise_id)
    standing = licences.standing_on(session, licence, today)
    halt = (standing.halt.brand, str(standing.halt.state)) if standing.halt is not None else None
    return Licensed(licence.number, str(standing.status), holder.state == EnterpriseState.CONFIRMED, halt)


def _holds(session: Session, batch: Batch) -> tuple[dict[str, str | int], ...]:
    held = holds.bearing_on(session, [batch.id])[batch.id]
    return (holds.told(batch, held),) if held else ()


def _inside(session: Session, batch: Batch) -> dict[str, str] | None:
    code = containers.inside(session, [batch.id]).get(batch.id)
    return {"lot": batch.lot, "code": code} if code else None


def breaches_open(session: Session, batch_id: str) -> int:
    """Breaches of chillings nobody has answered for, while these goods hung there; withdrawn files count no more."""
    past = lineage.back(session, [batch_id])
    left = left_on(batch_id, completeness.made_of(session, past))
    found = 0
    for some in portions(past):
        settled = select(Event.corrects_id).where(
            col(Event.batch_id).in_(some), col(Event.kind).in_([EventKind.ANSWER.value, EventKind.WITHDRAWN.value])
        )
        logs = select(ChillingLog.batch_id, ChillingLog.started_at, func.json_array_length(ChillingLog.breaches))
        statement = logs.where(col(ChillingLog.batch_id).in_(some), col(ChillingLog.event_id).not_in(settled))
        found += sum(count for one, at, count in session.exec(statement) if local_day(at) <= left[one])
    return found


def _findings(session: Session, batch: Batch) -> tuple[date | None, ...]:
    """Orders to put things right under the licence that nobody has closed."""
    statement = select(Inspection).where(
        Inspection.licence_id == batch.licence_id,
        Inspection.measure == Measure.RECTIFY.value,
        col(Inspection.state).in_(("told", "failed")),
    )
    return tuple(one.rectify_by for one in session.exec(statement.order_by(col(Inspection.recorded_at))))


def _checks(session: Session, past: Collection[str]) -> tuple[date, ...]:
    """Days of looks at these goods, or at what they were made from, whose findings still stand."""
    found = checks.open_findings(session, past)
    return tuple(sorted(one.checked_on for looks in found.values() for one in looks))


def _withdrawals(session: Session, past: Collection[str]) -> tuple[Withdrawal, ...]:
    """Treatments whose withdrawal period ran on the day of slaughter, whenever they were written down."""
    found: dict[tuple[str, date], tuple[str, int]] = {}
    for some in portions(past):
        named: Any = (CareRecord.name, CareRecord.closed_until, func.min(Carcass.ear_tag), func.count())
        statement = (
            select(*named)
            .join(CaredAnimal, col(CaredAnimal.care_id) == col(CareRecord.id))
            .join(Carcass, col(Carcass.animal_id) == col(CaredAnimal.animal_id))
            .join(Animal, col(Animal.id) == col(Carcass.animal_id))
            .where(col(Carcass.batch_id).in_(some), col(CareRecord.struck_at).is_(None))
            .where(col(CareRecord.given_on) <= col(Animal.state_on), col(CareRecord.closed_until) >= Animal.state_on)
            .group_by(CareRecord.name, col(CareRecord.closed_until))
        )
        for medicine, until, tag, head in session.exec(statement):
            first, before = found.get((medicine, until), (tag, 0))
            found[medicine, until] = (min(first, tag), before + head)
    return tuple(Withdrawal(tag, medicine, until, head) for (medicine, until), (tag, head) in sorted(found.items()))


def _intervals(session: Session, past: Collection[str]) -> tuple[Interval, ...]:
    found = plot_care.harvested_within(session, past)
    return tuple(Interval(batch.lot, one.name, one.closed_until) for batch, one in found if one.closed_until)


def _grade(session: Session, batch: Batch, asked_kg: Decimal) -> GradeRoom | None:
    """Where the office ties the brand to a grade: the weight at or above it against the weight packed."""
    least = product_rules.in_force(session, batch.product_id, RuleKind.BRAND_GRADE).content["least"]
    if not least:
        return None
    made = session.exec(select(PackLine).where(PackLine.batch_id == batch.id))
    packed_kg = sum((line.net_kg * line.packs for line in made), Decimal(0))
    return GradeRoom(Grade(least), grading.room_kg(session, batch, Grade(least)), packed_kg, asked_kg)
