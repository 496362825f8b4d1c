"""The tree of the log, grown again entry by entry, and held against the tiles that are stored and published."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, SQLModel

from trace.crypto import merkle
from trace.crypto.tiles import WIDTH, Tile, pack_entries
from trace.models.log import LogTile


def table(model: type[SQLModel]) -> Any:
    """The table of a model, for statements without records: a pass over a million rows has no use for them."""
    return model.__table__  # type: ignore[attr-defined]


TILES = table(LogTile)


#: What is wrong, and the place of the entry it is about.
Wrong = tuple[str, int]


class Growing:
    """The unfinished tile of every level; nothing older is kept."""

    def __init__(self, session: Session, folder: Path | None) -> None:
        self._session, self._folder = session, folder
        self.levels: list[list[bytes]] = [[]]
        self._entries: list[bytes] = []
        self._whole = [0]

    def add(self, place: int, data: bytes) -> Iterator[Wrong]:
        """One more entry; what is wrong with the tiles it makes whole."""
        self.levels[0].append(merkle.leaf_hash(data))
        self._entries.append(data)
        if len(self._entries) == WIDTH:
            yield from self._published(Tile(-1, place // WIDTH), self._packed(), place - WIDTH + 1)
            self._entries = []
            yield from self._close(0, place)

    def root(self) -> bytes:
        """The root over everything so far: what is unfinished below is the last hash of the level above."""
        rest: list[bytes] = []
        for level in self.levels:
            together = [*level, *rest]
            rest = [merkle.root(together)] if together else []
        return rest[0] if rest else merkle.EMPTY_ROOT

    def unfinished(self, size: int) -> Iterator[Wrong]:
        """What is wrong with the published partial tiles of a head of this size, which is the size now."""
        if self._entries:
            start = size - len(self._entries)
            yield from self._published(Tile(-1, start // WIDTH, len(self._entries)), self._packed(), start)
        for level, hashes in enumerate(self.levels):
            if hashes:
                tile = Tile(level, self._whole[level], len(hashes))
                yield from self._published(tile, b"".join(hashes), self._whole[level] * WIDTH ** (level + 1))

    def beyond(self) -> Iterator[Wrong]:
        """Stored tiles that the entries do not make."""
        for level, place in self._session.execute(select(TILES.c.level, TILES.c.place)):
            if level >= len(self._whole) or place >= self._whole[level]:
                yield "log_audit.tile_beyond", place * WIDTH ** (level + 1)

    def _packed(self) -> bytes:
        try:
            return pack_entries(self._entries)
        except Exception:  # an entry longer than any may be: its own finding says so
            return b""

    def _close(self, level: int, place: int) -> Iterator[Wrong]:
        hashes, index = self.levels[level], self._whole[level]
        root, start = merkle.root(hashes), index * WIDTH ** (level + 1)
        stored = self._session.execute(
            select(TILES.c.hashes, TILES.c.root).where(TILES.c.level == level, TILES.c.place == index)
        ).first()
        if stored is None:
            yield "log_audit.tile_missing", start
        else:
            yield from self._differing("log_audit.tile", stored.hashes, level, start)
            if stored.root != root.hex():
                yield "log_audit.tile_root", start
        yield from self._published(Tile(level, index), b"".join(hashes), start)
        self.levels[level] = []
        self._whole[level] += 1
        if len(self.levels) == level + 1:
            self.levels.append([])
            self._whole.append(0)
        self.levels[level + 1].append(root)
        if len(self.levels[level + 1]) == WIDTH:
            yield from self._close(level + 1, place)

    def _differing(self, code: str, stored: str, level: int, start: int) -> Iterator[Wrong]:
        """The first entry below the first hash that is another."""
        expected = b"".join(self.levels[level]).hex()
        if stored != expected:
            size = 2 * merkle.HASH_SIZE
            pairs = (stored[at : at + size] != expected[at : at + size] for at in range(0, len(expected), size))
            first = next((at for at, other in enumerate(pairs) if other), 0)
            yield code, start + first * WIDTH**level

    def _published(self, tile: Tile, expected: bytes, place: int) -> Iterator[Wrong]:
        if self._folder is None:
            return
        try:
            found = (self._folder / tile.path).read_bytes()
        except OSError:
            return  # not published yet, or replaced by the whole tile: files are made from rows and can be made again
        if found != expected:
            yield "log_audit.file", place
