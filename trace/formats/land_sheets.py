"""The sheets of land: what a season can bring forth, and what was put on plots.

Source: quota lists of brand offices by household and plot (domain notes B6); 农产品质量安全法 (2022) art. 27.
"""

from __future__ import annotations

from decimal import Decimal

from trace.formats.cells import Day, Identifier, Number, Text, Whole, Words
from trace.formats.columns import Column
from trace.formats.line_sheets import LineForm
from trace.rules.withdrawal import MOST_DAYS

UNITS = Words({"千克": "kg", "只": "head", "公斤": "kg", "kg": "kg", "头": "head", "只(头)": "head"})
BASES = Words({"面积单产": "area", "合同": "contract", "面积×单产": "area", "按面积": "area", "按合同": "contract"})
INPUTS = Words({"农药": "pesticide", "肥料": "fertiliser", "其他投入品": "other", "化肥": "fertiliser"})
_AMOUNT = Number(Decimal("0.001"), Decimal(10_000_000), 3)
_PLACE = Column("place", "地块", Text(80), ("地块名称", "草场", "茶园", "果园", "蜂场"))

#: What an enterprise or one of its plots can bring forth in a season; without a plot the enterprise as a whole.
CAPACITIES = LineForm(
    "capacities",
    (
        Column("place", "地块", Text(80), ("地块名称", "草场", "茶园", "果园"), required=False),
        Column("product", "产品", Text(80), ("产品名称", "品名")),
        Column("season_from", "产季开始", Day(), ("开始日期",)),
        Column("season_to", "产季结束", Day(), ("结束日期",)),
        Column("declared", "申报产量", _AMOUNT, ("产量", "产能", "申报产能")),
        Column("unit", "计量单位", UNITS, ("单位",)),
        Column("basis", "依据", BASES),
        Column("mu", "面积(亩)", Number(Decimal("0.01"), Decimal(10_000_000), 2), required=False),
        Column("per_mu", "亩产", _AMOUNT, ("单产",), required=False),
        Column("source", "依据来源", Text(200), ("来源", "合同号")),
    ),
)
#: Pesticides, fertilisers and the like, one treatment a row.
PLOT_CARE = LineForm(
    "plot_care",
    (
        _PLACE,
        Column("kind", "类别", INPUTS, ("投入品类别",)),
        Column("name", "名称", Text(80), ("投入品名称", "农药名称")),
        Column("approval", "登记证号", Text(60), ("农药登记证号",), required=False),
        Column("lot", "批号", Identifier(40), ("生产批号",)),
        Column("dose", "每亩用量", Number(Decimal("0.0001"), Decimal(1_000_000), 4), ("用量",)),
        Column("unit", "用量单位", Text(20), ("单位",)),
        Column("used_on", "首次使用日期", Day(), ("使用日期", "日期")),
        Column("last_used_on", "末次使用日期", Day(), required=False),
        Column("safe_days", "安全间隔期(天)", Whole(0, MOST_DAYS), ("间隔期(天)",)),
        Column("person", "使用人", Text(40), ("操作人",)),
        Column("reason", "原因", Text(200), ("防治对象",), required=False),
    ),
)
FORMS = (CAPACITIES, PLOT_CARE)
