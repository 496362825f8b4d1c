"""Numbers of the parts of a lot."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from hypothesis import given
from hypothesis import strategies as st

from trace.rules.lots import next_part, next_parts


@given(st.sets(st.integers(1, 400)), st.integers(0, 40_000))
def test_the_next_part_of_a_lot_stands_free_behind_a_taken_one_and_is_found_by_few_questions(
    strewn: set[int], count: int
) -> None:
    for held in (strewn, range(1, count + 1)):
        asked: list[int] = []

        def taken(numbers: Iterable[int], held: Collection[int] = held, asked: list[int] = asked) -> set[int]:
            found = list(numbers)
            asked.append(len(found))
            return {one for one in found if one in held}

        number = next_part(taken)
        assert number not in held
        assert number == 1 or number - 1 in held
        assert len(asked) <= 6
        assert max(asked) <= 32
        several = next_parts(taken, 5)
        assert several[0] == number
        assert several == sorted(set(several) - set(held))
        assert len(several) == 5
