"""The office's own keys: one per year, made when the first statement of the year is signed."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from brand.kernel import audit
from brand.kernel.errors import AppError, refused
from brand.kernel.ids import random_text
from brand.kernel.statements import Signature, message
from brand.kernel.work import Work
from brand.models.statement_keys import StatementKey
from trace.crypto import base64url
from trace.crypto.sealed_keys import Role
from trace.crypto.signables import OfficeStatement
from trace.models.labels import SigningKey
from trace.queries import keys as reads
from trace.rules.keys import KeyState
from trace.rules.labels import year_window
from trace.services.keys import KID_LENGTH, TRIES
from trace.services.signer import Signer


class OfficeSigner:
    """Fills the slot of ``brand/kernel/statements`` with keys that lie sealed in files of their own role."""

    def __init__(self, signer: Signer, origin: str) -> None:
        self._signer = signer
        self._origin = origin

    def sign(self, work: Work, topic: str, statement: bytes) -> Signature:
        """Called by the service that has asked for the permission; raises ``keys.no_kid_free``."""
        key = self._current(work)
        if key.state != KeyState.ACTIVE:
            raise refused(f"keys.{key.state}", kid=key.kid)
        document = OfficeStatement(message(topic, key.origin, key.kid, statement))
        made = self._signer.sign(key.kid, work.now, document)
        return Signature(key.kid, base64url.encode(made.signatures[0]))

    def _current(self, work: Work) -> StatementKey:
        year = work.today.year
        for _ in range(TRIES):
            found = reads.of_year(work.session, year) or self._make(work, year, 1)
            if found is not None:
                return found
        raise refused("keys.no_kid_free")

    def turn(self, work: Work) -> StatementKey:
        """A further key of this year, which signs from now on; ``key_steps`` has asked for the permission."""
        last = reads.of_year(work.session, work.today.year)
        for _ in range(TRIES):
            made = self._make(work, work.today.year, last.number + 1 if last is not None else 1)
            if made is not None:
                return made
        raise refused("keys.no_kid_free")

    def _make(self, work: Work, year: int, number: int) -> StatementKey | None:
        """A new key, or None when the id was ever used or somebody else was first; the file stands before the row."""
        kid = random_text(KID_LENGTH).lower()
        if work.session.get(StatementKey, kid) or work.session.get(SigningKey, kid):
            return None
        try:
            not_before, not_after = year_window(year)
            public = self._signer.create(Role.ENDORSEMENT, kid, not_before, not_after, work.now)
        except AppError as error:
            if error.code == "keys.kid_taken":
                return None
            raise
        row = StatementKey(
            kid=kid,
            year=year,
            number=number,
            thumbprint=public.thumbprint,
            public_key=public.text,
            origin=self._origin,
            created_at=work.now,
        )
        try:
            with work.session.begin_nested():
                work.session.add(row)
        except IntegrityError:
            self._signer.discard(Role.ENDORSEMENT, kid)
            return None
        told = {"role": Role.ENDORSEMENT, "kid": kid, "thumbprint": public.thumbprint, "public_key": public.text}
        window = {"not_before": str(not_before), "not_after": str(not_after), "year": str(year)}
        audit.record(work, "keys.create", "key", kid, **told, **window)
        return row
