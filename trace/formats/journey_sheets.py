"""The sheets of journeys and of the certificates that go with them: what was sent, what arrived, which papers.

Source: waybills and arrival books of stations and cold stores; forms of certificates as in ``rules/quarantine``.
"""

from __future__ import annotations

from decimal import Decimal

from trace.formats.cells import Day, Identifier, Number, Text, Whole, Words
from trace.formats.columns import Column
from trace.formats.goods_sheets import KG, LOT
from trace.formats.line_sheets import LineForm

SHORTAGES = Words({"失水": "drying", "破损": "damaged", "缺失": "missing", "称量误差": "weighing"})
PAPERS = Words({"动物A": "animal_a", "动物B": "animal_b", "产品A": "product_a", "产品B": "product_b"})

#: One load a row; rows with the same waybill are one journey.
SHIPMENTS = LineForm(
    "shipments",
    (
        Column("waybill", "运单号", Identifier(40), ("车次", "单号")),
        LOT,
        Column("kg", "装运重量(kg)", KG, ("重量(kg)",), required=False),
        Column("parcels", "包裹数", Whole(0, 100_000), ("件数",), required=False),
        Column("to", "收货单位", Text(200), ("收货方", "收货人")),
        Column("carrier", "承运单位", Text(200), ("承运方",), required=False),
        Column("vehicle", "车牌号", Identifier(40), ("车辆",), required=False),
        Column("seal", "铅封号", Identifier(40), ("封签号",), required=False),
        Column("place", "发货场所", Text(80), ("场所", "发货地点"), required=False),
        Column("planned_on", "预计到达日期", Day(), ("到达日期",)),
    ),
)
#: One load as it was weighed a row; rows with the same number are one journey.
ARRIVALS = LineForm(
    "arrivals",
    (
        Column("number", "运输编号", Identifier(40), ("系统运单号", "编号")),
        LOT,
        Column("received_kg", "实收重量(kg)", Number(Decimal(0), Decimal(10_000_000), 3), ("重量(kg)",)),
        Column("shortage", "短少原因", SHORTAGES, required=False),
        Column("words", "短少说明", Text(300), ("说明",), required=False),
        Column("place", "收货场所", Text(80), ("场所", "收货地点"), required=False),
        Column("seal_found", "到货铅封号", Identifier(40), ("铅封号",), required=False),
        Column("seal_words", "铅封说明", Text(300), required=False),
    ),
)
CERTIFICATES = LineForm(
    "certificates",
    (
        Column("form", "证明种类", PAPERS, ("种类",)),
        Column("number", "证明编号", Identifier(40), ("编号", "检疫证号", "检疫证明编号")),
        Column("county_code", "出证县代码", Identifier(6), ("县级代码",)),
        Column("issued_on", "签发日期", Day(), ("日期",)),
        Column("valid_days", "有效天数", Whole(1, 30), ("有效期(天)",)),
        Column("goods", "货物名称", Text(60), ("货物", "动物种类", "产品名称")),
        Column("quantity", "证明数量", Number(Decimal("0.001"), Decimal(10_000_000), 3), ("数量",)),
        Column("from_place", "启运地点", Text(120), ("启运地",)),
        Column("to_place", "到达地点", Text(120), ("到达地",)),
    ),
)
FORMS = (SHIPMENTS, ARRIVALS, CERTIFICATES)
