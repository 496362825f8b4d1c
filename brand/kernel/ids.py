"""Names for records: random, meaningless, never renumbered, safe in an address."""

from __future__ import annotations

import secrets

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ID_LENGTH = 20
_OF_BYTE = (CROCKFORD * 8).encode()


def new_id() -> str:
    """A fresh record id: 20 Crockford base32 characters, 100 random bits."""
    return random_text(ID_LENGTH)


def random_text(length: int) -> str:
    """``length`` characters of Crockford base32, five random bits each."""
    return secrets.token_bytes(length).translate(_OF_BYTE).decode()
