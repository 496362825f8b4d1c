"""Password hashing (argon2id) and first passwords, in the form the sign-in library verifies."""

from __future__ import annotations

from argon2 import PasswordHasher

from brand.kernel.errors import Fault, invalid
from brand.kernel.ids import random_text

SHORTEST, LONGEST = 10, 128
_hasher = PasswordHasher()


def hash_password(text: str) -> str:
    """The PHC string of a password; raises ``accounts.password_length``."""
    if not SHORTEST <= len(text) <= LONGEST:
        code = "accounts.password_length"
        raise invalid(code, faults=[Fault(code, "/password", {"shortest": SHORTEST})], shortest=SHORTEST)
    return _hasher.hash(text)


def first_password() -> str:
    """A password good for one sign-in: 12 random characters in groups of four (60 bits)."""
    text = random_text(12).lower()
    return "-".join(text[start : start + 4] for start in (0, 4, 8))
