"""Label keys: one per licensee and quarter, made when the first order of the quarter needs it."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from brand.kernel import audit
from brand.kernel.errors import AppError, refused
from brand.kernel.ids import random_text
from brand.kernel.work import Work
from brand.models.statement_keys import StatementKey
from trace.crypto.keys import PublicKey
from trace.crypto.sealed_keys import Role
from trace.models.labels import SigningKey
from trace.rules.labels import quarter_of, quarter_window
from trace.services.signer import LabelSigner

KID_LENGTH = 3
#: How often a random id that was used before is drawn anew.
TRIES = 12


def current(work: Work, signer: LabelSigner, enterprise_id: str) -> SigningKey:
    """The enterprise's key of this quarter; made, sealed and recorded when there is none yet.

    Called by the label service, which has asked for the permission. The file is written before the row, so a row never
    stands without its key; two first orders at once end with one row and one file. Raises ``keys.no_kid_free``,
    ``keys.distrusted``.
    """
    quarter = quarter_of(work.today)
    for _ in range(TRIES):
        found = _find(work, enterprise_id, quarter) or _make(work, signer, enterprise_id, quarter)
        if found is not None:
            if found.state != "active":
                raise refused("keys.distrusted", kid=found.kid)
            return found
    raise refused("keys.no_kid_free")


def _find(work: Work, enterprise_id: str, quarter: str) -> SigningKey | None:
    statement = select(SigningKey).where(SigningKey.enterprise_id == enterprise_id, SigningKey.quarter == quarter)
    return work.session.exec(statement).first()


def _make(work: Work, signer: LabelSigner, enterprise_id: str, quarter: str) -> SigningKey | None:
    """A new key under a random id, or None when the id was used before or somebody else was first."""
    kid = random_text(KID_LENGTH).lower()
    if work.session.get(SigningKey, kid) or work.session.get(StatementKey, kid):
        return None
    not_before, not_after = quarter_window(quarter)
    try:
        public = signer.create(kid, not_before, not_after, work.now)
    except AppError as error:
        if error.code == "keys.kid_taken":
            return None
        raise
    row = _row(work, kid, public, enterprise_id, quarter)
    try:
        with work.session.begin_nested():
            work.session.add(row)
    except IntegrityError:
        signer.discard(kid)
        return None
    told = {"role": Role.LABEL, "kid": kid, "thumbprint": public.thumbprint, "public_key": public.text}
    window = {"not_before": not_before, "not_after": not_after}
    audit.record(work, "keys.create", "key", kid, enterprise_id=enterprise_id, quarter=quarter, **told, **window)
    return row


def _row(work: Work, kid: str, public: PublicKey, enterprise_id: str, quarter: str) -> SigningKey:
    return SigningKey(
        kid=kid,
        thumbprint=public.thumbprint,
        public_key=public.text,
        enterprise_id=enterprise_id,
        quarter=quarter,
        created_at=work.now,
    )
