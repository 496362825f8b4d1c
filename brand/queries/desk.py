"""What waits for a person in the registry: one line per thing to do, with its due day where a rule sets one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, func, select

from brand.kernel.actors import Actor
from brand.models.enterprises import Enterprise, EnterpriseStep
from brand.models.rulebooks import Rulebook
from brand.queries import (
    adoptions,
    applications,
    assets,
    complaints,
    endorsements,
    licences,
    members,
    merges,
    reviews,
    rulebooks,
    standards,
)
from brand.queries.terms import Terms
from brand.rules.complaint_flow import WAITING
from brand.rules.licence_flow import REVIEWING
from brand.rules.reviews import ReviewKind, unmet
from brand.rules.rulebooks import RulebookState
from brand.rules.several import SeveralStep
from brand.rules.terms import CONFIRMATION, SECOND_PERSON

#: A desk shows at most this many of one topic; the rest is in the topic's own list.
MOST = 50


@dataclass(frozen=True)
class Tick:
    """What the desk needs to take a step on this and others at once: the step, the record, the version shown."""

    step: SeveralStep
    id: str
    version: int


@dataclass(frozen=True)
class Waiting:
    """One thing that waits. ``topic`` is a message id; ``endpoint`` and ``values`` lead to where it is done.

    ``tick`` where the step may be taken on several at once.
    """

    topic: str
    title: str
    endpoint: str
    values: Mapping[str, str] = field(default_factory=dict)
    detail: str = ""
    due: date | None = None
    tick: Tick | None = None


def enterprises_waiting(session: Session, actor: Actor) -> list[Waiting]:
    """New enterprises for those who confirm them; their own pending or refused ones for their people."""
    return [
        *_enterprises(session, actor, "enterprises.confirm", "pending", "desk.enterprise_to_confirm"),
        *_enterprises(session, actor, "enterprises.edit", "refused", "desk.enterprise_refused"),
        *_enterprises(session, actor, "enterprises.edit", "pending", "desk.enterprise_pending"),
        *_enterprises(session, actor, "enterprises.edit", "suspended", "desk.enterprise_suspended"),
        *_merges(session, actor),
    ]


def assets_waiting(session: Session, actor: Actor, today: date) -> list[Waiting]:
    """Declarations to compare, for those who confirm; marks and certificates that run out, for their holders."""
    found, terms = [], Terms(session)
    if actor.may("assets.confirm"):
        for asset, enterprise in assets.to_compare(session, actor, MOST):
            title, where = f"{enterprise.name} · {asset.title}", {"asset_id": asset.id}
            due = terms.last_day(CONFIRMATION, asset.declared_at)
            found.append(Waiting("desk.asset_to_confirm", title, "assets.show", where, asset.number, due))
    if actor.reach("enterprises.edit"):
        for asset, _ in assets.running_out(session, actor, today, MOST):
            values = {"asset_id": asset.id}
            topic = "desk.asset_running_out"
            found.append(Waiting(topic, asset.title, "assets.show", values, asset.number, asset.valid_until))
    return found


def endorsements_waiting(session: Session, actor: Actor) -> list[Waiting]:
    """Drafts by somebody else, for those who issue."""
    if not actor.may("endorsements.issue"):
        return []
    topic, terms = "desk.endorsement_to_issue", Terms(session)
    return [
        Waiting(
            topic,
            one.authority,
            "endorsements.show",
            {"number": one.number},
            one.number,
            terms.last_day(SECOND_PERSON, one.written_at),
        )
        for one in endorsements.drafts(session, MOST)
        if one.written_by != actor.person_id
    ]


def agencies_waiting(session: Session, actor: Actor, today: date) -> list[Waiting]:
    """Agents without a consent in force: for the enterprises they would act for, and for themselves."""
    found = []
    for enterprise_id in sorted(actor.reach("members.manage") or ()):
        for one in members.agencies(session, actor, enterprise_id, today):
            if not one.valid:
                values = {"enterprise_id": enterprise_id}
                found.append(Waiting("desk.consent_missing", one.person.name, "members.consents", values))
    if actor.account_id is not None:
        own = members.own_agencies(session, actor.account_id, today)
        found += [Waiting("desk.consent_needed", one.enterprise.name, "members.acting") for one in own if not one.valid]
    return found[:MOST]


def _merges(session: Session, actor: Actor) -> Iterator[Waiting]:
    """Proposals of somebody else, for those who decide."""
    if not actor.may("enterprises.merge"):
        return
    terms = Terms(session)
    for one in merges.open_proposals(session, actor)[:MOST]:
        if one.merge.proposed_by != actor.person_id:
            title, where = f"{one.duplicate.name} → {one.kept.name}", {"merge_id": one.merge.id}
            due = terms.last_day(SECOND_PERSON, one.merge.proposed_at)
            yield Waiting("desk.merge_to_decide", title, "merges.show", where, due=due)


def _enterprises(session: Session, actor: Actor, permission: str, state: str, topic: str) -> Iterator[Waiting]:
    statement = select(Enterprise).where(Enterprise.state == state).order_by(col(Enterprise.joined_at)).limit(MOST)
    reach = actor.reach(permission)
    if reach is not None:
        statement = statement.where(col(Enterprise.id).in_(reach))
    terms = Terms(session)
    for one in session.exec(statement):
        due = terms.last_day(CONFIRMATION, _came(session, one)) if state == "pending" else None
        where = {"enterprise_id": one.id}
        ticked = Tick(SeveralStep.CONFIRM, one.id, one.version) if permission == "enterprises.confirm" else None
        yield Waiting(topic, one.name, "enterprises.show", where, one.credit_code or "", due, ticked)


def _came(session: Session, enterprise: Enterprise) -> datetime:
    """When the enterprise came, or came again after it had mended what was refused."""
    statement = select(func.max(col(EnterpriseStep.at))).where(EnterpriseStep.enterprise_id == enterprise.id)
    return session.scalar(statement) or enterprise.joined_at


def applications_waiting(session: Session, actor: Actor, today: date) -> list[Waiting]:
    """Applications that need this person: to finish, to review, or to decide once the notice is over."""
    return [
        *_applications(session, actor, "applications.write", "returned", "desk.application_returned"),
        *_applications(session, actor, "applications.write", "draft", "desk.application_draft"),
        *_applications(session, actor, "applications.review", "submitted", "desk.application_submitted"),
        *(
            one
            for state in REVIEWING
            for one in _applications(session, actor, "applications.review", state, "desk.application_under_review")
        ),
        *_to_recommend(session, actor),
        *_to_inspect(session, actor),
        *_to_decide(session, actor, today),
    ]


def _applications(session: Session, actor: Actor, permission: str, state: str, topic: str) -> Iterator[Waiting]:
    terms = Terms(session)
    for row in applications.in_state(session, actor, permission, state, MOST):
        known = _records(session, row) if state in REVIEWING else {}
        yield _application(row, topic, terms.turn(row.application, known).due)


def _records(session: Session, row: applications.Row) -> dict[str, Any]:
    """What says at which desk an application under review lies: the records asked for and those made."""
    return reviews.facts(session, row.application, row.brand.scheme_id)


def _to_recommend(session: Session, actor: Actor) -> Iterator[Waiting]:
    """What a township's clerk may recommend: of an enterprise seated there, required and not yet done."""
    if actor.reach("applications.recommend") is None:
        return
    terms = Terms(session)
    for state in REVIEWING:
        for row in applications.in_state(session, actor, "applications.recommend", state, MOST):
            known = _records(session, row)
            if ReviewKind.RECOMMENDATION in unmet(known["reviews_required"], known["reviews_done"]):
                yield _application(row, "desk.application_to_recommend", terms.turn(row.application, known).due)


