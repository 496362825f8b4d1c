"""Weights on their way: units held against what one weighs, sums to the gram, shares against their bands."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brand.kernel.errors import AppError
from brand.rules.product_rules import RuleKind, shipped
from trace.rules import flows
from trace.rules.flows import Yield

UNITS = {"units": {"head": {"least_kg": "8", "most_kg": "80"}, "box": {"least_kg": "10", "most_kg": "10"}}}
BAND = {"possible_least": "30", "usual_least": "60", "usual_most": "95", "possible_most": "100"}


def refused(act: object, *args: object, **options: object) -> AppError:
    with pytest.raises(AppError) as caught:
        act(*args, **options)  # type: ignore[operator]
    return caught.value


def kg(text: str) -> Decimal:
    return Decimal(text)


def test_boxes_of_one_weight_become_kilograms() -> None:
    assert flows.measure("box", Decimal(12), None, UNITS).kg == kg("120")
    assert flows.measure("kg", None, kg("7.5"), UNITS).quantity == kg("7.5")


@pytest.mark.parametrize(
    ("unit", "quantity", "weight", "code"),
    [
        ("box", "3", "25", "flows.unit_mismatch"),  # 25 kg typed for three boxes of ten
        ("head", "5", "5", "flows.unit_mismatch"),  # heads typed as kilograms
        ("head", "5", None, "flows.kg_needed"),
        ("head", "0.5", "20", "flows.quantity_needed"),
        ("head", None, "20", "flows.quantity_needed"),
        ("kg", "5", "6", "flows.kg_twice"),
        ("kg", None, "0.0001", "flows.too_fine"),
        ("kg", None, "0", "flows.too_fine"),
        ("kg", None, "-1", "flows.too_fine"),
        ("kg", None, "NaN", "flows.too_fine"),
    ],
)
def test_units_are_not_mixed_up(unit: str, quantity: str | None, weight: str | None, code: str) -> None:
    said = [Decimal(one) if one else None for one in (quantity, weight)]
    assert refused(flows.measure, unit, *said, UNITS, "/outputs/1").code == code


def test_a_unit_nobody_entered_is_refused() -> None:
    error = refused(flows.measure, "box", Decimal(1), kg("10"), {"units": {}})
    assert error.code == "flows.unit_unknown"
    assert error.faults[0].pointer == "/unit"


def test_what_is_taken_is_held_against_what_is_left_with_the_figures() -> None:
    error = refused(flows.check_left, "A1", kg("25.000"), kg("20.000"), kg("10.000"))
    assert error.code == "flows.more_than_left"
    assert error.params == {"lot": "A1", "in": "25", "used": "20", "asked": "10", "left": "5"}


@pytest.mark.parametrize(
    ("out", "loss", "code"),
    [
        ("9999", "0", "flows.more_than_went_in"),
        ("1", "0.001", "flows.more_than_went_in"),
        ("0.9", "0.05", "flows.loss_differs"),
    ],
)
def test_one_kilogram_never_becomes_more(out: str, loss: str, code: str) -> None:
    assert refused(flows.check_sums, kg("1"), kg(out), kg(loss)).code == code
    flows.check_sums(kg("1"), kg("0.9"), kg("0.1"))


def test_nothing_is_made_before_its_input_was_there() -> None:
    made = [("A1", date(2026, 9, 12))]
    assert refused(flows.check_day, date(2026, 9, 11), date(2026, 9, 14), made).code == "flows.before_input"
    assert refused(flows.check_day, date(2026, 9, 15), date(2026, 9, 14), made).code == "flows.day_ahead"


@pytest.mark.parametrize(
    ("out", "standing"),
    [
        ("29.99", Yield.IMPOSSIBLE),
        ("30", Yield.SECOND),
        ("59.999", Yield.SECOND),
        ("60", Yield.USUAL),
        ("95", Yield.USUAL),
        ("95.001", Yield.SECOND),
        ("100", Yield.SECOND),
    ],
)
def test_a_share_stands_where_its_band_puts_it(out: str, standing: Yield) -> None:
    assert flows.share_of("making.cutting", kg(out), kg("100"), BAND).standing is standing


def test_without_a_band_a_second_person_decides() -> None:
    assert flows.share_of("making.processing", kg("50"), kg("100"), None).standing is Yield.SECOND


def test_stages_follow_one_another() -> None:
    assert flows.check_process("tea_making", ["fresh_leaf"], [""]) == ("made_tea",)
    assert flows.check_process("sorting", ["fruit"], [""]) == ("fruit",)
    assert refused(flows.check_process, "tea_making", ["carcass"], [""]).code == "flows.wrong_form"
    assert refused(flows.check_process, "drying", ["fruit"], [""]).code == "flows.wrong_end"
    assert refused(flows.check_process, "cutting", ["carcass"], ["honey"]).code == "flows.wrong_end"
    assert refused(flows.check_process, "magic", ["carcass"], [""]).code == "flows.process"


grams = st.integers(min_value=1, max_value=5_000_000)


@given(st.lists(grams, min_size=1, max_size=6), st.lists(grams, min_size=1, max_size=6))
def test_every_gram_taken_is_in_some_output_and_no_way_is_missing(taken: list[int], made: list[int]) -> None:
    sources = {f"i{place}": Decimal(one + len(made)).scaleb(-3) for place, one in enumerate(taken)}
    targets = {f"o{place}": Decimal(one).scaleb(-3) for place, one in enumerate(made)}
    edges = flows.apportion(sources, targets)
    assert set(edges) == {(one, other) for one in sources for other in targets}
    assert min(edges.values()) >= flows.GRAM
    for source, weight in sources.items():
        assert sum(part for (one, _), part in edges.items() if one == source) == weight


def test_too_little_to_divide_is_refused() -> None:
    targets = {"a": kg("1"), "b": kg("1")}
    assert refused(flows.apportion, {"i": kg("0.001")}, targets).code == "flows.too_little"


@pytest.mark.parametrize("product", ["lamb", "beef", "grain", "fruit", "tea", "honey", "nothing"])
def test_shipped_bands_name_their_source_and_what_can_be_done(product: str) -> None:
    rule = shipped(RuleKind.YIELDS, product)
    assert rule.source
    assert rule.source_en
    assert set(rule.content["processes"]) <= {"dressing", *flows.processes()}
