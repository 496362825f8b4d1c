"""Retests by law, look-alike numbers, limits with sources: never a verdict the figures do not carry."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from brand.kernel.errors import AppError
from brand.rules.working_days import Calendar
from trace.rules import lab_reports as rules
from trace.rules import limits
from trace.rules.lab_reports import FLOW, RELIEF, TestKind, gist
from trace.rules.lab_verdicts import Outcome
from trace.rules.limits import Limit
from trace.rules.look_alikes import one_spelling

#: National Day week of 2026 as an invented notice: first to seventh off, Saturday the tenth worked.
DAYS = Calendar(
    frozenset({2026}),
    frozenset(date(2026, 10, day) for day in range(1, 8)),
    frozenset({date(2026, 10, 10)}),
)
FOUND = datetime(2026, 9, 29, 2, 0, tzinfo=UTC)  # Tuesday, ten in the morning in China


def refusal(act, *given):
    with pytest.raises(AppError) as caught:
        act(*given)
    return caught.value.code


def test_four_hours_after_a_rapid_test_to_the_minute():
    last = rules.retest_deadline(TestKind.RAPID, FOUND, DAYS)
    assert last.at == datetime(2026, 9, 29, 6, 0, tzinfo=UTC)
    rules.check_retest_asked(False, "declared", "none", last.at, last)
    late = last.at.replace(second=1)
    assert refusal(rules.check_retest_asked, False, "declared", "none", late, last) == "lab_reports.retest_too_late"


def test_five_working_days_skip_the_holiday_and_count_the_make_up_saturday():
    last = rules.retest_deadline(TestKind.LABORATORY, FOUND, DAYS)
    assert (last.at, last.provisional) == (datetime(2026, 10, 12, 15, 59, tzinfo=UTC), False)
    assert rules.retest_deadline(TestKind.LABORATORY, FOUND.replace(year=2027), DAYS).provisional
    assert rules.retest_report_due(date(2026, 9, 29), DAYS) == date(2026, 10, 14)


@pytest.mark.parametrize(
    ("passed", "status", "relief"),
    [(True, "declared", "none"), (False, "rejected", "none"), (False, "confirmed", "overturned")],
)
def test_only_what_counts_against_the_goods_is_tested_again(passed, status, relief):
    last = rules.retest_deadline(TestKind.RAPID, FOUND, DAYS)
    code = refusal(rules.check_retest_asked, passed, status, relief, FOUND, last)
    assert code == "lab_reports.retest_nothing_failed"


FIRST = gist("laboratory", "示范检测中心", date(2026, 9, 13), [("恩诺沙星", False), ("水分", True)])


@pytest.mark.parametrize(
    ("kind", "laboratory", "day", "items", "code"),
    [
        ("rapid", "示范第二检测中心", 14, ["恩诺沙星"], "lab_reports.retest_rapid"),
        ("laboratory", "示范 检测中心", 14, ["恩诺沙星"], "lab_reports.retest_same_laboratory"),
        ("laboratory", "示范第二检测中心", 12, ["恩诺沙星"], "lab_reports.retest_earlier"),
        ("laboratory", "示范第二检测中心", 14, ["水分"], "lab_reports.retest_items_missing"),
    ],
)
def test_what_may_stand_as_a_retest(kind, laboratory, day, items, code):
    again = gist(kind, laboratory, date(2026, 9, day), [(one, True) for one in items])
    assert refusal(rules.check_retest, FIRST, again) == code
    fits = gist("laboratory", "示范第二检测中心", date(2026, 9, 14), [("恩诺沙星", True)])
    rules.check_retest(FIRST, fits)


@pytest.mark.parametrize("flow", [FLOW, RELIEF])
def test_every_state_and_action(flow):
    """Each step with facts that satisfy it, each other pair refused by name."""
    facts = {
        "person_id": "b", "recorded_by": "a", "own_goods": False, "digest": "d", "digest_seen": "d",
        "comment": "因为", "passed": flow is FLOW, "status": "declared", "asked_by": "a", "answers_retest": False,
    }  # fmt: skip
    steps = {(one.state, one.action): one.next_state for one in flow.steps}
    for state in flow.states:
        for action in flow.actions:
            if (state, action) in steps:
                assert flow.apply(state, action, facts).next_state == steps[state, action]
            else:
                assert refusal(flow.apply, state, action, facts) == f"{flow.name}.wrong_state"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"person_id": "a"}, "lab_reports.own"),
        ({"own_goods": True}, "lab_reports.own"),
        ({"digest_seen": "x"}, "lab_reports.stale"),
    ],
)
def test_who_may_confirm(changes, code):
    facts = {"person_id": "b", "recorded_by": "a", "own_goods": False, "digest": "d", "digest_seen": "d"}
    assert refusal(FLOW.apply, "declared", "confirm", facts | changes) == code


@pytest.mark.parametrize(
    "twin",
    [
        "demo-2026-0913",
        "DEMO‐2026‑0913",
        "DEMO-2026-O913",
        "ＤＥＭＯ-２０２６-０９１３",
        "DЕМО-2026-0913",
        "DEMO-2026-\u200b0913",
        "DEMO-2026-09l3",
    ],
)
def test_numbers_that_look_alike_are_one(twin):
    assert one_spelling(twin) == one_spelling("DEMO-2026-0913")


@pytest.mark.parametrize("other", ["DEMO-2026-0914", "DEMO-20260-913", "DEM-2026-0913", "DEMO2026-0913"])
def test_numbers_that_differ_stay_different(other):
    assert one_spelling(other) != one_spelling("DEMO-2026-0913")


@example("ὐ")
@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(text):
    assert one_spelling(one_spelling(text)) == one_spelling(text)


LEAD = Limit("tea", "铅", ("铅(Pb)",), "5", "mg/kg", "示范出处", "Demo source", "S", False)


@pytest.mark.parametrize(
    ("result", "unit", "printed", "stated", "expected", "by"),
    [
        ("4.9", "mg/kg", "5", "", Outcome.PASS, "register"),
        ("4900", "μg/kg", "", "", Outcome.PASS, "register"),
        ("5100", "µg/kg", "", "", Outcome.FAIL, "register"),
        ("5.1", "mg/kg", "10", "pass", Outcome.FAIL, "register"),
        ("4.9", "mg/kg", "4", "", Outcome.FAIL, "printed"),
        ("4.9", "个", "", "", Outcome.UNDECIDED, "register"),
        ("未检出", "mg/kg", "", "", Outcome.PASS, "register"),
    ],
)
def test_the_stricter_of_two_limits_decides(result, unit, printed, stated, expected, by):
    found = limits.judge("铅 (PB)", result, unit, printed, stated, limits.in_force([LEAD], "tea", date(2026, 9, 1)))
    assert (found.outcome, found.by) == (expected, by)


def test_a_limit_still_to_be_checked_decides_nothing_but_says_so():
    known = limits.in_force([], "lamb", date(2026, 9, 1))
    found = limits.judge("水分", "79", "%", "80", "", known)
    assert (found.outcome, found.by, found.doubtful) == (Outcome.PASS, "printed", True)
    assert limits.judge("水分", "79", "%", "", "", known).outcome is Outcome.NO_LIMIT
    assert limits.judge("克伦特罗", "0.3", "μg/kg", "", "", known).outcome is Outcome.FAIL


def test_the_offices_limit_takes_the_place_of_the_shipped_one_from_its_day():
    entered = Limit("lamb", "水分", (), "77", "%", "示范出处", "", "V", False, date(2026, 9, 10))
    before, after = (limits.in_force([entered], "lamb", date(2026, 9, day)) for day in (9, 10))
    assert before[one_spelling("Moisture")].limit == "78"
    assert after[one_spelling("Moisture")] is after[one_spelling("水分")] is entered


@given(st.decimals(min_value=Decimal("0.001"), max_value=1000, places=3))
def test_units_convert_there_and_back(amount):
    small = limits.converted(Limit("tea", "x", (), f"{amount:f}", "mg/kg", "", "", "S", False), "μg/kg")
    assert Decimal(small) == amount * 1000


@pytest.mark.parametrize(("kind", "limit"), [("wine", "5"), ("tea", "见标准"), ("tea", "五")])
def test_what_the_office_may_not_enter(kind, limit):
    assert refusal(limits.check_entry, kind, limit, "V") == "input.invalid"


def test_background_knowledge_is_no_source():
    assert refusal(limits.check_entry, "tea", "5", "B") == "input.invalid"
