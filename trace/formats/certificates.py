"""The licence certificate as PDF: Chinese and English, a symbol that leads to the register.

Source: domain notes B6 (certificate and plaque, 海南鲜品). The paper says what was granted; whether it still counts is
said by the register.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from trace.formats.papers import draw


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
    return draw("certificate.typ", asdict(one), one.address)
