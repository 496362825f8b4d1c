"""The family as a graph: rows by what came from what, a bounded picture, who sees how much, walks without loops."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brand.kernel.errors import AppError
from tests.make import MONDAY
from trace.formats.genealogy import BOX, HIGH, fitted, picture
from trace.rules.genealogy import Edge, Node, NodeKind, Sight, check_moment, is_its_past, ranks, rows, sights
from trace.rules.lineage import reach


def node(name: str) -> Node:
    return Node(name, NodeKind.BATCH, name)


def graph(*pairs: str) -> tuple[list[Node], list[Edge]]:
    names = sorted({name for pair in pairs for name in pair})
    return [node(one) for one in names], [Edge(*pair) for pair in pairs]


@pytest.mark.parametrize(
    ("kind", "act", "hours", "told"),
    [
        ("splitting", "theirs", 0, True), ("selling", "others", -9, False), ("packing", "others", 9, False),
        ("shipping", None, -1, True), ("shipping", None, 0, True), ("shipping", None, 1, False),
        ("chilling", None, 1, False), ("testing", None, 1, True),
    ],
)  # fmt: skip
def test_of_what_goods_came_from_their_shared_past_is_told(kind, act, hours, told):
    assert is_its_past(kind, act, MONDAY + timedelta(hours=hours), {"theirs"}, MONDAY) is told


def test_each_row_stands_below_all_it_came_from():
    nodes, edges = graph("ab", "bc", "ac", "cd", "xd")
    found = ranks([one.id for one in nodes], edges)
    assert found["a"] < found["b"] < found["c"] < found["d"]
    assert found["x"] == found["d"] - 1, "an origin stands right above what it went into"


@given(st.sets(st.tuples(st.integers(0, 30), st.integers(0, 30)).filter(lambda pair: pair[0] < pair[1]), max_size=60))
def test_no_line_ever_leads_upward_and_nothing_is_lost(pairs):
    edges = [Edge(f"{a:02}", f"{b:02}") for a, b in pairs]
    nodes = [node(f"{one:02}") for one in range(31)]
    found = ranks([one.id for one in nodes], edges)
    assert all(found[one.source] < found[one.target] for one in edges)
    drawn = rows(nodes, edges, "00", most=4)
    assert all(len(row) <= 4 for row in drawn.rows)
    shown = sum(one.count if one.kind is NodeKind.MORE else 1 for row in drawn.rows for one in row)
    assert shown == len(nodes)
    boxes = {one.node.id: one for one in picture(drawn).boxes}
    assert all(boxes[one.source].y < boxes[one.target].y for one in drawn.edges)


def test_the_one_asked_for_is_drawn_however_long_its_row():
    nodes, edges = graph(*(f"a{name}" for name in "bcdefghijklm"))
    drawn = rows(nodes, edges, "m", most=3)
    assert "m" in {one.id for one in drawn.rows[1]}
    assert drawn.rows[1][-1].count == 10
    assert len(drawn.edges) == 3, "lines to what is left out lead to its box once"


def test_boxes_do_not_lie_on_one_another():
    nodes, edges = graph("ab", "ac", "bd", "cd", "ed")
    drawn = picture(rows(nodes, edges, "d"))
    corners = [(one.x, one.y) for one in drawn.boxes]
    for place, (x, y) in enumerate(corners):
        assert 0 <= x <= drawn.width - BOX
        assert 0 <= y <= drawn.height - HIGH
        assert all(abs(x - other) >= BOX or abs(y - below) >= HIGH for other, below in corners[place + 1 :])


def test_texts_fit_their_box():
    assert fitted("20260912A") == "20260912A"
    assert fitted("乌拉特中旗示范合作社联合社有限公司") == "乌拉特中旗示范合作社联…"


def test_names_reach_one_trade_further_than_one_s_own_goods():
    found = sights("abcd", frozenset("a"), [("a", "b"), ("b", "c"), ("c", "d")])
    assert found == {"a": Sight.FULL, "b": Sight.NAMED, "c": Sight.VEILED, "d": Sight.VEILED}


def test_a_moment_ahead_is_refused():
    assert check_moment(MONDAY, MONDAY) == MONDAY
    with pytest.raises(AppError) as caught:
        check_moment(MONDAY + timedelta(minutes=1), MONDAY)
    assert (caught.value.code, caught.value.faults[0].pointer) == ("genealogy.ahead", "/at")


@given(st.sets(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=60), st.sets(st.integers(0, 20)))
def test_reach_is_the_closure(pairs, start):
    edges = {}
    for a, b in pairs:
        edges.setdefault(str(a), []).append(str(b))
    begun = {str(one) for one in start}
    found = set(begun)
    while more := {b for a in found for b in edges.get(a, ())} - found:
        found |= more
    assert reach(edges, begun) == found


def test_each_step_is_asked_for_once_however_deep():
    """A walk that looked at its whole find again on every level would take a million looks here."""

    class Counting(dict):
        looks = 0

        def get(self, key, default=None):
            self.looks += 1
            return super().get(key, default)

    deep = Counting({str(one): [str(one + 1)] for one in range(1000)})
    assert len(reach(deep, ["0"])) == 1001
    assert deep.looks == 1001


def test_a_start_is_not_changed_by_the_walk():
    start = {"a"}
    assert reach({"a": ["b"]}, start) == {"a", "b"}
    assert start == {"a"}
