"""The unfinished edge of a growing tree: enough to go on and to know the root at any size, and nothing more.

Source: RFC 6962 section 2.1; C2SP tlog-tiles for where tiles end.
"""

from __future__ import annotations

from dataclasses import dataclass

from trace.crypto import merkle
from trace.crypto.tiles import WIDTH


@dataclass(frozen=True, slots=True)
class Whole:
    """A tile that has just become whole: its level, its place in the level, its 256 hashes and the root over them."""

    level: int
    index: int
    hashes: list[bytes]
    root: bytes


class Frontier:
    """``levels`` holds the unfinished tile of every level, ``whole`` how many tiles of it are finished."""

    def __init__(self) -> None:
        self.levels: list[list[bytes]] = [[]]
        self.whole = [0]

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return self.whole[0] * WIDTH + len(self.levels[0])

    def add(self, leaf: bytes) -> list[Whole]:
        """One more leaf hash; the tiles it makes whole, the lowest first."""
        self.levels[0].append(leaf)
        made: list[Whole] = []
        level = 0
        while len(self.levels[level]) == WIDTH:
            hashes = self.levels[level]
            made.append(Whole(level, self.whole[level], hashes, merkle.root(hashes)))
            self.levels[level] = []
            self.whole[level] += 1
            level += 1
            if level == len(self.levels):
                self.levels.append([])
                self.whole.append(0)
            self.levels[level].append(made[-1].root)
        return made

    def root(self) -> bytes:
        """The root over everything so far: what is unfinished below is the last hash of the level above."""
        rest: list[bytes] = []
        for level in self.levels:
            together = [*level, *rest]
            rest = [merkle.root(together)] if together else []
        return rest[0] if rest else merkle.EMPTY_ROOT
