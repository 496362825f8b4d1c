"""Making codes: shapes, what is signed, randomness, and signing a run."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brand.kernel.errors import AppError
from tests.crypto.key_ring import KID, ORIGIN, derive_test_code, derive_test_key
from trace.crypto import code_profiles, crockford, label_codes
from trace.crypto.code_profiles import UnitCode

KEY = derive_test_key("registry label key")
codes = st.builds(
    lambda batch, serial: UnitCode(label_codes.new_batch_code(batch), label_codes.serial_from(serial)),
    st.binary(min_size=5, max_size=5),
    st.binary(min_size=10, max_size=10),
)
kids = st.from_regex(r"\A[0-9a-z]{2,3}\Z")


@given(codes, kids)
def test_what_is_signed_is_read_back_and_verifies(code: UnitCode, kid: str) -> None:
    scanned = label_codes.parse(label_codes.sign(KEY, ORIGIN, kid, code))
    assert (scanned.code, scanned.kid) == (code, kid)
    assert label_codes.verify(KEY.public, ORIGIN, scanned)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_by_name(text: str) -> None:
    try:
        spelled = label_codes.path(label_codes.parse(text).code)
    except AppError as refusal:
        spelled = refusal.code
    assert spelled == text or spelled.startswith("codes.")


def test_a_run_is_signed_as_its_codes_one_by_one() -> None:
    run = [derive_test_code(f"run {n}") for n in range(50)]
    assert label_codes.sign_many(KEY, ORIGIN, KID, run) == [label_codes.sign(KEY, ORIGIN, KID, code) for code in run]
    assert label_codes.sign_many(KEY, ORIGIN, KID, []) == []


def test_the_signed_bytes_are_those_of_the_plan() -> None:
    assert label_codes.signed_bytes("trace.example.cn", "u:A:B", "k3") == (
        b"brandtrace/label/v1\ntrace.example.cn\nu:A:B\nk3\n"
    )


@pytest.mark.parametrize(
    ("origin", "element", "kid", "code"),
    [
        ("", "u:A:B", "k3", "codes.origin_shape"),
        ("https://Trace.example.cn", "u:A:B", "k3", "codes.origin_shape"),
        ("trace.example.cn\nu:A:B", "u:A:B", "k3", "codes.origin_shape"),
        ("源标.cn", "u:A:B", "k3", "codes.origin_shape"),
        ("trace.example.cn/", "u:A:B", "k3", "codes.origin_shape"),
        ("trace.example.cn", "u:A:B\n", "k3", "codes.element_shape"),
        ("trace.example.cn", "", "k3", "codes.element_shape"),
        ("trace.example.cn", "u:A:B", "k3\n", "codes.kid_shape"),
        ("trace.example.cn", "u:A:B", "K3", "codes.kid_shape"),
        ("trace.example.cn", "u:A:B", "k", "codes.kid_shape"),
    ],
)
def test_no_part_can_reach_into_the_next(origin: str, element: str, kid: str, code: str) -> None:
    with pytest.raises(AppError) as refusal:
        label_codes.signed_bytes(origin, element, kid)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    "serial", ["", "0" * 15, "0" * 17, "0" * 15 + "a", "0" * 15 + "U", "0" * 15 + "０", "0" * 16 + "\n"]
)
def test_a_malformed_code_cannot_be_built_so_never_signed(serial: str) -> None:
    with pytest.raises(AppError) as refusal:
        UnitCode(derive_test_code("any").batch, serial)
    assert refusal.value.code == "codes.serial_shape"


@given(st.integers(0, 2**80 - 1))
def test_a_serial_keeps_all_80_bits(number: int) -> None:
    serial = label_codes.serial_from(number.to_bytes(10, "big"))
    assert len(serial) == 16
    assert sum(crockford.ALPHABET.index(letter) << 5 * (15 - at) for at, letter in enumerate(serial)) == number


@given(st.integers(0, 2**40 - 1))
def test_a_batch_code_keeps_35_bits_and_its_check_character(number: int) -> None:
    batch = label_codes.new_batch_code(number.to_bytes(5, "big"))
    code_profiles.check_batch(batch)
    assert sum(crockford.ALPHABET.index(letter) << 5 * (6 - at) for at, letter in enumerate(batch[:7])) == number >> 5


@pytest.mark.parametrize(("make", "size"), [(label_codes.new_batch_code, 4), (label_codes.serial_from, 16)])
def test_the_wrong_amount_of_randomness_is_refused(make: type, size: int) -> None:
    with pytest.raises(AppError) as refusal:
        make(bytes(size))
    assert refusal.value.code == "codes.randomness_size"


def test_fresh_serials_are_spread_evenly() -> None:
    """Each of 80 bits is set half the time and each character equally often: within 6 standard deviations."""
    count = 20_000
    serials = label_codes.fresh_serials(count)
    assert len(set(serials)) == count
    numbers = [sum(crockford.ALPHABET.index(c) << 5 * at for at, c in enumerate(serial)) for serial in serials]
    for bit in range(80):
        ones = sum(number >> bit & 1 for number in numbers)
        assert abs(ones - count / 2) < 6 * math.sqrt(count / 4)
    letters = Counter("".join(serials))
    expected = count * 16 / 32
    assert set(letters) == set(crockford.ALPHABET)
    assert all(abs(times - expected) < 6 * math.sqrt(expected) for times in letters.values())


def test_fresh_codes_differ_and_are_valid() -> None:
    batches = {label_codes.fresh_batch_code() for _ in range(1000)}
    assert len(batches) == 1000
    for batch in batches:
        code_profiles.check_batch(batch)
    assert label_codes.fresh_serials(0) == []
