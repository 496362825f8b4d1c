"""The check character finds every single error and every swap; a plain sum, the planted bug, does not."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brand.kernel.errors import AppError
from trace.crypto import crockford
from trace.crypto.crockford import ALPHABET

MARK = 1
Check = Callable[[str], bool]


def ours(text: str) -> bool:
    return crockford.is_checked(text, mark=MARK)


def plain_sum(text: str) -> bool:
    return sum(ALPHABET.index(letter) for letter in text) % 32 == MARK


def word(first: str, length: int, check: Check) -> str:
    """A valid word of ``length`` characters beginning with ``first``; the rest is a fixed pattern."""
    body = (first + "7QJ2WZ5MX8R0TBK4HN6PVD3GYC19SAE")[: length - 1]
    return next(body + letter for letter in ALPHABET if check(body + letter))


def missed_single_errors(length: int, check: Check) -> list[str]:
    valid = word("", length, check)
    bent = (valid[:at] + letter + valid[at + 1 :] for at in range(length) for letter in ALPHABET)
    return [text for text in bent if text != valid and check(text)]


def missed_swaps(length: int, check: Check) -> list[str]:
    """Every pair of unlike characters at every pair of places, the word filled up to be valid."""
    missed = []
    for i, j in itertools.combinations(range(length), 2):
        for a, b in itertools.combinations(ALPHABET, 2):
            text = list("0" * length)
            text[i], text[j] = a, b
            spare = next(at for at in range(length) if at not in (i, j))
            text[spare] = next(c for c in ALPHABET if check("".join([*text[:spare], c, *text[spare + 1 :]])))
            text[i], text[j] = b, a
            if check("".join(text)):
                missed.append("".join(text))
    return missed


@pytest.mark.parametrize("length", [8, 25])
def test_every_single_error_is_found(length: int) -> None:
    assert missed_single_errors(length, ours) == []


def test_every_swap_of_two_characters_is_found_not_only_of_neighbours() -> None:
    assert missed_swaps(8, ours) == []


def test_a_plain_sum_would_miss_every_swap() -> None:
    assert len(missed_swaps(4, plain_sum)) == 6 * 496


@given(st.text(ALPHABET, min_size=1, max_size=30), st.data())
def test_any_word_up_to_31_characters_is_protected(body: str, data: st.DataObject) -> None:
    valid = body + crockford.check_character(body, mark=MARK)
    assert ours(valid)
    at = data.draw(st.integers(0, len(valid) - 1))
    letter = data.draw(st.sampled_from(ALPHABET))
    assert ours(valid[:at] + letter + valid[at + 1 :]) == (letter == valid[at])
    after = data.draw(st.integers(0, len(valid) - 1))
    swapped = list(valid)
    swapped[at], swapped[after] = swapped[after], swapped[at]
    assert ours("".join(swapped)) == (valid[at] == valid[after])


def test_beyond_31_characters_weights_would_repeat_so_nothing_passes() -> None:
    body = "0" * 31
    assert not ours(body + crockford.check_character(body, mark=MARK))


def test_marks_keep_kinds_apart_and_zeros_out() -> None:
    valid = "ABCDEFG" + crockford.check_character("ABCDEFG", mark=1)
    assert not crockford.is_checked(valid, mark=2)
    assert not ours("0" * 8)


@pytest.mark.parametrize(
    ("data", "text"),
    [(b"", ""), (bytes(5), "00000000"), (b"\xff" * 5, "ZZZZZZZZ"), (bytes.fromhex("00443214c7"), "01234567")],
)
def test_encoding_counts_from_the_most_significant_bit(data: bytes, text: str) -> None:
    assert crockford.encode(data) == text


def test_other_sizes_are_refused() -> None:
    with pytest.raises(AppError) as refusal:
        crockford.encode(b"1234")
    assert refusal.value.code == "codes.randomness_size"
