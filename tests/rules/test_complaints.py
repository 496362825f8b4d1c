"""Complaints: every state × action against the table written out by hand, what stands in the way, and the clocks."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brand.kernel.errors import AppError
from brand.kernel.workflow import Workflow
from brand.rules import complaint_clocks, complaint_flow
from brand.rules.complaint_clocks import POLICIES, Urgency
from brand.rules.complaint_flow import COMPLAINT, HANDLERS, HINT, OBJECTION, WAITING, Kind, may_dissent
from brand.rules.working_day_seed import seed_calendar
from brand.rules.working_days import Deadline, calendar, is_working_day

COMPLAINT_MOVES = {
    ("received", "accept"): "in_work",
    ("received", "refuse"): "refused",
    ("received", "route"): "received",
    ("received", "escalate"): "received",
    ("in_work", "answer"): "answered",
    ("in_work", "route"): "in_work",
    ("in_work", "escalate"): "in_work",
    ("in_work", "end_mediation"): "answered",
    ("answered", "reopen"): "in_work",
    ("answered", "close"): "closed",
}
HINT_MOVES = {key: state for key, state in COMPLAINT_MOVES.items() if key[1] != "end_mediation"}
OBJECTION_MOVES = {
    ("open", "uphold"): "upheld",
    ("open", "dismiss"): "dismissed",
    ("open", "route"): "open",
    ("open", "escalate"): "open",
}
FACTS: dict[str, Any] = {
    "comment": "示范",
    "reason_code": "not_accepted.not_ours",
    "handler": "inspector",
    "handlers": {"inspector"},
    "escalated": False,
    "overdue": True,
}
GROUNDS = {
    "dismiss": {"reason_code": "dismissal.settled"},
    "end_mediation": {"reason_code": "mediation.term_over"},
}


@pytest.mark.parametrize(
    ("flow", "moves"),
    [(COMPLAINT, COMPLAINT_MOVES), (HINT, HINT_MOVES), (OBJECTION, OBJECTION_MOVES)],
    ids=["complaint", "hint", "objection"],
)
def test_every_state_and_action(flow: Workflow, moves: dict[tuple[str, str], str]) -> None:
    actions = {*COMPLAINT.actions, *OBJECTION.actions}
    for state in flow.states:
        for action in actions:
            facts = FACTS | GROUNDS.get(action, {})
            if (state, action) in moves:
                assert flow.apply(state, action, facts).next_state == moves[state, action]
            else:
                with pytest.raises(AppError) as refusal:
                    flow.apply(state, action, facts)
                assert refusal.value.code == "complaints.wrong_state"
    assert {one.permission for one in flow.steps} == {"complaints.handle"}


@pytest.mark.parametrize(
    ("flow", "state", "action", "change", "code"),
    [
        (COMPLAINT, "received", "refuse", {"reason_code": ""}, "complaints.reason_unknown"),
        (COMPLAINT, "received", "refuse", {"reason_code": "dismissal.settled"}, "complaints.reason_unknown"),
        (COMPLAINT, "received", "refuse", {"comment": " "}, "complaints.comment_missing"),
        (COMPLAINT, "in_work", "answer", {"comment": "\n"}, "complaints.comment_missing"),
        (COMPLAINT, "in_work", "end_mediation", {}, "complaints.reason_unknown"),
        (
            COMPLAINT,
            "in_work",
            "end_mediation",
            {"reason_code": "mediation.term_over", "overdue": False},
            "complaints.term_runs",
        ),
        (
            COMPLAINT,
            "in_work",
            "end_mediation",
            {"reason_code": "mediation.no_agreement", "comment": ""},
            "complaints.comment_missing",
        ),
        (COMPLAINT, "answered", "reopen", {"comment": ""}, "complaints.comment_missing"),
        (COMPLAINT, "received", "route", {"handler": "producer"}, "complaints.handler_unknown"),
        (COMPLAINT, "in_work", "escalate", {"escalated": True}, "complaints.escalated_already"),
        (OBJECTION, "open", "dismiss", {}, "complaints.reason_unknown"),
        (OBJECTION, "open", "uphold", {"comment": ""}, "complaints.comment_missing"),
    ],
)
def test_what_stands_in_the_way(flow: Workflow, state: str, action: str, change: dict[str, Any], code: str) -> None:
    with pytest.raises(AppError) as refusal:
        flow.apply(state, action, FACTS | change)
    assert refusal.value.code == code


def test_handlers_are_roles_of_the_office() -> None:
    assert set(HANDLERS) == {"brand_clerk", "brand_approver", "inspector"}


END = Deadline(date(2026, 9, 20), provisional=False)


@pytest.mark.parametrize(
    ("kind", "happened_on", "end", "today", "code"),
    [
        ("complaint", date(2026, 9, 15), None, date(2026, 9, 14), "complaints.day_ahead"),
        ("report", None, END, date(2026, 9, 14), "complaints.notice_not_asked"),
        ("objection", None, None, date(2026, 9, 14), "complaints.notice_needed"),
        ("objection", None, END, date(2026, 9, 21), "complaints.notice_ended"),
    ],
)
def test_what_cannot_be_sent(kind: str, happened_on: date | None, end: Deadline | None, today: date, code: str) -> None:
    with pytest.raises(AppError) as refusal:
        complaint_flow.check(kind, happened_on, end, today)
    assert refusal.value.code == code


def test_the_last_day_is_in_time_and_a_provisional_one_has_not_passed() -> None:
    complaint_flow.check("objection", None, END, END.end)
    complaint_flow.check("objection", None, Deadline(date(2020, 1, 1), provisional=True), END.end)


def test_what_waits_has_a_clock_and_what_is_over_has_none() -> None:
    for kind in Kind:
        for state in complaint_flow.flow(kind).states:
            assert (complaint_clocks.clock(kind, state) is not None) == (state in WAITING)
    assert len(POLICIES) == 5


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        # 20 September 2026, a Sunday, is worked for the days off of Mid-Autumn (25 to 27 September).
        (date(2026, 9, 14), 7, date(2026, 9, 22)),
        (date(2026, 9, 24), 7, date(2026, 10, 12)),  # over National Day, 10 October (a Saturday) worked
        (date(2026, 9, 14), 45, date(2026, 11, 20)),
    ],
)
def test_terms_over_days_worked_and_days_off(start: date, days: int, last: date) -> None:
    assert complaint_clocks.last_day(seed_calendar(), start, days) == Deadline(last, provisional=False)


def test_over_the_turn_of_an_ungazetted_year_the_day_is_provisional() -> None:
    gazetted_2026 = calendar([], [2026])
    due = complaint_clocks.last_day(gazetted_2026, date(2026, 12, 28), 7)
    assert due == Deadline(date(2027, 1, 6), provisional=True)
    assert complaint_clocks.last_day(gazetted_2026, date(2026, 12, 28), None) is None


@given(st.dates(date(2026, 1, 1), date(2026, 10, 1)), st.integers(1, 45))
def test_the_last_day_is_a_working_day_and_the_days_between_add_up(start: date, days: int) -> None:
    table = seed_calendar()
    due = complaint_clocks.last_day(table, start, days)
    assert due is not None
    between = [date.fromordinal(one) for one in range(start.toordinal() + 1, due.end.toordinal() + 1)]
    assert sum(is_working_day(table, one) for one in between) == days
    assert is_working_day(table, due.end)


@pytest.mark.parametrize(
    ("today", "urgency"),
    [
        (date(2026, 9, 14), Urgency.CALM),
        (date(2026, 9, 20), Urgency.SOON),
        (date(2026, 9, 22), Urgency.SOON),
        (date(2026, 9, 23), Urgency.OVERDUE),
    ],
)
def test_urgency_counts_working_days(today: date, urgency: Urgency) -> None:
    due = complaint_clocks.last_day(seed_calendar(), date(2026, 9, 14), 7)
    assert complaint_clocks.urgency(seed_calendar(), due, today, 2) is urgency
    assert complaint_clocks.urgency(seed_calendar(), None, today, 2) is None


def test_only_a_quarrel_is_mediated() -> None:
    assert [complaint_flow.flow(one) for one in Kind] == [COMPLAINT, HINT, HINT, OBJECTION]


def test_dissent_answers_an_answer_and_once() -> None:
    may_dissent("answered", False)
    for state, dissented, code in (
        ("in_work", False, "complaints.not_answered"),
        ("closed", False, "complaints.not_answered"),
        ("answered", True, "complaints.dissented_already"),
    ):
        with pytest.raises(AppError) as refusal:
            may_dissent(state, dissented)
        assert refusal.value.code == code
