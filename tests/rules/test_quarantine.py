"""Quarantine certificates: forms, last days, one number in all its writings."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from brand.kernel.errors import AppError
from trace.rules.quarantine import Form, check, check_covered, check_use, last_day, number_key, policy

DAY = date(2026, 9, 12)


def test_the_day_of_issue_is_the_first_day() -> None:
    assert last_day(Form.ANIMAL_B, DAY, 1) == DAY
    assert last_day(Form.ANIMAL_A, DAY, 5) == DAY + timedelta(4)
    assert last_day(Form.PRODUCT_A, DAY, 7) == DAY + timedelta(6)


@pytest.mark.parametrize(("form", "days"), [("animal_b", 2), ("animal_a", 6), ("product_a", 8), ("product_b", 0)])
def test_no_form_lasts_longer_than_its_rule(form: str, days: int) -> None:
    with pytest.raises(AppError) as caught:
        last_day(Form(form), DAY, days)
    assert caught.value.code == "quarantine.days"


def test_the_rule_says_that_it_is_not_checked() -> None:
    assert policy()["to_be_checked"] is True
    assert policy()["confidence"] == "S"


def test_look_alike_writings_are_one_number() -> None:
    assert number_key("No. １５０８-0012") == number_key("no 15080012") == "NO15080012"


def test_uses_are_held_against_days_and_quantity() -> None:
    check_use(DAY, DAY, DAY)
    check_covered(Decimal(5), Decimal(0), Decimal(5))
    with pytest.raises(AppError, match=r"quarantine\.expired") as late:
        check_use(DAY, DAY, DAY + timedelta(1))
    assert [one.pointer for one in late.value.faults] == ["/day"]
    with pytest.raises(AppError, match=r"quarantine\.expired"):
        check_use(DAY, DAY, DAY - timedelta(1))
    with pytest.raises(AppError) as caught:
        check_covered(Decimal("5.000"), Decimal(2), Decimal("3.5"))
    assert caught.value.params == {"in": "5", "used": "2", "asked": "3.5", "left": "3"}
    assert [one.pointer for one in caught.value.faults] == ["/quantity"]
    for number, county, issued, code in (
        ("··", "150824", DAY, "quarantine.number"),
        ("1", "999999", DAY, "quarantine.county"),
        ("1", "150824", DAY + timedelta(1), "quarantine.issued_in_future"),
    ):
        with pytest.raises(AppError) as caught:
            check(Form.ANIMAL_A, number, county, issued, DAY)
        assert caught.value.code == code