def _to_inspect(session: Session, actor: Actor) -> Iterator[Waiting]:
    """What an inspector may look at on site now: required, not yet done, everything before it done."""
    terms = Terms(session)
    for state in REVIEWING:
        for row in applications.in_state(session, actor, "applications.inspect", state, MOST):
            known = _records(session, row)
            required, done = known["reviews_required"], known["reviews_done"]
            before = unmet(required, done, ReviewKind.SITE)
            if not before and ReviewKind.SITE in unmet(required, done):
                yield _application(row, "desk.application_to_inspect", terms.turn(row.application, known).due)


def _to_decide(session: Session, actor: Actor, today: date) -> Iterator[Waiting]:
    """The term runs from the last day of the notice; what this person had a hand in waits for somebody else.

    While an objection is open nothing can be decided: it lies with whoever answers it.
    """
    terms = Terms(session)
    for row in applications.in_state(session, actor, "applications.decide", "on_notice", MOST):
        known = applications.facts(session, row.application, actor.person_id or "", today)
        end = known["notice_end"]
        over = not end.provisional and end.end < today and not known["open_objections"]
        if over and actor.person_id not in known["hands"]:
            yield _application(row, "desk.notice_ended", terms.turn(row.application, known).due)


def _application(row: applications.Row, topic: str, due: date | None = None) -> Waiting:
    title = f"{row.enterprise.name} · {row.carried.name}"
    one = row.application
    ticked = Tick(SeveralStep.START_REVIEW, one.id, one.version) if topic == "desk.application_submitted" else None
    return Waiting(topic, title, "applications.show", {"application_id": one.id}, one.number, due, ticked)


