"""Judges the signature under the code of a batch, a case or a pallet by the key it names and by the log.

Tags are signed once a key; packs are judged by ``verification``, which reads what it needs in fewer statements.
"""

from __future__ import annotations

from sqlmodel import Session, func, select

from trace.crypto import label_codes
from trace.crypto.keys import public_key
from trace.crypto.label_codes import ScannedCode
from trace.models.labels import SigningKey
from trace.models.log import LogEntry
from trace.rules.keys import trusts
from trace.rules.verdicts import KeyState, Signature


def signature(origin: str, scanned: ScannedCode, key: SigningKey | None, enterprise_id: str | None) -> Signature:
    """A tag is signed with a key of the enterprise it belongs to, of whatever quarter; none: of any enterprise."""
    if scanned.kid is None:
        return Signature.ABSENT
    fitting = key is not None and enterprise_id in (None, key.enterprise_id)
    asked = public_key(key.public_key) if key is not None and fitting else None
    return Signature.OK if label_codes.verify_with(asked, origin, scanned) else Signature.BAD


def key_state(session: Session, key: SigningKey | None, subject: str) -> KeyState | None:
    """Of a distrusted key only what the log told of before the cut is trusted, as with packs.

    ``subject`` is that of the tag's issue in the log, empty where nobody issued one.
    """
    if key is None:
        return None
    place = None
    if subject and key.state == "distrusted":
        place = session.exec(select(func.min(LogEntry.place)).where(LogEntry.subject == subject)).one()
    return KeyState.KNOWN if trusts(key.state, key.distrusted_from, place) else KeyState.DISTRUSTED
