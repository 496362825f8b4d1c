"""The line under the symbol, typed back by people with wet hands and Chinese keyboards."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brand.kernel.errors import AppError
from tests.crypto.key_ring import derive_test_code
from trace.crypto.crockford import ALPHABET
from trace.crypto.typed_codes import human_readable, parse_typed

CODE = derive_test_code("typed")
LINE = human_readable(CODE)
BARE = LINE.replace("-", "")


def refusal_of(text: str) -> str:
    with pytest.raises(AppError) as refusal:
        parse_typed(text)
    return refusal.value.code


def test_the_line_shows_batch_and_serial_in_groups_of_four() -> None:
    assert re.fullmatch(r"(?:[0-9A-Z]{4}-){6}[0-9A-Z]", LINE)
    assert BARE[:-1] == CODE.batch + CODE.serial


@pytest.mark.parametrize(
    "typed",
    [
        LINE,
        LINE.lower(),
        BARE,
        LINE.replace("-", " "),
        LINE.replace("-", "——"),
        LINE.replace("-", "\u3000"),
        f"  {LINE}\t",
        "".join(chr(ord(letter) + 0xFEE0) for letter in LINE),
        "".join(chr(ord(letter) + 0xFEE0) for letter in LINE.lower()),
        LINE.replace("1", "I").replace("0", "O"),
        LINE.replace("1", "l").replace("0", "o"),
        LINE.replace("1", "L").replace("0", "Ｏ"),
    ],
)
def test_friendly_spellings_mean_the_same_code(typed: str) -> None:
    assert parse_typed(typed) == CODE


def test_the_sample_has_the_letters_that_are_confused() -> None:
    assert {"0", "1"} <= set(BARE)


@given(st.integers(0, 24), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_found(at: int, letter: str) -> None:
    typed = BARE[:at] + letter + BARE[at + 1 :]
    if typed == BARE:
        assert parse_typed(typed) == CODE
    else:
        assert refusal_of(typed) == "codes.typed_check"


@pytest.mark.parametrize("at", range(24))
def test_two_swapped_neighbours_are_found(at: int) -> None:
    typed = BARE[:at] + BARE[at + 1] + BARE[at] + BARE[at + 2 :]
    assert typed == BARE or refusal_of(typed) == "codes.typed_check"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "codes.typed_length"),
        (BARE[:-1], "codes.typed_length"),
        (BARE + "0", "codes.typed_length"),
        ("0" * 100_000, "codes.typed_length"),
        (BARE[:-1] + "U", "codes.typed_character"),
        (BARE[:-1] + "А", "codes.typed_character"),
        (BARE[:-1] + "ı", "codes.typed_character"),
        (BARE[:-1] + "ſ", "codes.typed_character"),
        (BARE[:-1] + "零", "codes.typed_character"),
        (BARE[:-1] + "/", "codes.typed_character"),
        ("0" * 25, "codes.typed_check"),
    ],
)
def test_what_cannot_be_meant_is_refused(typed: str, code: str) -> None:
    assert refusal_of(typed) == code


@given(st.text(max_size=60))
def test_any_typing_is_read_or_refused_by_name(text: str) -> None:
    try:
        outcome = human_readable(parse_typed(text))
    except AppError as refusal:
        outcome = refusal.code
    assert outcome.startswith("codes.") or parse_typed(outcome) == parse_typed(text)
