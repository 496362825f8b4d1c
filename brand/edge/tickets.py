"""Secret links for people without an account: the same sending gives the same link, and nobody can guess one.

A form carries a random token made when the page was opened, an API call its idempotency key. The secret is an HMAC of
it under a key of this installation (RFC 2104), so that a call sent twice is answered twice alike though only a digest
of the secret is kept.
"""

from __future__ import annotations

import hashlib
import hmac

from brand.edge.requests import house
from brand.kernel.errors import Fault, invalid
from brand.kernel.ids import CROCKFORD, random_text

SECRET_LENGTH = 32
#: A token that is too short could be somebody else's too.
SHORTEST_TOKEN = 20


def new_token() -> str:
    """A token for one form: 32 Crockford characters, 160 random bits."""
    return random_text(SECRET_LENGTH)


def secret_for(token: str) -> str:
    """The secret that belongs to a token: 32 Crockford characters, 160 bits; raises ``tickets.token_short``."""
    if len(token) < SHORTEST_TOKEN:
        raise invalid(
            "tickets.token_short",
            faults=[Fault("tickets.token_short", "/token", {"shortest": SHORTEST_TOKEN})],
            shortest=SHORTEST_TOKEN,
        )
    key = house().settings.secret("tickets").encode()
    mac = hmac.new(key, b"brandtrace ticket\n" + token.encode(), hashlib.sha256).digest()
    return "".join(CROCKFORD[byte & 31] for byte in mac[:SECRET_LENGTH])
