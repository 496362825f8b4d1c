"""Numbers of marks and certificates: structure only; and the life of a declaration."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest

from brand.kernel import texts
from brand.kernel.errors import AppError
from brand.rules import asset_kinds
from brand.rules.asset_flow import FLOW, AssetRefusal
from brand.rules.asset_kinds import AssetKind

TODAY = date(2026, 9, 14)
ENTRIES: dict[str, Any] = {"kind": "organic", "number": "1" * 17, "nice_class": None}


def faults(**changes: Any) -> list[tuple[str, str]]:
    try:
        asset_kinds.check(ENTRIES | changes, TODAY)
    except AppError as error:
        return [(one.code, one.pointer) for one in error.faults]
    return []


@pytest.mark.parametrize(
    ("kind", "number", "fits"),
    [
        ("organic", "12345678901234567", True),
        ("organic", "1234567890123456", False),
        ("organic", "1234567890123456X", False),
        ("green_food", "GF150824120001", True),
        ("green_food", "GF15082412000", False),
        ("green_food", "LB-03-1208050123", True),
        ("green_food", "LB-03-12080501234", True),
        ("green_food", "LB-03-120805012", False),
        ("green_food", "GX150824120001", False),
    ],
)
def test_a_number_is_built_as_its_kind_demands(kind: str, number: str, fits: bool) -> None:
    assert faults(kind=kind, number=number) == ([] if fits else [(f"assets.number.{kind}", "/number")])


@pytest.mark.parametrize("number", ["AGI2008-01-00001", "anything else"])
def test_a_structure_that_is_only_background_never_refuses(number: str) -> None:
    assert faults(kind="agri_gi", number=number) == []
    warned = asset_kinds.warnings("agri_gi", asset_kinds.spelled(number), "150824")
    assert ("assets.warning.structure" in warned) == (number == "anything else")


def test_one_spelling() -> None:
    assert asset_kinds.spelled("ｇｆ150824 120001 ") == "GF150824120001"
    assert asset_kinds.check(ENTRIES | {"kind": "green_food", "number": "gf 150824120001"}, TODAY)["number"] == (
        "GF150824120001"
    )


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"valid_until": date(2026, 9, 13)}, ("assets.expired", "/valid_until")),
        ({"valid_from": date(2026, 9, 20), "valid_until": date(2026, 9, 19)}, ("assets.term", "/valid_until")),
        ({"nice_class": 29}, ("assets.nice_class", "/nice_class")),
        ({"kind": "trademark", "number": "12345678"}, ("assets.nice_class", "/nice_class")),
    ],
)
def test_what_does_not_go_together(changes: dict[str, Any], fault: tuple[str, str]) -> None:
    assert faults(**changes) == [fault]


def test_the_last_day_still_counts_and_history_may_be_over() -> None:
    assert faults(valid_until=TODAY) == []
    assert faults(kind="pollution_free", number="WGH-1", valid_until=date(2019, 1, 1)) == []
    assert "assets.warning.history" in asset_kinds.warnings("pollution_free", "WGH-1", "150824")


def test_a_green_food_code_of_another_county_is_looked_at_twice() -> None:
    assert asset_kinds.warnings("green_food", "GF150824120001", "150824") == ()
    assert asset_kinds.warnings("green_food", "GF150625120001", "150824") == ("assets.warning.region",)


def test_shared_certificates_are_claimed_per_enterprise() -> None:
    one, two = (asset_kinds.claim("agri_gi", "AGI2008-01-00001", each) for each in ("a", "b"))
    assert one != two
    assert asset_kinds.claim("organic", "1" * 17, "a") == asset_kinds.claim("organic", "1" * 17, "b")


@pytest.mark.parametrize("kind", AssetKind)
def test_every_kind_has_source_and_words(kind: AssetKind) -> None:
    rule = asset_kinds.kinds()[kind]
    assert rule.source
    assert rule.source_en
    assert rule.confidence in {"V", "S", "S2", "B", "D"}
    for language in texts.LANGUAGES:
        assert texts.has(language, f"asset.kind.{kind}")
        assert not rule.strict or texts.has(language, f"assets.number.{kind}")


@pytest.mark.parametrize("word", [*FLOW.states, "expired"])
def test_every_state_has_words(word: str) -> None:
    for language in texts.LANGUAGES:
        assert word == "new" or texts.has(language, f"asset.state.{word}")


@pytest.mark.parametrize("reason", AssetRefusal)
def test_every_refusal_has_words(reason: AssetRefusal) -> None:
    for language in texts.LANGUAGES:
        assert texts.has(language, f"asset.refusal.{reason}")


FACTS: dict[str, Any] = {
    "today": TODAY,
    "valid_until": TODAY,
    "history": False,
    "person_id": "clerk",
    "declared_by": "producer",
    "reason_code": "forged",
}


def test_every_state_and_action() -> None:
    moves = {
        ("new", "declare"): "declared",
        ("declared", "confirm"): "confirmed",
        ("declared", "refuse"): "refused",
        ("confirmed", "refuse"): "refused",
        ("declared", "withdraw"): "withdrawn",
        ("confirmed", "withdraw"): "withdrawn",
    }
    for state, action in product(FLOW.states, FLOW.actions):
        if (state, action) in moves:
            assert FLOW.apply(state, action, FACTS).next_state == moves[state, action]
        else:
            with pytest.raises(AppError) as caught:
                FLOW.step(state, action)
            assert caught.value.code == "assets.wrong_state"


@pytest.mark.parametrize(
    ("action", "changes", "code"),
    [
        ("confirm", {"valid_until": date(2026, 9, 13)}, "assets.expired"),
        ("confirm", {"declared_by": "clerk"}, "assets.four_eyes"),
        ("refuse", {"reason_code": "because"}, "assets.reason_needed"),
    ],
)
def test_what_stops_a_step(action: str, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(AppError) as caught:
        FLOW.apply("declared", action, FACTS | changes)
    assert caught.value.code == code
