"""Proofs to keep: that an entry stands in the last signed head, and one pack among the units of its issue."""

from __future__ import annotations

from sqlmodel import Session, col, select

from brand.kernel.errors import conflict, unknown
from trace.crypto import merkle
from trace.crypto.tiles import WIDTH, Tile, Tree
from trace.crypto.tlog_proofs import LogProof, UnitPath, unit_hash
from trace.models.batches import Batch
from trace.models.label_chunks import PIECE, LabelChunk
from trace.models.labels import Label, LabelOrder
from trace.models.log import LogEntry
from trace.queries import log as reads
from trace.queries.labels import coding


def of_entry(session: Session, place: int) -> LogProof:
    """Raises ``access.unknown``, or ``log.not_yet`` while the entry waits for a signed head."""
    return _proof(session, reads.entry(session, place), None)


def of_unit(session: Session, serial: str) -> LogProof:
    """The proof of the issue of one pack's code; raises ``access.unknown`` or ``log.not_yet``."""
    label = session.get(Label, serial)
    if label is None:
        raise unknown()
    entry = reads.entry_of_act(session, "label_order", label.order_id, "labels.order")
    if entry is None:
        raise conflict("log.not_yet")
    batch = session.get_one(Batch, label.batch_id)
    order = session.get_one(LabelOrder, label.order_id)
    path, element = _unit_path(session, order, batch, label.position - 1)
    return _proof(session, entry, UnitPath(element, label.position - 1, order.size, path))


def _unit_path(session: Session, order: LabelOrder, batch: Batch, index: int) -> tuple[tuple[bytes, ...], str]:
    """The path of a unit under the root of its order, and its element string; only its own piece is read.

    Orders from before there were pieces are read whole: they are small.
    """
    asked = select(LabelChunk.root).where(LabelChunk.order_id == order.id).order_by(col(LabelChunk.number))
    roots = [bytes.fromhex(one) for one in session.exec(asked)]
    before = index // PIECE * PIECE if roots else 0
    there = select(Label.serial).where(Label.order_id == order.id, col(Label.position) > before)
    its = there.order_by(col(Label.position))
    code = coding(order, batch)
    elements = [code(one).element for one in session.exec(its.limit(PIECE) if roots else its)]
    within = _path([unit_hash(one) for one in elements], index - before)
    above = _path(roots, index // PIECE) if roots else ()
    return (*within, *above), elements[index - before]


def _path(leaves: list[bytes], index: int) -> tuple[bytes, ...]:
    """The path of one leaf, by the tiles the run would have."""
    levels = [leaves]
    while len(levels[-1]) >= WIDTH:
        below = levels[-1]
        levels.append([merkle.root(below[at : at + WIDTH]) for at in range(0, len(below) - WIDTH + 1, WIDTH)])

    def fetch(wanted: Tile) -> bytes:
        return b"".join(levels[wanted.level][wanted.start : wanted.start + wanted.width])

    return tuple(Tree(len(leaves), fetch).inclusion(index))


def _proof(session: Session, entry: LogEntry, unit: UnitPath | None) -> LogProof:
    # A head that enough witnesses have looked at says more than the newest, which they may not have seen yet.
    head = reads.witnessed(session, entry.place + 1) or reads.head(session)
    if head is None or entry.place >= head.checkpoint.size:
        raise conflict("log.not_yet")
    path = reads.tree(session, head.checkpoint.size).inclusion(entry.place)
    return LogProof(entry.data.encode("utf-8"), entry.place, tuple(path), head.note, unit)
