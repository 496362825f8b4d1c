"""The licence certificate as PDF: Chinese and English, a symbol that leads to the register, the same bytes each time.

Source: Typst 0.15 (values only as JSON, never as markup), ISO/IEC 18004 symbol from our own encoder, domain notes B6
(certificate and plaque, 海南鲜品). The paper says what was granted; whether it still counts is said by the register.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import typst

from brand.kernel.errors import AppError, Kind
from trace.formats.symbol_pictures import symbol_svg

_TYPEFACE = "noto_cjk_sans_otc"
_TEMPLATE = Path(__file__).resolve().parent / "data" / "certificate.typ"
#: The clock inside the file stands still, so that equal licences give equal bytes.
_NO_TIME = 0


@dataclass(frozen=True)
class Line:
    """One row of the table: what it is in both languages, and the value."""

    zh: str
    en: str
    value: str


@dataclass(frozen=True)
class Certificate:
    """Every word of the paper; ``address`` is where the symbol leads."""

    heading: str
    heading_en: str
    number: str
    owner: str
    sentence: str
    sentence_en: str
    rows: Sequence[Line]
    check: str
    check_en: str
    address: str
    granted_on: str


def certificate_pdf(one: Certificate) -> bytes:
    """The paper as PDF bytes; raises ``certificates.not_drawn`` where the composer fails."""
    inputs = {
        "data": json.dumps(asdict(one), ensure_ascii=False, sort_keys=True),
        "symbol": symbol_svg(one.address),
    }
    try:
        return typst.compile(
            _TEMPLATE.read_bytes(),
            font_paths=_fonts(),
            sys_inputs=inputs,
            format="pdf",
            timestamp=_NO_TIME,
        )
    except (RuntimeError, ValueError) as error:
        raise AppError(Kind.UNAVAILABLE, "certificates.not_drawn") from error


@cache
def _fonts() -> typst.Fonts:
    """Only the typeface we ship, so that every machine draws the same page."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(files(_TYPEFACE))])
