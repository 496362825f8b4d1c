"""Label keys: one per licensee and quarter, made when the first order of the quarter needs it."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from brand.kernel import audit
from brand.kernel.clock import local_day
from brand.kernel.errors import AppError, refused
from brand.kernel.ids import random_text
from brand.kernel.work import Work
from brand.models.statement_keys import StatementKey
from trace.crypto.keys import PublicKey
from trace.crypto.sealed_keys import Role
from trace.models.labels import SigningKey
from trace.queries import keys as reads
from trace.rules.keys import AHEAD, KeyState
from trace.rules.labels import quarter_of, quarter_window
from trace.services.signer import LabelSigner

KID_LENGTH = 3
#: How often a random id that was used before is drawn anew.
TRIES = 12


def current(work: Work, signer: LabelSigner, enterprise_id: str) -> SigningKey:
    """The enterprise's key of this quarter; made, sealed and recorded when there is none yet.

    Called by the label service, which has asked for the permission. The file is written before the row, so a row never
    stands without its key; two first orders at once end with one row and one file. Raises ``keys.no_kid_free``,
    ``keys.distrusted``, ``keys.retired``.
    """
    quarter = quarter_of(work.today)
    for _ in range(TRIES):
        found = reads.of_quarter(work.session, enterprise_id, quarter) or _make(work, signer, enterprise_id, quarter, 1)
        if found is not None:
            if found.state != KeyState.ACTIVE:
                raise refused(f"keys.{found.state}", kid=found.kid)
            return found
    raise refused("keys.no_kid_free")


def turn(work: Work, signer: LabelSigner, enterprise_id: str) -> SigningKey:
    """A further key of this quarter, which signs from now on; ``key_steps`` has asked for the permission."""
    quarter = quarter_of(work.today)
    last = reads.of_quarter(work.session, enterprise_id, quarter)
    for _ in range(TRIES):
        made = _make(work, signer, enterprise_id, quarter, last.number + 1 if last is not None else 1)
        if made is not None:
            return made
    raise refused("keys.no_kid_free")


def prepare(work: Work, signer: LabelSigner) -> int:
    """Keys of the next quarter for everybody who signed in this one, once its beginning is near; gives how many.

    So they are published before their first label is in a shop. Raises ``keys.no_kid_free``.
    """
    work.actor.require("keys.manage")
    begins = quarter_window(quarter_of(work.today))[1]
    if begins - work.now > AHEAD:
        return 0
    quarter, made = quarter_of(local_day(begins)), 0
    for one in reads.signing(work.session, quarter_of(work.today)):
        if reads.of_quarter(work.session, one, quarter) is None:
            made += _make(work, signer, one, quarter, 1) is not None
    return made


def _make(work: Work, signer: LabelSigner, enterprise_id: str, quarter: str, number: int) -> SigningKey | None:
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
    row = _row(work, kid, public, enterprise_id, quarter, number)
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


def _row(work: Work, kid: str, public: PublicKey, enterprise_id: str, quarter: str, number: int) -> SigningKey:
    return SigningKey(
        kid=kid,
        thumbprint=public.thumbprint,
        public_key=public.text,
        enterprise_id=enterprise_id,
        quarter=quarter,
        number=number,
        created_at=work.now,
    )
