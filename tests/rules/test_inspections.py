"""From what was found to the measure: the whole table, the immediate path, dates in the policy, each state × action."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest

from brand.kernel.errors import AppError
from brand.rules import inspections, office_tables
from brand.rules.inspections import FLOW, InspectionKind, Measure, Severity
from brand.rules.office_tables import Table
from brand.rules.sanctions import Sanction

MOVES = {
    ("recorded", "tell"): "told",
    ("told", "close"): "closed",
    ("told", "accept"): "closed",
    ("told", "fail"): "failed",
    ("told", "carry_out"): "closed",
    ("failed", "carry_out"): "closed",
    **{(state, "lift"): "lifted" for state in ("told", "failed", "closed")},
}
TABLE = office_tables.sanctions(office_tables.shipped(Table.SANCTIONS).content)
FITTING = {
    "close": "none",
    "accept": "rectify",
    "fail": "rectify",
    "carry_out": "revoke",
    "tell": "none",
    "lift": "rectify",
}
FACTS: dict[str, Any] = {
    "licence_state": "revoked",
    "person_id": "approver",
    "hands": {"inspector"},
    "appeal_changed": True,
    "comment": "示范",
}


def _code(act: Any, *args: Any) -> str:
    with pytest.raises(AppError) as refusal:
        act(*args)
    return refusal.value.code


def test_every_state_and_action() -> None:
    for state in FLOW.states:
        for action in FLOW.actions:
            facts = FACTS | {"measure": FITTING[action]}
            if (state, action) in MOVES:
                assert FLOW.apply(state, action, facts).next_state == MOVES[state, action]
            else:
                assert _code(FLOW.apply, state, action, facts) == "inspections.wrong_state"


@pytest.mark.parametrize(
    ("state", "action", "change", "code"),
    [
        ("recorded", "tell", {"comment": ""}, "inspections.comment_missing"),
        ("told", "close", {"measure": "rectify"}, "inspections.measure_open"),
        ("told", "accept", {"measure": "suspend"}, "inspections.not_rectifying"),
        ("told", "accept", {"measure": "rectify", "person_id": "inspector"}, "inspections.four_eyes"),
        ("told", "carry_out", {"measure": "revoke", "licence_state": "suspended"}, "inspections.not_carried_out"),
        ("told", "carry_out", {"measure": "none"}, "inspections.not_carried_out"),
        ("failed", "carry_out", {"measure": "rectify", "licence_state": "valid"}, "inspections.not_carried_out"),
        ("told", "lift", {"measure": "rectify", "appeal_changed": False}, "appeals.not_changed"),
        ("closed", "lift", {"measure": "advice"}, "inspections.not_rectifying"),
        ("closed", "lift", {"measure": "rectify", "person_id": "inspector"}, "inspections.four_eyes"),
        ("failed", "lift", {"measure": "rectify", "comment": ""}, "inspections.comment_missing"),
    ],
)
def test_what_stands_in_the_way(state: str, action: str, change: dict[str, Any], code: str) -> None:
    assert _code(FLOW.apply, state, action, FACTS | change) == code


@pytest.mark.parametrize(
    ("severity", "measures"),
    [
        ("minor", ["advice", "rectify", "suspend", "suspend"]),
        ("serious", ["rectify", "suspend", "revoke", "revoke"]),
        ("grave", ["suspend", "revoke", "revoke", "revoke"]),
    ],
)
def test_severity_and_repeat(severity: str, measures: list[str]) -> None:
    found = [inspections.measure(TABLE, Severity(severity), "sanction.standard", earlier) for earlier in range(4)]
    assert found == measures


def test_a_measure_never_gets_milder_with_repeats_or_severity() -> None:
    order = list(Measure)
    found = [Severity.MINOR, Severity.SERIOUS, Severity.GRAVE]
    for reason, earlier in product(Sanction, range(5)):
        by_severity = [order.index(inspections.measure(TABLE, one, reason, earlier)) for one in found]
        assert by_severity == sorted(by_severity)
        for one in found:
            later = order.index(inspections.measure(TABLE, one, reason, earlier + 1))
            assert later >= order.index(inspections.measure(TABLE, one, reason, earlier))


@pytest.mark.parametrize("reason", ["sanction.accident", "sanction.forgery"])
def test_accidents_and_forgery_end_it_at_once(reason: str) -> None:
    assert inspections.measure(TABLE, Severity.MINOR, reason, 0) is Measure.REVOKE


def test_reasons_go_with_findings() -> None:
    assert inspections.measure(TABLE, Severity.NONE, "", 3) is Measure.NONE
    assert _code(inspections.measure, TABLE, Severity.NONE, "sanction.standard", 0) == "inspections.reason"
    assert _code(inspections.measure, TABLE, Severity.MINOR, "", 0) == "inspections.reason"
    assert _code(inspections.measure, TABLE, Severity.MINOR, "refusal.origin", 0) == "inspections.reason"


@pytest.mark.parametrize(
    ("measure", "by", "code"),
    [
        (Measure.RECTIFY, None, "inspections.rectify_by"),
        (Measure.RECTIFY, date(2026, 9, 14), "inspections.rectify_by"),
        (Measure.RECTIFY, date(2026, 12, 15), "inspections.rectify_by"),
        (Measure.ADVICE, date(2026, 9, 20), "inspections.rectify_not_asked"),
    ],
)
def test_dates_to_put_right(measure: Measure, by: date | None, code: str) -> None:
    assert _code(inspections.check_rectify_by, measure, by, date(2026, 9, 14), 3) == code


def test_the_last_lawful_day_to_put_right() -> None:
    inspections.check_rectify_by(Measure.RECTIFY, date(2026, 12, 14), date(2026, 9, 14), 3)


def test_a_clean_yearly_review_needs_its_report() -> None:
    yearly = InspectionKind.YEARLY
    assert _code(inspections.check_papers, yearly, Severity.NONE, 0) == "inspections.test_report_missing"
    inspections.check_papers(yearly, Severity.MINOR, 0)
    inspections.check_papers(InspectionKind.VISIT, Severity.NONE, 0)


def test_the_next_review() -> None:
    assert inspections.next_review(date(2026, 8, 24), 12) == date(2027, 8, 24)
    assert inspections.next_review(date(2028, 2, 29), 12) == date(2029, 2, 28)
