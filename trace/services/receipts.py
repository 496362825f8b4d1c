"""Signs receipts: the registry's word that an act stands at a place of its log, to be kept on a telephone or on paper.

The log's head says the same to whoever can reach it; a receipt says it to whoever has only the file.
"""

from __future__ import annotations

from brand.kernel.errors import conflict
from brand.kernel.work import Work
from trace.crypto.sealed_keys import Role
from trace.crypto.signables import RECEIPT, RegistryNote
from trace.queries import log as log_reads
from trace.queries import receipts as reads
from trace.queries.receipts import Kind
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


def give(work: Work, signer: Signer, origin: str, kind: Kind, key: str, act: str) -> str:
    """The receipt of an act as a signed note; the same act gives the same words each time.

    ``key`` is that of the thing's address. ``work`` may be a reading one. Raises ``access.unknown``,
    ``receipts.not_yet`` or what the signer raises.
    """
    work.actor.require(NEEDED[kind])
    told = reads.one(work.session, work.actor, kind, key, act)
    if not any(one.state == KeyState.ACTIVE for one in log_reads.keys(work.session, Role.RECEIPT)):
        raise conflict("receipts.not_yet")
    return trust.sign(work, signer, origin, RegistryNote(RECEIPT, reads.body_of(told, origin)))
