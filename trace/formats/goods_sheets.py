"""The sheets of goods that enter and leave the books: harvests from plots, purchases, and what was sold or lost.

Source: headings and words as cooperatives write them; stages of goods are those of ``rules/data/flows.json``.
"""

from __future__ import annotations

from decimal import Decimal

from trace.formats.cells import Day, Identifier, Number, Text, Words
from trace.formats.columns import Column
from trace.formats.line_sheets import LineForm

STAGES = Words(
    {
        "鲜茶叶": "fresh_leaf",
        "原粮": "grain",
        "水果": "fruit",
        "蔬菜": "vegetable",
        "原蜜": "raw_honey",
        "其他货物": "other",
        "茶青": "fresh_leaf",
        "粮食": "grain",
        "蜂蜜": "raw_honey",
    }
)
LEAVINGS = Words({"出售": "sell", "销毁": "destroy", "损失": "lose", "销售": "sell", "丢失": "lose"})
KG = Number(Decimal("0.001"), Decimal(10_000_000), 3)
LOT = Column("lot", "批号", Identifier(20), ("批次号", "批次"))
_LOT_ONCE = {"lot": "imports.lot_twice"}
_PRODUCT = Column("product", "产品", Text(80), ("产品名称", "品名"))
_STAGE = Column("form", "货物形态", STAGES, ("形态",))
_WEIGHT = Column("kg", "重量(kg)", KG, ("数量(kg)",))

#: Harvests, one batch a row; a lot stands once in the file.
HARVESTS = LineForm(
    "harvests",
    (
        LOT,
        Column("place", "地块", Text(80), ("地块名称", "茶园", "果园", "蜂场")),
        _PRODUCT,
        _STAGE,
        _WEIGHT,
        Column("day", "收获日期", Day(), ("采收日期", "采摘日期", "日期")),
    ),
    _LOT_ONCE,
)
#: What left the books; a lot may stand in several rows.
SALES = LineForm(
    "sales",
    (
        LOT,
        Column("leaving", "去向", LEAVINGS, ("变动",)),
        _WEIGHT,
        Column("day", "日期", Day(), ("出货日期", "销售日期")),
        Column("place", "场所", Text(80), ("发生场所", "地点"), required=False),
        Column("buyer", "卖给", Text(120), ("购买方", "客户"), required=False),
        Column("words", "说明", Text(500), ("备注", "原因"), required=False),
    ),
)
#: What a station or company bought up, one batch a row; pictures of papers do not travel in a sheet.
PURCHASES = LineForm(
    "purchases",
    (
        LOT,
        Column("seller", "出售方", Text(200), ("卖方", "农户", "牧户", "交售人")),
        _PRODUCT,
        _STAGE,
        _WEIGHT,
        Column("day", "收购日期", Day(), ("日期",)),
        Column("place", "收购站点", Text(80), ("站点",), required=False),
        Column("paper_number", "收购凭证号", Identifier(40), ("凭证号", "磅单号", "收购单号")),
        Column("consent", "农户授权说明", Text(200), ("授权说明",), required=False),
        Column("contract", "供货合同编号", Text(40), ("合同编号", "供货合同"), required=False),
        Column("harvested_on", "采收日期", Day(), ("收获日期", "采摘日期"), required=False),
        Column("plot", "地块代码", Identifier(8), (), required=False),
    ),
    _LOT_ONCE,
)
FORMS = (HARVESTS, SALES, PURCHASES)
