"""Announcement, animals, herd and paper before slaughter: every difference is named, agreement names none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from brand.kernel.errors import AppError, Fault
from trace.rules.lairage import FLOW, Announced, Paper, ReadTag, check_examination, differences

DAY = date(2026, 9, 12)
TAGS = [ReadTag("a"), ReadTag("b")]
SAID = Announced(2, frozenset({"a", "b"}))
PAPER = Paper("declared", Decimal(2), True, DAY, DAY)


def codes(said: Announced = SAID, tags: list[ReadTag] = TAGS, paper: Paper | None = PAPER, on: date = DAY) -> list[str]:
    return [one.code for one in differences(said, tags, paper, on)]


def test_where_everything_agrees_nothing_is_named() -> None:
    assert codes() == []
    assert codes(said=Announced(2)) == []


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"said": Announced(3)}, ["lairage.head_differs"]),
        ({"said": Announced(2, frozenset({"a", "c"}))}, ["lairage.not_there", "lairage.not_announced"]),
        ({"tags": [ReadTag("a"), ReadTag("b", known=False)]}, ["lairage.unknown_tag"]),
        ({"tags": [ReadTag("a"), ReadTag("b", of_producer=False)]}, ["lairage.other_herd"]),
        ({"tags": [ReadTag("a"), ReadTag("b", against=(Fault("slaughter.x"),))]}, ["slaughter.x"]),
        ({"paper": None}, ["lairage.no_paper"]),
        ({"paper": replace(PAPER, of_animals=False)}, ["lairage.paper_of_products"]),
        ({"paper": replace(PAPER, state="rejected")}, ["lairage.paper_rejected"]),
        ({"on": date(2026, 9, 13)}, ["lairage.paper_not_valid"]),
        ({"paper": replace(PAPER, head=Decimal(1))}, ["lairage.paper_for_fewer"]),
    ],
)
def test_each_difference_is_named(changes: dict[str, object], found: list[str]) -> None:
    assert codes(**changes) == found  # type: ignore[arg-type]


def test_figures_stand_beside_a_difference_of_heads() -> None:
    found = differences(Announced(3), TAGS, PAPER, DAY)[0]
    assert found.params == {"announced": 3, "read": 2}


@pytest.mark.parametrize(
    ("tags", "unfit", "found", "note", "code"),
    [
        ([], [], [], "", "lairage.nothing_read"),
        (["a"], ["b"], [], "x", "lairage.not_read"),
        (["a"], ["a"], [], "", "lairage.say_why"),
        (["a"], [], [Fault("lairage.no_paper")], "", "lairage.say_why"),
    ],
)
def test_an_examination_speaks_to_what_does_not_agree(
    tags: list[str], unfit: list[str], found: list[Fault], note: str, code: str
) -> None:
    with pytest.raises(AppError) as raised:
        check_examination(tags, unfit, found, note)
    assert raised.value.code == code


def test_a_closed_lot_stays_closed() -> None:
    assert FLOW.step("read", "read").next_state == "read"
    for state in ("examined", "slaughtered"):
        with pytest.raises(AppError, match=r"lairage\.wrong_state"):
            FLOW.step(state, "read")
