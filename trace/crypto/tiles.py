"""The tiles of a log: which there are for a size, their paths and bytes, and the proofs anybody can draw from them.

Source: C2SP tlog-tiles (paths, partial tiles, entry bundles); RFC 6962 sections 2.1.1 and 2.1.2 (the two proofs).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from brand.kernel.errors import invalid
from trace.crypto import merkle

WIDTH = 256
_HEIGHT = 8  # levels of the tree in one tile
LONGEST_ENTRY = 65_535  # bytes: the length before each entry of a bundle has 16 bits
_PATH = re.compile(r"tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


@dataclass(frozen=True, slots=True)
class Tile:
    """``width`` hashes from place ``index`` × 256 on of a level; level -1 stands for the bundles of entries."""

    level: int
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Where it is served below the log's prefix, e.g. ``tile/0/x001/x234/067.p/8``."""
        level = "entries" if self.level < 0 else str(self.level)
        groups = [f"{self.index:03d}"[-3:]]
        rest = self.index // 1000
        while rest:
            groups.insert(0, f"x{rest % 1000:03d}")
            rest //= 1000
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{level}/{'/'.join(groups)}{partial}"

    @property
    def start(self) -> int:
        """The place of its first hash within its level."""
        return self.index * WIDTH


#: Gives the bytes of a tile of hashes: 32 for each.
Fetch = Callable[[Tile], bytes]


def parse_path(path: str) -> Tile:
    """The tile a path names; raises ``tiles.path`` for every spelling but its one."""
    found = _PATH.fullmatch(path)
    if found is None:
        raise invalid("tiles.path")
    level = -1 if found[1] == "entries" else int(found[1])
    tile = Tile(level, int(found[2].replace("x", "").replace("/", "")), int(found[3] or WIDTH))
    if tile.path != path:  # a leading group of zeros, a width of 256
        raise invalid("tiles.path")
    return tile


def of_size(size: int, since: int = 0) -> Iterator[Tile]:
    """Every tile and bundle that a log of ``size`` entries has and one of ``since`` had not, full ones and partial."""
    for level in range(-1, 64 // _HEIGHT):
        count, before = (one >> (_HEIGHT * max(level, 0)) for one in (size, since))
        if not count:
            return
        for index in range(before // WIDTH, -(-count // WIDTH)):
            width = min(WIDTH, count - index * WIDTH)
            if (index * WIDTH + width) != before:
                yield Tile(level, index, width)


def pack_entries(entries: Sequence[bytes]) -> bytes:
    """A bundle: each entry behind its length, 16 bits, big-endian. Raises ``tiles.entry_too_long``."""
    if any(len(one) > LONGEST_ENTRY for one in entries):
        raise invalid("tiles.entry_too_long", most=LONGEST_ENTRY)
    return b"".join(len(one).to_bytes(2, "big") + one for one in entries)


def unpack_entries(data: bytes, width: int) -> list[bytes]:
    """The ``width`` entries of a bundle; raises ``tiles.bundle`` for one that is cut short or holds more."""
    entries, at = [], 0
    for _ in range(width):
        length = int.from_bytes(data[at : at + 2], "big")
        entry = data[at + 2 : at + 2 + length]
        if at + 2 > len(data) or len(entry) != length:
            raise invalid("tiles.bundle", width=width)
        entries.append(entry)
        at += 2 + length
    if at != len(data):
        raise invalid("tiles.bundle", width=width)
    return entries


class Tree:
    """The tree of one size, read from its tiles; each tile is fetched once."""

    def __init__(self, size: int, fetch: Fetch) -> None:
        if not 0 <= size <= merkle.MOST:
            raise invalid("merkle.size", size=size)
        self.size = size
        self._fetch = fetch
        self._read: dict[tuple[int, int], list[bytes]] = {}

    def root(self) -> bytes:
        """32 bytes; that of an empty log when there is nothing in it."""
        return self._span(0, self.size) if self.size else merkle.EMPTY_ROOT

    def inclusion(self, index: int) -> list[bytes]:
        """The proof that the entry at ``index`` is in the tree, the leaf's sibling first.

        Raises ``merkle.index``.
        """
        if not 0 <= index < self.size:
            raise invalid("merkle.index", index=index, size=self.size)
        proof: list[bytes] = []
        start, end = 0, self.size
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                proof.append(self._span(middle, end))
                end = middle
            else:
                proof.append(self._span(start, middle))
                start = middle
        return proof[::-1]

    def consistency(self, old_size: int) -> list[bytes]:
        """The proof that the tree begins with the whole tree of ``old_size``; raises ``merkle.old_size``."""
        if not 0 < old_size <= self.size:
            raise invalid("merkle.old_size", old=old_size, size=self.size)
        proof: list[bytes] = []
        start, end = 0, self.size
        while old_size != end:
            middle = start + _split(end - start)
            if old_size <= middle:
                proof.append(self._span(middle, end))
                end = middle
            else:
                proof.append(self._span(start, middle))
                start = middle
        if start:  # else the old tree is one whole subtree, whose root the verifier has
            proof.append(self._span(start, end))
        return proof[::-1]

    def _span(self, start: int, end: int) -> bytes:
        """The root over entries ``start``…``end`` − 1; ``start`` is a multiple of a power of two ≥ their count."""
        parts: list[bytes] = []
        while start < end:
            height = (end - start).bit_length() - 1
            parts.append(self._node(height, start >> height))
            start += 1 << height
        found = parts.pop()
        while parts:
            found = merkle.node_hash(parts.pop(), found)
        return found

    def _node(self, height: int, index: int) -> bytes:
        """A subtree with 2^``height`` leaves, all there."""
        level, above = divmod(height, _HEIGHT)
        first = index << above
        tile, place = divmod(first, WIDTH)
        return merkle.root(self._hashes(level, tile)[place : place + (1 << above)])

    def _hashes(self, level: int, index: int) -> list[bytes]:
        found = self._read.get((level, index))
        if found is None:
            width = min(WIDTH, (self.size >> (_HEIGHT * level)) - index * WIDTH)
            data = self._fetch(Tile(level, index, width))
            if len(data) != width * merkle.HASH_SIZE:
                raise invalid("tiles.tile_size", given=len(data), expected=width * merkle.HASH_SIZE)
            found = [data[at : at + merkle.HASH_SIZE] for at in range(0, len(data), merkle.HASH_SIZE)]
            self._read[level, index] = found
        return found


def _split(count: int) -> int:
    """The largest power of two smaller than ``count``."""
    return 1 << ((count - 1).bit_length() - 1)
