"""Changes complaints: taking one in from anybody, words that follow through its link, and every step of the office."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlmodel import col, func, select

from brand.kernel import audit, numbers
from brand.kernel.actors import ANONYMOUS, SYSTEM
from brand.kernel.errors import Fault, conflict, invalid, refused, unknown
from brand.kernel.permissions import Role
from brand.kernel.uploads import Upload
from brand.kernel.work import Work
from brand.kernel.workflow import Step
from brand.models.complaints import Complaint, ComplaintContact, ComplaintMessage, ComplaintPicture, ComplaintStep
from brand.queries import calendar as calendars
from brand.queries import complaints as reading
from brand.queries import notices
from brand.rules import complaint_clocks, complaint_flow
from brand.rules.complaint_clocks import Start
from brand.rules.complaint_flow import DISSENT, ENDED, ESCALATED_TO, HANDLE, Kind

#: A secret has at least 128 random bits; ours have 160 in 32 characters.
SHORTEST_SECRET = 32
MOST_MESSAGES = 20
#: Whose work it is at first; an escalated one goes to those who decide.
FIRST_HANDLER = {Kind.REPORT: Role.INSPECTOR}


def digest(secret: str) -> str:
    """What is kept of a secret link."""
    return hashlib.sha256(secret.upper().encode()).hexdigest()


def receive(
    work: Work,
    *,
    secret: str,
    kind: str,
    what: str,
    place: str = "",
    happened_on: date | None = None,
    code: str = "",
    notice: str = "",
    name: str = "",
    contact: str = "",
    pictures: Sequence[Upload] = (),
) -> Complaint:
    """Take in what anybody sends; ``secret`` opens it for the sender later, ``notice`` is the number objected to.
    ``pictures`` are photographs drawn anew by ``kernel.uploads``.

    Nothing of the asker is recorded, signed in or not. The same secret with the same content gives what is there
    already; with another content it raises ``complaints.sent_already``. Raises what ``complaint_flow.check`` refuses.
    """
    assert len(secret) >= SHORTEST_SECRET
    work = replace(work, actor=ANONYMOUS)
    posted = _notice(work, notice)
    complaint = Complaint(
        number="",
        secret_digest=digest(secret),
        kind=kind,
        state=complaint_flow.first_state(kind),
        what=what,
        place=place,
        happened_on=happened_on,
        code=code,
        notice_id=posted.notice.id if posted else None,
        received_at=work.now,
        received_on=work.today,
        handler_role=FIRST_HANDLER.get(Kind(kind), Role.BRAND_CLERK),
        changed_at=work.now,
    )
    known = reading.by_digest(work.session, complaint.secret_digest)
    if known is not None:
        return _same(known, complaint)
    complaint_flow.check(kind, happened_on, posted.end if posted else None, work.today)
    complaint_flow.check_pictures([one.media_type for one in pictures])
    known = _take_number(work, complaint)
    if known is not None:
        return _same(known, complaint)
    _take_in(work, complaint)
    if name or contact:
        work.session.add(ComplaintContact(complaint_id=complaint.id, name=name, contact=contact))
    _keep(work, complaint, pictures)
    _write_down(work, complaint, Step("", "receive", complaint.state, "", "complaints.receive"))
    return complaint


def open_case(
    work: Work,
    *,
    what: str,
    place: str,
    happened_on: date,
    code: str,
    origin: str,
    pictures: Sequence[Upload],
) -> Complaint:
    """A report of the office's own inspector, with the terms and steps of every report; nobody holds a link to it.

    ``origin``: the number of the finding from a market that it is made of. Raises what ``complaint_flow`` refuses.
    """
    work.actor.require("licences.inspect")
    complaint = Complaint(
        number=numbers.next_number(work, "complaints"),
        secret_digest=digest(secrets.token_hex(SHORTEST_SECRET)),
        kind=Kind.REPORT,
        state=complaint_flow.first_state(Kind.REPORT),
        what=what,
        place=place,
        happened_on=happened_on,
        code=code,
        origin=origin,
        received_at=work.now,
        received_on=work.today,
        handler_role=FIRST_HANDLER[Kind.REPORT],
        changed_at=work.now,
    )
    complaint_flow.check(Kind.REPORT, happened_on, None, work.today)
    complaint_flow.check_pictures([one.media_type for one in pictures])
    _take_in(work, complaint)
    _keep(work, complaint, pictures)
    _write_down(work, complaint, Step("", "receive", complaint.state, "", "complaints.receive"))
    return complaint


def _take_in(work: Work, complaint: Complaint) -> None:
    _start_clock(work, complaint)
    work.session.add(complaint)
    work.session.flush()


def _take_number(work: Work, complaint: Complaint) -> Complaint | None:
    """Give it the next number, unless the same secret was taken in while this work waited for one.

    The series of numbers is held until commit, so whoever sends the same form at the same moment waits here; the number
    goes back where it is not needed.
    """
    with work.session.begin_nested() as savepoint:
        complaint.number = numbers.next_number(work, "complaints")
        known = reading.by_digest(work.session, complaint.secret_digest)
        if known is not None:
            savepoint.rollback()
    return known


def _keep(work: Work, complaint: Complaint, pictures: Sequence[Upload]) -> None:
    """The pictures under no name of theirs: a file name may be a person's."""
    for position, one in enumerate(pictures, start=1):
        work.session.add(
            ComplaintPicture(
                complaint_id=complaint.id,
                position=position,
                media_type=one.media_type,
                size=one.size,
                digest=one.digest,
                content=one.data,
            )
        )


