"""pH readings: what can be, and what suggests dark meat only once the pH has settled."""

from __future__ import annotations

from decimal import Decimal

import pytest

from brand.kernel.errors import AppError
from trace.rules.ph import PhVerdict, check, policy, verdict


@pytest.mark.parametrize(
    ("lowest", "highest", "head", "code"),
    [
        ("4.4", "5.5", 1, "ph.out_of_range"),
        ("5.5", "8.6", 1, "ph.out_of_range"),
        ("5.8", "5.5", 1, "ph.order"),
        ("5.5", "5.8", 4, "ph.too_many"),
    ],
)
def test_what_cannot_be_is_refused_with_its_figures(lowest: str, highest: str, head: int, code: str) -> None:
    with pytest.raises(AppError) as raised:
        check(Decimal(lowest), Decimal(highest), head, 3)
    assert raised.value.code == code


def test_the_edges_can_be() -> None:
    check(Decimal("4.5"), Decimal("8.5"), 3, 3)


@pytest.mark.parametrize(
    ("highest", "hours", "found"),
    [("6.4", 23, PhVerdict.EARLY), ("6.0", 24, PhVerdict.DARK), ("5.99", 24, PhVerdict.USUAL)],
)
def test_dark_meat_is_a_suspicion_after_a_day(highest: str, hours: int, found: PhVerdict) -> None:
    assert verdict(Decimal(highest), hours) is found


def test_the_limit_of_dark_meat_says_that_it_is_to_be_checked() -> None:
    assert policy()["dark"]["confidence"] == "B"
    assert "待核实" in policy()["dark"]["source"]
