"""Penalty points of QR symbols, thousands at a time: a row of modules is a 64-bit word, so a step judges all columns.

Source: ISO/IEC 18004 clause 7.8.3 (Table 11): runs of five and more (N1 = 3), 2x2 blocks (N2 = 3), the finder-like
1:1:3:1:1 pattern beside four light modules (N3 = 40), the share of dark modules in steps of 5 % (N4 = 10). Modules
outside the symbol are not counted as light.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from trace.formats.qr_tables import RowWords

Points = npt.NDArray[np.int64]


def _ones(words: RowWords) -> Points:
    """Set bits of each column of words: ``(rows, k)`` → ``(k,)``."""
    counts: Points = np.bitwise_count(words).sum(axis=0, dtype=np.int64)
    return counts


def _run_points(run5: RowWords, run6: RowWords) -> Points:
    # A run of L modules sets L-4 bits in run5 and L-5 in run6, and costs 3 + (L-5) points.
    return 3 * _ones(run5) - 2 * _ones(run6)


def _across(rows: RowWords, size: int) -> tuple[RowWords, Points]:
    """Equal-neighbour bits of every row, and the points of its runs and finder-like patterns."""
    pairs = np.uint64((1 << (size - 1)) - 1)
    change = (rows ^ (rows >> np.uint64(1))) & pairs
    same = change ^ pairs
    same2 = same & (same >> np.uint64(1))
    same3 = same2 & (same >> np.uint64(2))
    same4 = same2 & (same2 >> np.uint64(2))
    points = _run_points(same4, same4 & (same >> np.uint64(4)))
    twice = change & (change >> np.uint64(1))
    core = twice & (same2 >> np.uint64(2)) & (twice >> np.uint64(4))
    light_after = core & ((change & (same3 >> np.uint64(1))) >> np.uint64(6))
    light_before = same3 & (change >> np.uint64(3)) & (core >> np.uint64(4))
    return same, points + 40 * _ones(((light_after ^ light_before) & rows) ^ light_before)


def _down(rows: RowWords, size: int) -> tuple[RowWords, Points]:
    """The same for columns: a step to the next module is a step to the next word."""
    full = np.uint64((1 << size) - 1)
    change = rows[:-1] ^ rows[1:]
    same: RowWords = change ^ full
    same2 = same[:-1] & same[1:]
    same3 = same2[:-1] & same[2:]
    same4 = same2[:-2] & same2[2:]
    points = _run_points(same4, same4[:-1] & same[4:])
    twice = change[:-1] & change[1:]
    core = twice[:-4] & same2[2:-2] & twice[4:]
    light_after = core[:-4] & change[6:-3] & same3[7:]
    light_before = same3[:-7] & change[3:-6] & core[4:]
    return same, points + 40 * _ones(((light_after ^ light_before) & rows[:-10]) ^ light_before)


def penalties(rows: RowWords, size: int) -> Points:
    """``(size, k)`` words, bit c = module in column c, dark = 1 → points of the k symbols."""
    same_across, points = _across(rows, size)
    same_down, points_down = _down(rows, size)
    blocks = _ones(same_across[:-1] & same_across[1:] & same_down)
    modules = size * size
    deviation: Points = np.abs(_ones(rows) * 20 - modules * 10) // modules
    total: Points = points + points_down + 3 * blocks + 10 * deviation
    return total