def _notice(work: Work, number: str) -> notices.Posted | None:
    if not number:
        return None
    found = notices.find(work.session, number, work.today)
    if found is None:
        code = "complaints.notice_unknown"
        raise invalid(code, faults=[Fault(code, "/notice")])
    return found


def _same(known: Complaint, sent: Complaint) -> Complaint:
    """What was taken in under this secret, if it is the same thing sent twice."""
    compared = ("kind", "what", "place", "happened_on", "code", "notice_id")
    if any(getattr(known, one) != getattr(sent, one) for one in compared):
        raise conflict("complaints.sent_already", number=known.number)
    return known


def reply(work: Work, secret: str, *, words: str) -> Complaint:
    """Words of the complainant through the link; raises ``complaints.ended`` or ``complaints.too_many_words``."""
    complaint = _of_secret(work, secret)
    if complaint.state in ENDED:
        raise refused("complaints.ended", number=complaint.number)
    mine = select(ComplaintMessage).where(ComplaintMessage.complaint_id == complaint.id)
    messages = list(work.session.exec(mine))
    if any(one.words == words for one in messages):
        return complaint
    if len(messages) >= MOST_MESSAGES:
        raise refused("complaints.too_many_words", most=MOST_MESSAGES)
    work.session.add(ComplaintMessage(complaint_id=complaint.id, at=work.now, words=words))
    complaint.unread, complaint.changed_at = True, work.now
    # A page of staff that was opened before these words is out of date.
    complaint.version += 1
    audit.record(replace(work, actor=ANONYMOUS), "complaints.reply", "complaint", complaint.id, number=complaint.number)
    work.session.flush()
    return complaint


def dissent(work: Work, secret: str, *, words: str) -> Complaint:
    """«Not satisfied», once, by the complainant: the answer goes to those who decide and is worked on again.

    Raises ``complaints.not_answered``, ``complaints.dissented_already``.
    """
    complaint = _of_secret(work, secret)
    complaint_flow.may_dissent(complaint.state, reading.dissented(work.session, complaint.id))
    complaint.state, complaint.escalated = DISSENT.next_state, True
    complaint.unread, complaint.changed_at, complaint.version = True, work.now, complaint.version + 1
    _route(complaint, ESCALATED_TO)
    _start_clock(work, complaint)
    _write_down(replace(work, actor=ANONYMOUS), complaint, DISSENT, comment=words)
    return complaint


