"""Reads of appeals what other topics need: whether one was found right, and what the public is told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from brand.models.appeals import Appeal
from brand.models.inspections import InspectionStep
from brand.models.licences import ApplicationStep, LicenceStep
from brand.rules.appeals import AppealState, public_state


def refusal_changed(session: Session, application_id: str) -> datetime | None:
    """When an appeal against the last refusal of this application was found right; None where none was."""
    last = select(ApplicationStep.id).where(
        ApplicationStep.application_id == application_id, ApplicationStep.action == "refuse"
    )
    return _changed(session, session.exec(last.order_by(col(ApplicationStep.position).desc())).first())


def revocation_changed(session: Session, licence_id: str) -> datetime | None:
    """When an appeal against the last revocation of this licence was found right; None where none was."""
    last = select(LicenceStep.id).where(LicenceStep.licence_id == licence_id, LicenceStep.action == "revoke")
    return _changed(session, session.exec(last.order_by(col(LicenceStep.position).desc())).first())


def finding_changed(session: Session, inspection_id: str) -> datetime | None:
    """When an appeal against what the party was told of this finding was found right; None where none was."""
    told = select(InspectionStep.id).where(
        InspectionStep.inspection_id == inspection_id, InspectionStep.action == "tell"
    )
    return _changed(session, session.exec(told).first())


def _changed(session: Session, decision_id: str | None) -> datetime | None:
    if decision_id is None:
        return None
    statement = select(Appeal.answered_at).where(Appeal.decision_id == decision_id, Appeal.state == AppealState.CHANGED)
    return session.exec(statement).first()


def public_states(session: Session, decision_ids: Iterable[str]) -> dict[str, str]:
    """Decision → pending or answered, for those that were appealed."""
    ids = list(decision_ids)
    if not ids:
        return {}
    statement = select(Appeal.decision_id, Appeal.state).where(col(Appeal.decision_id).in_(ids))
    return {decision: public_state(state).value for decision, state in session.exec(statement)}


def of_refusals(session: Session, application_ids: Iterable[str]) -> dict[str, str]:
    """Application → pending or answered, by the last appeal against its refusal."""
    statement = (
        select(Appeal.application_id, Appeal.state)
        .where(col(Appeal.application_id).in_(list(application_ids)))
        .order_by(col(Appeal.filed_at))
    )
    return {key: public_state(state).value for key, state in session.exec(statement) if key is not None}
