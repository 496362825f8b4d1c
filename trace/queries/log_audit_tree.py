"""The tree of the log, grown again entry by entry, and held against the tiles that are stored and published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, SQLModel

from trace.crypto import merkle
from trace.crypto.frontier import Frontier, Whole
from trace.crypto.tiles import WIDTH, Tile, pack_entries
from trace.models.log import LogTile


def table(model: type[SQLModel]) -> Any:
    """The table of a model, for statements without records: a pass over a million rows has no use for them."""
    return model.__table__  # type: ignore[attr-defined]


TILES = table(LogTile)


@contextmanager
def whatever_is_stored(session: Session) -> Iterator[None]:
    """While it lasts, SQLite gives bytes that are no text with U+FFFD in their place instead of ending the reading."""
    driver: Any = session.connection().connection.driver_connection
    if not hasattr(driver, "text_factory"):  # PostgreSQL stores text only
        yield
        return
    usual, driver.text_factory = driver.text_factory, partial(str, encoding="utf-8", errors="replace")
    try:
        yield
    finally:
        driver.text_factory = usual


#: What is wrong, and the place of the entry it is about.
Wrong = tuple[str, int]


class Growing:
    """The unfinished tile of every level; nothing older is kept."""

    def __init__(self, session: Session, folder: Path | None) -> None:
        self._session, self._folder = session, folder
        self._edge = Frontier()
        self._entries: list[bytes] = []

    def add(self, place: int, data: bytes, leaf_hash: bytes) -> Iterable[Wrong]:
        """One more entry; what is wrong with the tiles it makes whole."""
        made = self._edge.add(leaf_hash)
        self._entries.append(data)
        return self._whole(made, place) if made else ()

    def _whole(self, made: Sequence[Whole], place: int) -> Iterator[Wrong]:
        yield from self._published(Tile(-1, made[0].index), self._packed(), place - WIDTH + 1)
        self._entries = []
        for one in made:
            yield from self._stored(one)

    def root(self) -> bytes:
        """The root over everything so far."""
        return self._edge.root()

    def unfinished(self, size: int) -> Iterator[Wrong]:
        """What is wrong with the published partial tiles of a head of this size, which is the size now."""
        if self._entries:
            start = size - len(self._entries)
            yield from self._published(Tile(-1, start // WIDTH, len(self._entries)), self._packed(), start)
        for level, hashes in enumerate(self._edge.levels):
            if hashes:
                index = self._edge.whole[level]
                tile = Tile(level, index, len(hashes))
                yield from self._published(tile, b"".join(hashes), index * WIDTH ** (level + 1))

    def beyond(self) -> Iterator[Wrong]:
        """Stored tiles that the entries do not make."""
        for level, place in self._session.execute(select(TILES.c.level, TILES.c.place)):
            if level >= len(self._edge.whole) or place >= self._edge.whole[level]:
                yield "log_audit.tile_beyond", place * WIDTH ** (level + 1)

    def _packed(self) -> bytes:
        try:
            return pack_entries(self._entries)
        except Exception:  # an entry longer than any may be: its own finding says so
            return b""

    def _stored(self, made: Whole) -> Iterator[Wrong]:
        start = made.index * WIDTH ** (made.level + 1)
        stored = self._session.execute(
            select(TILES.c.hashes, TILES.c.root).where(TILES.c.level == made.level, TILES.c.place == made.index)
        ).first()
        if stored is None:
            yield "log_audit.tile_missing", start
        else:
            if stored.hashes != b"".join(made.hashes).hex():
                yield "log_audit.tile", start + _differing(stored.hashes, made.hashes) * WIDTH**made.level
            if stored.root != made.root.hex():
                yield "log_audit.tile_root", start
        yield from self._published(Tile(made.level, made.index), b"".join(made.hashes), start)

    def _published(self, tile: Tile, expected: bytes, place: int) -> Iterator[Wrong]:
        if self._folder is None:
            return
        try:
            found = (self._folder / tile.path).read_bytes()
        except OSError:
            return  # not published yet, or replaced by the whole tile: files are made from rows and can be made again
        if found != expected:
            yield "log_audit.file", place


def _differing(stored: str, expected: list[bytes]) -> int:
    """Which hash of a tile is the first that is another."""
    size = 2 * merkle.HASH_SIZE
    wrong = (at for at, one in enumerate(expected) if stored[at * size : (at + 1) * size] != one.hex())
    return next(wrong, 0)
