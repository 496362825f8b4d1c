"""Checks the office's signatures, and says until when each key must stay published."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from datetime import date, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlmodel import Session, func, select

from brand.kernel import statements
from brand.models.endorsements import Endorsement
from brand.models.statement_keys import StatementKey
from brand.queries.lookups import by_id

_SIZE = 64


def known(session: Session, kids: Iterable[str]) -> dict[str, StatementKey]:
    """The keys with these ids; the weak ones were refused when they entered."""
    return by_id(session, StatementKey, [one for one in kids if one], key="kid")


def public_halves(session: Session) -> dict[str, str]:
    """Every key the office ever signed with, by its short id: 43 base64url characters each."""
    return {one.kid: one.public_key for one in session.exec(select(StatementKey).order_by(StatementKey.kid))}


def signed(key: StatementKey | None, topic: str, statement: bytes, signature: str) -> bool:
    """Whether the signature is that key's over these bytes; no key, no signature, no second spelling of one."""
    raw = _decoded(signature)
    if key is None or raw is None:
        return False
    public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key.public_key + "="))
    try:
        public.verify(raw, statements.message(topic, key.origin, key.kid, statement))
    except InvalidSignature:
        return False
    return True


def trusted(key: StatementKey | None, issued_at: datetime) -> bool:
    """Whether a statement of that moment counts: one of a distrusted key does only from before its cut."""
    return key is not None and (key.state != "distrusted" or (key.ended_at is not None and issued_at < key.ended_at))


def last_days(session: Session) -> dict[str, date]:
    """Key id → the last day on which something it signed is good."""
    statement = select(Endorsement.kid, func.max(Endorsement.valid_until)).where(Endorsement.kid != "")
    return dict(session.exec(statement.group_by(Endorsement.kid)).all())


def _decoded(signature: str) -> bytes | None:
    try:
        raw = base64.urlsafe_b64decode(signature + "==")
    except (ValueError, binascii.Error):
        return None
    same = base64.urlsafe_b64encode(raw).decode().rstrip("=") == signature
    return raw if len(raw) == _SIZE and same else None