def _of_secret(work: Work, secret: str) -> Complaint:
    """The complaint this secret opens, locked: of two senders at once the second finds what the first did."""
    statement = select(Complaint).where(Complaint.secret_digest == digest(secret)).with_for_update()
    complaint = work.session.exec(statement, execution_options={"populate_existing": True}).first()
    if complaint is None:
        raise unknown()
    return complaint


def step(
    work: Work,
    complaint_id: str,
    action: str,
    *,
    version: int,
    reason_code: str = "",
    comment: str = "",
    handler: str = "",
) -> Complaint:
    """One step of ``rules/complaint_flow.py``; ``handler`` (a role or a person's id) goes with ``route`` alone.

    Raises ``complaints.stale``, ``complaints.wrong_state`` or what a guard refuses.
    """
    work.actor.require(HANDLE)
    complaint = _locked(work, complaint_id)
    flow = complaint_flow.flow(complaint.kind)
    if action not in flow.actions:
        raise unknown()
    if complaint.version != version:
        raise conflict("complaints.stale", number=complaint.number)
    typed = {"reason_code": reason_code, "comment": comment, "handler": handler}
    move = flow.apply(complaint.state, action, reading.facts(work.session, complaint, work.today) | typed)
    complaint.state, complaint.version = move.next_state, complaint.version + 1
    complaint.changed_at, complaint.unread = work.now, complaint.unread and action in ("route", "escalate")
    if action == "accept":
        complaint.accepted_on = work.today
    if action == "route":
        _route(complaint, handler)
    if action == "escalate":
        complaint.escalated = True
        _route(complaint, ESCALATED_TO)
    if move.next_state != move.state:
        _start_clock(work, complaint)
    _write_down(work, complaint, move, reason_code=reason_code, comment=comment, handler=handler)
    return complaint


def _locked(work: Work, complaint_id: str) -> Complaint:
    reading.find(work.session, work.actor, complaint_id)
    statement = select(Complaint).where(Complaint.id == complaint_id).with_for_update()
    return work.session.exec(statement, execution_options={"populate_existing": True}).one()


def _route(complaint: Complaint, handler: str) -> None:
    if handler in complaint_flow.HANDLERS:
        complaint.handler_role, complaint.handler_id = handler, None
    else:
        complaint.handler_id = handler


def _start_clock(work: Work, complaint: Complaint) -> None:
    """The term of the state just reached, with the days the policy sets now; none in a state where nothing is due."""
    clock = complaint_clocks.clock(complaint.kind, complaint.state)
    complaint.due_policy, complaint.due_start, complaint.due_days, complaint.due_on = "", None, None, None
    if clock is None:
        return
    started = complaint.accepted_on if clock.start is Start.ACCEPTANCE else complaint.received_on
    complaint.due_policy, complaint.due_start = clock.policy, started
    complaint.due_days = reading.term(work.session, complaint.notice_id, clock.policy)
    due = reading.due_of(calendars.calendar(work.session), complaint)
    complaint.due_on = due.end if due else None


def _write_down(
    work: Work, complaint: Complaint, move: Step, *, reason_code: str = "", comment: str = "", handler: str = ""
) -> None:
    """One line of history, one of the audit trail; the trail holds no words and nothing of the sender."""
    last = select(func.max(ComplaintStep.position)).where(col(ComplaintStep.complaint_id) == complaint.id)
    known = work.actor.signed_in and work.actor != SYSTEM
    work.session.add(
        ComplaintStep(
            complaint_id=complaint.id,
            position=(work.session.exec(last).one() or 0) + 1,
            action=move.action,
            from_state=move.state,
            to_state=move.next_state,
            at=work.now,
            person_id=work.actor.person_id if known else None,
            person_name=work.actor.name,
            reason_code=reason_code if move.reason else "",
            handler=handler if move.action == "route" else "",
            comment=comment,
        )
    )
    audit.record(
        work,
        move.audit,
        "complaint",
        complaint.id,
        number=complaint.number,
        kind=complaint.kind,
        from_state=move.state,
        to_state=move.next_state,
        reason_code=reason_code,
    )
    work.session.flush()
