"""Gives public acts their places in the transparency log, has each new head signed, and writes the files anybody reads.

Three steps, each its own transaction and each safe to repeat. *Integrate*: pending leaves become entries, tiles and a
root; one guarded statement on the log's size lets a second sequencer at the same moment do nothing. *Sign*: the signer
signs the stored root, never another. *Publish*: tiles first, the checkpoint last. A crash between them leaves work to
do and nothing to mend.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert
from sqlmodel import col, func, select, update

from brand.kernel.errors import conflict
from brand.kernel.leaves import Leaf, PendingLeaf
from brand.kernel.work import Work
from trace.crypto import canonical, merkle
from trace.crypto.checkpoints import Checkpoint
from trace.crypto.sealed_keys import Role
from trace.crypto.tiles import WIDTH
from trace.models.log import LogEntry, LogHead, LogKey, LogSize, LogTile
from trace.queries import log as reads
from trace.rules import statements
from trace.services import registry_keys
from trace.services.log_signer import LogSigner

#: Leaves that get their places in one transaction.
AT_ONCE = WIDTH


def ensure_key(work: Work, signer: LogSigner) -> LogKey:
    """The key that signs for this log; made, sealed and told of in the log itself when there is none yet."""
    return registry_keys.ensure(work, Role.LOG, signer.create)


def integrate(work: Work) -> int:
    """Give up to ``AT_ONCE`` pending leaves their places, in the order of their acts; returns how many.

    Raises ``log.busy`` when another sequencer was there in between.
    """
    # The size first: whoever reads leaves that another has placed since then also has a size that is no longer so.
    old = reads.size(work.session)
    waiting = select(Leaf).join(PendingLeaf, col(PendingLeaf.leaf_id) == col(Leaf.id))
    leaves = work.session.exec(waiting.order_by(col(Leaf.at), col(PendingLeaf.number)).limit(AT_ONCE)).all()
    if not leaves:
        return 0
    new = old + len(leaves)
    grown = update(LogSize).where(col(LogSize.id) == 1, col(LogSize.size) == old).values(size=new)
    if work.session.exec(grown).rowcount != 1:
        raise conflict("log.busy")
    hashes = _add_entries(work, leaves, old)
    add_tiles(work, old, hashes)
    done = delete(PendingLeaf).where(col(PendingLeaf.leaf_id).in_([one.id for one in leaves]))
    if work.session.exec(done).rowcount != len(leaves):
        raise conflict("log.busy")
    root = reads.tree(work.session, new).root()
    work.session.add(LogHead(size=new, root=root.hex(), at=work.now))
    return len(leaves)


def sign(work: Work, signer: LogSigner, origin: str) -> bool:
    """Have the newest head signed, if it is not; returns whether there was anything to sign.

    The signer demands the proof that this head extends the last it signed, and raises ``log.head_*`` otherwise.
    """
    newest = work.session.exec(select(LogHead).order_by(col(LogHead.size).desc()).limit(1)).first()
    if newest is None or newest.note:
        return False
    tree = reads.tree(work.session, newest.size)
    signed = signer.last_head()
    proof = tree.consistency(signed[0]) if signed and 0 < signed[0] <= newest.size else []
    checkpoint = Checkpoint(origin, newest.size, bytes.fromhex(newest.root))
    note = signer.sign(ensure_key(work, signer).kid, work.now, checkpoint, proof)
    empty = update(LogHead).where(col(LogHead.size) == newest.size, col(LogHead.note) == "")
    work.session.exec(empty.values(note=note))
    return True


def nothing_to_do(work: Work) -> bool:
    """Whether no leaf waits for a place."""
    return work.session.exec(select(PendingLeaf.leaf_id).limit(1)).first() is None


def _add_entries(work: Work, leaves: Sequence[Leaf], old: int) -> list[bytes]:
    """Rows of the entries from place ``old`` on; gives their leaf hashes."""
    last = _last_places(work, {one.subject for one in leaves})
    rows, hashes = [], []
    for place, one in enumerate(leaves, start=old):
        facts = canonical.canonical(json.loads(one.facts)).decode("utf-8")
        before = last.get(one.subject)
        told = (one.statement, one.subject, one.issuer, one.at, one.commitment, facts, place, before)
        data = statements.spelled(*told).encode("utf-8")
        hashes.append(merkle.leaf_hash(data))
        rows.append(_row(place, one, data, hashes[-1], work.now))
        last[one.subject] = place
    work.session.connection().execute(insert(LogEntry), rows)
    return hashes


def _row(place: int, leaf: Leaf, data: bytes, leaf_hash: bytes, now: datetime) -> dict[str, object]:
    return {
        "place": place,
        "leaf_id": leaf.id,
        "subject": leaf.subject,
        "data": data.decode("utf-8"),
        "hash": leaf_hash.hex(),
        "at": now,
    }


def _last_places(work: Work, subjects: set[str]) -> dict[str, int]:
    statement = select(LogEntry.subject, func.max(LogEntry.place)).where(col(LogEntry.subject).in_(subjects))
    return dict(work.session.exec(statement.group_by(col(LogEntry.subject))).all())


def add_tiles(work: Work, old: int, hashes: list[bytes], level: int = 0) -> None:
    """The tiles that became whole, level by level."""
    begun = old - old % WIDTH
    together = [*_begun(work, level, begun, old), *hashes]
    whole = len(together) // WIDTH
    roots = []
    for at in range(whole):
        found = together[at * WIDTH : (at + 1) * WIDTH]
        roots.append(merkle.root(found))
        tile = LogTile(level=level, place=begun // WIDTH + at, hashes=b"".join(found).hex(), root=roots[-1].hex())
        work.session.add(tile)
    if roots:
        work.session.flush()
        add_tiles(work, begun // WIDTH, roots, level + 1)


def _begun(work: Work, level: int, start: int, end: int) -> list[bytes]:
    """The hashes that stand in the last, unfinished tile of a level."""
    if level == 0:
        statement = select(LogEntry.hash).where(col(LogEntry.place) >= start, col(LogEntry.place) < end)
        found = work.session.exec(statement.order_by(col(LogEntry.place)))
    else:
        below = (LogTile.level == level - 1, col(LogTile.place) >= start, col(LogTile.place) < end)
        found = work.session.exec(select(LogTile.root).where(*below).order_by(col(LogTile.place)))
    return [bytes.fromhex(one) for one in found]
