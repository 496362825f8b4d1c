"""Free tests: terms, who may ask, and every state × action of both life cycles."""

from __future__ import annotations

from datetime import date

import pytest

from brand.kernel.errors import AppError
from trace.rules.free_tests import FLOW, PROGRAMME, RefusalReason, check_eligible, check_term

FACTS = {
    "person_id": "office",
    "asked_by": "producer",
    "written_by": "clerk",
    "opens_on": date(2026, 9, 1),
    "closes_on": date(2026, 12, 31),
    "today": date(2026, 9, 14),
    "reason_code": "not_online",
    "report_fits": True,
}


def refused(act, *given, **named):
    with pytest.raises(AppError) as caught:
        act(*given, **named)
    return caught.value


def test_a_programme_lasts_a_day_or_more_within_one_year():
    check_term(date(2026, 9, 1), date(2026, 9, 1), 1)
    for opens, closes, quota, code in (
        (date(2026, 9, 2), date(2026, 9, 1), 1, "free_tests.term"),
        (date(2026, 9, 2), date(2027, 1, 1), 1, "free_tests.term"),
        (date(2026, 9, 1), date(2026, 9, 2), 0, "input.out_of_range"),
    ):
        assert [one.code for one in refused(check_term, opens, closes, quota).faults] == [code]


@pytest.mark.parametrize(
    ("day", "open_then"),
    [(date(2026, 8, 31), False), (date(2026, 9, 1), True), (date(2026, 12, 31), True), (date(2027, 1, 1), False)],
)
def test_the_window_counts_both_its_days(day, open_then):
    given = FACTS["opens_on"], FACTS["closes_on"], True, day, "示范网店"
    if open_then:
        check_eligible(*given)
    else:
        error = refused(check_eligible, *given)
        assert (error.code, error.params["first"]) == ("free_tests.outside_window", "2026-09-01")


def test_only_goods_sold_online_where_the_programme_says_so():
    given = FACTS["opens_on"], FACTS["closes_on"]
    assert refused(check_eligible, *given, True, FACTS["today"], " ").code == "free_tests.sold_at_needed"
    check_eligible(*given, False, FACTS["today"], "")


@pytest.mark.parametrize("flow", [FLOW, PROGRAMME], ids=lambda one: one.name)
def test_every_state_and_action(flow):
    table = {(one.state, one.action): one.next_state for one in flow.steps}
    for state in flow.states:
        for action in flow.actions:
            if (state, action) in table:
                assert flow.apply(state, action, FACTS).next_state == table[state, action]
            else:
                assert refused(flow.apply, state, action, FACTS).code == f"{flow.name}.wrong_state"


@pytest.mark.parametrize(
    ("state", "action", "changes", "code"),
    [
        ("asked", "accept", {"person_id": "producer"}, "free_tests.same_person"),
        ("asked", "accept", {"today": date(2027, 1, 1)}, "free_tests.outside_window"),
        ("asked", "refuse", {"reason_code": ""}, "free_tests.reason_needed"),
        ("asked", "refuse", {"reason_code": "because"}, "free_tests.reason_needed"),
        ("asked", "refuse", {"reason_code": "used_up", "left": 1}, "free_tests.some_left"),
        ("accepted", "finish", {"report_fits": False}, "free_tests.other_goods"),
    ],
)
def test_the_guards_of_a_request(state, action, changes, code):
    assert refused(FLOW.apply, state, action, FACTS | changes).code == code


def test_a_programme_is_decided_by_another_person():
    for action in ("approve", "refuse"):
        assert (
            refused(PROGRAMME.apply, "proposed", action, FACTS | {"person_id": "clerk"}).code
            == "free_tests.same_person"
        )


def test_every_reason_has_words():
    from brand.kernel import texts

    for language in ("zh", "en"):
        assert all(texts.has(language, f"free_test.refusal.{one}") for one in RefusalReason)
