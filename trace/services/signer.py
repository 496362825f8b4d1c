"""Who signs: one interface for every key of the registry, filled by sealed files here or by a process of its own.

``LabelSigner`` stands on the interface, so it works with either; ``log_signer`` does the same for heads.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from trace.crypto import label_codes
from trace.crypto.code_profiles import Code
from trace.crypto.keys import PublicKey
from trace.crypto.sealed_keys import Role
from trace.crypto.signables import LabelRun, Signable
from trace.services.key_files import KeyFiles, Made, State

__all__ = ["KeyFiles", "LabelSigner", "Signer"]


class Signer(Protocol):
    """Four operations; nothing else ever reaches a private key. Raises the codes named at ``KeyFiles``."""

    def create(self, role: Role, kid: str, not_before: datetime, not_after: datetime, now: datetime) -> PublicKey:
        """Make and keep a key under ``kid``; raises ``keys.kid_taken`` when that id was ever used here."""

    def sign(self, kid: str, now: datetime, document: Signable) -> Made:
        """Sign a document of a known kind with a key of its role."""

    def discard(self, role: Role, kid: str) -> None:
        """Destroy a key."""

    def state(self) -> State:
        """Report the last head, keys, versions and today's counts."""


class LabelSigner:
    """Signs the codes of labels with the registry's keys, whoever keeps them."""

    def __init__(self, keeper: Signer, origin: str) -> None:
        self.keeper = keeper
        self.origin = origin

    def create(self, kid: str, not_before: datetime, not_after: datetime, now: datetime) -> PublicKey:
        """Make and keep a key under ``kid``; raises ``keys.kid_taken`` when that id was ever used here."""
        return self.keeper.create(Role.LABEL, kid, not_before, not_after, now)

    def sign(self, kid: str, now: datetime, codes: Sequence[Code]) -> list[str]:
        """Path and query of each signed code, in order; ``keys.private_missing``, ``keys.outside_window``."""
        run = LabelRun(self.origin, tuple(one.element for one in codes))
        return label_codes.signed_addresses(codes, kid, self.keeper.sign(kid, now, run).signatures)

    def discard(self, kid: str) -> None:
        """Destroy a key that has signed nothing yet because another one took its place."""
        self.keeper.discard(Role.LABEL, kid)
