"""The fixed parts of a QR symbol, versions 1-11: blocks, function patterns, format words, placement order.

Source: ISO/IEC 18004 (Table 9 error correction blocks; Annex E alignment centres; Annex C format and Annex D version
information; clause 7.7.3 placement; Table 10 mask conditions). Only levels M and Q are kept: labels are printed with M,
curved or frosted packs with Q. Version 11 is the last one needed and still fits one row into a 64-bit word.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

Modules = npt.NDArray[np.bool_]
RowWords = npt.NDArray[np.uint64]
Codewords = npt.NDArray[np.uint8]
Indices = npt.NDArray[np.int64]

LAST_VERSION: Final = 11
QUIET_MODULES: Final = 4
MASKS: Final = 8


class Level(StrEnum):
    """Error correction level: M restores about 15 %, Q about 25 % of the codewords."""

    M = "M"
    Q = "Q"


@dataclass(frozen=True)
class Blocks:
    """How the codewords of one version and level are cut: ``data`` codewords per block, ``check`` added to each."""

    check: int
    data: tuple[int, ...]

    @property
    def data_total(self) -> int:
        return sum(self.data)

    @property
    def total(self) -> int:
        return self.data_total + self.check * len(self.data)


def _blocks(check: int, *groups: tuple[int, int]) -> Blocks:
    return Blocks(check, tuple(size for count, size in groups for _ in range(count)))


BLOCKS: Final[dict[Level, tuple[Blocks, ...]]] = {
    Level.M: (
        _blocks(10, (1, 16)),
        _blocks(16, (1, 28)),
        _blocks(26, (1, 44)),
        _blocks(18, (2, 32)),
        _blocks(24, (2, 43)),
        _blocks(16, (4, 27)),
        _blocks(18, (4, 31)),
        _blocks(22, (2, 38), (2, 39)),
        _blocks(22, (3, 36), (2, 37)),
        _blocks(26, (4, 43), (1, 44)),
        _blocks(30, (1, 50), (4, 51)),
    ),
    Level.Q: (
        _blocks(13, (1, 13)),
        _blocks(22, (1, 22)),
        _blocks(18, (2, 17)),
        _blocks(26, (2, 24)),
        _blocks(18, (2, 15), (2, 16)),
        _blocks(24, (4, 19)),
        _blocks(18, (2, 14), (4, 15)),
        _blocks(22, (4, 18), (2, 19)),
        _blocks(20, (4, 16), (4, 17)),
        _blocks(24, (6, 19), (2, 20)),
        _blocks(28, (4, 22), (4, 23)),
    ),
}

_ALIGNMENT_CENTRES: Final = (
    (),
    (6, 18),
    (6, 22),
    (6, 26),
    (6, 30),
    (6, 34),
    (6, 22, 38),
    (6, 24, 42),
    (6, 26, 46),
    (6, 28, 50),
    (6, 30, 54),
)

_LEVEL_BITS: Final = {Level.M: 0b00, Level.Q: 0b11}

# Table 10; i is the row and j the column.
_MASK_RULES: Final[tuple[Callable[[Indices, Indices], Indices], ...]] = (
    lambda i, j: (i + j) % 2,
    lambda i, j: i % 2 + j * 0,
    lambda i, j: j % 3 + i * 0,
    lambda i, j: (i + j) % 3,
    lambda i, j: (i // 2 + j // 3) % 2,
    lambda i, j: i * j % 2 + i * j % 3,
    lambda i, j: (i * j % 2 + i * j % 3) % 2,
    lambda i, j: ((i + j) % 2 + i * j % 3) % 2,
)


def size_of(version: int) -> int:
    """Modules along one side, quiet zone not counted."""
    return 17 + 4 * version


def version_of(size: int) -> int:
    """The version whose symbols have ``size`` modules along one side."""
    return (size - 17) // 4


def count_bytes(version: int) -> int:
    """Bytes of the byte-mode character count indicator (Table 3)."""
    return 1 if version < 10 else 2


def capacity(version: int, level: Level) -> int:
    """Longest byte-mode text in bytes: mode and terminator share one byte, the count takes the rest."""
    return BLOCKS[level][version - 1].data_total - 1 - count_bytes(version)


def _bch(value: int, bits: int, generator: int) -> int:
    """``value`` followed by ``bits`` check bits of the cyclic code with this generator."""
    rest = value << bits
    while rest.bit_length() > bits:
        rest ^= generator << (rest.bit_length() - bits - 1)
    return value << bits | rest


def format_word(level: Level, mask: int) -> int:
    """The 15 format bits (Annex C), most significant first."""
    return _bch(_LEVEL_BITS[level] << 3 | mask, 10, 0x537) ^ 0x5412


def version_word(version: int) -> int:
    """The 18 version bits (Annex D), used from version 7 on."""
    return _bch(version, 12, 0x1F25)


@dataclass(frozen=True)
class Frame:
    """One version's fixed drawing: ``dark`` function modules and ``reserved`` ones, both ``(size, size)`` booleans."""

    dark: Modules
    reserved: Modules