def rulebooks_waiting(session: Session, actor: Actor) -> list[Waiting]:
    """Editions of the rulebook that wait for a second person to publish them."""
    if not actor.may("rulebooks.publish"):
        return []
    statement = select(Rulebook).where(Rulebook.state == RulebookState.SUBMITTED).limit(MOST)
    terms = Terms(session)
    return [
        Waiting(
            "desk.rulebook_to_publish",
            one.title,
            "rulebooks.show",
            {"rulebook_id": one.id},
            due=terms.last_day(SECOND_PERSON, rulebooks.last_step(session, one.id), one.scheme_id),
        )
        for one in session.exec(statement)
    ]


def complaints_waiting(session: Session, actor: Actor, today: date) -> list[Waiting]:
    """Complaints routed to this person or role, with the last day of their term; nothing of who sent them."""
    return [_complaint(row) for row in complaints.waiting_for(session, actor, today, MOST)]


def _complaint(row: complaints.Row) -> Waiting:
    one = row.complaint
    topic = f"desk.complaint_{one.state if one.state in WAITING else 'reply'}"
    first = one.what.splitlines()[0][:40]
    ticked = Tick(SeveralStep.ACCEPT, one.id, one.version) if topic == "desk.complaint_received" else None
    due = row.due.end if row.due else None
    return Waiting(topic, one.number, "complaints.show", {"complaint_id": one.id}, first, due, ticked)


def standards_waiting(session: Session, actor: Actor, today: date) -> list[Waiting]:
    """Editions to write on, to publish, and to adopt; what this person had a hand in waits for somebody else."""
    return [*_editions(session, actor, today), *_adoptions(session, actor, today)]


def _editions(session: Session, actor: Actor, today: date) -> Iterator[Waiting]:
    if actor.may("standards.write"):
        for one in standards.drafts(session, "draft")[:MOST]:
            yield _edition(one, "desk.standard_draft")
    if actor.may("standards.publish"):
        terms = Terms(session)
        for one in standards.waiting_to_publish(session, actor.person_id or "", today):
            due = terms.last_day(SECOND_PERSON, standards.last_step(session, one.edition.id))
            yield _edition(one, "desk.standard_to_publish", due)


def _edition(one: standards.Edition, topic: str, due: date | None = None) -> Waiting:
    title = f"{one.standard.code} · {one.edition.label}"
    return Waiting(topic, title, "standard_drafts.show", {"edition_id": one.edition.id}, one.content["title"], due)


def _adoptions(session: Session, actor: Actor, today: date) -> Iterator[Waiting]:
    """Batches that are open to one's own enterprise; the office only opens them."""
    if actor.reach("standards.adopt"):
        for one in adoptions.enrolments(session, actor, today):
            for enterprise in one.open_to:
                title = f"{one.standard.code} · {one.edition.label}"
                yield Waiting(
                    "desk.standard_to_adopt", title, "adoptions.index", {}, enterprise.name, one.enrolment.closes_on
                )


def renewals_waiting(session: Session, actor: Actor, today: date) -> list[Waiting]:
    """Licences whose holder may apply for the next term; due on the last day of this one."""
    reach = actor.reach("applications.write")
    if reach is None or not reach:
        return []
    found = []
    for one in licences.held_by(session, reach, today):
        entry = licences.entries(session, [one], today)[0]
        months = applications.policies_of(session, entry.brand).get("renewal_window_months", 0)
        last = licences.running(session, one.enterprise_id, one.brand_id, one.product_id, today)
        asked = applications.open_application(session, one.enterprise_id, one.brand_id, one.product_id)
        latest = last is not None and last.id == one.id
        if asked is None and latest and licences.renewable(session, one, months, today):
            title = f"{entry.enterprise.name} · {entry.carried.name}"
            where = {"number": one.number}
            found.append(Waiting("desk.licence_to_renew", title, "licences.show", where, one.number, one.valid_until))
    return found
