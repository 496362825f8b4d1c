"""QR symbols for whole label runs: many texts in, module matrices out, mask chosen by penalty for each.

Source: ISO/IEC 18004, byte mode, versions 1-11, levels M and Q (see qr_tables, qr_blocks, qr_penalties).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from brand.kernel.errors import invalid
from trace.formats.qr_blocks import codewords
from trace.formats.qr_penalties import penalties
from trace.formats.qr_tables import (
    LAST_VERSION,
    MASKS,
    Codewords,
    Indices,
    Level,
    Modules,
    RowWords,
    capacity,
    format_modules,
    frame_of,
    mask_modules,
    placement,
    size_of,
)

BATCH: Final = 256
# Eight masked copies of this many symbols stay in the processor's cache while they are scored.
_SCORED_TOGETHER: Final = 128


def smallest_version(longest: int, level: Level = Level.M) -> int:
    """The first version that holds a text of ``longest`` bytes; `labels.text_too_long` past version 11."""
    for version in range(1, LAST_VERSION + 1):
        if longest <= capacity(version, level):
            return version
    raise invalid("labels.text_too_long", length=longest, limit=capacity(LAST_VERSION, level))


def _pack(matrices: Modules) -> RowWords:
    """``(..., size, size)`` booleans → ``(..., size)`` words, bit c = column c."""
    wide = np.zeros((*matrices.shape[:-1], 64), dtype=bool)
    wide[..., : matrices.shape[-1]] = matrices
    return np.packbits(wide, axis=-1, bitorder="little").view("<u8")[..., 0].astype(np.uint64)


def _unpack(rows: RowWords, size: int) -> Modules:
    """``(n, size)`` words → ``(n, size, size)`` booleans."""
    little = np.ascontiguousarray(rows, dtype="<u8").view(np.uint8).reshape(*rows.shape, 8)
    return np.unpackbits(little, axis=-1, count=size, bitorder="little").view(np.bool_)


@lru_cache(maxsize=32)
def _overlays(version: int, level: Level) -> RowWords:
    """``(size, 8)`` words per row and mask: all that is not data, to be XORed over the placed data."""
    fixed = frame_of(version).dark
    size = size_of(version)
    drawn = [fixed | format_modules(level, mask, size) | mask_modules(mask, version) for mask in range(MASKS)]
    return np.ascontiguousarray(_pack(np.array(drawn)).T)


@lru_cache(maxsize=LAST_VERSION)
def _gather(version: int) -> Indices:
    """For each of the 64 bits of each row word, which bit of «codewords, then one zero byte» it takes."""
    size = size_of(version)
    order = placement(version)
    nothing = int(order.max()) + 1
    wide = np.full((size, 64), nothing, dtype=np.int64)
    wide[:, :size] = np.where(order < 0, nothing, order)
    return wide.ravel()


def _place(words: Codewords, version: int) -> RowWords:
    """``(n, codewords)`` → ``(size, n)`` row words with only the data bits set."""
    padded = np.zeros((len(words), words.shape[1] + 1), dtype=np.uint8)
    padded[:, :-1] = words
    bits = np.take(np.unpackbits(padded, axis=1), _gather(version), axis=1)
    rows = np.packbits(bits, axis=1, bitorder="little").view("<u8").astype(np.uint64, copy=False)
    return np.ascontiguousarray(rows.T)


def _best(placed: RowWords, overlays: RowWords) -> RowWords:
    """Of the eight masked copies of each symbol the one with the fewest points (the first, when equal)."""
    size, count = placed.shape
    masked = placed[:, :, None] ^ overlays[:, None, :]
    points = penalties(masked.reshape(size, -1), size).reshape(count, MASKS)
    return masked[:, np.arange(count), points.argmin(axis=1)]


def _encode_batch(encoded: Sequence[bytes], version: int, level: Level, mask: int | None) -> Modules:
    placed = _place(codewords(encoded, version, level), version)
    overlays = _overlays(version, level)
    if mask is not None:
        return _unpack((placed ^ overlays[:, mask, None]).T, size_of(version))
    steps = range(0, len(encoded), _SCORED_TOGETHER)
    chosen = [_best(placed[:, start : start + _SCORED_TOGETHER], overlays) for start in steps]
    return _unpack(np.concatenate(chosen, axis=1).T, size_of(version))


def _ascii(text: str) -> bytes:
    # Byte mode means Latin-1 to the standard and UTF-8 to most phones; only ASCII is the same text to all of them.
    if not text.isascii():
        raise invalid("labels.text_not_ascii", text=text)
    return text.encode("ascii")


def encode_symbols(
    texts: Sequence[str], level: Level = Level.M, *, at_least: int = 1, mask: int | None = None
) -> Modules:
    """Symbols of ``texts`` as ``(n, size, size)`` booleans, dark = True, without quiet zone.

    All symbols share the smallest version that holds the longest text, ``at_least`` or above. The mask is chosen per
    symbol by penalty unless given. Raises `labels.text_too_long` and `labels.text_not_ascii`.
    """
    encoded = [_ascii(text) for text in texts]
    version = max(at_least, smallest_version(max(map(len, encoded), default=0), level))
    batches = [
        _encode_batch(encoded[start : start + BATCH], version, level, mask) for start in range(0, len(encoded), BATCH)
    ]
    size = size_of(version)
    return np.concatenate(batches) if batches else np.zeros((0, size, size), dtype=bool)
