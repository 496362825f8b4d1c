"""Temperature thumbnails keep every peak, stay small, and draw nothing of too little."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from trace.formats.curves import HEIGHT, MOST, WIDTH, curve, of_record


def points(found) -> list[tuple[int, int]]:
    return [(int(x), int(y)) for x, y in re.findall(r"(\d+) (\d+)", found.path)]


def test_the_ends_and_the_peak_are_drawn() -> None:
    found = curve([(0, 2.0), (600, 2.0), (1200, 8.0), (1800, 2.0)], [(900, 1500)])
    assert points(found) == [(0, HEIGHT - 3), (53, HEIGHT - 3), (107, 3), (160, HEIGHT - 3)]
    assert (found.lowest, found.highest, found.spans) == (2.0, 8.0, ((80, 53),))


def test_a_long_record_is_thinned_and_its_one_peak_kept() -> None:
    readings = [(60 * one, 9.0 if one == 777 else 1.0 + one % 2 / 10) for one in range(5000)]
    drawn = points(curve(readings, []))
    assert len(drawn) <= MOST + 2
    assert min(y for _, y in drawn) == 3
    assert max(x for x, _ in drawn) <= WIDTH


def test_an_even_record_is_a_line_and_less_than_two_moments_are_nothing() -> None:
    assert {y for _, y in points(curve([(0, 4.0), (60, 4.0)], []))} == {HEIGHT - 3}
    assert curve([(0, 4.0)], []) is None
    assert curve([], []) is None
    assert curve([(5, 4.0), (5, 4.0)], []) is None


def test_a_record_is_drawn_by_the_room_and_marks_what_was_outside():
    began = datetime(2026, 9, 12, 9, 0, tzinfo=UTC)
    readings = [[0, "2.0", "30"], [600, None, "20"], [1200, "8.0", None], [1800, "2.0", "7"]]
    outside = [{"start": "2026-09-12T09:15:00+00:00", "end": "2026-09-12T09:25:00+00:00"}]
    assert of_record(began, readings, outside) == curve([(0, 2.0), (1200, 8.0), (1800, 2.0)], [(900, 1500)])
    assert of_record(began, [[0, None, "30"], [600, "3", None]], []) is None
