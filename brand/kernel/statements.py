"""What the office signs and who signs it: the message every signature covers, and the slot the keys are put into.

The keys lie in the other half of the service, which fills the slot at start; this half names what it needs and checks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from brand.kernel.work import Work


@dataclass(frozen=True)
class Signature:
    """``kid`` is the short id the public key is published under; ``text`` 86 characters of base64url (64 bytes)."""

    kid: str
    text: str


class StatementSigner(Protocol):
    """Whoever keeps the office's keys."""

    def sign(self, work: Work, topic: str, statement: bytes) -> Signature:
        """Sign with the key of today, made and recorded when there is none; raises codes of ``keys``."""


def message(topic: str, origin: str, kid: str, statement: bytes) -> bytes:
    """The bytes under a signature: topic and version, registry, key, then the statement; no line is ever part of two.

    The topic keeps a signature on one kind of statement from fitting another, the origin from fitting another registry.
    """
    return b"\n".join((f"brandtrace/{topic}/v1".encode(), origin.encode(), kid.encode(), statement))
