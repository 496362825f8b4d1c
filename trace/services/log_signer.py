"""Signs the heads of the log and never two that contradict: the signer keeps the last head it signed beside its keys.

Source: codes-and-log plan, part 5; threat model, part 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from trace.crypto import notes
from trace.crypto.checkpoints import Checkpoint
from trace.crypto.keys import PublicKey
from trace.crypto.notes import ED25519, Signature, Verifier
from trace.crypto.sealed_keys import Role
from trace.crypto.signables import Head
from trace.services.key_files import Made
from trace.services.signer import Signer
from trace.services.signer_memory import Signed


class LogSigner:
    """Signs heads with the log's key, whoever keeps it."""

    def __init__(self, keeper: Signer) -> None:
        self._keeper = keeper

    def create(self, kid: str, not_before: datetime, not_after: datetime, now: datetime) -> PublicKey:
        """Make and keep a key; raises ``keys.kid_taken``."""
        return self._keeper.create(Role.LOG, kid, not_before, not_after, now)

    def last_head(self) -> Signed | None:
        """Size and root last signed, or None."""
        return self._keeper.state().head

    def sign(self, kid: str, now: datetime, checkpoint: Checkpoint, proof: Sequence[bytes]) -> str:
        """The signed note; ``proof`` shows that it extends the last head.

        Raises ``log.head_behind``, ``log.head_differs``, what ``merkle.check_consistency`` raises,
        ``keys.private_missing`` and ``keys.outside_window``.
        """
        made = self._keeper.sign(kid, now, Head(checkpoint, tuple(proof)))
        return note_of(checkpoint.text, checkpoint.origin, made)


def note_of(text: str, name: str, made: Made) -> str:
    """A text and the one signature over it, as a signed note."""
    known = Verifier(name, ED25519, made.public)
    return notes.Note(text, (Signature(name, known.key_id, made.signatures[0]),)).written
