"""Signatures at the edges of RFC 8032 that verifiers are known to judge differently; ours has one answer to each.

Made here with the secret scalar, because nobody without it could: «Taming the many EdDSAs» (Chalkias, Garillot,
Nikolaenko 2020) and Wycheproof's Ed25519 cases, as far as our rule for public keys leaves any.
"""

from __future__ import annotations

import hashlib

import pytest

from tests.crypto.key_ring import derive_test_key
from tests.crypto.test_edwards import EIGHT, SECOND_SPELLINGS
from trace.crypto import edwards
from trace.crypto.edwards import ORDER

KEY = derive_test_key("one form")
BASE = edwards.decode(bytes.fromhex("58" + "66" * 31))
MESSAGES = [b"", b"brandtrace/label/v1\nedge\n", bytes(1000)]


def scalar() -> int:
    """The secret scalar of RFC 8032 section 5.1.5."""
    low = int.from_bytes(hashlib.sha512(KEY.seed()).digest()[:32], "little")
    return (low & ((1 << 254) - 8)) | (1 << 254)


def signed(message: bytes, r: int, spelling: bytes) -> bytes:
    """The signature that fits R spelled so, with r its part in the large group."""
    challenge = int.from_bytes(hashlib.sha512(spelling + KEY.public.raw + message).digest(), "little")
    return spelling + ((r + challenge * scalar()) % ORDER).to_bytes(32, "little")


def large(r: int) -> edwards.Point:
    return edwards.multiply(r, BASE)


@pytest.mark.parametrize("message", MESSAGES, ids=len)
def test_an_r_of_ones_own_is_taken_and_has_one_s(message: bytes) -> None:
    good = signed(message, 777, edwards.encode(large(777)))
    assert KEY.public.verify(message, good)
    s = int.from_bytes(good[32:], "little")
    for times in range(1, 15):
        assert not KEY.public.verify(message, good[:32] + (s + times * ORDER).to_bytes(32, "little"))


@pytest.mark.parametrize("message", MESSAGES, ids=len)
@pytest.mark.parametrize("small", EIGHT, ids=bytes.hex)
def test_an_r_of_small_order_is_refused(message: bytes, small: bytes) -> None:
    assert not KEY.public.verify(message, signed(message, 0, small))


@pytest.mark.parametrize("small", EIGHT, ids=bytes.hex)
def test_an_r_with_a_part_of_small_order_is_refused(small: bytes) -> None:
    mixed = edwards.encode(edwards.add(large(777), edwards.decode(small)))
    assert KEY.public.verify(b"m", signed(b"m", 777, mixed)) == (small == edwards.encode(edwards.IDENTITY))


@pytest.mark.parametrize("spelling", SECOND_SPELLINGS, ids=bytes.hex)
def test_a_second_spelling_of_r_is_refused(spelling: bytes) -> None:
    assert not KEY.public.verify(b"m", signed(b"m", 0, spelling))


@pytest.mark.parametrize("size", [0, 1, 32, 63, 65, 96, 128])
def test_other_lengths_are_refused_and_lend_nothing_to_the_message(size: int) -> None:
    """Signature and message travel joined: where one ends must not slide into the other."""
    good = KEY.sign(b"abc")
    assert not KEY.public.verify(b"abc", (good + b"abc" * 30)[:size])
    assert not KEY.public.verify(b"bc", good + b"a")
    assert not KEY.public.verify(good[60:] + b"abc", good[:60])
