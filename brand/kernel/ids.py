"""Names for records: random, meaningless, never renumbered, safe in an address."""

from __future__ import annotations

import secrets

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ID_LENGTH = 20
_OF_BYTE = (CROCKFORD * 8).encode()


def new_id() -> str:
    """A fresh record id: 20 Crockford base32 characters, 100 random bits."""
    return random_text(ID_LENGTH)


def new_ids(count: int) -> list[str]:
    """So many fresh record ids from one draw of the machine's randomness; a draw for each is what bulk writes feel."""
    text = random_text(ID_LENGTH * count)
    return [text[at : at + ID_LENGTH] for at in range(0, len(text), ID_LENGTH)]


def random_text(length: int) -> str:
    """``length`` characters of Crockford base32, five random bits each."""
    return secrets.token_bytes(length).translate(_OF_BYTE).decode()
