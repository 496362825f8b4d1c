"""Sheets of every kind with as many rows as one likes, and the county each of them is brought to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from brand.kernel.delimited import write_csv
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from tests import make, make_herds
from tests.make_flows import a_garden, by_producer, leaf
from tests.people import ABATTOIR, PRODUCER, RIVAL, PersonOfTheCast
from trace.formats.carcass_export import carcass_rows
from trace.formats.gs1_identifiers import check_digit
from trace.formats.outline_files import OUTLINES
from trace.models.batches import Batch
from trace.models.imports import SheetKind
from trace.services import imports, places
from trace.services.intakes import Target

Names = Mapping[str, str]


@dataclass(frozen=True)
class Kind:
    """One kind: who brings it to what, what must be there for ``n`` rows, heading and the line of a row.

    ``most`` is the longest sheet that is likely; ``data`` makes the file where it is no table.
    """

    name: str
    kind: SheetKind
    heading: str = ""
    line: Callable[[int, int, Names], str] = lambda at, n, names: ""
    ready: Callable[[Work, int], Names] = lambda work, n: {}
    person: PersonOfTheCast = PRODUCER
    target: Callable[[Session, Names], Target] = lambda session, names: "cooperative"
    most: int = 20_000
    data: Callable[[int, Names], bytes] | None = None

    def file(self, count: int, names: Names, *, reverse: bool = False) -> bytes:
        """The sheet; the other way round it is another file that says the same."""
        if self.data is not None:
            return self.data(count, names)
        lines = [self.line(at, count, names) for at in range(count)]
        return "\n".join([self.heading, *(lines[::-1] if reverse else lines)]).encode()


def _goods(work: Work, _n: int) -> Names:
    return {"product": make.a_product(work.session).name, "garden": a_garden(work)}


def _gardens(work: Work, n: int) -> Names:
    names = _goods(work, n)
    _many_places(work, n, kind="tea_garden", declared_mu=Decimal(100))
    return names


def _many_places(work: Work, n: int, **said: Any) -> Names:
    own = by_producer(work)
    for at in range(n):
        entries = make.place_entries(name=f"示范地{at}", **said)
        places.write(own, "cooperative", **entries)
    return {}


def _stock(work: Work, n: int) -> Names:
    names = dict(_goods(work, n))
    for at in range(20):
        leaf(work, lot=f"T{at}", place_id=names["garden"], kg=str(n))
    names["household"] = _household(work)
    return names


def _household(work: Work) -> str:
    found = work.session.get_one(Enterprise, "rival")
    found.kind = "household"
    work.session.flush()
    return found.name


def _buying(work: Work, n: int) -> Names:
    return {**_goods(work, n), "household": _household(work)}


def _arriving(work: Work, n: int) -> Names:
    """Journeys on their way, some ten loads each."""
    from trace.services import shipments
    from trace.services.shipment_loads import Load

    names = dict(_goods(work, n))
    own, numbers = by_producer(work), []
    for at in range(n):
        lot = leaf(work, lot=f"T{at}", place_id=names["garden"], kg="2")
        made = shipments.send(own, "cooperative", to_id="rival", loads=[Load(lot.id)], planned_on=make.MONDAY.date())
        numbers.append(made.number)
    return names | {"numbers": ",".join(numbers)}


def _prefix(work: Work, n: int) -> Names:
    make.a_gtin(work)
    return _goods(work, n)


def _gtin(at: int, _n: int, names: Names) -> str:
    body = f"0952123{4}{at + 10:05d}"
    return f"{body}{check_digit(body)},{names['product']},羊排{at},0.75"


def _slaughtered(work: Work, n: int) -> Names:
    del n
    return {"batch": make.a_batch(work).id}


def _slaughtered_of(count: Callable[[int], int]) -> Callable[[Work, int], Names]:
    """A batch of so many carcasses; the sheet of grades names each."""

    def ready(work: Work, n: int) -> Names:
        make.a_licence(work)
        upload = imports.read(SheetKind.CARCASSES, "c.csv", _carcasses(count(n), {}))
        plan = imports.Plan("abattoir", "cooperative", make.a_product(work.session).id, "20260912A")
        return {"batch": imports.take(make.by_abattoir(work), upload, plan).id}

    return ready


def _households(work: Work, n: int) -> Names:
    known = work.session.get_one(Enterprise, "rival").model_dump()
    for at in range(n):
        own = {"id": f"household{at}", "name": f"示范农户{at}", "credit_code": f"SHIFAN{at}", "kind": "household"}
        work.session.add(Enterprise(**known | own))
    work.session.flush()
    return {"licence": make.a_licence(work).number}


def _licensed(work: Work, _n: int) -> Names:
    make.a_licence(work)
    return {"product": make.a_product(work.session).id}


def _carcasses(count: int, _names: Names) -> bytes:
    pattern = make.carcass_lines(1)[0]
    lines = [replace(pattern, ear_tag=f"{315082421050000 + at}", carcass_no=f"C{at:05d}") for at in range(count)]
    return write_csv(carcass_rows([(line, ()) for line in lines], (), staff=True))


def _herd(work: Work, _n: int) -> Names:
    own = by_producer(work)
    make_herds.a_herd(own, code="A")
    make_herds.a_herd(own, code="B")
    return {}


def _animals(work: Work, n: int) -> Names:
    own = by_producer(work)
    herd = make_herds.a_herd(own, code="A")
    make_herds.a_herd(own, code="B")
    make_herds.lambs(own, herd, [_tag(at) for at in range(n)])
    make_herds.a_medicine(own, name="示范疫苗", days=0)
    return {}


def _tag(at: int) -> str:
    return f"{315082421050000 + at}"


def _packing_batch(work: Work, n: int) -> Names:
    """Carcasses enough for so many small packs, chilled and tested."""
    names = _slaughtered_of(lambda n: 40 + n // 100)(work, n)
    make.chilled(work, work.session.get_one(Batch, names["batch"]))
    upload = imports.read(SheetKind.LAB_REPORT, "lab-report.csv", make.sample("lab-report.csv"))
    imports.take(make.by_abattoir(work), upload, names["batch"])
    return names


def _packed(at: int, _n: int, _names: Names) -> str:
    net = Decimal(40 + at // 100 % 100) / 1000
    cut = f"示范部位{at % 100}"
    day = (make.MONDAY.date() - timedelta(days=at // 10_000 % 2)).isoformat()
    return f"20260912A,{cut},{net},1,{net},{day},365,≤-18℃"


def _report(at: int, _n: int, _names: Names) -> str:
    return f"R{at},20260912A,克伦特罗,示范方法,未检出,μg/kg,不得检出,合格,2026-09-13,示范检测中心"


def _rapid(at: int, _n: int, _names: Names) -> str:
    return f"K{at},20260912A,克伦特罗,示范卡,未检出,μg/kg,不得检出,合格,2026-09-13 09:30,示范快检室"


def _outlines(count: int, _names: Names) -> bytes:
    # Small invented plots side by side, so that none lies over another.
    def square(at: int) -> dict[str, Any]:
        x, y = 107.0 + at % 100 / 50, 41.0 + at // 100 / 50
        ring = [[x, y], [x + 0.01, y], [x + 0.01, y + 0.01], [x, y + 0.01], [x, y]]
        return {"type": "Polygon", "coordinates": [ring]}

    return OUTLINES.template({"name": f"示范地{at}", "geometry": square(at)} for at in range(count))


def _logged(at: int, _n: int, _names: Names) -> str:
    moment = make.MONDAY - timedelta(days=2) + timedelta(hours=12, minutes=at)
    return f"{moment:%Y/%m/%d %H:%M},1.8,{max(2.0, 30 - at / 10):.1f}"


def _of_batch(session: Session, names: Names) -> Target:
    del session
    return names["batch"]


def _of_abattoir(session: Session, names: Names) -> Target:
    del session, names
    return "abattoir"


def _plan(session: Session, names: Names) -> Target:
    del session
    return imports.Plan("abattoir", "cooperative", names["product"], "20260912A")


_CAPACITY = "地块,产品,产季开始,产季结束,申报产量,计量单位,依据,面积(亩),亩产,依据来源"
_CARE = "群号,耳标或尾号,名称,批号,每头剂量,单位,用法,首次用药日期,用药人"
_LOTS = "批号,地块,产品,货物形态,重量(kg),收获日期"
_PAPERS = "证明种类,证明编号,出证县代码,签发日期,有效天数,货物名称,证明数量,启运地点,到达地点"
_PLOTS = "地块,类别,名称,登记证号,批号,每亩用量,用量单位,首次使用日期,安全间隔期(天),使用人"
_REPORTS = "{}编号,样品批号,检测项目,{},结果,单位,限量,判定,检测{},检测{}"
_WAYS = "群号,耳标或尾号,去向,转入群号,日期"

KINDS: Iterable[Kind] = (
    Kind(
        "animals",
        SheetKind.ANIMALS,
        "群号,自编号,性别,品种,出生日期,来源,入群日期",
        lambda at, n, names: f"A,N{at},母,示范羊,2026-03-01,在群,2026-09-01",
        _herd,
    ),
    Kind(
        "births",
        SheetKind.ANIMALS,
        "群号,耳标号,性别,品种,出生日期,来源,入群日期",
        lambda at, n, names: f"A,{_tag(at)},母,示范羊,2026-09-{at % 9 + 1:02d},出生,2026-09-{at % 9 + 1:02d}",
        _herd,
    ),
    Kind(
        "care",
        SheetKind.CARE,
        _CARE,
        lambda at, n, names: f"A,{_tag(at)},示范疫苗,P1,2,ml,注射,2026-09-11,示范员",
        _animals,
    ),
    Kind(
        "care-digits",
        SheetKind.CARE,
        _CARE,
        lambda at, n, names: f"A,{_tag(at)[-6:]},示范疫苗,P1,2,ml,注射,2026-09-11,示范员",
        _animals,
    ),
    Kind(
        "moves",
        SheetKind.HERD_MOVES,
        _WAYS,
        lambda at, n, names: f"A,{_tag(at)},转群,B,2026-09-11",
        _animals,
    ),
    Kind(
        "moves-digits",
        SheetKind.HERD_MOVES,
        _WAYS,
        lambda at, n, names: f"A,{_tag(at)[-6:]},转群,B,2026-09-11",
        _animals,
    ),
    Kind(
        "harvests",
        SheetKind.HARVESTS,
        _LOTS,
        lambda at, n, names: f"H{at},示范茶园,{names['product']},鲜茶叶,10,2026-09-12",
        _goods,
    ),
    Kind(
        "sales",
        SheetKind.SALES,
        "批号,去向,重量(kg),日期,卖给",
        lambda at, n, names: f"T{at % 20},出售,1,2026-09-13,示范客户",
        _stock,
    ),
    Kind(
        "purchases",
        SheetKind.PURCHASES,
        "批号,出售方,产品,货物形态,重量(kg),收购日期,收购凭证号,农户授权说明",
        lambda at, n, names: f"C{at},{names['household']},{names['product']},其他货物,85,2026-09-12,P{at},签字",
        _buying,
    ),
    Kind(
        "shipments",
        SheetKind.SHIPMENTS,
        "运单号,批号,装运重量(kg),收货单位,铅封号,预计到达日期",
        lambda at, n, names: f"W{at},T{at % 20},1,{names['household']},S1,2026-09-20",
        _stock,
    ),
    Kind(
        "arrivals",
        SheetKind.ARRIVALS,
        "运输编号,批号,实收重量(kg)",
        lambda at, n, names: f"{names['numbers'].split(',')[at]},T{at},2",
        _arriving,
        RIVAL,
        lambda session, names: "rival",
    ),
    Kind(
        "capacities",
        SheetKind.CAPACITIES,
        _CAPACITY,
        lambda at, n, names: f"示范地{at},{names['product']},2026-01-01,2026-06-30,400,千克,面积单产,100,4,示范测产",
        _gardens,
    ),
    Kind(
        "supply",
        SheetKind.SUPPLY,
        "合同编号,供货方,授权编号,采收首日,合同截止日,约定重量(kg)",
        lambda at, n, names: f"示范合同{at},示范农户{at},{names['licence']},2026-09-15,2026-10-31,{500 + at}",
        _households,
    ),
    Kind(
        "plot_care",
        SheetKind.PLOT_CARE,
        _PLOTS,
        lambda at, n, names: f"示范茶园,农药,示范药,PD1,A{at},60,毫升,2026-05-01,7,示范甲",
        _goods,
    ),
    Kind("outlines", SheetKind.OUTLINES, ready=_many_places, data=_outlines),
    Kind(
        "places",
        SheetKind.PLACES,
        "名称,类型,苏木镇,申报面积(亩),启用日期",
        lambda at, n, names: f"示范新地{at},茶园,海流图镇,10,2026-01-01",
    ),
    Kind(
        "herds",
        SheetKind.HERDS,
        "群号,群名,畜种,品种,苏木镇,建群日期",
        lambda at, n, names: f"E{at},示范群,羊,,海流图镇,2026-03-01",
    ),
    Kind(
        "certificates",
        SheetKind.CERTIFICATES,
        _PAPERS,
        lambda at, n, names: f"产品A,示范{at},150824,2026-09-12,3,羊肉,120.5,示范厂,示范市",
    ),
    Kind("gtins", SheetKind.GTINS, "商品条码,产品,品名,净含量(千克)", _gtin, _prefix),
    Kind(
        "ph",
        SheetKind.PH,
        "批号,宰后时间(小时),测定头数,最低pH,最高pH",
        lambda at, n, names: f"20260912A,{at % 40},20,{Decimal(500 + at // 40) / 100},{Decimal(600 + at // 40) / 100}",
        _slaughtered,
        ABATTOIR,
        _of_abattoir,
    ),
    Kind(
        "samples",
        SheetKind.SAMPLES,
        "批号,封样编号,抽样地点,样品数量,样品单位,备样,抽样时间",
        lambda at, n, names: f"20260912A,F{at},示范冷库,500,克,有,2026-09-13 09:30",
        _slaughtered,
        ABATTOIR,
        _of_abattoir,
    ),
    Kind(
        "grades",
        SheetKind.GRADES,
        "批号,胴体号,人工等级,定级方法,原因",
        lambda at, n, names: f"20260912A,C{at:05d},良好,目测,示范原因{at % 20}",
        _slaughtered_of(lambda n: n),
        ABATTOIR,
        _of_abattoir,
    ),
    Kind("carcasses", SheetKind.CARCASSES, ready=_licensed, person=ABATTOIR, target=_plan, data=_carcasses),
    Kind(
        "chilling",
        SheetKind.CHILLING,
        "时间,库温(℃),胴体中心温度(℃)",
        _logged,
        _slaughtered,
        ABATTOIR,
        _of_batch,
    ),
    Kind(
        "packing",
        SheetKind.PACKING,
        "来源批号,分割产品,净含量(kg/袋),袋数,合计(kg),包装日期,保质期(天),贮存条件",
        _packed,
        _packing_batch,
        ABATTOIR,
        _of_batch,
    ),
    Kind(
        "lab_report",
        SheetKind.LAB_REPORT,
        _REPORTS.format("报告", "方法", "日期", "机构"),
        _report,
        _slaughtered,
        ABATTOIR,
        _of_batch,
    ),
    Kind(
        "rapid_tests",
        SheetKind.RAPID_TESTS,
        _REPORTS.format("记录", "试剂和批号", "时间", "单位"),
        _rapid,
        _slaughtered,
        ABATTOIR,
        _of_batch,
    ),
)
