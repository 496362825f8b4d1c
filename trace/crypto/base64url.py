"""Base64url without padding in its one canonical spelling: RFC 4648 section 5, spare bits (section 3.5) refused."""

from __future__ import annotations

import base64
import binascii


def encode(data: bytes) -> str:
    """The canonical text of ``data``: no padding, spare bits zero."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str, *, size: int) -> bytes | None:
    """The ``size`` bytes spelled by ``text``, or None when ``text`` is not their only spelling.

    Stock decoders skip foreign characters and ignore spare bits, so one value has many texts; comparing with
    our own spelling leaves exactly one.
    """
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None
    return data if len(data) == size and encode(data) == text else None
