"""Which points may be keys: the eight small-order points may not, and here is what they would have allowed."""

from __future__ import annotations

from collections import Counter

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from brand.kernel.errors import AppError
from tests.crypto.key_ring import derive_test_key
from trace.crypto import edwards
from trace.crypto.edwards import ORDER, PRIME
from trace.crypto.keys import PublicKey

IDENTITY = (1).to_bytes(32, "little")
SIGN = 1 << 255


def spelled(number: int) -> bytes:
    return number.to_bytes(32, "little")


def point_of_order_eight() -> edwards.Point:
    for y in range(2, 100):
        try:
            point = edwards.multiply(ORDER, edwards.decode(spelled(y)))
        except AppError:
            continue
        if not edwards.is_identity(edwards.multiply(4, point)):
            return point
    raise AssertionError("no point of order eight found")


EIGHT = [edwards.encode(edwards.multiply(n, point_of_order_eight())) for n in range(8)]
SECOND_SPELLINGS = [spelled(n) for n in (PRIME, PRIME + 1, PRIME | SIGN, PRIME + 1 | SIGN, 1 | SIGN, PRIME - 1 | SIGN)]


def refusal_of(raw: bytes) -> str:
    with pytest.raises(AppError) as refusal:
        PublicKey(raw)
    return refusal.value.code


def test_there_are_eight_small_order_points() -> None:
    assert len(set(EIGHT)) == 8
    assert IDENTITY in EIGHT


@pytest.mark.parametrize("raw", EIGHT, ids=bytes.hex)
def test_small_order_points_are_refused(raw: bytes) -> None:
    assert refusal_of(raw) == "keys.public_small_order"


@pytest.mark.parametrize("raw", SECOND_SPELLINGS, ids=bytes.hex)
def test_second_spellings_of_small_order_points_are_refused(raw: bytes) -> None:
    assert refusal_of(raw) == "keys.public_not_canonical"


@pytest.mark.parametrize("message", [b"", b"brandtrace/label/v1\nanything\n", b"a forged licence"])
def test_the_library_lets_one_signature_fit_every_message_under_the_identity_point(message: bytes) -> None:
    """The universal forgery: R is the identity, S is zero. ``verify`` of the library does not raise."""
    Ed25519PublicKey.from_public_bytes(IDENTITY).verify(IDENTITY + bytes(32), message)
    assert refusal_of(IDENTITY) == "keys.public_small_order"


@pytest.mark.parametrize("times", range(1, 8))
def test_a_key_with_a_small_order_part_is_refused_though_the_library_loads_it(times: int) -> None:
    honest = edwards.decode(derive_test_key("mixed").public.raw)
    mixed = edwards.encode(edwards.add(honest, edwards.multiply(times, point_of_order_eight())))
    Ed25519PublicKey.from_public_bytes(mixed)
    assert refusal_of(mixed) == "keys.public_mixed_order"


@pytest.mark.parametrize("n", range(PRIME, 2**255, 3))
def test_numbers_beyond_the_prime_are_refused(n: int) -> None:
    assert refusal_of(spelled(n)) == "keys.public_not_canonical"


def test_half_of_all_numbers_are_no_points_and_one_in_sixteen_is_a_key() -> None:
    outcomes: Counter[str] = Counter()
    for y in range(2, 402):
        try:
            edwards.check_public(spelled(y))
        except AppError as refusal:
            outcomes[refusal.code] += 1
        else:
            outcomes["key"] += 1
    assert set(outcomes) == {"keys.public_off_curve", "keys.public_mixed_order", "key"}
    assert 150 < outcomes["keys.public_off_curve"] < 250
    assert 10 < outcomes["key"] < 45


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_other_sizes_are_refused(size: int) -> None:
    assert refusal_of(bytes(size)) == "keys.public_size"


def test_generated_keys_pass_and_survive_decoding() -> None:
    for n in range(20):
        raw = derive_test_key(f"honest {n}").public.raw
        assert edwards.encode(edwards.decode(raw)) == raw
