"""A laboratory result against its limit: every writing of both, and never a pass the figures do not carry."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.rules.lab_verdicts import Outcome, outcome

PASS, FAIL, NO_LIMIT, UNDECIDED = Outcome.PASS, Outcome.FAIL, Outcome.NO_LIMIT, Outcome.UNDECIDED
AMOUNTS = st.decimals(min_value=0, max_value=1000, places=3).map(lambda amount: abs(amount))


@pytest.mark.parametrize(
    ("result", "limit", "expected"),
    [
        ("未检出", "不得检出", PASS),
        ("ＮＤ", "不得检出", PASS),
        ("0.1", "不得检出", FAIL),
        (">0.1", "不得检出", FAIL),
        ("<0.5", "不得检出", UNDECIDED),
        ("0", "不得检出", UNDECIDED),
        ("微量", "不得检出", UNDECIDED),
        ("未检出", "100", PASS),
        ("未检出", "≥15", FAIL),
        ("12.4", "100", PASS),
        ("100", "100", PASS),
        ("100", "≤100", PASS),
        ("100", "<100", FAIL),
        ("100.0001", "100", FAIL),
        ("１２．４", "＜１００", PASS),
        ("15", "≥15", PASS),
        ("14.9", "≥15", FAIL),
        ("<0.5", "1", PASS),
        ("<1", "1", PASS),
        ("<1", "<1", PASS),
        ("≤1", "<1", UNDECIDED),
        ("<2", "1", UNDECIDED),
        (">2", "1", FAIL),
        (">1", "2", UNDECIDED),
        (">20", "≥15", PASS),
        ("<10", "≥15", FAIL),
        ("12", "/", NO_LIMIT),
        ("12", "——", NO_LIMIT),
        ("12", "", NO_LIMIT),
        ("12", "见标准", UNDECIDED),
        ("阴性", "100", UNDECIDED),
    ],
)
def test_results_beside_limits(result: str, limit: str, expected: Outcome) -> None:
    assert outcome(result, limit) is expected


@given(AMOUNTS, AMOUNTS)
def test_a_bare_limit_is_an_upper_limit_with_its_edge(amount: Decimal, limit: Decimal) -> None:
    assert (outcome(str(amount), str(limit)) is PASS) == (amount <= limit)


@given(AMOUNTS, AMOUNTS, AMOUNTS, st.sampled_from(["<", "≤", ">", "≥"]), st.sampled_from(["", "<", "≤", ">", "≥"]))
def test_a_bound_decides_only_what_holds_for_every_amount_within_it(
    bound: Decimal, limit: Decimal, step: Decimal, mark: str, sign: str
) -> None:
    """Whatever amount truly lies behind «<x» or «>x», comparing it plainly agrees with a decided answer."""
    decided = outcome(f"{mark}{bound}", f"{sign}{limit}")
    step += Decimal("0.001")
    true_amounts = [bound] if mark in "≤≥" else []
    true_amounts += [bound + step] if mark in ">≥" else [bound - step]
    for amount in true_amounts:
        if decided in {PASS, FAIL} and amount >= 0:
            assert outcome(str(amount), f"{sign}{limit}") is decided


@given(st.text(), st.text())
def test_any_writing_has_an_outcome(result: str, limit: str) -> None:
    assert outcome(result, limit) in Outcome
