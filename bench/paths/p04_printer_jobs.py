"""P4: symbols as words of a printer or a picture, by tables; yardstick: a rectangle for every dark run.

ZPL for a 203 dpi roll is what is compared; the ratio for SVG stands beside it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from time import perf_counter
from typing import Any

import numpy as np

from bench.rounds import Contest, Path
from trace.formats.label_raster import Printer
from trace.formats.layouts import ROLL_60_40
from trace.formats.printer_jobs import Zpl
from trace.formats.qr_symbols import encode_symbols
from trace.formats.qr_tables import Modules
from trace.formats.symbol_pictures import svg_symbols

_KINDS = 256


def _runs(line: Modules) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(line.astype(np.int8), prepend=0, append=0)).tolist()
    return [(start, end - start) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def _zpl_rectangles(matrix: Modules, module: int) -> str:
    return "".join(
        f"^FO{start * module},{row * module}^GB{length * module},{module},{module}^FS"
        for row, line in enumerate(matrix)
        for start, length in _runs(line)
    )


def _svg_rectangles(matrix: Modules) -> str:
    return "".join(
        f'<rect x="{start}" y="{row}" width="{length}" height="1"/>'
        for row, line in enumerate(matrix)
        for start, length in _runs(line)
    )


@contextmanager
def _enter(quick: bool) -> Iterator[Contest]:
    chance = random.Random(4)
    texts = [f"https://trace.example.cn/u/7K3M9QXW/{n:06}?s=a7.{chance.randbytes(43).hex()}" for n in range(_KINDS)]
    matrices = encode_symbols(texts)
    printer = Printer(ROLL_60_40, matrices.shape[1], 203)
    zpl = Zpl(ROLL_60_40, printer, BytesIO())

    def ours(count: int) -> None:
        for start in range(0, count, _KINDS):
            zpl.rows(matrices[: count - start])

    def yardstick(count: int) -> None:
        for matrix in matrices[:count]:
            _zpl_rectangles(matrix, printer.module)

    def further() -> dict[str, Any]:
        ratios = []
        for _ in range(3 if quick else 7):
            start = perf_counter()
            svg_symbols(matrices)
            middle = perf_counter()
            for matrix in matrices[:32]:
                _svg_rectangles(matrix)
            ratios.append((perf_counter() - middle) / 32 / ((middle - start) / _KINDS))
        return {"svg_ratio": round(sorted(ratios)[len(ratios) // 2], 2)}

    yield Contest(ours, yardstick, further)


PATH = Path("P4", "printer jobs by byte tables against a rectangle per run", 10, 2048, 64, _enter)
