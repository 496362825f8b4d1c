"""Grade tables judged before anybody grades by them, typed through a form and back, and read by the engine."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brand.kernel.errors import AppError
from brand.rules import grade_table_forms as forms
from brand.rules.grade_table_checks import check
from brand.rules.grade_tables import CarcassClass, Criterion, Grade, nyt630_2002, shipped_table, table_of
from brand.rules.grading import Carcass, grade

SHIPPED = shipped_table("nyt630-2002.json")


def _with(change: Any) -> dict[str, Any]:
    table = deepcopy(SHIPPED)
    change(table)
    return table


def _row(table: dict[str, Any], place: int, kind: str = "lamb") -> dict[str, Any]:
    found: dict[str, Any] = table["classes"][kind][place]
    return found


def _kg(table: dict[str, Any], **ends: Any) -> None:
    """Other ends for the weight of the lamb table's second row; ``low`` and ``high`` for from and to."""
    names = {"low": "from", "high": "to"}
    _row(table, 1)["carcass_kg"].update({names[name]: value for name, value in ends.items()})


def _no_weight(table: dict[str, Any]) -> None:
    for place in range(4):
        del _row(table, place)["carcass_kg"]


def test_the_shipped_table_is_sound() -> None:
    assert list(check(SHIPPED)) == []


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        (lambda t: t.pop("source"), "input.required", "/source"),
        (lambda t: t.update(attribution_confidence="sure"), "grade_tables.confidence", "/attribution_confidence"),
        (lambda t: t["scales"]["firmness"].pop(), "grade_tables.scales", "/scales"),
        (lambda t: t["classes"].pop("lamb"), "grade_tables.class_empty", "/classes/lamb"),
        (lambda t: t["classes"]["lamb"].reverse(), "grade_tables.order", "/classes/lamb"),
        (lambda t: t["classes"]["lamb"].append(_row(t, 3)), "grade_tables.order", "/classes/lamb"),
        (lambda t: _row(t, 0).update(confidence=""), "grade_tables.confidence", "/classes/lamb/0/confidence"),
        (lambda t: _row(t, 1).pop("marbling"), "grade_tables.not_in_every_row", "/classes/lamb"),
        (_no_weight, "grade_tables.not_in_every_row", "/classes/lamb"),
        (lambda t: _row(t, 1).update(firmness="hard"), "grade_tables.word", "/classes/lamb/1/firmness"),
        (lambda t: _row(t, 1).update(lean_colour="grey"), "grade_tables.word", "/classes/lamb/1/lean_colour"),
        (lambda t: _kg(t, low="x"), "grade_tables.not_a_number", "/classes/lamb/1/carcass_kg/from"),
        (lambda t: _kg(t, low="NaN"), "grade_tables.not_a_number", "/classes/lamb/1/carcass_kg/from"),
        (lambda t: _kg(t, low="-1"), "grade_tables.out_of_range", "/classes/lamb/1/carcass_kg/from"),
        (
            lambda t: _row(t, 1)["backfat_cm"].update(to="0.333"),
            "grade_tables.too_precise",
            "/classes/lamb/1/backfat_cm/to",
        ),
        (lambda t: _kg(t, high="14"), "grade_tables.upside_down", "/classes/lamb/1/carcass_kg"),
        (lambda t: _row(t, 1).update(carcass_kg={}), "grade_tables.no_end", "/classes/lamb/1/carcass_kg"),
        (lambda t: _kg(t, high="19"), "grade_tables.overlap", "/classes/lamb"),
        (
            lambda t: _row(t, 1, "mutton")["carcass_kg"].update(to_included=True),
            "grade_tables.edge_twice",
            "/classes/mutton",
        ),
        (
            lambda t: _row(t, 0, "mutton")["carcass_kg"].update(from_included=False),
            "grade_tables.edge_nowhere",
            "/classes/mutton",
        ),
    ],
)
def test_every_fault_stands_at_its_place(change: Any, code: str, pointer: str) -> None:
    assert (code, pointer) in {(one.code, one.pointer) for one in check(_with(change))}


def test_an_empty_table_is_full_of_faults() -> None:
    assert {one.code for one in check({})} >= {"input.required", "grade_tables.scales", "grade_tables.class_empty"}


@pytest.mark.parametrize("kind", list(CarcassClass))
def test_a_form_changes_nothing_it_was_not_told(kind: CarcassClass) -> None:
    again = forms.with_class(SHIPPED, kind, forms.cells_of(SHIPPED, kind))
    assert table_of(again) == nyt630_2002()
    assert table_of(forms.with_head(SHIPPED, forms.head_of(SHIPPED))) == nyt630_2002()


def test_a_table_begun_from_nothing_has_the_engines_words_and_no_rows() -> None:
    begun = forms.with_head(None, dict.fromkeys(forms.HEAD, "示范"))
    assert begun["scales"] == SHIPPED["scales"]
    assert begun["classes"] == {}
    cells = {"special-carcass_kg-from": "10", "special-confidence": "D"}
    row = forms.with_class(begun, CarcassClass.LAMB, cells)["classes"]["lamb"]
    assert row == [{"grade": "special", "confidence": "D", "carcass_kg": {"from": "10"}}]
    with pytest.raises(AppError) as caught:
        forms.with_class(begun, CarcassClass.LAMB, {"special-carcass_kg-to": "abc", "special-confidence": "D"})
    assert [one.pointer for one in caught.value.faults] == ["/special-carcass_kg-to"]


_EDGES = st.lists(st.decimals(0, 60, places=1), min_size=5, max_size=5, unique=True)


@settings(deadline=None)
@given(_EDGES, st.booleans(), st.booleans(), st.decimals(0, 70, places=1).filter(lambda one: one > 0))
def test_a_table_from_the_form_grades_as_its_edges_say(
    edges: list[Decimal], below: bool, top: bool, weight: Decimal
) -> None:
    """Lower-inclusive or not, closed at the top or not: the engine agrees with plain comparison."""
    edges = sorted(edges, reverse=True)
    cells = {}
    for place, one in enumerate(forms.GRADES):
        high, low = edges[place], edges[place + 1]
        upper = top if place == 0 else not below
        cells |= {
            f"{one}-carcass_kg-from": str(low),
            f"{one}-carcass_kg-from_edge": "in" if below else "out",
            f"{one}-carcass_kg-to": str(high),
            f"{one}-carcass_kg-to_edge": "in" if upper else "out",
            f"{one}-confidence": "D",
        }
    raw = forms.with_head(None, dict.fromkeys(forms.HEAD, "示范"))
    for kind in CarcassClass:
        raw = forms.with_class(raw, kind, cells)
    table = table_of(raw | {"table": "示范", "edition": "1"})
    expected = Grade.MANUAL
    for place, one in enumerate(forms.GRADES):
        high, low = edges[place], edges[place + 1]
        above = weight >= low if below else weight > low
        under = weight <= high if (top if place == 0 else not below) else weight < high
        if above and under:
            expected = one
            break
    found = grade(table, Carcass(CarcassClass.LAMB, weight))
    assert (found.grade, found.decided_by) == (expected, Criterion.CARCASS_KG)
