"""Texts to interleaved codewords, many texts at a time.

Source: ISO/IEC 18004 clause 7.4 (byte mode, terminator, pad codewords), clause 7.5 and Annex A (Reed-Solomon over
GF(256) modulo x^8+x^4+x^3+x^2+1), clause 7.6 (interleaving).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from trace.formats.qr_tables import BLOCKS, Codewords, Indices, Level, count_bytes


def _powers() -> tuple[list[int], list[int]]:
    exponent, logarithm = [0] * 510, [0] * 256
    value = 1
    for power in range(255):
        exponent[power] = exponent[power + 255] = value
        logarithm[value] = power
        value = value << 1 ^ (0x11D if value & 0x80 else 0)
    return exponent, logarithm


_EXPONENT, _LOGARITHM = _powers()


def _times(left: int, right: int) -> int:
    return _EXPONENT[_LOGARITHM[left] + _LOGARITHM[right]] if left and right else 0


def _generator(check: int) -> list[int]:
    """Coefficients below the leading one of the product of (x - a^i), highest power first."""
    coefficients = [1]
    for power in range(check):
        shifted = [*coefficients, 0]
        for index, value in enumerate(coefficients):
            shifted[index + 1] ^= _times(value, _EXPONENT[power])
        coefficients = shifted
    return coefficients[1:]


def _unit_remainders(data: int, check: int) -> list[list[int]]:
    """Check codewords of the blocks that hold a single 1, for each of its ``data`` places."""
    generator = _generator(check)
    rest = list(generator)
    rests = []
    for _ in range(data):
        rests.append(rest)
        head, tail = rest[0], [*rest[1:], 0]
        rest = [value ^ _times(head, factor) for value, factor in zip(tail, generator, strict=True)]
    return rests[::-1]


@lru_cache(maxsize=64)
def _check_table(data: int, check: int) -> npt.NDArray[np.uint64]:
    """``(data, 256, words)``: what each value at each place adds to the check codewords, eight to a 64-bit word.

    Reed-Solomon is linear, so the check codewords of a block are the XOR of one row per data codeword. One gather per
    place serves every text of the run at once.
    """
    padded = -(-check // 8) * 8
    table = np.zeros((data, 256, padded), dtype=np.uint8)
    units = np.array(_unit_remainders(data, check), dtype=np.uint8)
    doubling = np.array([_times(value, 2) for value in range(256)], dtype=np.uint8)
    single = units
    for bit in range(8):
        table[:, 1 << bit : 2 << bit, :check] = table[:, : 1 << bit, :check] ^ single[:, None, :]
        single = doubling[single]
    return table.view(np.uint64)


def _check_codewords(data: Codewords, check: int) -> Codewords:
    """``(n, data)`` → ``(n, check)``."""
    table = _check_table(data.shape[1], check)
    total = table[0][data[:, 0]]
    for place in range(1, data.shape[1]):
        total ^= table[place][data[:, place]]
    checks: Codewords = total.view(np.uint8)[:, :check]
    return checks


def data_codewords(encoded: Sequence[bytes], version: int, level: Level) -> Codewords:
    """``(n, data codewords)``: mode 0100, count, the text, four terminator bits, then pads 0xEC 0x11 in turn."""
    total = BLOCKS[level][version - 1].data_total
    head = count_bytes(version)
    lengths = np.array([len(text) for text in encoded], dtype=np.int64)
    joined = b"".join(len(text).to_bytes(head, "big") + text.ljust(total - head, b"\0") for text in encoded)
    stream = np.frombuffer(joined, dtype=np.uint8).reshape(len(encoded), total)
    # Everything after the mode nibble stands half a byte late.
    words = stream >> np.uint8(4)
    words[:, 1:] |= stream[:, :-1] << np.uint8(4)
    words[:, 0] |= 0x40
    past = np.arange(total) - (lengths + head + 1)[:, None]
    words[past >= 0] = 0xEC
    words[(past >= 0) & (past % 2 == 1)] = 0x11
    return words


@lru_cache(maxsize=32)
def _interleaved(version: int, level: Level) -> Indices:
    """Order of transmission as indices into «all blocks' data, then all blocks' check codewords»."""
    blocks = BLOCKS[level][version - 1]
    starts = np.cumsum([0, *blocks.data])
    shapes = list(zip(starts, blocks.data, strict=False))
    data = [start + place for place in range(max(blocks.data)) for start, size in shapes if place < size]
    check = np.arange(blocks.data_total, blocks.total).reshape(len(blocks.data), blocks.check)
    return np.array([*data, *check.T.ravel()], dtype=np.int64)


def codewords(encoded: Sequence[bytes], version: int, level: Level) -> Codewords:
    """``(n, all codewords)`` in order of transmission. Every text must fit the version."""
    blocks = BLOCKS[level][version - 1]
    data = data_codewords(encoded, version, level)
    parts = [data]
    start = 0
    for size in blocks.data:
        parts.append(_check_codewords(data[:, start : start + size], blocks.check))
        start += size
    return np.take(np.concatenate(parts, axis=1), _interleaved(version, level), axis=1)
