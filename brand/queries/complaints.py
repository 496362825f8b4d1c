"""Reads complaints: the office's queue and one of them for staff, and what the holder of a secret link may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from brand.kernel.actors import Actor
from brand.kernel.errors import unknown
from brand.kernel.paging import Page, page
from brand.models.accounts import Account, Person, RoleGrant
from brand.models.complaints import Complaint, ComplaintContact, ComplaintMessage, ComplaintPicture, ComplaintStep
from brand.models.licences import Application, Notice
from brand.models.schemes import Brand, PolicyValue
from brand.queries import schemes
from brand.queries.lookups import by_id
from brand.queries.open_steps import OpenStep, open_steps
from brand.queries.terms import Terms
from brand.rules import complaint_clocks, complaint_flow
from brand.rules.complaint_clocks import Urgency
from brand.rules.complaint_flow import DISSENT, ENTERED, ESCALATED_TO, HANDLE, HANDLERS, TOLD
from brand.rules.working_days import Calendar, Deadline


@dataclass(frozen=True)
class Row:
    """One complaint with the last day of its term by today's calendar, and who works on it."""

    complaint: Complaint
    due: Deadline | None
    urgency: Urgency | None
    handler: str

    @property
    def escalated(self) -> bool:
        """By a step, or by its term having passed: nobody has to notice that."""
        return self.complaint.escalated or self.urgency is Urgency.OVERDUE


@dataclass(frozen=True)
class Line:
    """One line of its history: a step of the office, or (``action`` ``reply``) words of the complainant."""

    at: object
    action: str
    words: str
    by: str = ""
    reason_code: str = ""
    handler: str = ""


@dataclass(frozen=True)
class Picture:
    """One photograph without its bytes."""

    id: str
    media_type: str
    size: int


@dataclass(frozen=True)
class Detail:
    """Everything staff see of one; ``contact`` is None for those who may not know who sent it."""

    complaint: Complaint
    due: Deadline | None
    urgency: Urgency | None
    handler: str
    policy: PolicyValue | None
    contact: ComplaintContact | None
    may_see_contact: bool
    notice: Notice | None
    pictures: tuple[Picture, ...]
    lines: tuple[Line, ...]
    open_steps: tuple[OpenStep, ...]
    handlers: tuple[tuple[str, str], ...]

    @property
    def escalated(self) -> bool:
        return self.complaint.escalated or self.urgency is Urgency.OVERDUE


@dataclass(frozen=True)
class Own:
    """What the holder of the secret link sees: state, term, the office's answers, the own words."""

    complaint: Complaint
    due: Deadline | None
    urgency: Urgency | None
    policy: PolicyValue | None
    notice: Notice | None
    lines: tuple[Line, ...]
    dissented: bool


def listing(
    session: Session,
    actor: Actor,
    today: date,
    *,
    text: str = "",
    kind: str = "",
    state: str = "",
    handler: str = "",
    number: int = 1,
    size: int = 25,
) -> Page[Row]:
    """The queue: what is due first stands first, what is not due any more follows, newest change first.

    ``text`` is a piece of the number, the words, the place or the code; ``handler`` a role, or ``mine``.
    """
    statement = _within_reach(actor)
    if kind:
        statement = statement.where(Complaint.kind == kind)
    if state:
        statement = statement.where(Complaint.state == state)
    if handler == "mine":
        statement = statement.where(_for(actor, today))
    elif handler:
        statement = statement.where(Complaint.handler_role == handler)
    if text:
        places = (Complaint.number, Complaint.what, Complaint.place, Complaint.code)
        statement = statement.where(or_(*(col(one).icontains(text, autoescape=True) for one in places)))
    found = page(session, _by_urgency(statement), number, size)
    return Page(rows(session, found.rows, today), found.number, found.size, found.total)


def waiting_for(session: Session, actor: Actor, today: date, most: int) -> list[Row]:
    """What this person should do next: work that is due, and new words of a complainant."""
    if actor.reach(HANDLE) is not None:
        return []
    waits = or_(col(Complaint.state).in_(complaint_flow.WAITING), col(Complaint.unread))
    statement = _within_reach(actor).where(_for(actor, today), waits)
    return rows(session, session.exec(_by_urgency(statement).limit(most)), today)


