"""What a preset file must keep, and that the shipped one keeps it."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from typing import Any

import pytest

from brand.kernel import texts
from brand.kernel.errors import AppError
from brand.rules import presets
from brand.rules.presets import Preset, Process, Unit, Use
from brand.schemas import presets as files

DAY = date(2026, 9, 14)


@pytest.fixture
def raw() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((files.FOLDER / "urad-1-3-10.json").read_text("utf-8"))
    return found


def urad() -> Preset:
    return files.read_shipped("urad-1-3-10")


def refusal(preset: Preset) -> list[tuple[str, str]]:
    with pytest.raises(AppError) as caught:
        presets.check(preset, DAY)
    assert caught.value.code == "presets.inconsistent"
    return [(one.code, one.pointer) for one in caught.value.faults]


def test_the_shipped_preset_is_one_three_ten_with_licences_above_and_advice_below() -> None:
    preset = urad()
    presets.check(preset, DAY)
    assert [(one.slots_min, one.slots_max) for one in preset.tiers] == [(1, 1), (3, 3), (10, 10)]
    assert [one.process for one in preset.tiers] == [Process.LICENCE, Process.LICENCE, Process.ADVICE]
    assert set(preset.tiers[0].allowed_uses) == {Use.PUBLICITY, Use.OUTREACH, Use.INVESTMENT}


#: What each plan asks for: (least, most) brands and (least, most) hero products, tier by tier (domain notes A1).
PLANS = {
    "urad-1-3-10": [(1, 1, 0, None), (3, 3, 0, None), (10, 10, 0, None)],
    "urad-1-3-n": [(1, 1, 0, None), (3, 3, 0, None), (0, None, 0, None)],
    "hanggin-1-5": [(1, 1, 5, None)],
    "lufeng-1": [(1, 1, 0, None), (1, 1, 0, None)],
    "burqin-2-3-10-15": [(2, 3, 3, None), (10, 15, 0, None)],
    "jinghong-1-3-5": [(1, 1, 3, 5), (2, None, 0, None)],
}


def test_every_place_has_its_preset() -> None:
    assert files.shipped() == sorted(PLANS)


@pytest.mark.parametrize("name", PLANS)
def test_each_preset_says_what_its_plan_says_and_names_the_line(name: str) -> None:
    preset = files.read_shipped(name)
    presets.check(preset, DAY)
    assert preset.scheme.code == name
    found = [(one.slots_min, one.slots_max, one.heroes_min, one.heroes_max) for one in preset.tiers]
    assert found == PLANS[name]
    for one in [preset.scheme, *preset.tiers, *preset.brands, *preset.products]:
        assert "方案第" in one.source or one.confidence == "D"
        assert "plan, line" in one.source_en or one.confidence == "D"


def test_a_brand_may_stand_above_tier_one_and_is_not_licensed_here() -> None:
    preset = files.read_shipped("lufeng-1")
    umbrella, county = preset.brands
    assert (umbrella.tier, county.parent) == (0, umbrella.code)
    assert preset.tiers[0].process == Process.UMBRELLA
    product = dataclasses.replace(preset.products[0], brand="prefecture")
    assert ("presets.product_under_advice", "/products/0/brand") in refusal(
        dataclasses.replace(preset, products=[product])
    )


def test_more_hero_products_than_the_plan_allows_are_refused() -> None:
    preset = files.read_shipped("jinghong-1-3-5")
    more = [dataclasses.replace(preset.products[0], code=f"more-{one}") for one in range(3)]
    wrong = dataclasses.replace(preset, products=[*preset.products, *more])
    assert refusal(wrong) == [("presets.too_many_heroes", "/tiers/0")]


def test_policies_not_set_by_a_preset_are_those_it_names() -> None:
    own = {one.key: one for one in files.read_shipped("hanggin-1-5").policies}
    assert own.keys() == {one.key for one in urad().policies}
    assert "第36行" in own["rectification_months"].provenance
    assert own["licence_term_years"] in urad().policies


def test_lufeng_is_found_under_its_new_code_only() -> None:
    assert refusal(
        dataclasses.replace(
            files.read_shipped("lufeng-1"),
            scheme=dataclasses.replace(files.read_shipped("lufeng-1").scheme, county_code="532331"),
        )
    ) == [("presets.county_unknown", "/scheme/county_code")]


@pytest.mark.parametrize("name", PLANS)
def test_every_brand_of_the_shipped_presets_is_marked_as_a_demonstration(name: str) -> None:
    preset = files.read_shipped(name)
    for one in [preset.scheme, *preset.brands]:
        assert "示范" in one.name
        assert "Demo" in one.name_en


@pytest.mark.parametrize("name", PLANS)
def test_a_policy_of_our_own_says_where_it_leans_and_never_that_it_is_law(name: str) -> None:
    for one in files.read_shipped(name).policies:
        if one.confidence == "D":
            assert any(words in one.provenance for words in ("参照", "建议", "办公室决定", "方案第", "可选")), one.key
            assert "依法" not in one.provenance, one.key
            english = ("analogy", "proposal", "office decides", "plan, line", "optional")
            assert any(words in one.provenance_en for words in english), one.key


@pytest.mark.parametrize(
    "code",
    [
        *(f"use.{one}" for one in Use),
        *(f"unit.{one}" for one in Unit),
        *(f"process.{one}" for one in Process),
        *(f"process.{one}.about" for one in Process),
        *(f"confidence.{one}" for one in presets.Confidence),
        *sorted({f"policy.{one.key}" for name in files.shipped() for one in files.read_shipped(name).policies}),
    ],
)
def test_every_word_of_a_scheme_is_said_in_both_languages(code: str) -> None:
    assert texts.has("zh", code)
    assert texts.has("en", code)


def test_each_contradiction_is_named_at_its_place() -> None:
    preset = urad()
    cases: list[tuple[dict[str, Any], tuple[str, str]]] = [
        (
            {"scheme": dataclasses.replace(preset.scheme, county_code="999999")},
            ("presets.county_unknown", "/scheme/county_code"),
        ),
        ({"tiers": [*preset.tiers, preset.tiers[0]]}, ("presets.repeated", "/tiers/3")),
        (
            {"tiers": [dataclasses.replace(preset.tiers[0], slots_min=2), *preset.tiers[1:]]},
            ("presets.slots", "/tiers/0"),
        ),
        (
            {"brands": [*preset.brands, dataclasses.replace(preset.brands[1], code="x")]},
            ("presets.too_many_brands", "/tiers/1"),
        ),
        (
            {"brands": [*preset.brands, dataclasses.replace(preset.brands[1], code="x", tier=7)]},
            ("presets.tier_unknown", "/brands/4/tier"),
        ),
        (
            {"brands": [dataclasses.replace(preset.brands[0], parent="pastoral"), *preset.brands[1:]]},
            ("presets.parent", "/brands/0/parent"),
        ),
        ({"products": [*preset.products, preset.products[0]]}, ("presets.repeated", "/products/4")),
        (
            {"products": [dataclasses.replace(preset.products[0], brand="nobody")]},
            ("presets.brand_unknown", "/products/0/brand"),
        ),
        (
            {"policies": [one for one in preset.policies if one.key != "notice_working_days"]},
            ("presets.policy_missing", "/policies"),
        ),
    ]
    for change, expected in cases:
        assert expected in refusal(dataclasses.replace(preset, **change))


def test_a_product_under_an_advice_tier_is_refused() -> None:
    preset = urad()
    own = dataclasses.replace(preset.brands[1], code="own", tier=3)
    product = dataclasses.replace(preset.products[0], brand="own")
    changed = dataclasses.replace(preset, brands=[*preset.brands, own], products=[product])
    assert refusal(changed) == [("presets.product_under_advice", "/products/0/brand")]


def test_an_open_tier_takes_any_number() -> None:
    preset = urad()
    opened = dataclasses.replace(preset.tiers[1], slots_max=None)
    more = [dataclasses.replace(preset.brands[1], code=f"more-{one}") for one in range(30)]
    presets.check(
        dataclasses.replace(preset, tiers=[preset.tiers[0], opened, preset.tiers[2]], brands=[*preset.brands, *more]),
        DAY,
    )


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("format",), "other/1", "presets.format"),
        (("scheme", "code"), "Not A Code", "presets.code"),
        (("scheme", "surplus"), 1, "input.unknown_field"),
        (("tiers", 0, "process"), "grace", "input.not_a_choice"),
        (("tiers", 0, "allowed_uses", 0), "tattoo", "input.not_a_choice"),
        (("tiers", 0, "slots_max"), 1.5, "input.not_whole_number"),
        (("policies", 0, "value"), -1, "input.out_of_range"),
        (("policies", 0, "provenance"), "", "input.required"),
        (("tiers",), [], "presets.size"),
    ],
)
def test_the_shape_of_a_file_is_checked_by_name(
    raw: dict[str, Any], path: tuple[Any, ...], value: Any, code: str
) -> None:
    holder: Any = raw
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    with pytest.raises(AppError) as caught:
        files.read(json.dumps(raw).encode())
    pointer = "/" + "/".join(str(one) for one in path)
    assert (code, pointer) in [(one.code, one.pointer) for one in caught.value.faults]


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"[" * 5000, b"{"])
def test_what_is_no_json_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(AppError) as caught:
        files.read(data)
    assert caught.value.code == "presets.not_json"


@pytest.mark.parametrize("data", [b"[]", b"null", b'"text"', b"7"])
def test_json_of_another_shape_is_refused(data: bytes) -> None:
    with pytest.raises(AppError) as caught:
        files.read(data)
    assert caught.value.code == "input.invalid"


@pytest.mark.parametrize("name", ["", "nothing", "../rules/data/counties", "urad-1-3-10.json"])
def test_only_shipped_names_are_read(name: str) -> None:
    with pytest.raises(AppError) as caught:
        files.read_shipped(name)
    assert caught.value.code == "presets.unknown"
