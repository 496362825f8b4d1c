"""Safe intervals of plots and what must lie before goods are bought up, as rules."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from brand.kernel.errors import AppError
from trace.rules import plot_care, purchases
from trace.rules.plot_care import PlotCareKind
from trace.rules.purchases import Certificate
from trace.rules.withdrawal import Use

DAY = date(2026, 9, 12)


def refusal(act, *given):
    with pytest.raises(AppError) as caught:
        act(*given)
    return caught.value


def test_the_last_day_of_an_interval_is_closed_and_the_next_is_open():
    uses = [Use("示范农药", "A1", date(2026, 9, 1), DAY), Use("示范肥", "B1", date(2026, 9, 1), None)]
    error = refusal(plot_care.check_harvest, uses, DAY)
    assert (error.code, error.params) == (
        "plot_care.safe_interval",
        {"name": "示范农药", "lot": "A1", "until": "2026-09-12"},
    )
    plot_care.check_harvest(uses, date(2026, 9, 13))
    plot_care.check_harvest(uses, date(2026, 8, 31))


def test_the_longest_interval_is_named():
    uses = [Use("短", "1", date(2026, 9, 1), DAY), Use("长", "2", date(2026, 9, 1), date(2026, 9, 30))]
    assert refusal(plot_care.check_harvest, uses, DAY).params["name"] == "长"


def test_a_pesticide_has_a_registration_number():
    plot_care.check_label(PlotCareKind.FERTILISER, "")
    plot_care.check_label(PlotCareKind.PESTICIDE, "PD示范")
    assert refusal(plot_care.check_label, PlotCareKind.PESTICIDE, "").code == "plot_care.approval_needed"


def test_parties_and_consent():
    purchases.check_parties("a", "b", True, "收购单上签字")
    purchases.check_parties("a", "b", False, "")
    assert refusal(purchases.check_parties, "a", "a", False, "").code == "purchases.own_goods"
    assert refusal(purchases.check_parties, "a", "b", True, "").code == "purchases.consent_needed"


def test_listed_goods_come_with_a_certificate_for_all_of_them():
    kg, whole = Decimal("100.000"), Certificate(Decimal(100), DAY)
    purchases.check_certificate("fruit", DAY, kg, whole)
    purchases.check_certificate("other", DAY, kg, None)
    purchases.check_certificate("fruit", date(2026, 1, 31), kg, None)
    assert refusal(purchases.check_certificate, "fruit", DAY, kg, None).code == "purchases.no_certificate"
    short = refusal(purchases.check_certificate, "fruit", DAY, kg, Certificate(Decimal("99.5"), DAY))
    assert (short.code, short.params) == ("purchases.certificate_short", {"in": "99.5", "asked": "100"})
    later = Certificate(kg, date(2026, 9, 13))
    error = refusal(purchases.check_certificate, "fruit", DAY, kg, later)
    assert [(one.code, one.pointer) for one in error.faults] == [("commitments.taken_day", "/certificate_on")]
