"""Recalls as pure sums: levels, terms, every state × action, and a sum that comes out to the gram."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brand.kernel.errors import AppError
from trace.rules.lineage import reach
from trace.rules.recalls import FLOW, Figures, Level, check_told, due_at, policy, reconcile

NOW = datetime(2026, 9, 14, 1, tzinfo=UTC)
KG = st.integers(0, 10**9).map(lambda grams: Decimal(grams).scaleb(-3))
FIGURES = st.builds(Figures, KG, KG, KG, KG)


def facts(**changes):
    sound = {
        "drill": False,
        "person": "approver",
        "proposed_by": "clerk",
        "batches": 1,
        "silent": 0,
        "reconciled": reconcile(Decimal(5), [Figures(Decimal(2), Decimal(1), Decimal(1), Decimal(1))]),
        "difference_words": "",
    }
    return sound | changes


def test_levels_are_stricter_the_graver():
    terms = [policy().terms[one] for one in Level]
    assert [(one.begin_hours, one.done_working_days) for one in terms] == [(24, 10), (48, 20), (72, 30)]
    assert (due_at("first", NOW), policy().confidence) == (NOW + timedelta(hours=24), "S")


@pytest.mark.parametrize("state", FLOW.states)
@pytest.mark.parametrize("action", FLOW.actions)
def test_every_state_and_action(state, action):
    allowed = {("proposed", "open"): "open", ("proposed", "discard"): "discarded", ("open", "close"): "closed"}
    wanted = allowed.get((state, action))
    if wanted:
        assert FLOW.apply(state, action, facts()).next_state == wanted
    else:
        with pytest.raises(AppError, match=r"recalls\.wrong_state"):
            FLOW.apply(state, action, facts())


@pytest.mark.parametrize(
    ("state", "action", "changes", "code"),
    [
        ("proposed", "open", {"person": "clerk"}, "another_person"),
        ("proposed", "open", {"batches": 0}, "nothing"),
        ("open", "close", {"person": "clerk"}, "another_person"),
        ("open", "close", {"silent": 2}, "unanswered"),
        ("open", "close", {"reconciled": reconcile(Decimal("5.001"), [Figures(Decimal(5))])}, "difference"),
        ("open", "close", {"reconciled": reconcile(Decimal(5), [Figures(Decimal("5.001"))])}, "difference"),
    ],
)
def test_what_a_guard_refuses(state, action, changes, code):
    with pytest.raises(AppError, match=rf"recalls\.{code}"):
        FLOW.apply(state, action, facts(**changes))
    FLOW.apply(state, action, facts(**changes | {"drill": True, "batches": 1, "silent": 0, "difference_words": "失水"}))


@given(st.lists(FIGURES, max_size=8), KG)
def test_the_difference_is_what_was_made_less_what_was_told_to_the_gram(told, produced):
    found = reconcile(produced, told)
    assert found.difference_kg == produced - sum((one.total_kg for one in told), Decimal(0))


@given(st.dictionaries(st.integers(0, 30), st.lists(st.integers(0, 30), max_size=4)), st.sets(st.integers(0, 30)))
def test_reach_is_the_smallest_set_closed_under_the_edges(edges, start):
    found = reach(edges, start)
    assert start <= found
    assert all(further in found for one in found for further in edges.get(one, ()))
    for one in found - start:
        assert any(one in edges.get(other, ()) for other in found - {one}) or one in edges.get(one, ())


def test_whoever_reports_more_than_it_had_says_why():
    check_told(Decimal(800), Figures(Decimal(690), gone_kg=Decimal(110)), "")
    twice = Figures(Decimal(690), Decimal(690), gone_kg=Decimal(100))
    with pytest.raises(AppError) as caught:
        check_told(Decimal("800.000"), twice, "")
    assert (caught.value.code, caught.value.params) == ("recalls.more_than_had", {"had": "800", "told": "1480"})
    check_told(Decimal(800), twice, "示范：仓库另有一箱未登记")
