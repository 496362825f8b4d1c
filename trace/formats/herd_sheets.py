"""The sheets of a keeper: herds, animals with their numbers, what was given to them, and those that moved or left.

Source: the farm file of 畜牧法 (2022) art. 41 (tags, origin, dates in and out, medicines with dose and time);
headings and words as keepers write them.
"""

from __future__ import annotations

from decimal import Decimal

from trace.formats.cells import Day, Identifier, Number, Text, Words
from trace.formats.columns import Column
from trace.formats.line_sheets import LineForm

SEXES = Words({"公": "male", "母": "female", "羯": "castrated", "雄": "male", "雌": "female", "阉": "castrated"})
BIRTHS = Words({"准确到日": "day", "准确到月": "month", "估计": "estimated"})
COMINGS = Words({"在群": "recorded", "出生": "birth", "购入": "purchase", "存栏": "recorded", "新生": "birth"})
SPECIES = Words({"羊": "sheep", "牛": "cattle", "猪": "pig", "绵羊": "sheep", "山羊": "sheep"})
LEAVINGS = Words({"转群": "move", "死亡": "death", "出售": "sale", "丢失": "loss"})
ROUTES = Words({"注射": "injection", "口服": "oral", "药浴": "dip", "外用": "topical", "拌料": "feed"})
HERD = Column("herd", "群号", Identifier(20), ("羊群", "畜群", "圈舍号"))

_ANIMALS = (
    HERD,
    Column("ear_tag", "耳标号", Identifier(), ("耳标", "耳号", "畜禽标识"), required=False),
    Column("own_number", "自编号", Identifier(), ("自用号", "场内号"), required=False),
    Column("association", "协会编号", Identifier(), ("登记号", "血统登记号"), required=False),
    Column("sex", "性别", SEXES, ("公母",)),
    Column("breed", "品种", Text(40), required=False),
    Column("born_on", "出生日期", Day(), ("生日",), required=False),
    Column("birth", "出生日期准确程度", BIRTHS, required=False),
    Column("coming", "来源", COMINGS, ("入群方式",)),
    Column("day", "入群日期", Day(), ("日期",)),
    Column("note", "购自", Text(120), ("来源说明",), required=False),
)
_CARE = (
    HERD,
    Column("numbers", "耳标或尾号", Text(2000), ("耳标号", "动物"), required=False),
    Column("medicine", "名称", Text(80), ("药品名称", "疫苗名称", "兽药名称")),
    Column("lot", "批号", Identifier(), ("生产批号",)),
    Column("dose", "每头剂量", Number(Decimal("0.0001"), Decimal(1_000_000), 4), ("剂量",)),
    Column("unit", "单位", Text(20), ("剂量单位",)),
    Column("route", "用法", ROUTES, ("给药途径", "使用方法")),
    Column("given_on", "首次用药日期", Day(), ("用药日期", "日期")),
    Column("last_dose_on", "末次用药日期", Day(), required=False),
    Column("person", "用药人", Text(40), ("兽医", "操作人")),
    Column("reason", "原因", Text(200), ("用药原因",), required=False),
)
_MOVES = (
    HERD,
    Column("number", "耳标或尾号", Identifier(), ("耳标号",)),
    Column("leaving", "去向", LEAVINGS, ("变动",)),
    Column("to_herd", "转入群号", Identifier(20), ("转入群",), required=False),
    Column("day", "日期", Day(), ("变动日期",)),
    Column("note", "备注", Text(120), ("说明",), required=False),
)
_HERDS = (
    HERD,
    Column("name", "群名", Text(60), ("名称", "羊群名称")),
    Column("species", "畜种", SPECIES),
    Column("breed", "品种", Text(40), required=False),
    Column("township", "苏木镇", Text(40), ("乡镇", "镇", "苏木", "所在苏木镇")),
    Column("since", "建群日期", Day(), ("日期",)),
)
_TWICE = "herds.number_twice"

#: Animals; each number stands once in the file.
ANIMALS = LineForm("animals", _ANIMALS, {"ear_tag": _TWICE, "own_number": _TWICE, "association": _TWICE})
#: What was given; no numbers means the whole herd.
CARE = LineForm("care", _CARE)
#: Animals that moved to another herd, died, were sold or lost.
MOVES = LineForm("herd_moves", _MOVES)
HERDS = LineForm("herds", _HERDS)
FORMS = (HERDS, ANIMALS, CARE, MOVES)
