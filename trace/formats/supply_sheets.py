"""The sheet of supply contracts: one contract of a season with one household or farm a row.

Source: contract registers as cooperatives keep them before a season (domain notes B6: 订单收购登记).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from brand.kernel.errors import invalid
from trace.formats.cells import Day, Number, Text, compact, shown
from trace.formats.columns import Column
from trace.formats.line_sheets import LineForm
from trace.formats.tables import Cell

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Digest:
    """A SHA-256 in hexadecimal, as programs print it in either case → lower case."""

    def read(self, cell: Cell) -> str:
        text = compact(shown(cell)).lower()
        if not _DIGEST.fullmatch(text):
            raise invalid("supply.digest")
        return text


SUPPLY = LineForm(
    "supply",
    (
        Column("number", "合同编号", Text(40), ("供货合同编号", "合同号")),
        Column("supplier", "供货方", Text(200), ("农户", "签约农户", "出售方", "乙方")),
        Column("licence", "授权编号", Text(40), ("授权证书编号", "证书编号")),
        Column("valid_from", "采收首日", Day(), ("起始日期", "开始日期")),
        Column("valid_until", "合同截止日", Day(), ("截止日期", "结束日期")),
        Column(
            "kg", "约定重量(kg)", Number(Decimal("0.001"), Decimal(10_000_000), 3), ("约定数量(kg)", "合同数量(kg)")
        ),
        Column("plots", "地块代码", Text(200), ("地块",), required=False),
        Column("sha256", "合同文件SHA-256", Digest(), ("文件指纹", "SHA-256"), required=False),
    ),
    {"number": "supply.number_twice"},
)
FORMS = (SUPPLY,)