def _within_reach(actor: Actor) -> SelectOfScalar[Complaint]:
    """Complaints belong to the office alone: a right that is tied to an enterprise reaches none of them."""
    statement = select(Complaint)
    return statement if actor.reach("complaints.read") is None else statement.where(col(Complaint.id).is_(None))


def _for(actor: Actor, today: date):  # type: ignore[no-untyped-def]
    """Routed to this person, or to a role of this person and to nobody by name; overdue, to those who decide as well.

    The stored last day is that of the calendar when the term began; one moved since then is late here by that much.
    """
    by_role = col(Complaint.handler_role).in_(list(actor.roles)) & col(Complaint.handler_id).is_(None)
    overdue = col(Complaint.state).in_(complaint_flow.WAITING) & (col(Complaint.due_on) < today)
    above = [overdue] if ESCALATED_TO in actor.roles else []
    return or_(col(Complaint.handler_id) == actor.person_id, by_role, *above)


def _by_urgency(statement: SelectOfScalar[Complaint]) -> SelectOfScalar[Complaint]:
    due = col(Complaint.due_on)
    return statement.order_by(due.is_(None), due, col(Complaint.changed_at).desc(), col(Complaint.id))


def rows(session: Session, complaints: Iterable[Complaint], today: date) -> list[Row]:
    found = list(complaints)
    terms = Terms(session)
    people = by_id(session, Person, (one.handler_id for one in found if one.handler_id))
    return [
        Row(
            one,
            due_of(terms.calendar, one),
            _urgency(terms, one, today),
            _handler(one, people.get(one.handler_id or "")),
        )
        for one in found
    ]


def due_of(calendar: Calendar, complaint: Complaint) -> Deadline | None:
    """The last day of the term that runs, by the calendar as it is known today."""
    if complaint.due_start is None:
        return None
    return complaint_clocks.last_day(calendar, complaint.due_start, complaint.due_days)


def _urgency(terms: Terms, complaint: Complaint, today: date) -> Urgency | None:
    return complaint_clocks.urgency(terms.calendar, due_of(terms.calendar, complaint), today, terms.near)


def _handler(complaint: Complaint, person: Person | None) -> str:
    """The name of the person, else the message id of the role."""
    return person.name if person else f"role.{complaint.handler_role}"


def find(session: Session, actor: Actor, complaint_id: str) -> Complaint:
    """The complaint, for those who may read complaints; raises ``access.unknown``."""
    found = session.exec(_within_reach(actor).where(Complaint.id == complaint_id)).first()
    if found is None:
        raise unknown()
    return found


def detail(session: Session, actor: Actor, complaint_id: str, today: date) -> Detail:
    """One complaint for staff; who sent it only with ``complaints.contact``. Raises ``access.unknown``."""
    complaint = find(session, actor, complaint_id)
    row = rows(session, [complaint], today)[0]
    named = actor.reach("complaints.contact") is None
    known = facts(session, complaint, today)
    flow = complaint_flow.flow(complaint.kind)
    steps = open_steps(flow, complaint.state, actor, "", known, ENTERED)
    return Detail(
        complaint,
        row.due,
        row.urgency,
        row.handler,
        _policy(session, complaint),
        session.get(ComplaintContact, complaint_id) if named else None,
        named,
        session.get(Notice, complaint.notice_id) if complaint.notice_id else None,
        _pictures(session, complaint_id),
        _lines(session, complaint, staff=True),
        tuple(steps),
        tuple(handlers(session)),
    )


def of_same_contact(session: Session, contact: ComplaintContact | None) -> list[Complaint]:
    """Other complaints under the same telephone or e-mail; whoever asks to be forgotten may mean them too."""
    if contact is None or not contact.contact:
        return []
    same = select(ComplaintContact.complaint_id).where(ComplaintContact.contact == contact.contact)
    others = select(Complaint).where(col(Complaint.id).in_(same), Complaint.id != contact.complaint_id)
    return list(session.exec(others.order_by(col(Complaint.number))))


def _pictures(session: Session, complaint_id: str) -> tuple[Picture, ...]:
    statement = select(ComplaintPicture.id, ComplaintPicture.media_type, ComplaintPicture.size).where(
        ComplaintPicture.complaint_id == complaint_id
    )
    return tuple(Picture(*one) for one in session.exec(statement.order_by(col(ComplaintPicture.position))))


