"""Looks at a code: copies are noticed, shelves and floods stay calm, and one place alone never makes a case."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.conftest import tier
from tests.scan_world import Fate, World, history, packs, run
from trace.rules import scans
from trace.rules.scans import Assessment, History, PlaceDay, Point, Signal, assess, impossible

DAY = date(2026, 10, 1)


def looks(*rows: tuple[str, int, int]) -> tuple[PlaceDay, ...]:
    """(place, day, devices) as the rollups keep them."""
    return tuple(PlaceDay(place, DAY + timedelta(days=day), devices) for place, day, devices in rows)


def spread(places: int, days: int = 4) -> tuple[PlaceDay, ...]:
    """So many places that take turns over so many days."""
    return looks(*((f"{11 + place}0100", day, 1) for place in range(places) for day in range(place % 2, 2 * days, 2)))


def test_a_shelf_where_everybody_looks_stays_calm() -> None:
    shelf = History(looks(*(("150824", day, 40) for day in range(60))))
    assert assess(shelf) == Assessment()


def test_a_flood_from_one_place_by_many_devices_changes_nothing() -> None:
    honest = looks(("150824", 0, 2), ("150824", 3, 1), ("110101", 6, 1), ("110101", 9, 1), ("310101", 20, 1))
    flood = looks(*(("440300", day, 5000) for day in range(30)))
    jumps = frozenset({("150824", "440300"), ("110101", "440300"), ("310101", "440300")})
    assert assess(History(honest + flood, jumps)).score <= assess(History(honest + looks(("150824", 40, 9)))).score


def test_a_code_in_many_places_at_once_is_suspicious_and_says_why() -> None:
    found = assess(History(spread(7), frozenset({("110100", "120100"), ("130100", "140100"), ("150100", "160100")})))
    assert found.suspicious
    assert found.watched
    assert [signal for signal, _ in found.signals] == [Signal.PLACES, Signal.SCATTERED, Signal.TRAVEL, Signal.RETURNS]
    assert dict(found.signals)[Signal.PLACES] == 6, "the place that speaks loudest is left out"


def test_looks_without_a_place_count_for_no_place() -> None:
    assert assess(History(looks(*(("", day, 500) for day in range(60))))) == Assessment()


def test_what_the_office_has_explained_counts_no_more() -> None:
    case = History(spread(8))
    assert assess(case).suspicious
    assert assess(replace(case, explained=DAY + timedelta(days=8))) == Assessment()
    assert assess(replace(case, explained=DAY - timedelta(days=1))) == assess(case)


@pytest.mark.parametrize(
    ("fact", "signal", "count"),
    [
        ({"sold_on": DAY - timedelta(days=7)}, Signal.AFTER_SALE, 6),
        ({"shelf_life_ends": DAY}, Signal.AFTER_SHELF_LIFE, 6),
    ],
)
def test_late_looks_are_for_the_office_and_never_a_warning_alone(fact, signal, count) -> None:
    late = History(looks(("150824", 1, 9), ("150824", 2, 3), ("", 0, 1)), **fact)
    found = assess(late)
    assert found.signals == ((signal, count),)
    assert not found.suspicious
    assert assess(replace(late, days=late.days[:1])).signals == (), "too few looks to judge by"


def test_the_household_of_a_buyer_may_look_for_a_week() -> None:
    days = looks(("150824", 7, 9), ("150824", 6, 9))
    assert assess(History(days, sold_on=DAY)).score == 0
    assert assess(History(looks(("150824", 8, 9), ("150824", 9, 9)), sold_on=DAY)).score > 0


def test_both_late_signals_are_a_case_for_the_office() -> None:
    found = assess(History(looks(("150824", 30, 9), ("150824", 31, 3)), sold_on=DAY, shelf_life_ends=DAY))
    assert found.watched
    assert not found.suspicious


def test_outside_the_area_of_sale_only_where_one_was_named() -> None:
    days = spread(3)
    outside = assess(History(days, area=("11",)))
    assert Signal.OUTSIDE_AREA in dict(outside.signals)
    assert Signal.OUTSIDE_AREA not in dict(assess(History(days, area=("11", "12", "13"))).signals)
    assert Signal.OUTSIDE_AREA not in dict(assess(History(days)).signals)


HOHHOT, SHENZHEN = Point(40.84, 111.75), Point(22.54, 114.06)
NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(("minutes", "expected"), [(0, True), (60, True), (120, False), (60 * 24, False), (-30, True)])
def test_two_thousand_kilometres_take_an_airliner_its_time(minutes, expected) -> None:
    assert impossible(HOHHOT, NOON, SHENZHEN, NOON + timedelta(minutes=minutes)) is expected


def test_neighbours_are_never_too_far_apart() -> None:
    assert not impossible(HOHHOT, NOON, Point(40.66, 109.84), NOON)


# --- goal G37 ---


def fails(judge) -> list[str]:
    """What of goal G37 a judge misses on the simulated county."""
    figures = run(tier(10_000, 100_000), judge)
    assert figures.clones >= 60
    assert figures.flooded >= 100
    missed = []
    if figures.found < 0.9:
        missed.append("clones")
    if figures.wrongly_amber > 0.001:
        missed.append("honest")
    return missed


def test_clones_are_found_and_honest_labels_left_alone() -> None:
    assert fails(assess) == []


def test_the_harness_catches_counting_alone() -> None:
    """The rule this one replaces: ten looks and the page warns."""

    def counting(one: History) -> Assessment:
        many = sum(day.devices for day in one.days) >= 10
        return Assessment(100, (), True) if many else Assessment()

    assert fails(counting) == ["honest"]


def test_the_harness_catches_a_judge_that_sleeps() -> None:
    assert fails(lambda _: Assessment()) == ["clones"]


def swayed(judge) -> int:
    """Flooded packs that are suspicious with the flood and would not be without the place it came from."""
    world, found = World(random.Random(7)), 0
    for pack in packs(world, 5000):
        if pack.fate is Fate.FLOODED:
            whole = history(world, pack)
            crowd = max(whole.days, key=lambda one: one.devices).place
            found += judge(whole).suspicious and not judge(scans._without(whole, crowd)).suspicious
    return found


def test_no_flood_sways_the_judge() -> None:
    assert swayed(assess) == 0


def test_the_harness_catches_a_judge_who_lets_one_place_speak_alone() -> None:
    def eager(one: History) -> Assessment:
        points = sum(day.devices for day in one.days)
        return Assessment(points, (), points >= 30)

    assert swayed(eager) > 0
