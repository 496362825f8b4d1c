"""Papers as PDF: a Typst template, values as JSON only, a symbol that leads to the page; the same bytes each time.

Source: Typst 0.15 (values only as JSON, never as markup), ISO/IEC 18004 symbol from our own encoder.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from brand.kernel.errors import AppError, Kind
from trace.formats.symbol_pictures import symbol_svg

_TYPEFACE = "noto_cjk_sans_otc"
_TEMPLATES = Path(__file__).resolve().parent / "data"
#: The clock inside the file stands still, so that equal values give equal bytes.
_NO_TIME = 0


@dataclass(frozen=True)
class RecallNotice:
    """Every word of the notice; ``pairs``: (what, value); ``head`` and ``rows``: the list of batches."""

    heading: str
    number: str
    drill: str
    issuer: str
    sentence: str
    pairs: Sequence[tuple[str, str]]
    duties_heading: str
    duties: Sequence[str]
    list_heading: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    signature: str
    check: str
    address: str
    day: str


def recall_notice_pdf(one: RecallNotice) -> bytes:
    """The notice as PDF bytes; raises ``certificates.not_drawn`` where the composer fails."""
    return draw("recall-notice.typ", asdict(one), one.address)


@dataclass(frozen=True)
class CommitmentPaper:
    """Every word of a commitment certificate; ``bases``: (words, ticked); ``pairs``: (what, value).

    ``ended`` says that it counts no more; empty while it does.
    """

    title: str
    style: str
    ended: str
    promise: str
    bases_heading: str
    bases: Sequence[tuple[str, bool]]
    pairs: Sequence[tuple[str, str]]
    signature: str
    check: str
    rule: str
    digest: str
    address: str


def commitment_pdf(one: CommitmentPaper) -> bytes:
    """The paper as PDF bytes, A5; raises ``certificates.not_drawn`` where the composer fails."""
    return draw("commitment.typ", asdict(one), one.address)


@dataclass(frozen=True)
class CaseLabel:
    """Every word of the label of a case or pallet; ``rows``: (product, lot, name, amount); ``pairs``: (what, value)."""

    kind: str
    code: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    more: str
    pairs: Sequence[tuple[str, str]]
    check: str
    address: str


def case_label_pdf(one: CaseLabel) -> bytes:
    """The label as PDF bytes, 100 × 150 mm; raises ``certificates.not_drawn``."""
    return draw("case-label.typ", asdict(one), one.address)


def draw(template: str, values: dict[str, Any], address: str) -> bytes:
    """``template`` with these values and the symbol of ``address``."""
    inputs = {"data": json.dumps(values, ensure_ascii=False, sort_keys=True), "symbol": symbol_svg(address)}
    try:
        return typst.compile(
            (_TEMPLATES / template).read_bytes(),
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
