"""P2: a label run from key to paper: sign, symbol, read back, A4 sheets with Chinese text.

Yardstick: the same labels the plain way, with `qrcode`, Pillow and reportlab and without reading back.
"""

from __future__ import annotations

import multiprocessing
import resource
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from io import BytesIO
from time import perf_counter
from typing import Any

import qrcode
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from bench.rounds import Contest, Path
from trace.crypto import keys, label_codes, typed_codes
from trace.crypto.code_profiles import UnitCode
from trace.formats.label_sheets import Fact, LabelText, write_sheet_pdf
from trace.formats.layouts import A4_24

_ORIGIN, _KID = "trace.example.cn", "a7"
_CHUNK = 2400


class _Nowhere(BytesIO):
    """Counts what it is given and keeps nothing."""

    written = 0

    def write(self, data: Any) -> int:
        self.written += len(data)
        return len(data)


def _label(code: UnitCode, signed: str) -> LabelText:
    return LabelText(
        address=f"https://{_ORIGIN}{signed}",
        code=typed_codes.human_readable(code),
        brand="乌拉特中旗区域公共品牌 · 示范",
        product="乌拉特羊肉（示范）",
        cut="法式羊肋脊排 · 优级",
        net_weight=Fact("净含量", "0.500 kg"),
        packed=Fact("包装日期", "2026-09-14"),
        best_before=Fact("保质期", "365 天，≤-18℃ 冷冻"),
        lot=Fact("批号", "20260912A"),
        producer=Fact("生产者", "示范牧业专业合作社"),
        credit_code=Fact("信用代码", "91150824MA0DEMO00X"),
    )


def _run(count: int, key: keys.PrivateKey) -> Iterator[LabelText]:
    batch = label_codes.fresh_batch_code()
    for start in range(0, count, _CHUNK):
        codes = [UnitCode(batch, serial) for serial in label_codes.fresh_serials(min(_CHUNK, count - start))]
        signed = label_codes.sign_many(key, _ORIGIN, _KID, codes)
        yield from map(_label, codes, signed)


def _sheets(count: int, key: keys.PrivateKey) -> int:
    out = _Nowhere()
    write_sheet_pdf(_run(count, key), A4_24, out)
    return out.written


def _plain_sheets(count: int, key: keys.PrivateKey) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(BytesIO(), pagesize=A4)
    for place, label in enumerate(_run(count, key)):
        x, y = A4_24.corners[place % A4_24.per_sheet]
        if place and place % A4_24.per_sheet == 0:
            canvas.showPage()
        picture = qrcode.make(label.address, error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=4).get_image()
        canvas.drawImage(ImageReader(picture), x + 44 * mm, y + 10 * mm, 22.8 * mm, 22.8 * mm)
        lines = [label.brand, label.product, label.cut, label.code]
        facts = (label.net_weight, label.packed, label.best_before, label.lot, label.producer, label.credit_code)
        canvas.setFont("STSong-Light", 6)
        for row, line in enumerate([*lines, *(f"{fact.caption} {fact.value}" for fact in facts)]):
            canvas.drawString(x + 4 * mm, y + (32 - 3 * row) * mm, line)
    canvas.save()


def _peak_kilobytes(count: int) -> int:
    """Highest memory of a fresh process that writes ``count`` labels."""
    _sheets(count, keys.generate())
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _memory(quick: bool) -> dict[str, Any]:
    small, large = 10_000, 50_000 if quick else 1_000_000
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=fresh, max_tasks_per_child=1) as pool:
        few, many = pool.map(_peak_kilobytes, (small, large))
    return {"memory_labels": [small, large], "memory_kb": [few, many], "memory_growth": round(many / few, 3)}


def _one_sheet(key: keys.PrivateKey) -> float:
    start = perf_counter()
    _sheets(A4_24.per_sheet, key)
    return round(perf_counter() - start, 4)


@contextmanager
def _enter(quick: bool) -> Iterator[Contest]:
    key = keys.generate()

    def further() -> dict[str, Any]:
        return {
            "bytes_per_label": round(_sheets(_CHUNK, key) / _CHUNK, 1),
            "one_sheet_s": min(_one_sheet(key) for _ in range(5)),
            **_memory(quick),
        }

    yield Contest(lambda count: _sheets(count, key), lambda count: _plain_sheets(count, key), further)


PATH = Path("P2", "labels signed, drawn, read back and laid on A4 against the plain way", 60, 480, 24, _enter)
