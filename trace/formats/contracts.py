"""The contract of a licence as PDF, to be signed: parties, what is licensed, articles, the clauses of the rulebook.

Source: product capability R3 (a contract follows the decision); what it says of the licence is what the register says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from trace.formats.certificates import Line
from trace.formats.papers import draw


@dataclass(frozen=True)
class Article:
    """A numbered heading with its words; of a rulebook's clause the number is the rulebook's own."""

    number: str
    title: str
    text: str


@dataclass(frozen=True)
class Contract:
    """Every word of the paper; ``parties`` sign at its end, ``address`` is where the symbol leads."""

    heading: str
    heading_en: str
    number: str
    draft: str
    parties: Sequence[Line]
    rows: Sequence[Line]
    articles: Sequence[Article]
    annex: str
    clauses: Sequence[Article]
    signatures: Sequence[str]
    sign_here: str
    check: str
    address: str


def contract_pdf(one: Contract) -> bytes:
    """The paper as PDF bytes; raises ``certificates.not_drawn`` where the composer fails."""
    return draw("contract.typ", asdict(one), one.address)
