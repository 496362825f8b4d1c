"""Terms of trademarks: ten years, renewal in the last twelve months, six months of grace."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brand.kernel import texts
from brand.kernel.errors import AppError
from brand.rules import brand_files, trademarks
from brand.rules.trademarks import MarkKind, Phase

UNTIL = date(2030, 3, 13)


def test_the_figures_are_the_laws_and_say_so() -> None:
    found = trademarks.terms()
    assert (found.term_years, found.renewal_months, found.grace_months) == (10, 12, 6)
    assert "商标法" in found.source
    assert trademarks.last_day(date(2020, 3, 14)) == UNTIL
    assert trademarks.renewed(UNTIL) == date(2040, 3, 13)
    assert trademarks.last_day(date(2020, 2, 29)) == date(2030, 2, 27)


@pytest.mark.parametrize(
    ("day", "phase", "due"),
    [
        (date(2029, 3, 13), Phase.RUNNING, None),
        (date(2029, 3, 14), Phase.RENEW, UNTIL),
        (UNTIL, Phase.RENEW, UNTIL),
        (date(2030, 3, 14), Phase.GRACE, date(2030, 9, 13)),
        (date(2030, 9, 13), Phase.GRACE, date(2030, 9, 13)),
        (date(2030, 9, 14), Phase.LAPSED, None),
    ],
)
def test_phases_change_on_their_days(day: date, phase: Phase, due: date | None) -> None:
    assert trademarks.phase(UNTIL, day) is phase
    assert trademarks.due(UNTIL, day) == due
    if due is None:
        with pytest.raises(AppError) as caught:
            trademarks.check_renewable(UNTIL, day)
        assert caught.value.params == {"opens": date(2029, 3, 14), "ends": date(2030, 9, 13)}
    else:
        trademarks.check_renewable(UNTIL, day)


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)), st.integers(-600, 600))
def test_every_day_has_one_phase_and_phases_follow_each_other(until: date, shift: int) -> None:
    order = list(Phase)
    day = until + timedelta(days=shift)
    assert order.index(trademarks.phase(until, day)) <= order.index(trademarks.phase(until, day + timedelta(days=1)))
    assert trademarks.renewal_opens(until) <= until < trademarks.grace_ends(until)


@pytest.mark.parametrize(
    ("text", "good"), [("12345678", True), ("1234567A", True), ("", False), ("12-3", False), ("ab", False)]
)
def test_numbers(text: str, good: bool) -> None:
    assert trademarks.is_number(text) is good


def test_a_use_outside_the_tier_is_refused() -> None:
    brand_files.check_use(["packaging"], "packaging")
    with pytest.raises(AppError) as caught:
        brand_files.check_use(["publicity"], "packaging")
    assert [one.pointer for one in caught.value.faults] == ["/use"]


@pytest.mark.parametrize(
    "code",
    [
        *(f"trademark.kind.{one}" for one in MarkKind),
        *(f"trademark.phase.{one}" for one in Phase),
        *(f"brand_file.kind.{one}" for one in brand_files.FileKind),
    ],
)
def test_words_in_both_languages(code: str) -> None:
    assert texts.has("zh", code)
    assert texts.has("en", code)