def picture(session: Session, actor: Actor, complaint_id: str, picture_id: str) -> ComplaintPicture:
    """One photograph with its bytes, for those who may read complaints; raises ``access.unknown``."""
    find(session, actor, complaint_id)
    found = session.get(ComplaintPicture, picture_id)
    if found is None or found.complaint_id != complaint_id:
        raise unknown()
    return found


def by_digest(session: Session, digest: str) -> Complaint | None:
    return session.exec(select(Complaint).where(Complaint.secret_digest == digest)).first()


def own(session: Session, digest: str, today: date) -> Own:
    """One complaint for the holder of its link; raises ``access.unknown``."""
    complaint = by_digest(session, digest)
    if complaint is None:
        raise unknown()
    row = rows(session, [complaint], today)[0]
    notice = session.get(Notice, complaint.notice_id) if complaint.notice_id else None
    policy, lines = _policy(session, complaint), _lines(session, complaint, staff=False)
    return Own(complaint, row.due, row.urgency, policy, notice, lines, dissented(session, complaint.id))


def _lines(session: Session, complaint: Complaint, *, staff: bool) -> tuple[Line, ...]:
    steps = session.exec(select(ComplaintStep).where(ComplaintStep.complaint_id == complaint.id))
    messages = session.exec(select(ComplaintMessage).where(ComplaintMessage.complaint_id == complaint.id))
    held = [
        (one.at, one.position, Line(one.at, one.action, one.comment, one.person_name, one.reason_code, one.handler))
        for one in steps
        if staff or one.action in TOLD
    ]
    held += [(one.at, 0, Line(one.at, "reply", one.words)) for one in messages]
    return tuple(line for _, _, line in sorted(held, key=lambda one: one[:2]))


def dissented(session: Session, complaint_id: str) -> bool:
    """Whether the complainant has said once that the answer does not settle it."""
    said = ComplaintStep.action == DISSENT.action
    return (
        session.exec(select(ComplaintStep.id).where(ComplaintStep.complaint_id == complaint_id, said)).first()
        is not None
    )


def facts(session: Session, complaint: Complaint, today: date) -> dict[str, object]:
    """What the guards of ``rules/complaint_flow.py`` look at; the step adds reason, comment and handler."""
    return {
        "escalated": complaint.escalated,
        "overdue": _urgency(Terms(session), complaint, today) is Urgency.OVERDUE,
        "handlers": {one for one, _ in handlers(session)},
        "reason_code": "",
        "comment": "",
        "handler": "",
    }


def handlers(session: Session) -> list[tuple[str, str]]:
    """Whom one may route to: (role, its message id), then (person id, name)."""
    statement = (
        select(Person)
        .join(Account, col(Account.person_id) == col(Person.id))
        .join(RoleGrant, col(RoleGrant.account_id) == col(Account.id))
        .where(col(Account.active), col(RoleGrant.role).in_(HANDLERS), col(RoleGrant.enterprise_id).is_(None))
        .order_by(Person.name, Person.id)
        .distinct()
    )
    return [*((str(one), f"role.{one}") for one in HANDLERS), *((one.id, one.name) for one in session.exec(statement))]


def scheme_id(session: Session, notice_id: str | None) -> str | None:
    """The scheme whose policy values set the terms: that of the notice, else the registry's first."""
    if notice_id:
        statement = (
            select(Brand.scheme_id)
            .join(Application, col(Application.brand_id) == col(Brand.id))
            .join(Notice, col(Notice.application_id) == col(Application.id))
        )
        return session.exec(statement.where(Notice.id == notice_id)).first()
    held = schemes.schemes(session)
    return held[0].id if held else None


def term(session: Session, notice_id: str | None, policy: str) -> int | None:
    """The working days of a term; None where no scheme sets it: a complaint is taken in all the same."""
    scheme = scheme_id(session, notice_id)
    found = schemes.policy_row(session, scheme, policy) if scheme else None
    return found.value if found else None


def _policy(session: Session, complaint: Complaint) -> PolicyValue | None:
    """Where the number of days comes from, as it was when the term began."""
    scheme = scheme_id(session, complaint.notice_id)
    if scheme is None or not complaint.due_policy:
        return None
    return schemes.policy_row(session, scheme, complaint.due_policy, complaint.due_start)
