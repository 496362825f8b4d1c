"""Counts the objections to an application's notices, for the rule that holds its decision; never who sent them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from brand.models.complaints import Complaint, ComplaintStep
from brand.models.licences import Notice
from brand.rules.complaint_flow import ComplaintState, Kind


@dataclass(frozen=True)
class Objections:
    """How many wait for an answer, how many were upheld, and the persons who answered."""

    open: int
    upheld: int
    answered_by: frozenset[str]


def terms(session: Session, application_id: str) -> list[tuple[date, int]]:
    """Of those that wait for an answer: the day each term began, and its working days."""
    statement = (
        select(Complaint)
        .join(Notice, col(Notice.id) == col(Complaint.notice_id))
        .where(Notice.application_id == application_id, Complaint.kind == Kind.OBJECTION)
        .where(Complaint.state == ComplaintState.OPEN)
    )
    found = ((one.due_start, one.due_days) for one in session.exec(statement))
    return [(start, days) for start, days in found if start is not None and days is not None]


def counts(session: Session, application_id: str) -> Objections:
    statement = (
        select(Complaint.id, Complaint.state)
        .join(Notice, col(Notice.id) == col(Complaint.notice_id))
        .where(Notice.application_id == application_id, Complaint.kind == Kind.OBJECTION)
    )
    states = dict(session.exec(statement).all())
    answers = select(ComplaintStep.person_id).where(
        col(ComplaintStep.complaint_id).in_(list(states)),
        col(ComplaintStep.to_state).in_([ComplaintState.UPHELD, ComplaintState.DISMISSED]),
    )
    held = list(states.values())
    return Objections(
        held.count(ComplaintState.OPEN),
        held.count(ComplaintState.UPHELD),
        frozenset(one for one in session.exec(answers) if one),
    )
