"""One symbol as a picture for a page or a preview: SVG or PNG, from the same encoder as the label runs.

Source: SVG 1.1 paths; ISO/IEC 18004 clause 6.3.8 (quiet zone of four modules).
"""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image

from trace.formats.qr_symbols import encode_symbols
from trace.formats.qr_tables import QUIET_MODULES, Level, Modules


def _with_quiet_zone(text: str, level: Level) -> Modules:
    return np.pad(encode_symbols([text], level)[0], QUIET_MODULES)


def _runs(line: Modules) -> list[tuple[int, int]]:
    """Start and length of the dark runs of one row."""
    edges = np.flatnonzero(np.diff(line.astype(np.int8), prepend=0, append=0))
    return [(int(start), int(end - start)) for start, end in edges.reshape(-1, 2)]


def symbol_svg(text: str, level: Level = Level.M) -> str:
    """A square SVG in module units; white ground included, so that it reads on a dark page too."""
    modules = _with_quiet_zone(text, level)
    path = "".join(
        f"M{start} {row}h{length}v1h-{length}z" for row, line in enumerate(modules) for start, length in _runs(line)
    )
    side = len(modules)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{path}"/></svg>'
    )


def symbol_png(text: str, scale: int, level: Level = Level.M) -> bytes:
    """A one-bit PNG with ``scale`` pixels per module, quiet zone included."""
    light = ~_with_quiet_zone(text, level)
    picture = Image.fromarray(light.repeat(scale, axis=0).repeat(scale, axis=1))
    out = BytesIO()
    picture.save(out, format="PNG", optimize=True)
    return out.getvalue()
