"""Weights never grow: each break with its figures, and what is left after any row of packs."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brand.kernel.errors import AppError, Kind
from trace.rules.mass_balance import Weights, carcass_faults, check_batch, check_carcass, check_packs

kilograms = st.decimals("0.01", "80", places=2)


def weights(live, hot, cold):
    return Weights(Decimal(live), Decimal(hot), Decimal(cold))


def codes(live, hot, cold):
    return [fault.code.removeprefix("mass_balance.") for fault in carcass_faults(weights(live, hot, cold))]


def test_a_sound_carcass():
    balance = check_carcass(weights("54.3", "25.17", "25.0"))
    assert balance.dressing_percent == Decimal("46.35")


@pytest.mark.parametrize(
    ("live", "hot", "cold", "expected"),
    [
        ("24.4", "11.8", "13.3", ["cold_above_hot"]),
        ("20.0", "23.33", "23.15", ["hot_not_below_live"]),
        ("20.0", "20.0", "19.0", ["hot_not_below_live"]),
        ("20.0", "20.0", "21.0", ["hot_not_below_live", "cold_above_hot"]),
        ("40", "8", "8", []),  # 20 % exactly
        ("40", "7.99", "7.9", ["dressing_impossible"]),
        ("40", "30", "30", []),  # 75 % exactly
        ("40", "30.01", "30", ["dressing_impossible"]),
        ("0", "10", "10", ["live_kg.not_positive"]),
        ("40", "-1", "NaN", ["hot_kg.not_positive", "cold_kg.not_positive"]),
    ],
)
def test_faults_of_a_carcass(live, hot, cold, expected):
    assert codes(live, hot, cold) == expected


def test_a_fault_carries_the_figures_and_points_at_the_weight():
    (fault,) = carcass_faults(weights("24.4", "11.8", "13.30"))
    assert (fault.pointer, fault.params) == ("/cold_kg", {"cold": "13.30", "hot": "11.8"})
    with pytest.raises(AppError) as caught:
        check_carcass(weights("24.4", "11.8", "13.30"))
    assert (caught.value.code, caught.value.params) == (fault.code, fault.params)
    assert caught.value.faults == (fault,)


def test_packs_beyond_the_weight_are_refused_with_the_figures():
    with pytest.raises(AppError) as caught:
        check_packs(Decimal("100"), Decimal("60.5"), Decimal("39.51"))
    assert caught.value.kind is Kind.QUOTA_EXCEEDED
    assert caught.value.code == "mass_balance.packs_above_cold"
    assert caught.value.params == {"in": "100", "used": "60.5", "asked": "39.51", "left": "39.5"}
    assert check_packs(Decimal("100"), Decimal("60.5"), Decimal("39.5")) == 0


@pytest.mark.parametrize("asked", ["0", "-1", "NaN", "Infinity"])
def test_packs_that_weigh_nothing_are_refused(asked):
    with pytest.raises(AppError) as caught:
        check_packs(Decimal("100"), Decimal("0"), Decimal(asked))
    assert caught.value.code == "mass_balance.asked_kg.not_positive"


def test_a_batch():
    carcasses = [weights("54.3", "25.17", "25.0"), weights("40", "15", "14.9")]
    balance = check_batch(carcasses, [Decimal("20"), Decimal("19.9")])
    assert balance.total == weights("94.3", "40.17", "39.9")
    assert (balance.packs_kg, balance.left_kg) == (Decimal("39.9"), Decimal("0.0"))
    with pytest.raises(AppError, match=r"mass_balance\.packs_above_cold"):
        check_batch(carcasses, [Decimal("20"), Decimal("19.91")])
    with pytest.raises(AppError, match=r"mass_balance\.asked_kg\.not_positive"):
        check_batch(carcasses, [Decimal("50"), Decimal("-20")][::-1])
    with pytest.raises(AppError, match=r"mass_balance\.no_carcasses"):
        check_batch([])


@given(kilograms, kilograms, kilograms)
def test_whatever_passes_never_grew(live, hot, cold):
    if not carcass_faults(Weights(live, hot, cold)):
        assert live > hot >= cold
        assert 20 <= hot / live * 100 <= 75


@given(st.decimals("1", "1000", places=2), st.lists(kilograms, max_size=30))
def test_packs_accepted_one_by_one_never_exceed_the_weight(cold, packs):
    used = Decimal(0)
    for pack in packs:
        try:
            left = check_packs(cold, used, pack)
        except AppError:
            assert used + pack > cold
            continue
        used += pack
        assert left == cold - used >= 0
