"""One value, one text: the strict decoder against every spelling the stock one takes."""

from __future__ import annotations

import base64
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.crypto import base64url

LETTERS = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"


@given(st.binary(max_size=100))
def test_encoding_and_decoding_are_inverse(data: bytes) -> None:
    assert base64url.decode(base64url.encode(data), size=len(data)) == data


@given(st.text(max_size=40), st.integers(0, 30))
def test_whatever_is_decoded_has_exactly_this_text(text: str, size: int) -> None:
    data = base64url.decode(text, size=size)
    assert data is None or (len(data) == size and base64url.encode(data) == text)


@pytest.mark.parametrize(("size", "spellings"), [(64, 16), (32, 4), (16, 16), (12, 1)])
def test_of_all_spellings_the_stock_decoder_takes_one_is_left(size: int, spellings: int) -> None:
    data = bytes(range(size))
    text = base64url.encode(data)
    last = [text[:-1] + letter for letter in LETTERS]
    taken = [spelling for spelling in last if base64.urlsafe_b64decode(spelling + "=" * (-size % 3)) == data]
    assert len(taken) == spellings
    assert [spelling for spelling in last if base64url.decode(spelling, size=size) == data] == [text]


@pytest.mark.parametrize("text", ["AA==", "A A", "AA\n", "A+", "A/", "ÄA", "Ａ0", "A", "AAA"])
def test_foreign_spellings_of_one_byte_are_none(text: str) -> None:
    assert base64url.decode(text, size=1) is None
