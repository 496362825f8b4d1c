"""Which GTINs may stand in a code: 14 figures, a right check digit, and a prefix that is one enterprise's own.

Source: GS1 General Specifications sections 1.4 (prefixes for restricted circulation), 2.1 and 7.9 (check digit). The
list of restricted prefixes is read from memory of those sections and shown as «to be checked».
"""

from __future__ import annotations

import re

from stdnum import ean

from brand.kernel.errors import invalid

SIZE = 14
_FIGURES = re.compile("[0-9]{14}")
#: First two figures of the 13-figure view: restricted circulation. To be checked against GS1's list.
RESTRICTED = frozenset({"02", "04", *(str(prefix) for prefix in range(20, 30))})


def check_gtin(gtin: str) -> None:
    """Refuse what is no GTIN of 14 figures that anybody outside one shop may read.

    Raises ``gtins.shape``, ``gtins.check_digit``, ``gtins.zero`` or ``gtins.restricted``.
    """
    if not _FIGURES.fullmatch(gtin):
        raise invalid("gtins.shape", gtin=gtin[:20])
    if not gtin.strip("0"):
        raise invalid("gtins.zero")
    if ean.calc_check_digit(gtin[:-1]) != gtin[-1]:
        raise invalid("gtins.check_digit", gtin=gtin)
    if gtin[1:3] in RESTRICTED:
        raise invalid("gtins.restricted", gtin=gtin, prefix=gtin[1:3])
