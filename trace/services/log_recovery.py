"""Brings back entries this database lost, from a copy of the log that somebody else kept.

Entries are statements, not the records behind them: what a licence or a label said in full is gone where no backup has
it, and the log itself says so. Nothing here signs; the copy must already bear our log's signature.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, insert
from sqlmodel import col, select, update

from brand.kernel import audit
from brand.kernel.errors import AppError, conflict, invalid
from brand.kernel.leaves import Leaf, PendingLeaf
from brand.kernel.work import Work
from trace.crypto import canonical, checkpoints, keys, merkle, notes
from trace.crypto.checkpoints import Checkpoint
from trace.crypto.log_policies import Policy
from trace.crypto.notes import ED25519, Verifier
from trace.crypto.tiles import WIDTH, Tile, Tree, unpack_entries
from trace.models.log import LOST, LogEntry, LogHead, LogSize
from trace.queries import log as reads
from trace.services import key_recovery, log, log_files
from trace.services.log_signer import LogSigner
from trace.services.signer_memory import Signed


@dataclass(frozen=True)
class Recovered:
    """Entries fetched, and how many of them no record here explains."""

    fetched: int
    lost: int
    size: int


def fetch(
    work: Work,
    folder: Path,
    origin: str,
    signer: LogSigner,
    more_keys: Sequence[Verifier] = (),
    policy: Policy | None = None,
) -> Recovered:
    """Add the entries that ``folder`` (a mirror or an export) has and this database lacks.

    The copy must lead to the signer's last head, and beyond it only where enough witnesses of ``policy`` cosigned it:
    then the signer was put back as well, and is told. ``more_keys`` are log keys made after this database was copied.
    Raises what reading a note raises, ``recovery.no_copy``, ``recovery.other_history``, ``recovery.beyond``,
    ``recovery.nothing`` or ``recovery.copy_damaged`` with the place.
    """
    copy, note, vouched = _copy(work, folder, origin, more_keys, policy or Policy())
    old, signed = reads.size(work.session), signer.last_head()
    _check(work, folder, copy, old, signed, vouched)
    entries = _entries(folder, old, copy.size)
    rows, lost = _rows(work, entries, old)
    hashes = [bytes.fromhex(str(one["hash"])) for one in rows]
    work.session.connection().execute(insert(LogEntry), rows)
    log.add_tiles(work, old, hashes)
    grown = update(LogSize).where(col(LogSize.id) == 1, col(LogSize.size) == old).values(size=copy.size)
    if work.session.exec(grown).rowcount != 1:
        raise conflict("log.busy")
    work.session.flush()
    if reads.tree(work.session, copy.size).root() != copy.root:
        raise invalid("recovery.copy_damaged", place=old)
    work.session.add(LogHead(size=copy.size, root=copy.root.hex(), at=work.now, note=note))
    work.session.flush()
    key_recovery.rebuild(work, origin, [canonical.parse(one.decode("utf-8")) for one in entries])
    if signed is not None and copy.size > signed[0]:
        proof = reads.tree(work.session, copy.size).consistency(signed[0])
        signer.sign(log.ensure_key(work, signer).kid, work.now, copy, proof)
    audit.record(work, "log.recover", "log", "log", from_index=old, to_index=copy.size, lost=lost)
    return Recovered(copy.size - old, lost, copy.size)


def _copy(
    work: Work, folder: Path, origin: str, more_keys: Sequence[Verifier], policy: Policy
) -> tuple[Checkpoint, str, bool]:
    """The copy's checkpoint, its note with the signature of a key of this log alone, and whether witnesses vouch."""
    written = log_files.read_checkpoint(folder)
    if written is None:
        raise invalid("recovery.no_copy")
    note = notes.parse(written.decode("utf-8", "replace"))
    ours = [Verifier(origin, ED25519, keys.public_key(one.public_key)) for one in reads.keys(work.session)]
    signatures = notes.verified(note, [*ours, *more_keys])
    found = checkpoints.parse(note.text)
    if found.origin != origin:
        raise invalid("recovery.other_history", size=found.size)
    vouched = policy.least() > 0 and policy.satisfied(policy.cosigners(note))
    return found, notes.Note(note.text, signatures).written, vouched


def _check(work: Work, folder: Path, copy: Checkpoint, old: int, signed: Signed | None, vouched: bool) -> None:
    if copy.size <= old:
        raise conflict("recovery.nothing", size=copy.size)
    if signed is None or (copy.size > signed[0] and not vouched):
        raise conflict("recovery.beyond", size=copy.size, signed=signed[0] if signed else 0)
    tree = Tree(copy.size, lambda wanted: _tile(folder, wanted))
    proof = tree.consistency(old) if old else []
    ours = reads.tree(work.session, old).root()
    try:
        if old:
            merkle.check_consistency(old, copy.size, ours, copy.root, proof)
    except AppError as error:
        raise conflict("recovery.other_history", size=old) from error
    if copy.size == signed[0] and copy.root != signed[1]:
        raise conflict("recovery.other_history", size=copy.size)


def _entries(folder: Path, start: int, end: int) -> list[bytes]:
    """The entries from place ``start`` to before ``end``, read from the copy's bundles."""
    found: list[bytes] = []
    for index in range(start // WIDTH, (end - 1) // WIDTH + 1):
        width = min(WIDTH, end - index * WIDTH)
        bundle = unpack_entries(_tile(folder, Tile(-1, index, width)), width)
        found.extend(bundle[max(0, start - index * WIDTH) :])
    return found


def _tile(folder: Path, wanted: Tile) -> bytes:
    """A tile of the copy; where only the whole one is kept, its beginning."""
    found = log_files.read(folder, wanted)
    if found is None:
        raise invalid("recovery.copy_damaged", place=wanted.start)
    return found


def _rows(work: Work, entries: Sequence[bytes], old: int) -> tuple[list[dict[str, object]], int]:
    """Rows of the entries; one whose leaf waits here gets it back, the others are marked as lost."""
    waiting = select(Leaf).join(PendingLeaf, col(PendingLeaf.leaf_id) == col(Leaf.id))
    leaves = {one.commitment: one for one in work.session.exec(waiting)}
    rows: list[dict[str, object]] = []
    met = []
    for place, data in enumerate(entries, start=old):
        told = canonical.parse(data.decode("utf-8"))
        leaf = leaves.pop(str(told.get("commit")), None)
        if leaf is not None:
            met.append(leaf.id)
        rows.append(
            {
                "place": place,
                "leaf_id": leaf.id if leaf is not None else f"{LOST}{place}",
                "subject": str(told.get("subject", "")),
                "data": data.decode("utf-8"),
                "hash": merkle.leaf_hash(data).hex(),
                "at": work.now,
            }
        )
    work.session.exec(delete(PendingLeaf).where(col(PendingLeaf.leaf_id).in_(met)))
    return rows, len(rows) - len(met)
