"""What everybody is told of a case, and in which colour: the goods inside speak before the case around them."""

from __future__ import annotations

import pytest

from trace.rules.containers import COLOURS, ContainerState, Told, told
from trace.rules.verdicts import Colour


@pytest.mark.parametrize("state", list(ContainerState))
def test_a_recall_speaks_whatever_became_of_the_case(state: ContainerState) -> None:
    assert told(state, held=True, recalled=True) is Told.RECALLED
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
    assert told(state, held=held, recalled=False) is word
    assert COLOURS[word] is colour
