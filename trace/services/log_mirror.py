"""Keeps a verified copy of somebody else's log: everything is worked out anew from the entries before it is kept.

A checkpoint that does not extend the copy is not taken; it stays beside the copy as evidence, signed by the log itself.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from brand.kernel.errors import refused
from trace.crypto import checkpoints, merkle, notes
from trace.crypto.checkpoints import Checkpoint
from trace.crypto.log_policies import Policy
from trace.crypto.tiles import WIDTH, Tile, Tree, of_size, pack_entries
from trace.services import durable, log_sources
from trace.services.log_sources import Fetch

CHECKPOINT, EVIDENCE, _STAGE = "checkpoint", "evidence", ".new"


def bring(fetch: Fetch, folder: Path, policy: Policy) -> int:
    """Bring the copy up to the published checkpoint; gives its size.

    Raises ``mirror.rolled_back``, ``mirror.forked`` or ``mirror.root_differs`` with the evidence kept, and what
    ``log_sources`` and ``tiles.unpack_entries`` raise; the copy is then what it was.
    """
    written, new, _ = log_sources.checkpoint(fetch, policy)
    before = kept(folder)
    if before is not None:
        _check_size(folder, before, new, written)
        if before[1].size == new.size:
            durable.write(folder / CHECKPOINT, written.encode("utf-8"))
            return new.size
    copy = _Copy(folder, new.size)
    try:
        copy.take(fetch, before[1].size if before else 0)
        if Tree(new.size, copy.hashes).root() != new.root:
            raise _refused(folder, "mirror.root_differs", before, written)
        if before is not None and before[1].size and Tree(before[1].size, copy.hashes).root() != before[1].root:
            raise _refused(folder, "mirror.forked", before, written)
        copy.keep()
    finally:
        shutil.rmtree(folder / _STAGE, ignore_errors=True)
    durable.write(folder / CHECKPOINT, written.encode("utf-8"))
    return new.size


def kept(folder: Path) -> tuple[str, Checkpoint] | None:
    """The checkpoint of the copy as text and read, or None where there is no copy yet."""
    try:
        written = (folder / CHECKPOINT).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    return written, checkpoints.parse(notes.parse(written).text)


def _check_size(folder: Path, before: tuple[str, Checkpoint], new: Checkpoint, written: str) -> None:
    if new.size < before[1].size:
        raise _refused(folder, "mirror.rolled_back", before, written)
    if new.size == before[1].size and new.root != before[1].root:
        raise _refused(folder, "mirror.forked", before, written)


def _refused(folder: Path, code: str, before: tuple[str, Checkpoint] | None, written: str) -> Exception:
    """The refusal, with both signed checkpoints put beside the copy."""
    place = folder / EVIDENCE
    number = len(list(place.glob("*"))) if place.is_dir() else 0
    text = f"{code}\n\n{before[0] if before else ''}\n{written}"
    if not any(one.read_text(encoding="utf-8") == text for one in place.glob("*")):
        durable.write(place / f"{number + 1:04d}.txt", text.encode("utf-8"))
    return refused(code, size=before[1].size if before else 0, folder=str(place))


class _Copy:
    """New tiles beside the kept ones, until the whole is proven."""

    def __init__(self, folder: Path, size: int) -> None:
        self._folder, self._stage, self._size = folder, folder / _STAGE, size

    def take(self, fetch: Fetch, since: int) -> None:
        """Fetch the entries from ``since`` on and work out every tile above them."""
        shutil.rmtree(self._stage, ignore_errors=True)
        for index in range(since // WIDTH, -(-self._size // WIDTH)):
            entries = log_sources.bundle(fetch, index, self._size)
            self._write(Tile(-1, index, len(entries)), pack_entries(entries))
            self._write(Tile(0, index, len(entries)), b"".join(map(merkle.leaf_hash, entries)))
        for one in of_size(self._size, min(since, self._size)):
            if one.level > 0:
                below = range(one.start, one.start + one.width)
                self._write(one, b"".join(self._root(Tile(one.level - 1, at)) for at in below))

    def hashes(self, wanted: Tile) -> bytes:
        """The bytes of a tile of any size up to the new one: the beginning of the tile that is there."""
        width = min(WIDTH, (self._size >> (8 * wanted.level)) - wanted.start)
        there = Tile(wanted.level, wanted.index, width).path
        path = self._stage / there
        return (path if path.exists() else self._folder / there).read_bytes()[: wanted.width * merkle.HASH_SIZE]

    def keep(self) -> None:
        """Put the new tiles in place; a partial one makes room for the whole."""
        for path in sorted(one for one in self._stage.rglob("*") if one.is_file()):
            to = self._folder / path.relative_to(self._stage)
            durable.make_folder(to.parent)
            os.replace(path, to)
            durable.sync_folder(to.parent)
            shutil.rmtree(f"{to}.p", ignore_errors=True)

    def _root(self, tile: Tile) -> bytes:
        data = self.hashes(tile)
        size = merkle.HASH_SIZE
        return merkle.root([data[at : at + size] for at in range(0, len(data), size)])

    def _write(self, tile: Tile, data: bytes) -> None:
        durable.write(self._stage / tile.path, data)
