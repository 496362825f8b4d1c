"""The sheets of what is measured and judged of batches named by their lots: pH, samples under seal, and grades.

Source: day books of abattoirs and county laboratories; grades and methods as in ``rules/grading``.
"""

from __future__ import annotations

from decimal import Decimal

from trace.formats.cells import Identifier, Moment, Number, Text, Whole, Words
from trace.formats.columns import Column
from trace.formats.goods_sheets import LOT
from trace.formats.line_sheets import LineForm

GRADES = Words(
    {"特等": "special", "优等": "prime", "良好": "good", "可用": "usable", "特级": "special"}
    # As the beef standard names them.
    | {"优级": "prime", "良好级": "good", "普通级": "usable"}
)
METHODS = Words({"目测": "eye", "仪器": "instrument", "对照等级表": "table"})
SAMPLE_UNITS = Words({"千克": "kg", "克": "g", "毫升": "ml", "份": "piece", "头": "head", "只": "head", "公斤": "kg"})
YES = Words({"有": "yes", "无": "", "是": "yes", "否": ""})
_PH = Number(Decimal(0), Decimal(14), 2)

#: The lowest and highest reading of a day's carcasses, one batch and hour a row.
PH = LineForm(
    "ph",
    (
        LOT,
        Column("hours", "宰后时间(小时)", Whole(0, 240), ("宰后(小时)",)),
        Column("head", "测定头数", Whole(1, 100_000), ("头数", "只数")),
        Column("lowest", "最低pH", _PH, ("pH最低",)),
        Column("highest", "最高pH", _PH, ("pH最高",)),
        Column("place", "场所", Text(80), ("测定场所", "地点"), required=False),
    ),
)
SAMPLES = LineForm(
    "samples",
    (
        LOT,
        Column("seal", "封样编号", Identifier(40), ("样品编号", "封签号")),
        Column("where", "抽样地点", Text(120), ("地点",)),
        Column("quantity", "样品数量", Number(Decimal("0.001"), Decimal(1_000_000), 3), ("数量",)),
        Column("unit", "样品单位", SAMPLE_UNITS, ("单位",)),
        Column("spare", "备样", YES, ("是否留备样",), required=False),
        Column("taken_at", "抽样时间", Moment(), ("时间",)),
    ),
)
#: One carcass a row; an empty grade is «as it stands».
GRADED = LineForm(
    "grades",
    (
        LOT,
        Column("carcass_no", "胴体号", Identifier(40), ("胴体编号",)),
        Column("grade", "人工等级", GRADES, ("等级",), required=False),
        Column("method", "定级方法", METHODS, ("方法",)),
        Column("reason", "原因", Text(300), ("定级原因", "说明"), required=False),
        Column("place", "场所", Text(80), ("定级场所", "地点"), required=False),
    ),
)
FORMS = (PH, SAMPLES, GRADED)
