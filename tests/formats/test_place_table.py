"""An operator's table of prefixes: the longest prefix wins, what is not in it is unknown, a wrong line is named."""

from __future__ import annotations

import pytest

from trace.formats import place_table
from trace.formats.place_table import PlaceTable
from trace.rules.scans import Point

TABLE = """prefix,place,latitude,longitude
192.0.2.0/24,150000,40.8,111.7
192.0.2.128/25,150824,41.57,108.52
2001:db8::/32,110000,,
,310000,31.2,121.5
"""


@pytest.fixture
def table(tmp_path) -> PlaceTable:
    (tmp_path / "places.csv").write_text(TABLE, encoding="utf-8")
    return place_table.read(tmp_path / "places.csv")


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.1", "150000"),
        ("192.0.2.200", "150824"),
        ("::ffff:192.0.2.200", "150824"),
        ("2001:db8::1", "110000"),
        ("198.51.100.1", ""),
        ("2001:db9::1", ""),
        ("unix:", ""),
        ("", ""),
    ],
)
def test_the_longest_prefix_wins(table, address, place):
    assert table.place(address) == place


def test_points_are_those_that_were_given(table):
    assert table.points["150824"] == Point(41.57, 108.52)
    assert set(table.points) == {"150000", "150824", "310000"}
    assert PlaceTable().place("192.0.2.1") == ""


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("192.0.2.0/33,150000,,", "line 2"),
        ("192.0.2.1/24,150000,,", "line 2"),
        ("192.0.2.0/24,15,,", "line 2"),
        ("192.0.2.0/24,150000,91,0", "line 2"),
        ("192.0.2.0/24,150000,1,", "line 2"),
        ("192.0.2.0/24,150000", "line 2"),
    ],
)
def test_a_wrong_line_is_named(tmp_path, line, words):
    path = tmp_path / "places.csv"
    path.write_text(f"prefix,place,latitude,longitude\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=words):
        place_table.read(path)


def test_a_table_without_its_header_is_refused(tmp_path):
    path = tmp_path / "places.csv"
    path.write_text("192.0.2.0/24,150000,,\n", encoding="utf-8")
    with pytest.raises(ValueError, match="first line"):
        place_table.read(path)
