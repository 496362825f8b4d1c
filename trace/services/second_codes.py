"""Keeps what is needed of second codes, and lets anybody who opened a pack try one, five times a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, insert, or_, update
from sqlmodel import col

from brand.kernel import audit
from brand.kernel.errors import AppError, Fault, Kind, invalid
from brand.kernel.work import Work
from trace.crypto.readings import Reading
from trace.crypto.second_codes import SecondCodes, as_typed
from trace.models.second_codes import SecondCode
from trace.queries.verification import verify
from trace.rules.verdicts import Colour, Verdict

#: Wrong or right, per pack and day (security notes part 4.5).
MOST_TRIES = 5
_TOGETHER = 2000


@dataclass(frozen=True)
class Tried:
    """What a try brought: ``right``, since when the code has been known to somebody else, tries left today.

    ``verdict`` is on the pack itself and never red: what makes it amber is to be told beside.
    """

    right: bool
    opened_before: datetime | None
    left: int
    verdict: Verdict


def keep(work: Work, secrets: SecondCodes, serials: Sequence[str]) -> None:
    """Keep the digests of new labels; called by the order, which has asked for the permission."""
    rows = [{"serial": one, "digest": secrets.digest(one, secrets.code(one)), "tries": 0} for one in serials]
    for start in range(0, len(rows), _TOGETHER):
        work.session.connection().execute(insert(SecondCode), rows[start : start + _TOGETHER])


def try_out(work: Work, secrets: SecondCodes, origin: str, reading: Reading, typed: str) -> Tried:
    """Hold a typed second code against the pack's; anybody may, but each try of the day is counted first.

    Raises ``second_codes.shape``, ``second_codes.none`` where there is no such pack or it has none,
    ``second_codes.look_first`` where the pack's own verdict is red, ``second_codes.too_many``.
    """
    code = as_typed(typed)
    answer = verify(work.session, origin, reading, work.today)
    kept = work.session.get(SecondCode, reading.serial) if answer.pack is not None else None
    if kept is None or answer.pack is None:
        raise invalid("second_codes.none", faults=[Fault("second_codes.none", "/code")])
    if answer.verdict.colour is Colour.RED:
        # A hidden code that fits would only speak for a pack that nobody should buy.
        why, fails = f"{answer.verdict.reasons[0].code}.title", "second_codes.look_first"
        raise invalid(fails, faults=[Fault(fails, "/code", {"why": why})], why=why)
    today = work.today
    fresh = or_(col(SecondCode.tried_on).is_(None), col(SecondCode.tried_on) != today)
    counted = (
        update(SecondCode)
        .where(col(SecondCode.serial) == kept.serial, or_(fresh, col(SecondCode.tries) < MOST_TRIES))
        .values(tries=case((fresh, 1), else_=col(SecondCode.tries) + 1), tried_on=today)
    )
    if work.session.exec(counted).rowcount != 1:
        raise AppError(Kind.TOO_MANY, "second_codes.too_many", most=MOST_TRIES)
    work.session.refresh(kept)
    right = secrets.fits(kept.serial, code, kept.digest)
    before = kept.opened_at
    if right and before is None:
        kept.opened_at = work.now
        work.session.flush()
    first = right and before is None
    audit.record(work, "second_codes.try_out", "label_order", answer.pack.order_id, right=right, first=first)
    return Tried(right, before if right else None, MOST_TRIES - kept.tries, answer.verdict)
