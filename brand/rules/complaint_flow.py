"""The life of a complaint, a report, a comment and an objection: steps, reasons, and who answers.

Source: the market regulator's rules on complaints and reports (2022), domain notes B5 (accept or refuse in seven
working days, mediation ends at forty-five, a report is looked into in fifteen), A5.9–A5.11 (objections to a notice hold
the decision; a channel for comments and reports). Terms are policy values; this table knows only their order.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from brand.kernel.errors import AppError, Fault, invalid, refused
from brand.kernel.permissions import PERMISSIONS, Role
from brand.kernel.workflow import Facts, Step, Workflow
from brand.rules.working_days import Deadline


class Kind(StrEnum):
    """What somebody sends: a quarrel of their own, a hint at an offence, an opinion, an objection to a notice."""

    COMPLAINT = "complaint"
    REPORT = "report"
    COMMENT = "comment"
    OBJECTION = "objection"


class ComplaintState(StrEnum):
    RECEIVED = "received"
    IN_WORK = "in_work"
    ANSWERED = "answered"
    REFUSED = "refused"
    CLOSED = "closed"
    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


#: States in which the office still has to do something; ``answered`` waits for the complainant or the close.
WAITING = (ComplaintState.RECEIVED, ComplaintState.IN_WORK, ComplaintState.OPEN)
#: States after which the complainant can write no more.
ENDED = (ComplaintState.REFUSED, ComplaintState.CLOSED, ComplaintState.UPHELD, ComplaintState.DISMISSED)

#: Photographs one may send along: both sides of a label and the pack.
MOST_PICTURES = 3
PICTURES = frozenset({"image/jpeg", "image/png"})

HANDLE = "complaints.handle"
#: Roles one may route to: those who may handle complaints.
HANDLERS = tuple(one for one in Role if HANDLE in PERMISSIONS[one])


#: To whom what was escalated goes, by a step, by the complainant or by a term that passed.
ESCALATED_TO = Role.BRAND_APPROVER


class NotAccepted(StrEnum):
    """Why a complaint may be refused; ``<code>.rule`` in the texts is the rule it rests on."""

    NOT_OURS = "not_accepted.not_ours"
    ELSEWHERE = "not_accepted.elsewhere"
    NOT_CONSUMER = "not_accepted.not_consumer"
    TOO_LATE = "not_accepted.too_late"
    INCOMPLETE = "not_accepted.incomplete"


class MediationEnd(StrEnum):
    """Why a mediation ends without agreement; of the rules only the term is confirmed, the rest is to be checked."""

    TERM_OVER = "mediation.term_over"
    NO_AGREEMENT = "mediation.no_agreement"
    NOT_WILLING = "mediation.not_willing"


class Dismissal(StrEnum):
    """Why an objection does not change the decision."""

    NOT_CONFIRMED = "dismissal.not_confirmed"
    NOT_RELEVANT = "dismissal.not_relevant"
    SETTLED = "dismissal.settled"


def words_are_given(facts: Facts) -> None:
    if not facts["comment"].strip():
        raise _at("comment", "complaints.comment_missing")


def refusal_is_named(facts: Facts) -> None:
    _one_of(NotAccepted, facts["reason_code"])


def dismissal_is_named(facts: Facts) -> None:
    _one_of(Dismissal, facts["reason_code"])


def end_is_named(facts: Facts) -> None:
    """«The term is over» only once it is."""
    _one_of(MediationEnd, facts["reason_code"])
    if facts["reason_code"] == MediationEnd.TERM_OVER and not facts["overdue"]:
        raise refused("complaints.term_runs")


def handler_is_named(facts: Facts) -> None:
    """A role that handles complaints, or a person who holds one."""
    if facts["handler"] not in facts["handlers"]:
        raise _at("handler", "complaints.handler_unknown")


def not_escalated_already(facts: Facts) -> None:
    if facts["escalated"]:
        raise refused("complaints.escalated_already")


def _one_of(choices: type[StrEnum], given: str) -> None:
    if given not in {str(one) for one in choices}:
        raise _at("reason_code", "complaints.reason_unknown")


def _at(field: str, code: str) -> AppError:
    return invalid(code, faults=[Fault(code, f"/{field}")])


def _passing_on(*states: str) -> list[Step]:
    """Routing and escalation leave the state as it is, wherever work is still to be done."""
    return [
        step
        for state in states
        for step in (
            Step(state, "route", state, HANDLE, "complaints.route", (handler_is_named,)),
            Step(state, "escalate", state, HANDLE, "complaints.escalate", (not_escalated_already, words_are_given)),
        )
    ]


#: Guards on what the person types with a step; they are not judged before it is typed.
ENTERED = (words_are_given, refusal_is_named, dismissal_is_named, end_is_named, handler_is_named)

#: A report or a comment; nobody mediates there.
HINT = Workflow(
    "complaints",
    [
        Step("received", "accept", "in_work", HANDLE, "complaints.accept"),
        Step(
            "received",
            "refuse",
            "refused",
            HANDLE,
            "complaints.refuse",
            (refusal_is_named, words_are_given),
            reason=True,
        ),
        Step("in_work", "answer", "answered", HANDLE, "complaints.answer", (words_are_given,)),
        Step("answered", "reopen", "in_work", HANDLE, "complaints.reopen", (words_are_given,)),
        Step("answered", "close", "closed", HANDLE, "complaints.close"),
        *_passing_on("received", "in_work"),
    ],
)

#: A quarrel of the complainant's own: besides an answer, its mediation may end without agreement.
COMPLAINT = Workflow(
    "complaints",
    [
        *HINT.steps,
        Step(
            "in_work",
            "end_mediation",
            "answered",
            HANDLE,
            "complaints.end_mediation",
            (end_is_named, words_are_given),
            reason=True,
        ),
    ],
)

OBJECTION = Workflow(
    "complaints",
    [
        Step("open", "uphold", "upheld", HANDLE, "complaints.uphold", (words_are_given,)),
        Step(
            "open",
            "dismiss",
            "dismissed",
            HANDLE,
            "complaints.dismiss",
            (dismissal_is_named, words_are_given),
            reason=True,
        ),
        *_passing_on("open"),
    ],
)


def flow(kind: str) -> Workflow:
    """The table that rules this kind."""
    return {Kind.OBJECTION: OBJECTION, Kind.COMPLAINT: COMPLAINT}.get(Kind(kind), HINT)


#: The complainant's own step, through the secret link and once: an answer that does not settle it goes to those who
#: decide, and the first term goes on.
DISSENT = Step("answered", "dissent", "in_work", "", "complaints.dissent")


def may_dissent(state: str, dissented: bool) -> None:
    """Raises ``complaints.not_answered`` and ``complaints.dissented_already``."""
    if dissented:
        raise refused("complaints.dissented_already")
    if state != DISSENT.state:
        raise refused("complaints.not_answered")


def first_state(kind: str) -> ComplaintState:
    return ComplaintState.OPEN if kind == Kind.OBJECTION else ComplaintState.RECEIVED


def check_pictures(media_types: Sequence[str]) -> None:
    """Raises ``complaints.too_many_pictures`` or ``uploads.pictures_only``."""
    if len(media_types) > MOST_PICTURES:
        raise invalid(
            "complaints.too_many_pictures",
            faults=[Fault("complaints.too_many_pictures", "/photo", {"most": MOST_PICTURES})],
            most=MOST_PICTURES,
        )
    if not PICTURES.issuperset(media_types):
        raise _at("photo", "uploads.pictures_only")


def check(kind: str, happened_on: date | None, notice_end: Deadline | None, today: date) -> None:
    """Whether it may be sent today; ``notice_end`` None means no notice is named.

    Raises ``complaints.day_ahead``, ``complaints.notice_needed``, ``complaints.notice_not_asked`` and, from the day
    after the last one, ``complaints.notice_ended``. A last day that is still provisional has not passed.
    """
    if happened_on is not None and happened_on > today:
        raise _at("happened_on", "complaints.day_ahead")
    if kind != Kind.OBJECTION:
        if notice_end is not None:
            raise _at("notice", "complaints.notice_not_asked")
        return
    if notice_end is None:
        raise _at("notice", "complaints.notice_needed")
    if not notice_end.provisional and today > notice_end.end:
        raise refused("complaints.notice_ended", day=notice_end.end.isoformat())


#: Steps whose words the complainant reads; routing and escalation are the office's own affair.
TOLD = frozenset(
    {"receive", "accept", "refuse", "answer", "end_mediation", "dissent", "reopen", "close", "uphold", "dismiss"}
)