def _put(frame: Frame, row: int, column: int, pattern: Modules) -> None:
    height, width = pattern.shape
    frame.dark[row : row + height, column : column + width] = pattern
    frame.reserved[row : row + height, column : column + width] = True


def _rings(side: int, light: int) -> Modules:
    """A dark square with one light ring at distance ``light`` from its centre."""
    axis = np.abs(np.arange(side) - side // 2)
    distance = np.maximum(axis[:, None], axis[None, :])
    return np.not_equal(distance, light)


def _put_finders(frame: Frame, size: int) -> None:
    finder = np.zeros((9, 9), dtype=bool)
    finder[1:8, 1:8] = _rings(7, 2)
    # The ninth row and column beside the finders belong to the separator or to the format bits.
    _put(frame, 0, 0, finder[1:, 1:])
    _put(frame, 0, size - 8, finder[1:, :8])
    _put(frame, size - 8, 0, finder[:8, 1:])


def _put_alignments(frame: Frame, version: int) -> None:
    centres = _ALIGNMENT_CENTRES[version - 1]
    corners = {(6, 6), (6, centres[-1]), (centres[-1], 6)} if centres else set()
    for row in centres:
        for column in centres:
            if (row, column) not in corners:
                _put(frame, row - 2, column - 2, _rings(5, 1))


def _put_timing(frame: Frame, size: int) -> None:
    line = np.arange(8, size - 8) % 2 == 0
    _put(frame, 6, 8, line[None, :])
    _put(frame, 8, 6, line[:, None])


def _put_version(frame: Frame, version: int, size: int) -> None:
    bits = [bool(version_word(version) >> index & 1) for index in range(18)]
    block = np.array(bits, dtype=bool).reshape(6, 3)
    _put(frame, 0, size - 11, block)
    _put(frame, size - 11, 0, block.T)


@lru_cache(maxsize=LAST_VERSION)
def frame_of(version: int) -> Frame:
    """Function patterns of a version; the format areas are reserved and left light."""
    size = size_of(version)
    frame = Frame(np.zeros((size, size), dtype=bool), np.zeros((size, size), dtype=bool))
    _put_finders(frame, size)
    _put_timing(frame, size)
    _put_alignments(frame, version)
    frame.reserved[8, [*range(9), *range(size - 8, size)]] = True
    frame.reserved[[*range(9), *range(size - 8, size)], 8] = True
    frame.dark[size - 8, 8] = True
    if version >= 7:
        _put_version(frame, version, size)
    return frame


def format_modules(level: Level, mask: int, size: int) -> Modules:
    """The two copies of the format word drawn alone on an empty ``(size, size)`` symbol."""
    drawn = np.zeros((size, size), dtype=bool)
    bits = [bool(format_word(level, mask) >> index & 1) for index in range(15)]
    rows_down = [*range(6), 7, 8, *range(size - 7, size)]
    columns_back = [*range(size - 1, size - 9, -1), 7, *range(5, -1, -1)]
    drawn[rows_down, 8] = bits
    drawn[8, columns_back] = bits
    return drawn


def mask_modules(mask: int, version: int) -> Modules:
    """Where this mask turns a data module over."""
    size = size_of(version)
    row, column = np.arange(size)[:, None], np.arange(size)[None, :]
    return np.equal(_MASK_RULES[mask](row, column), 0) & ~frame_of(version).reserved


@lru_cache(maxsize=LAST_VERSION)
def placement(version: int) -> Indices:
    """``(size, size)``: for every module the index of its data bit; -1 where no data bit stands.

    Bits past the last codeword (remainder bits) are -1 too: they are light before masking.
    """
    size = size_of(version)
    reserved = frame_of(version).reserved
    order = np.full((size, size), -1, dtype=np.int64)
    # Levels differ in how codewords are shared out, not in how many there are.
    bits = BLOCKS[Level.M][version - 1].total * 8
    index = 0
    upward = True
    for right in (c if c > 6 else c - 1 for c in range(size - 1, 0, -2)):
        for row in range(size - 1, -1, -1) if upward else range(size):
            for column in (right, right - 1):
                if not reserved[row, column] and index < bits:
                    order[row, column] = index
                    index += 1
        upward = not upward
    return order
