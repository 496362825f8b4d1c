"""Reads everything the release gate looks at, for pages, programs and refusals alike."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlmodel import Session, col, func, select

from brand.models.enterprises import Enterprise, EnterpriseState
from brand.models.inspections import Inspection
from brand.models.licences import Licence
from brand.queries import licences, product_rules
from brand.rules.grade_tables import Grade
from brand.rules.inspections import Measure
from brand.rules.product_rules import RuleKind
from trace.models.batches import Batch, PackLine
from trace.models.events import ChillingLog, Event
from trace.models.quality import LabReport
from trace.queries import completeness, grading, holds, lineage, recalls, shipments
from trace.rules.events import EventKind
from trace.rules.gate import Facts, GradeRoom, Licensed


def facts(session: Session, batch: Batch, today: date, asked_kg: Decimal = Decimal(0)) -> Facts:
    """The facts of one batch today; ``asked_kg`` is what is to be packed under the brand beside what is packed."""
    return Facts(
        licence=_licence(session, batch, today),
        lines=completeness.lines(session, batch),
        breaches_open=_breaches(session, batch.id),
        findings=_findings(session, batch),
        failed_reports=_failed(session, batch.id),
        disputed_grades=grading.disputed(session, lineage.back(session, [batch.id])),
        holds=_holds(session, batch),
        journey=shipments.on_the_way(session, [batch.id]).get(batch.id, ""),
        recall=recalls.recalled(session, [batch.id]).get(batch.id, ""),
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


def _breaches(session: Session, batch_id: str) -> int:
    """Breaches of chillings nobody has answered for."""
    answered = select(Event.corrects_id).where(Event.batch_id == batch_id, Event.kind == EventKind.ANSWER.value)
    counted = func.coalesce(func.sum(func.json_array_length(ChillingLog.breaches)), 0)
    statement = select(counted).where(ChillingLog.batch_id == batch_id, col(ChillingLog.event_id).not_in(answered))
    return int(session.exec(statement).one())


def _findings(session: Session, batch: Batch) -> tuple[date | None, ...]:
    """Orders to put things right under the licence that nobody has closed."""
    statement = select(Inspection).where(
        Inspection.licence_id == batch.licence_id,
        Inspection.measure == Measure.RECTIFY.value,
        col(Inspection.state).in_(("told", "failed")),
    )
    return tuple(one.rectify_by for one in session.exec(statement.order_by(col(Inspection.recorded_at))))


def _failed(session: Session, batch_id: str) -> tuple[str, ...]:
    statement = select(LabReport.number).where(LabReport.batch_id == batch_id, col(LabReport.passed).is_(False))
    return tuple(session.exec(statement.order_by(LabReport.number)))


def _grade(session: Session, batch: Batch, asked_kg: Decimal) -> GradeRoom | None:
    """Where the office ties the brand to a grade: the weight at or above it against the weight packed."""
    least = product_rules.in_force(session, batch.product_id, RuleKind.BRAND_GRADE).content["least"]
    if not least:
        return None
    made = session.exec(select(PackLine).where(PackLine.batch_id == batch.id))
    packed_kg = sum((line.net_kg * line.packs for line in made), Decimal(0))
    return GradeRoom(Grade(least), grading.room_kg(session, batch, Grade(least)), packed_kg, asked_kg)
