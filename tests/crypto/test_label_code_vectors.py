"""The golden vectors: what a verifier written by anybody must accept and refuse, and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from brand.kernel.errors import AppError
from tests.crypto.key_ring import derive_test_key
from trace.crypto import label_codes
from trace.crypto.code_profiles import UnitCode
from trace.crypto.keys import public_key
from trace.crypto.label_codes import ScannedCode

VECTORS: dict[str, Any] = json.loads((Path(__file__).parent / "vectors" / "label_codes.json").read_text("utf-8"))
KEY = derive_test_key(VECTORS["key"]["label"])
PUBLIC = public_key(VECTORS["key"]["public"])


def named(case: dict[str, Any]) -> str:
    return str(case.get("name", case["text"]))


def outcome(text: str, origin: str) -> str:
    try:
        scanned = label_codes.parse(text)
    except AppError as refusal:
        return refusal.code
    return "accepted" if label_codes.verify(PUBLIC, origin, scanned) else "signature.false"


def test_the_key_of_the_vectors_is_the_derived_one() -> None:
    assert (KEY.public.text, KEY.public.thumbprint) == (VECTORS["key"]["public"], VECTORS["key"]["thumbprint"])


@pytest.mark.parametrize("case", VECTORS["must_pass"], ids=named)
def test_signed_text_is_made_and_accepted(case: dict[str, Any]) -> None:
    code = UnitCode(case["batch"], case["serial"])
    element = code.element
    assert label_codes.signed_bytes(case["origin"], element, case["kid"]).hex() == case["signed_hex"]
    assert label_codes.sign(KEY, case["origin"], case["kid"], code) == case["text"]
    assert outcome(case["text"], case["origin"]) == "accepted"


@pytest.mark.parametrize("case", VECTORS["must_pass_unsigned"], ids=named)
def test_unsigned_text_is_read_but_never_verifies(case: dict[str, Any]) -> None:
    scanned = label_codes.parse(case["text"])
    assert scanned == ScannedCode(UnitCode(case["batch"], case["serial"]), None, None)
    assert label_codes.path(scanned.code) == case["text"]
    assert not label_codes.verify(PUBLIC, VECTORS["origin"], scanned)


@pytest.mark.parametrize("case", VECTORS["must_fail"], ids=named)
def test_bad_text_is_refused_for_its_reason(case: dict[str, Any]) -> None:
    assert outcome(case["text"], case.get("origin", VECTORS["origin"])) == case["code"]


def test_there_are_enough_different_vectors() -> None:
    failing = {(case["text"], case.get("origin")) for case in VECTORS["must_fail"]}
    assert len(failing) == len(VECTORS["must_fail"]) >= 60
