"""Read the identifiers a person or an enterprise gives: the unified social credit code and the mainland mobile number.

Source: GB 32100-2015 and GB 11714 as set out in domain notes B4 (alphabet, weights, vectors). Own arithmetic, because
the usual library refuses real first letters (N1, N2, N3, A1, Y1).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from brand.kernel.errors import invalid

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # 31 characters: I, O, S, V and Z are left out
CREDIT_CODE_LENGTH = 18
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ORGANISATION = slice(8, 17)
REGION = slice(2, 8)
PHONE_LENGTH = 11

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


@dataclass(frozen=True)
class CreditCode:
    """A unified social credit code that passed its check; ``warnings`` are dotted codes worth a second look."""

    text: str
    warnings: tuple[str, ...] = ()

    @property
    def region(self) -> str:
        """Places 3–8: where it was registered (six digits where the issuer kept to the rule)."""
        return self.text[REGION]


def half_width(text: str) -> str:
    """The same text with full-width Latin letters, digits and spaces made ordinary, surrounding space removed.

    Only these: a wider normalisation would turn ``①`` into ``1`` and accept what nobody meant to write.
    """
    return text.translate(_FULL_WIDTH).strip()


def check_credit_code(text: str) -> CreditCode:
    """The code in its one spelling, upper case and half width.

    Raises ``identifiers.credit_code.length``, ``.alphabet`` or ``.check``. The inner organisation check (places 9–17)
    and a region that is not six digits only warn: old registrations carry both.
    """
    code = half_width(text)
    if len(code) != CREDIT_CODE_LENGTH:
        raise invalid("identifiers.credit_code.length", length=len(code), expected=CREDIT_CODE_LENGTH)
    # Upper-case ASCII only: other scripts hold letters whose upper case is an ordinary one.
    code = code.upper() if code.isascii() else code
    wrong = "".join(dict.fromkeys(letter for letter in code if letter not in ALPHABET))
    if wrong:
        raise invalid("identifiers.credit_code.alphabet", letters=wrong)
    if credit_code_check(code) != code[-1]:
        raise invalid("identifiers.credit_code.check", given=code)
    return CreditCode(code, _warnings(code))


def credit_code_check(code: str) -> str:
    """The check character for the first 17 places: ``(31 − Σ value·3^(i−1)) mod 31`` (B4)."""
    total = sum(ALPHABET.index(letter) * weight for letter, weight in zip(code, WEIGHTS, strict=False))
    return ALPHABET[-total % len(ALPHABET)]


def organisation_check(body: str) -> str:
    """The check character of an eight-place organisation code (GB 11714: A=10 … Z=35, mod 11, ten is X)."""
    total = sum(int(letter, 36) * weight for letter, weight in zip(body, ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def _warnings(code: str) -> tuple[str, ...]:
    organisation = code[ORGANISATION]
    found = []
    if not code[REGION].isdigit():
        found.append("identifiers.credit_code.region")
    if organisation_check(organisation[:-1]) != organisation[-1]:
        found.append("identifiers.credit_code.organisation")
    return tuple(found)


def check_phone(text: str) -> str:
    """The eleven digits of a mainland mobile number; spaces, hyphens and a leading +86 are taken away.

    Raises ``identifiers.phone.digits``, ``.length`` or ``.range`` (must start 13–19).
    """
    digits = re.sub(r"[ -]", "", half_width(text)).removeprefix("+86")
    if not re.fullmatch(r"[0-9]*", digits):
        raise invalid("identifiers.phone.digits")
    if len(digits) != PHONE_LENGTH:
        raise invalid("identifiers.phone.length", length=len(digits), expected=PHONE_LENGTH)
    if not re.match(r"1[3-9]", digits):
        raise invalid("identifiers.phone.range")
    return digits


def mask_phone(phone: str) -> str:
    """``138****5678``: what a list or a log may show. Anything that is no checked number is hidden whole."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) == PHONE_LENGTH else "***"
