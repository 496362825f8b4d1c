"""The sheet of goods under GTINs: one row a kind and size of pack.

Source: lists as enterprises keep them for their bar codes (商品条码清单).
"""

from __future__ import annotations

from decimal import Decimal

from trace.formats.cells import Identifier, Number, Text
from trace.formats.columns import Column
from trace.formats.line_sheets import LineForm

GTINS = LineForm(
    "gtins",
    (
        Column("gtin", "商品条码", Identifier(20), ("GTIN", "条码", "条形码")),
        Column("product", "产品", Text(80), ("产品名称",)),
        Column("goods", "品名", Text(60), ("部位", "商品名称")),
        Column("net_kg", "净含量(千克)", Number(Decimal("0.001"), Decimal(10_000), 3), ("净含量", "规格(千克)")),
    ),
    once={"gtin": "gtins.line_twice"},
)
FORMS = (GTINS,)
