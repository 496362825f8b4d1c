"""Appeals of a party against a decision of the office: what may be appealed, who answers, and what an answer leads to.

Source: product notes R3 (appeal note) and domain notes A5.9, A1.26 (reasons, four eyes). No statutory term for such an
appeal was found: both terms are policy values of the office. Advice changes no right and is not appealed; a ban
follows from the revocation and stands or falls with it.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from brand.kernel.errors import Fault, invalid, refused
from brand.kernel.workflow import Facts, Step, Workflow
from brand.rules.working_days import Deadline

#: Working days to appeal after the decision, and to answer after the appeal.
FILE_POLICY, ANSWER_POLICY = "appeal_working_days", "appeal_answer_working_days"


class Decision(StrEnum):
    """What the party may appeal against."""

    REFUSAL = "refusal"
    RECTIFY = "rectify"
    SUSPENSION = "suspend"
    REVOCATION = "revoke"


class AppealState(StrEnum):
    """``new`` is before it is sent; no row ever carries it."""

    NEW = "new"
    FILED = "filed"
    UPHELD = "upheld"
    CHANGED = "changed"


class PublicState(StrEnum):
    """All the public is told of an appeal."""

    PENDING = "pending"
    ANSWERED = "answered"


def public_state(state: str) -> PublicState:
    return PublicState.PENDING if state == AppealState.FILED else PublicState.ANSWERED


def within_term(facts: Facts) -> None:
    """A term that ends in a year whose days off are not gazetted is never over: the day itself is still a guess."""
    last: Deadline = facts["file_by"]
    today: date = facts["today"]
    if today > last.end and not last.provisional:
        raise refused("appeals.too_late", day=last.end.isoformat(), days=facts["term_days"])


def statement_is_given(facts: Facts) -> None:
    if not facts["words"].strip():
        raise invalid("appeals.words_missing", faults=[Fault("appeals.words_missing", "/words")])


def answered_by_another_person(facts: Facts) -> None:
    """Whoever decided, recommended or proposed the decision does not judge it; persons are compared, not accounts."""
    if facts["person_id"] in facts["hands"]:
        raise refused("appeals.four_eyes")


def answer_is_explained(facts: Facts) -> None:
    if not facts["answer"].strip():
        raise invalid("appeals.answer_missing", faults=[Fault("appeals.answer_missing", "/answer")])


def an_appeal_changed_it(facts: Facts) -> None:
    """A guard of other life cycles: what is over is taken up again only after an appeal that was found right."""
    if not facts["appeal_changed"]:
        raise refused("appeals.not_changed")


_WRITE, _ANSWER = "appeals.write", "appeals.answer"
_JUDGED = (answered_by_another_person, answer_is_explained)

#: An answer «changed» undoes nothing by itself: it opens the step that takes the decision back, see ``CARRIED_OUT_BY``.
FLOW = Workflow(
    "appeals",
    [
        Step("new", "file", "filed", _WRITE, "appeals.file", (within_term, statement_is_given)),
        Step("filed", "uphold", "upheld", _ANSWER, "appeals.uphold", _JUDGED),
        Step("filed", "change", "changed", _ANSWER, "appeals.change", _JUDGED),
    ],
)

#: The permission of whoever has to take the step that an answer «changed» calls for.
CARRIED_OUT_BY = {
    Decision.REFUSAL: "applications.review",
    Decision.RECTIFY: "licences.sanction",
    Decision.SUSPENSION: "licences.sanction",
    Decision.REVOCATION: "licences.sanction",
}
