"""One symbol as a picture for a page or a preview: SVG or PNG, from the same encoder as the label runs.

Source: SVG 1.1 paths; ISO/IEC 18004 clause 6.3.8 (quiet zone of four modules).
"""

from __future__ import annotations

from io import BytesIO
from itertools import groupby
from typing import Final

import numpy as np
from PIL import Image

from trace.formats.qr_symbols import encode_symbols
from trace.formats.qr_tables import QUIET_MODULES, Level, Modules


def _with_quiet_zone(text: str, level: Level) -> Modules:
    return np.pad(encode_symbols([text], level)[0], QUIET_MODULES)


def symbol_svg(text: str, level: Level = Level.M) -> str:
    """A square SVG in module units; white ground included, so that it reads on a dark page too."""
    return svg_symbols(encode_symbols([text], level))[0]


def svg_symbols(matrices: Modules) -> list[str]:
    """The symbols of ``(n, size, size)`` modules as SVG: a stroke one module wide along the dark runs of every row.

    Sixteen modules at a time become the words of the path by a table, whole runs of labels at a hundredth of the cost
    of a rectangle for each run.
    """
    count, size, _ = matrices.shape
    side = size + 2 * QUIET_MODULES
    wide = np.zeros((count, size, -(-size // _WORD) * _WORD), dtype=np.bool_)
    wide[:, :, :size] = matrices
    words = np.packbits(wide, axis=2).view(">u2").tolist()
    heads = [f"M{QUIET_MODULES} {row + QUIET_MODULES}.5" for row in range(size)]
    frame = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path stroke="#000" d="%s"/></svg>'
    )
    strokes = _STROKES
    return [
        frame
        % "".join(
            [part for head, row in zip(heads, rows, strict=True) for part in (head, *map(strokes.__getitem__, row))]
        )
        for rows in words
    ]


class _Strokes(dict[int, str]):
    """For sixteen modules (first in the highest bit): strokes and leaps that end sixteen modules further on."""

    def __missing__(self, word: int) -> str:
        bits = f"{word:0{_WORD}b}"
        runs = [(dark, len(list(same))) for dark, same in groupby(bits)]
        found = self[word] = "".join(f"h{run}" if dark == "1" else f"m{run} 0" for dark, run in runs)
        return found


_WORD: Final = 16
_STROKES: Final = _Strokes()


def symbol_png(text: str, scale: int, level: Level = Level.M) -> bytes:
    """A one-bit PNG with ``scale`` pixels per module, quiet zone included."""
    light = ~_with_quiet_zone(text, level)
    picture = Image.fromarray(light.repeat(scale, axis=0).repeat(scale, axis=1))
    out = BytesIO()
    picture.save(out, format="PNG", optimize=True)
    return out.getvalue()
