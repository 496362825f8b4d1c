"""Last digits: the same answers as going through every number, in one walk a length."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from trace.rules.last_digits import Endings

NUMBERS = st.text("0123", min_size=1, max_size=5)


@given(st.lists(st.tuples(NUMBERS, st.integers(0, 9))), st.text("0123", max_size=6))
def test_it_finds_what_reading_every_number_finds(borne: list[tuple[str, int]], asked: str) -> None:
    known = Endings(borne)
    assert known.whole(asked) == [at for number, at in borne if number == asked]
    assert known.of(asked) == [at for number, at in borne if asked and number.endswith(asked)]


def test_many_questions_read_the_numbers_once() -> None:
    class Counted(str):
        __slots__ = ()
        read = 0

        def __getitem__(self, key):  # type: ignore[no-untyped-def]
            Counted.read += 1
            return str.__getitem__(self, key)

    def borne() -> Iterator[tuple[str, int]]:
        yield from ((Counted(f"31508242{at:06d}"), at) for at in range(50))

    known = Endings(borne())
    assert [known.of(f"{at:06d}") for at in range(50)] == [[at] for at in range(50)]
    assert Counted.read == 50
