"""The profiles of codes: what each signs, the one text of each, and what none of them lets through."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean

from brand.kernel.errors import AppError
from tests.crypto.key_ring import KID, ORIGIN, derive_test_code, derive_test_key
from trace.crypto import label_codes
from trace.crypto.code_profiles import BatchCode, Code, ContainerCode, GtinCode

KEY = derive_test_key("registry label key")
GTIN = "06901234567892"
LOT = "20260912A"
BATCH = derive_test_code("a batch").batch

CODES: list[tuple[Code, str, str]] = [
    (BatchCode(BATCH), f"b:{BATCH}", f"/b/{BATCH}"),
    (ContainerCode(BATCH), f"c:{BATCH}", f"/c/{BATCH}"),
    (GtinCode(GTIN, LOT), f"(01){GTIN}(10){LOT}", f"/01/{GTIN}/10/{LOT}"),
    (GtinCode(GTIN, LOT, "7K3M"), f"(01){GTIN}(10){LOT}(21)7K3M", f"/01/{GTIN}/10/{LOT}/21/7K3M"),
    (
        GtinCode(GTIN, LOT, "7K3M", "270914"),
        f"(01){GTIN}(10){LOT}(21)7K3M(17)270914",
        f"/01/{GTIN}/10/{LOT}/21/7K3M?17=270914",
    ),
]


@pytest.mark.parametrize(("code", "element", "address"), CODES)
def test_each_profile_has_one_element_string_and_one_text(code: Code, element: str, address: str) -> None:
    assert (code.element, code.address) == (element, address)
    assert label_codes.parse(address).code == code
    text = label_codes.sign(KEY, ORIGIN, KID, code)
    assert text.startswith(address + ("&s=" if "?" in address else "?s="))
    scanned = label_codes.parse(text)
    assert scanned.code == code
    assert label_codes.verify(KEY.public, ORIGIN, scanned)
    assert not label_codes.verify(KEY.public, "another.test.invalid", scanned)


def test_a_signature_of_one_profile_fits_no_other() -> None:
    texts = [label_codes.sign(KEY, ORIGIN, KID, code) for code, _, _ in CODES]
    for text in texts:
        for other in texts:
            if other != text:
                moved = label_codes.parse(label_codes.path(label_codes.parse(text).code))
                scanned = label_codes.parse(other)
                mixed = label_codes.ScannedCode(moved.code, scanned.kid, scanned.signature)
                assert not label_codes.verify(KEY.public, ORIGIN, mixed)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("/01/6901234567892/10/A", "gtins.shape"),
        ("/01/06901234567893/10/A", "gtins.check_digit"),
        ("/01/00000000000000/10/A", "gtins.zero"),
        ("/01/02000000000008/10/A", "gtins.restricted"),
        ("/01/00200000000004/10/A", "gtins.restricted"),
        (f"/01/{GTIN}", "codes.path_shape"),
        (f"/01/{GTIN}/21/A", "codes.path_shape"),
        (f"/01/{GTIN}/21/A/10/B", "codes.path_shape"),
        (f"/01/{GTIN}/10/A/21", "codes.path_shape"),
        (f"/01/{GTIN}/10/A/21/B/", "codes.path_shape"),
        (f"/01/{GTIN}/10/a", "codes.gtin_lot_shape"),
        (f"/01/{GTIN}/10/", "codes.gtin_lot_shape"),
        (f"/01/{GTIN}/10/{'A' * 21}", "codes.gtin_lot_shape"),
        (f"/01/{GTIN}/10/A/21/b_c", "codes.gtin_serial_shape"),
        (f"/01/{GTIN}/10/A?17=270931", "codes.expiry_shape"),
        (f"/01/{GTIN}/10/A?17=270900", "codes.expiry_shape"),
        (f"/01/{GTIN}/10/A?17=", "codes.expiry_shape"),
        (f"/01/{GTIN}/10/A?15=270914", "codes.query_shape"),
        (f"/01/{GTIN}/10/A?17=270914&17=270914", "codes.query_shape"),
        (f"/01/{GTIN}/10/A?", "codes.query_shape"),
        (f"/01/{GTIN}/10/A?s=k3.{'A' * 86}&17=270914", "codes.query_shape"),
        (f"/b/{BATCH}?17=270914", "codes.query_shape"),
        (f"/b/{BATCH}/", "codes.path_shape"),
        (f"/b/{BATCH.lower()}", "codes.batch_shape"),
    ],
)
def test_what_differs_by_a_letter_is_refused(address: str, code: str) -> None:
    with pytest.raises(AppError) as refusal:
        label_codes.parse(address)
    assert refusal.value.code == code


_LOTS = st.text("ABCXYZ0189.-", min_size=1, max_size=20)


@given(st.integers(0, 10**12 - 1), _LOTS, st.none() | _LOTS, st.none() | st.dates())
def test_any_gtin_code_is_read_back(number: int, lot: str, serial: str | None, day: object) -> None:
    body = f"0{number:012d}"
    gtin = body + ean.calc_check_digit(body)
    expiry = f"{day:%y%m%d}" if day else None
    try:
        code = GtinCode(gtin, lot, serial, expiry)
    except AppError as refusal:
        assert refusal.code in ("gtins.restricted", "gtins.zero", "codes.expiry_shape")  # noqa: PT017
        return
    assert label_codes.parse(code.address).code == code
