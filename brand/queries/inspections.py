"""Reads visits, yearly reviews and findings of licences, their papers, and when the next review is due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import defer
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from brand.kernel.actors import Actor
from brand.kernel.errors import unknown
from brand.models.inspections import Inspection, InspectionStep, LicenceFile
from brand.models.licences import Licence
from brand.queries import appeal_states
from brand.queries.licences import Entry
from brand.queries.open_steps import OpenStep, open_steps
from brand.rules import inspections
from brand.rules.inspections import FLOW, InspectionKind, Measure


@dataclass(frozen=True)
class Found:
    """One inspection with its papers, its steps and what this person could do now."""

    inspection: Inspection
    files: tuple[LicenceFile, ...]
    history: tuple[InspectionStep, ...]
    open_steps: tuple[OpenStep, ...]


def of_licence(session: Session, actor: Actor, entry: Entry) -> list[Found]:
    """Everything found under a licence, newest first; the party sees it once it was told."""
    statement = select(Inspection).where(Inspection.licence_id == entry.licence.id)
    if not _office(actor):
        statement = statement.where(Inspection.state != "recorded")
    rows = session.exec(statement.order_by(col(Inspection.recorded_at).desc(), col(Inspection.id)))
    return [_found(session, actor, one) for one in rows]


def _office(actor: Actor) -> bool:
    return actor.may("licences.inspect") or actor.may("licences.sanction") or actor.may("audit.read")


def _found(session: Session, actor: Actor, one: Inspection) -> Found:
    steps = select(InspectionStep).where(InspectionStep.inspection_id == one.id)
    known = facts(session, one, actor.person_id or "")
    return Found(
        one,
        tuple(session.exec(_files(one.licence_id).where(LicenceFile.inspection_id == one.id))),
        tuple(session.exec(steps.order_by(col(InspectionStep.position)))),
        tuple(open_steps(FLOW, one.state, actor, None, known, (inspections.result_is_explained,))),
    )


def find(session: Session, actor: Actor, inspection_id: str) -> Found:
    """One inspection for the office; raises ``access.unknown``."""
    one = session.get(Inspection, inspection_id)
    if one is None or not _office(actor):
        raise unknown()
    return _found(session, actor, one)


def facts(session: Session, one: Inspection, person_id: str) -> dict[str, Any]:
    """What the guards of ``rules/inspections.py`` look at."""
    return {
        "measure": one.measure,
        "licence_state": session.get_one(Licence, one.licence_id).state,
        "person_id": person_id,
        "hands": {one.recorded_by},
        "appeal_changed": appeal_states.finding_changed(session, one.id) is not None,
        "comment": "",
    }


def earlier(session: Session, enterprise_id: str, reason_code: str) -> int:
    """Findings of the enterprise with the same reason up to now, without those whose order an appeal undid."""
    statement = select(func.count()).where(
        col(Inspection.enterprise_id) == enterprise_id,
        col(Inspection.reason_code) == reason_code,
        col(Inspection.state) != inspections.LIFTED,
    )
    return session.scalar(statement) or 0


def contracts(session: Session, licence_id: str) -> list[LicenceFile]:
    """The signed contracts of a licence, without their bytes."""
    return list(session.exec(_files(licence_id).where(LicenceFile.kind == "contract")))


def _files(licence_id: str) -> SelectOfScalar[LicenceFile]:
    statement = select(LicenceFile).where(LicenceFile.licence_id == licence_id)
    return statement.options(defer(LicenceFile.content)).order_by(col(LicenceFile.added_at))  # type: ignore[arg-type]


def file(session: Session, actor: Actor, licence_id: str, file_id: str) -> LicenceFile:
    """One paper with its bytes, for whoever may see what it belongs to; raises ``access.unknown``."""
    found = session.get(LicenceFile, file_id)
    if found is None or found.licence_id != licence_id:
        raise unknown()
    held = session.get(Inspection, found.inspection_id) if found.inspection_id else None
    if held is not None and held.state == "recorded" and not _office(actor):
        raise unknown()
    return found


def waiting(session: Session, states: Iterable[str], most: int) -> list[Inspection]:
    """Inspections in these states, the most urgent first."""
    statement = select(Inspection).where(col(Inspection.state).in_(list(states)))
    return list(session.exec(statement.order_by(col(Inspection.result_due)).limit(most)))


def review_due(session: Session, licence: Licence, months: int) -> date:
    """The day by which the licence's next yearly review is due."""
    statement = select(func.max(col(Inspection.visited_on))).where(
        col(Inspection.licence_id) == licence.id, col(Inspection.kind) == InspectionKind.YEARLY
    )
    last = session.scalar(statement)
    return inspections.next_review(last or licence.valid_from, months)


#: Measures that wait for the one who decides on licences.
TO_DECIDE = (Measure.RECTIFY, Measure.SUSPEND, Measure.REVOKE)
