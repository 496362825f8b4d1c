"""The life of an appeal: every state × action, every guard, and what other life cycles open only after one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from brand.kernel.errors import AppError
from brand.rules.appeals import CARRIED_OUT_BY, FLOW, AppealState, Decision, public_state
from brand.rules.working_days import Deadline

MOVES = {("new", "file"): "filed", ("filed", "uphold"): "upheld", ("filed", "change"): "changed"}
FACTS: dict[str, Any] = {
    "today": date(2026, 9, 21),
    "term_days": 10,
    "file_by": Deadline(date(2026, 9, 21), provisional=False),
    "words": "示范",
    "person_id": "deputy",
    "hands": {"approver", "clerk"},
    "answer": "示范",
}


def test_every_state_and_action() -> None:
    assert set(FLOW.states) == {str(one) for one in AppealState}
    for state in FLOW.states:
        for action in FLOW.actions:
            if (state, action) in MOVES:
                assert FLOW.apply(state, action, FACTS).next_state == MOVES[state, action]
            else:
                with pytest.raises(AppError) as refusal:
                    FLOW.apply(state, action, FACTS)
                assert refusal.value.code == "appeals.wrong_state"


@pytest.mark.parametrize(
    ("state", "action", "change", "code"),
    [
        ("new", "file", {"today": date(2026, 9, 22)}, "appeals.too_late"),
        ("new", "file", {"words": " \n"}, "appeals.words_missing"),
        *(("filed", one, {"person_id": "approver"}, "appeals.four_eyes") for one in ("uphold", "change")),
        *(("filed", one, {"answer": " "}, "appeals.answer_missing") for one in ("uphold", "change")),
    ],
)
def test_what_stands_in_the_way(state: str, action: str, change: dict[str, Any], code: str) -> None:
    with pytest.raises(AppError) as refusal:
        FLOW.apply(state, action, FACTS | change)
    assert refusal.value.code == code


def test_a_last_day_that_may_still_move_is_never_past() -> None:
    unsure = {"today": date(2027, 1, 1), "file_by": Deadline(date(2026, 9, 21), provisional=True)}
    assert FLOW.apply("new", "file", FACTS | unsure).next_state == "filed"


def test_the_public_is_told_pending_or_answered_alone() -> None:
    assert [public_state(one).value for one in ("filed", "upheld", "changed")] == ["pending", "answered", "answered"]


def test_every_decision_that_can_be_appealed_has_somebody_to_carry_out_a_change() -> None:
    assert set(CARRIED_OUT_BY) == set(Decision)
