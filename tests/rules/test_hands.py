"""Grades by persons: two hands settle a grade, nobody agrees with themselves, shares never grow on the way."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brand.kernel.errors import AppError
from brand.rules.grade_tables import Grade
from trace.rules.grading import Decision, Standing, Weighed, allowed_kg, decide, replay, start

GOOD, PRIME, SPECIAL, MANUAL = Grade.GOOD, Grade.PRIME, Grade.SPECIAL, Grade.MANUAL


def after(first: Standing, *decisions: tuple[Grade, str]) -> Standing:
    return replay(first, [Decision(*one) for one in decisions])


def test_a_second_hand_agrees_and_nothing_stands_open() -> None:
    found = after(start(GOOD, "a"), (GOOD, "b"))
    assert (found.grade, found.behind, found.disputed) == (GOOD, {"a", "b"}, False)


def test_two_graders_differ_until_a_third_agrees_with_one_of_them() -> None:
    disputed = after(start(GOOD, "a"), (PRIME, "b"))
    assert (disputed.grade, disputed.disputed, disputed.waiting) == (GOOD, True, False)
    assert after(disputed, (PRIME, "c")) == Standing(PRIME, frozenset({"b", "c"}))
    assert after(disputed, (GOOD, "c")) == Standing(GOOD, frozenset({"a", "c"}))
    third = after(disputed, (SPECIAL, "c"))
    assert third.disputed
    assert third.grade is GOOD
    assert after(third, (SPECIAL, "d")).grade is SPECIAL


def test_where_the_table_gives_nothing_one_proposes_and_a_second_settles() -> None:
    first = start(MANUAL, "a")
    proposed = after(first, (GOOD, "a"))
    assert (proposed.grade, proposed.waiting, proposed.disputed) == (MANUAL, True, False)
    assert after(proposed, (GOOD, "b")) == Standing(GOOD, frozenset({"a", "b"}))
    assert after(proposed, (PRIME, "b")).disputed


@pytest.mark.parametrize(
    ("standing", "decision", "covered", "reason", "code"),
    [
        (start(MANUAL, "a"), Decision(SPECIAL, "b"), False, "x", "grade_decisions.never_special"),
        (start(GOOD, "a"), Decision(PRIME, "b"), True, "", "grade_decisions.reason_needed"),
        (after(start(GOOD, "a"), (PRIME, "b")), Decision(GOOD, "c"), True, "", "grade_decisions.reason_needed"),
        (start(GOOD, "a"), Decision(GOOD, "a"), True, "", "grade_decisions.same_hand"),
        (after(start(GOOD, "a"), (PRIME, "b")), Decision(PRIME, "b"), True, "x", "grade_decisions.same_hand"),
        (after(start(GOOD, "a"), (PRIME, "b")), Decision(GOOD, "a"), True, "x", "grade_decisions.same_hand"),
        (after(start(GOOD, "a"), (PRIME, "b")), Decision(GOOD, "b"), True, "x", "grade_decisions.same_hand"),
    ],
)
def test_what_a_decision_may_not_be(
    standing: Standing, decision: Decision, covered: bool, reason: str, code: str
) -> None:
    with pytest.raises(AppError) as raised:
        decide(standing, decision, covered=covered, reason=reason)
    assert raised.value.code == code


@given(st.lists(st.tuples(st.sampled_from(list(Grade)), st.sampled_from("abcde")), max_size=25))
def test_a_grade_changes_only_by_two_different_hands(tries: list[tuple[Grade, str]]) -> None:
    """Whatever is tried: each new grade rests on two hands, and each hand has one proposal at most."""
    now = start(GOOD, "a")
    for grade, person in tries:
        before = now
        with suppress(AppError):
            now = decide(now, Decision(grade, person), covered=True, reason="x")
        if now.grade is not before.grade:
            assert len(now.behind) > 1
        assert len({one.person for one in now.proposed}) == len(now.proposed)


def test_goods_made_of_batches_have_the_mean_share_of_what_went_in() -> None:
    weights = {
        "a": Weighed(Decimal(100), Decimal(60), Decimal(50)),
        "b": Weighed(Decimal(40), Decimal(40), Decimal(40)),
        "made": Weighed(Decimal(90), Decimal(0)),
    }
    inputs = {"made": {"a": Decimal(60), "b": Decimal(40)}}
    assert allowed_kg("made", weights, inputs) == Decimal("63.000")
    assert allowed_kg("a", weights, inputs) == Decimal(20), "what flowed out took its share along"
    assert allowed_kg("b", weights, inputs) == 0


def test_a_batch_from_nowhere_has_no_grade() -> None:
    assert allowed_kg("x", {"x": Weighed(Decimal(10), Decimal(0))}, {}) == 0


@given(st.lists(st.integers(1, 999), min_size=1, max_size=6), st.integers(0, 1000))
def test_pieces_of_a_batch_never_carry_more_of_the_grade_than_it_had(pieces: list[int], good: int) -> None:
    total = Decimal(sum(pieces))
    good_kg = min(Decimal(good), total)
    weights = {"root": Weighed(total, total, good_kg)}
    inputs = {}
    for place, kg in enumerate(pieces):
        weights[f"p{place}"] = Weighed(Decimal(kg), Decimal(0))
        inputs[f"p{place}"] = {"root": Decimal(kg)}
    assert sum(allowed_kg(f"p{place}", weights, inputs) for place in range(len(pieces))) <= good_kg
