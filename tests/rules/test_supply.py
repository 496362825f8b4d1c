"""Terms, days, origin and figures of supply contracts."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from brand.kernel.errors import AppError
from trace.rules import supply
from trace.rules.supply import Side

FIRST, LAST = date(2026, 4, 1), date(2026, 10, 31)


def refusal(act, *given):
    with pytest.raises(AppError) as caught:
        act(*given)
    return caught.value.code, [one.pointer for one in caught.value.faults]


def test_a_term_is_one_season_within_the_licence():
    supply.check_term(FIRST, LAST, FIRST, LAST)
    assert refusal(supply.check_term, LAST, FIRST, FIRST, LAST) == ("supply.season", ["/valid_until"])
    assert refusal(supply.check_term, FIRST, FIRST + timedelta(days=366), FIRST, date(2030, 1, 1))[0] == "supply.season"
    assert refusal(supply.check_term, FIRST, LAST, FIRST + timedelta(days=1), LAST)[1] == ["/valid_from"]
    assert refusal(supply.check_term, FIRST, LAST, FIRST, LAST - timedelta(days=1))[1] == ["/valid_until"]


@pytest.mark.parametrize(
    ("grown", "bought", "found"),
    [
        (FIRST, FIRST, None),
        (LAST, LAST, None),
        (None, FIRST, ("supply.harvest_needed", ["/harvested_on"])),
        (LAST, FIRST, ("supply.harvest_after", ["/harvested_on"])),
        (FIRST - timedelta(days=1), FIRST, ("supply.out_of_dates", ["/harvested_on"])),
        (LAST, LAST + timedelta(days=1), ("supply.out_of_dates", ["/day"])),
    ],
)
def test_harvest_and_purchase_lie_within_its_days(grown, bought, found):
    if found is None:
        supply.check_days("1", FIRST, LAST, grown, bought)
    else:
        assert refusal(supply.check_days, "1", FIRST, LAST, grown, bought) == found


def test_goods_grow_where_the_name_is_from():
    supply.check_origin("150824", [Side("plots", "150824")])
    assert refusal(supply.check_origin, "150824", [Side("plots", "150824"), Side("plots", "150822")]) == (
        "supply.outside",
        ["/plots"],
    )


def test_figures_of_what_is_over():
    error = supply.exceeded("1", Decimal("500.000"), Decimal(400), Decimal("100.5"))
    assert error.params == {"number": "1", "agreed": "500", "bought": "400", "left": "100", "asked": "100.5"}
    supply.check_season(Decimal(10), Decimal(90), Decimal(100))
    supply.check_season(Decimal(10), Decimal(90), None)
    assert refusal(supply.check_season, Decimal(11), Decimal(90), Decimal(100))[0] == "supply.more_than_season"
