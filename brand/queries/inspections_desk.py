"""What waits after the grant: results to tell, findings to judge or put right, yearly reviews that fall due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from sqlmodel import Session, col, select

from brand.kernel.actors import Actor
from brand.models.inspections import Inspection
from brand.models.licences import Licence
from brand.queries import applications, inspections, licences
from brand.queries.desk import MOST, Waiting
from brand.rules.licence_terms import LicenceStatus
from brand.rules.terms import REVIEW_AHEAD


def inspections_waiting(session: Session, actor: Actor, today: date) -> list[Waiting]:
    """For inspectors, for those who decide on licences, and for the enterprise that has to put something right."""
    return [
        *_to_tell(session, actor),
        *_to_decide(session, actor),
        *_to_mend(session, actor),
        *_due(session, actor, today),
    ]


def _line(session: Session, topic: str, one: Inspection, due: date | None) -> Waiting:
    licence = session.get_one(Licence, one.licence_id)
    where = {"number": licence.number}
    return Waiting(
        topic, f"{licence.number} · {licence.scope}", "inspections.index", where, one.visited_on.isoformat(), due
    )


def _to_tell(session: Session, actor: Actor) -> Iterator[Waiting]:
    if actor.may("licences.inspect"):
        for one in inspections.waiting(session, ("recorded",), MOST):
            yield _line(session, "desk.result_to_tell", one, one.result_due)


def _to_decide(session: Session, actor: Actor) -> Iterator[Waiting]:
    if actor.may("licences.sanction"):
        for one in inspections.waiting(session, ("told", "failed"), MOST):
            if one.measure in inspections.TO_DECIDE and one.recorded_by != actor.person_id:
                yield _line(session, "desk.finding_to_decide", one, one.rectify_by)


def _to_mend(session: Session, actor: Actor) -> Iterator[Waiting]:
    reach = actor.reach("applications.write")
    if reach:
        statement = select(Inspection).where(col(Inspection.enterprise_id).in_(reach), Inspection.state == "told")
        for one in session.exec(statement.where(Inspection.measure == "rectify").limit(MOST)):
            yield _line(session, "desk.finding_to_mend", one, one.rectify_by)


def _due(session: Session, actor: Actor, today: date) -> Iterator[Waiting]:
    if not actor.may("licences.inspect"):
        return
    for entry in licences.listing(session, actor, today, size=200).rows:
        policies = applications.policies_of(session, entry.brand)
        months = policies.get("yearly_review_months", 0)
        if not months or entry.status not in (LicenceStatus.VALID, LicenceStatus.SUSPENDED):
            continue
        due = inspections.review_due(session, entry.licence, months)
        if due - timedelta(days=policies.get(REVIEW_AHEAD, 0)) <= today:
            title = f"{entry.licence.number} · {entry.enterprise.name}"
            yield Waiting("desk.review_due", title, "inspections.index", {"number": entry.licence.number}, "", due)
