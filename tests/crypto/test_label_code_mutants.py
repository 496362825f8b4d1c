"""No text but the canonical one passes; a verifier with stock decoding does fall, so the harness can go red (G15)."""

from __future__ import annotations

import string

import pytest

from brand.kernel.errors import AppError
from tests.conftest import tier
from tests.crypto import mutants
from tests.crypto.key_ring import KID, ORIGIN, derive_test_code, derive_test_key
from trace.crypto import label_codes

KEY = derive_test_key("registry label key")
CODE = derive_test_code("mutants")
TEXT = label_codes.sign(KEY, ORIGIN, KID, CODE)
OTHERS = label_codes.sign_many(KEY, ORIGIN, KID, [derive_test_code(f"other {n}") for n in range(20)])
ACCEPTS = mutants.strict(KEY.public, ORIGIN)
STOCK = mutants.stock(KEY.public, ORIGIN)


def test_both_verifiers_take_the_canonical_text() -> None:
    assert ACCEPTS(TEXT)
    assert STOCK(TEXT)


def test_of_random_mutants_none_is_accepted() -> None:
    """A hundred thousand, and ten million in the full tier."""
    bent = mutants.random_mutants(TEXT, OTHERS, tier(100_000, 10_000_000), seed=20261122)
    assert mutants.accepted(ACCEPTS, bent, TEXT) == []


def test_the_planted_bug_turns_the_harness_red() -> None:
    fooled = mutants.accepted(STOCK, mutants.random_mutants(TEXT, OTHERS, 5_000, seed=20261122), TEXT)
    assert len(set(fooled)) > 50
    assert any(len(text) == len(TEXT) and text[:-1] == TEXT[:-1] for text in fooled), "spare bits of the signature"


@pytest.mark.parametrize("end", range(len(TEXT)))
def test_every_truncation_is_refused(end: int) -> None:
    unsigned = TEXT.partition("?")[0]
    if TEXT[:end] == unsigned:  # cutting the whole signature leaves the unsigned form, which never verifies
        assert label_codes.parse(unsigned).signature is None
    else:
        with pytest.raises(AppError):
            label_codes.parse(TEXT[:end])
    assert not ACCEPTS(TEXT[:end])


def test_every_single_character_change_is_refused() -> None:
    alphabet = string.printable + "／？．＝０Ａа١é"
    changed = (TEXT[:at] + letter + TEXT[at + 1 :] for at in range(len(TEXT)) for letter in alphabet)
    assert mutants.accepted(ACCEPTS, changed, TEXT) == []


def test_every_deletion_and_insertion_is_refused() -> None:
    deleted = [TEXT[:at] + TEXT[at + 1 :] for at in range(len(TEXT))]
    inserted = [TEXT[:at] + letter + TEXT[at:] for at in range(len(TEXT) + 1) for letter in "A0=&/?.% \n\u200b"]
    assert mutants.accepted(ACCEPTS, deleted + inserted, TEXT) == []


def test_every_stitching_of_two_signed_codes_is_refused() -> None:
    stitched = [TEXT[:at] + other[at:] for other in OTHERS for at in range(1, len(TEXT))]
    assert mutants.accepted(ACCEPTS, (text for text in stitched if text not in OTHERS), TEXT) == []


def test_another_key_and_another_registry_do_not_verify() -> None:
    assert not mutants.strict(derive_test_key("another").public, ORIGIN)(TEXT)
    assert not mutants.strict(KEY.public, "elsewhere.test.invalid")(TEXT)
