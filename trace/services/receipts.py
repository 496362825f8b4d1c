"""Signs receipts: the registry's word that an act stands at a place of its log, to be kept on a telephone or on paper.

The log's head says the same to whoever can reach it; a receipt says it to whoever has only the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from brand.kernel.errors import conflict, not_signed_in
from brand.kernel.work import Work
from trace.crypto.sealed_keys import Role
from trace.crypto.signables import RECEIPT, RegistryNote
from trace.queries import log as log_reads
from trace.queries import receipts as reads
from trace.queries.receipts import Kind, Told
from trace.rules.keys import KeyState
from trace.services import trust
from trace.services.signer import Signer

#: What one needs to read the thing itself.
NEEDED = {
    Kind.BATCH: "batches.read",
    Kind.HERD: "herds.read",
    Kind.SHIPMENT: "batches.read",
    Kind.CONTAINER: "batches.read",
}


@dataclass(frozen=True)
class Kept:
    """One receipt as it is kept; ``receipt`` is the signed note."""

    act: str
    type: str
    at: datetime
    index: int
    receipt: str


def give(work: Work, signer: Signer, origin: str, kind: Kind, key: str, act: str) -> str:
    """The receipt of an act as a signed note; the same act gives the same words each time.

    ``key`` is that of the thing's address. ``work`` may be a reading one. Raises ``access.unknown``,
    ``receipts.not_yet`` or what the signer raises.
    """
    work.actor.require(NEEDED[kind])
    return _sign(work, signer, origin, reads.one(work.session, work.actor, kind, key, act))


def give_own(work: Work, signer: Signer, origin: str, act: str) -> str:
    """The receipt of an act that the asker did; raises as ``give`` does."""
    _require_person(work)
    return _sign(work, signer, origin, reads.own(work.session, work.actor, act))


def give_several(work: Work, signer: Signer, origin: str, acts: Iterable[Told]) -> Iterator[Kept]:
    """Receipts of the asker's own acts in their order, those that wait left out."""
    _require_person(work)
    for told in acts:
        if told.place is not None:
            yield Kept(told.act, told.statement, told.at, told.place, _sign(work, signer, origin, told))


def _require_person(work: Work) -> None:
    """What somebody did is theirs to prove, whatever rights they still hold."""
    if not work.actor.signed_in:
        raise not_signed_in()


def _sign(work: Work, signer: Signer, origin: str, told: Told) -> str:
    if not any(one.state == KeyState.ACTIVE for one in log_reads.keys(work.session, Role.RECEIPT)):
        raise conflict("receipts.not_yet")
    return trust.sign(work, signer, origin, RegistryNote(RECEIPT, reads.body_of(told, origin)))
