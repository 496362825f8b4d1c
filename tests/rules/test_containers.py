"""What everybody is told of a case, and in which colour: the goods inside speak before the case around them."""

from __future__ import annotations

import pytest

from trace.rules.containers import COLOURS, ContainerState, Told, told
from trace.rules.label_stops import Bearing, among_packs, gravest
from trace.rules.verdicts import Colour


@pytest.mark.parametrize("state", list(ContainerState))
def test_a_recall_speaks_whatever_became_of_the_case(state: ContainerState) -> None:
    assert told(state, held=True, recalled=True, stops=Bearing.NONE) == (Told.RECALLED,)
    assert COLOURS[Told.RECALLED] is Colour.RED


@pytest.mark.parametrize(
    ("state", "held", "word", "colour"),
    [
        ("packed", False, Told.PACKED, Colour.GREEN),
        ("packed", True, Told.HELD, Colour.AMBER),
        ("sold", True, Told.HELD, Colour.AMBER),
        ("sold", False, Told.SOLD, Colour.GREEN),
        ("emptied", True, Told.EMPTIED, Colour.AMBER),
        ("lost", True, Told.LOST, Colour.RED),
        ("destroyed", False, Told.DESTROYED, Colour.RED),
    ],
)
def test_each_state_has_its_word(state: str, held: bool, word: Told, colour: Colour) -> None:
    assert told(state, held=held, recalled=False, stops=Bearing.NONE) == (word,)
    assert COLOURS[word] is colour


@pytest.mark.parametrize(("stops", "word"), [(Bearing.SURE, Told.STOPPED), (Bearing.PERHAPS, Told.PERHAPS_STOPPED)])
def test_a_stop_is_told_beside_what_is_graver_and_of_nothing_that_was_opened(stops: Bearing, word: Told) -> None:
    assert COLOURS[word] is Colour.AMBER
    for state in ("packed", "sold"):
        assert told(state, held=False, recalled=False, stops=stops) == (word,)
        assert told(state, held=True, recalled=False, stops=stops) == (Told.HELD, word)
        assert told(state, held=True, recalled=True, stops=stops) == (Told.RECALLED, word)
    for state in ("emptied", "lost", "destroyed"):
        assert told(state, held=True, recalled=False, stops=stops) == (Told(state),)


@pytest.mark.parametrize(
    ("labels", "stopped", "found"),
    [
        ({}, (), Bearing.NONE),
        ({}, ("a",), Bearing.PERHAPS),
        ({"a": 1}, ("a",), Bearing.SURE),
        ({"b": 9}, ("a",), Bearing.PERHAPS),
        ({"b": 10}, ("a",), Bearing.NONE),
        ({"b": 9, "a": 1}, ("a",), Bearing.SURE),
        ({"b": 10}, ("a", "b"), Bearing.SURE),
    ],
)
def test_packs_that_were_only_counted_may_bear_stopped_labels(labels: dict[str, int], stopped, found: Bearing) -> None:
    assert among_packs(10, labels, stopped) is found
    assert gravest([Bearing.NONE, found, Bearing.NONE]) is found
    assert gravest([]) is Bearing.NONE
