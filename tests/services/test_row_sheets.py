"""Sheets whose rows go through the services of the pages: taken in, recognised again, taken back, refused as there."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, col, func, select

from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.leaves import Leaf, PendingLeaf
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from tests import make, make_herds
from tests.make_flows import a_garden, leaf
from tests.people import ABATTOIR, PRODUCER, RIVAL, PersonOfTheCast
from trace.formats import (
    batch_sheets,
    goods_sheets,
    gtin_sheets,
    herd_sheets,
    journey_sheets,
    land_sheets,
    supply_sheets,
)
from trace.formats.outline_files import OUTLINES
from trace.models.batches import Batch, Carcass, Flow
from trace.models.capacities import Capacity, CapacityUse
from trace.models.checks import Sample
from trace.models.events import Event
from trace.models.flows import Draw, Operation
from trace.models.grading import GradeDecision
from trace.models.gtins import TradeItem
from trace.models.herds import Herd
from trace.models.imports import SheetKind
from trace.models.places import Place, PlaceOutline
from trace.models.plot_care import PlotTreatment
from trace.models.purchases import Purchase
from trace.models.quarantine import QuarantineCertificate
from trace.models.shipments import Shipment, ShipmentLine
from trace.models.supply import SupplyContract
from trace.queries import grading as grades
from trace.services import imports, jobs, row_sheets, sheet_kinds

_MODULES = (herd_sheets, goods_sheets, land_sheets, batch_sheets, journey_sheets, gtin_sheets, supply_sheets)
LINE_FORMS = [form for forms in _MODULES for form in forms.FORMS]


@dataclass(frozen=True)
class Case:
    """One kind of sheet with two good rows; ``count`` of the table is what stands after them."""

    kind: SheetKind
    heading: str
    rows: tuple[str, ...]
    table: Any
    count: int = 2
    person: PersonOfTheCast = PRODUCER
    undone: int | None = 0

    def upload(self, *rows: str, names: dict[str, str], name: str = "a.csv") -> imports.Upload:
        text = "\n".join([self.heading, *(row.format(**names) for row in rows or self.rows)])
        return imports.read(self.kind, name, text.encode())


CASES = (
    Case(
        SheetKind.CAPACITIES,
        "地块,产品,产季开始,产季结束,申报产量,计量单位,依据,面积(亩),亩产,依据来源",
        (
            "示范茶园,{product},2026-01-01,2026-06-30,400,千克,面积单产,100,4,示范测产",
            ",{product},2026-07-01,2026-12-31,900,公斤,合同,,,示范合同 7",
        ),
        Capacity,
        undone=2,
    ),
    Case(
        SheetKind.GTINS,
        "商品条码,产品,品名,净含量(千克)",
        ("9521234000020,{product},羊排,0.75", "09521234000037,{product},羊腿,1.5"),
        TradeItem,
    ),
    Case(
        SheetKind.SUPPLY,
        "合同编号,供货方,授权编号,采收首日,合同截止日,约定重量(kg),合同文件SHA-256",
        (
            f"示范合同 1,{{household}},{{licence}},2026-09-15,2026-10-31,800,{'0A' * 32}",
            "示范合同 2,{household},{licence},2026-11-01,2026-12-31,200.5,",
        ),
        SupplyContract,
        undone=2,
    ),
    Case(
        SheetKind.PLOT_CARE,
        "地块,类别,名称,登记证号,批号,每亩用量,用量单位,首次使用日期,安全间隔期(天),使用人",
        (
            "示范茶园,农药,示范药,PD1,A1,60,毫升,2026-05-01,7,示范甲",
            "示范茶园,肥料,示范肥,,B1,20,千克,2026-05-02,0,示范甲",
        ),
        PlotTreatment,
        undone=2,
    ),
    Case(
        SheetKind.HERDS,
        "群号,群名,畜种,品种,苏木镇,建群日期",
        ("E1,示范东群,羊,,{township},2026-03-01", "E2,示范西群,牛,示范牛,{township},2026-03-02"),
        Herd,
    ),
    Case(
        SheetKind.CERTIFICATES,
        "证明种类,证明编号,出证县代码,签发日期,有效天数,货物名称,证明数量,启运地点,到达地点",
        (
            "动物B,示范1,150824,2026-09-12,1,羊,12,示范嘎查,示范厂",
            "产品A,示范1,150824,2026-09-12,3,羊肉,120.5,示范厂,示范市",
        ),
        QuarantineCertificate,
    ),
    Case(
        SheetKind.PURCHASES,
        "批号,出售方,产品,货物形态,重量(kg),收购日期,收购凭证号,农户授权说明",
        (
            "C1,{household},{product},其他货物,85,2026-09-12,P1,签字",
            "C2,{household},{product},其他货物,15,2026-09-12,P2,签字",
        ),
        Purchase,
        undone=2,
    ),
    Case(
        SheetKind.SHIPMENTS,
        "运单号,批号,装运重量(kg),收货单位,铅封号,预计到达日期",
        ("W1,T1,,{household},S1,2026-09-20", "W2,T2,40,{household},S2,2026-09-20"),
        Shipment,
        undone=2,
    ),
)
CASE_OF = {one.kind: one for one in CASES}
OF_CARCASSES = (
    Case(
        SheetKind.PH,
        "批号,宰后时间(小时),测定头数,最低pH,最高pH",
        ("20260912A,6,20,5.9,6.2", "20260912A,24,20,5.55,5.8"),
        Event,
        person=ABATTOIR,
        undone=None,
    ),
    Case(
        SheetKind.SAMPLES,
        "批号,封样编号,抽样地点,样品数量,样品单位,备样,抽样时间",
        ("20260912A,F1,示范冷库,500,克,有,2026-09-13 09:30", "20260912A,F2,示范冷库,1,份,无,2026-09-13 10:00"),
        Sample,
        person=ABATTOIR,
        undone=None,
    ),
)


def prepared(session: Session) -> dict[str, str]:
    """A garden, two lots of its leaf and a household; names for the rows."""
    work = make.work(session)
    garden = a_garden(work)
    for lot in ("T1", "T2"):
        leaf(work, lot=lot, place_id=garden)
    household = session.get_one(Enterprise, "rival")
    household.kind = "household"
    make.a_gtin(work)
    session.flush()
    licence = make.a_licence(work).number
    return {
        "licence": licence,
        "product": make.a_product(session).name,
        "household": household.name,
        "township": "海流图镇",
    }


def by(session: Session, person: PersonOfTheCast) -> Work:
    return Work(session, make.actor(session, person), make.MONDAY, "test")


def refused(act: Any, *given: Any, **said: Any) -> AppError:
    with pytest.raises(AppError) as caught:
        act(*given, **said)
    return caught.value


def cells(error: AppError) -> set[tuple[str, int | None, str | None]]:
    return {(one.code, one.row, one.column) for one in error.faults}


def standing(session: Session, table: Any) -> int:
    session.expire_all()
    return int(session.exec(select(func.count()).select_from(table)).one())


def there_and_back(session: Session, case: Case, names: dict[str, str]) -> None:
    """Looked at without a trace, taken in, the same file refused, the same rows recognised, taken back, taken again."""
    work, owner = by(session, case.person), str(case.person.enterprise)
    before, acts = standing(session, case.table), standing(session, AuditEntry)
    upload = case.upload(names=names)
    outlook = imports.look(work, upload, owner)
    assert sum(rows for rows, _ in outlook.counts.values()) == 2
    assert (standing(session, case.table), standing(session, AuditEntry)) == (before, acts)
    row = imports.take_in(work, upload, owner)
    assert standing(session, case.table) == before + case.count
    assert refused(imports.look, work, upload, owner).code == "imports.file_already_taken"
    again = case.upload(*case.rows[::-1], names=names, name="b.csv")
    assert imports.look(work, again, owner).unchanged == 2
    assert imports.look(work, again, owner).counts == {}
    if sheet_kinds.INTAKES[case.kind].undo is None:
        assert refused(imports.undo, work, row.id, version=row.version).code == "imports.no_undo"
        return
    imports.undo(work, row.id, version=row.version)
    if case.undone is not None:
        assert standing(session, case.table) == before + case.undone
    taken = imports.take_in(work, upload, owner)
    assert (taken.id, taken.state) == (row.id, "done")


@pytest.mark.parametrize("case", CASES, ids=[one.kind.value for one in CASES])
def test_a_sheet_is_taken_in_recognised_taken_back_and_taken_in_again(database: Database, case: Case) -> None:
    with database.writing() as session:
        there_and_back(session, case, prepared(session))


def slaughtered(session: Session) -> Batch:
    """Twenty carcasses of the demo day."""
    work = make.work(session)
    make.a_licence(work)
    plan = imports.Plan("abattoir", "cooperative", make.a_product(session).id, "20260912A")
    return imports.take(make.by_abattoir(work), make.a_small_sheet(make.carcass_lines(20)), plan)


@pytest.mark.parametrize("case", OF_CARCASSES, ids=[one.kind.value for one in OF_CARCASSES])
def test_so_is_a_sheet_of_what_was_measured_of_carcasses(database: Database, case: Case) -> None:
    with database.writing() as session:
        slaughtered(session)
        there_and_back(session, case, {})


GRADES = "批号,胴体号,人工等级,定级方法,原因"


def test_grades_are_one_act_for_rows_alike_and_what_stood_stands_again(database: Database) -> None:
    with database.writing() as session:
        batch = slaughtered(session)
        work = by(session, ABATTOIR)
        other = select(Carcass.carcass_no).where(Carcass.batch_id == batch.id, Carcass.grade != "usable")
        numbers = sorted(session.exec(other))[:3]
        case = Case(
            SheetKind.GRADES, GRADES, tuple(f"20260912A,{one},可用,目测,示范原因" for one in numbers), GradeDecision
        )
        row = imports.take_in(work, case.upload(names={}), "abattoir")
        assert len(row.details["acts"].split(",")) == 1
        assert grades.waiting(session, [batch.id]) + grades.disputed(session, [batch.id]) == 3
        imports.undo(work, row.id, version=row.version)
        assert grades.waiting(session, [batch.id]) + grades.disputed(session, [batch.id]) == 0
        # The same hand may propose anew: its first word counts no more.
        again = imports.take_in(work, case.upload(names={}), "abattoir")
        assert grades.disputed(session, [batch.id]) + grades.waiting(session, [batch.id]) == 3
        wrong = case.upload(
            f"20260912A,{numbers[0]},可用,目测,示范", "20260912A,没有,可用,目测,示范", names={}, name="c.csv"
        )
        assert cells(refused(imports.look, work, wrong, "abattoir")) == {
            ("grade_decisions.same_hand", 2, "批号"),
            ("grade_decisions.no_such_carcass", 3, "胴体号"),
        }
        assert again.state == "done"


def test_arrivals_confirm_a_journey_load_by_load_and_stay(database: Database) -> None:
    with database.writing() as session:
        names = prepared(session)
        sender = by(session, PRODUCER)
        heading = "运单号,批号,收货单位,铅封号,预计到达日期"
        one = Case(
            SheetKind.SHIPMENTS, heading, ("W,T1,{household},S,2026-09-20", "W,T2,{household},S,2026-09-20"), Shipment
        )
        differing = one.upload(one.rows[0], "W,T2,{household},S2,2026-09-20", names=names)
        error = refused(imports.look, sender, differing, "cooperative")
        assert cells(error) == {("imports.rows_differ", 3, "铅封号")}
        imports.take_in(sender, one.upload(names=names), "cooperative")
        number = session.exec(select(Shipment.number)).one()
        heading = "运输编号,批号,实收重量(kg),短少原因,到货铅封号"
        rows = ("{number},T1,100,,S", "{number},T2,99,失水,S")
        arrived = Case(SheetKind.ARRIVALS, heading, rows, Shipment, person=RIVAL)
        receiver, said = by(session, RIVAL), {"number": number}
        half = arrived.upload(rows[0], names=said)
        assert cells(refused(imports.look, receiver, half, "rival")) == {("shipments.every_line", 2, "批号")}
        short = arrived.upload(rows[0], "{number},T2,99,,S", names=said)
        assert cells(refused(imports.look, receiver, short, "rival")) == {
            ("shipments.short_unnamed", 3, "实收重量(kg)")
        }
        other = arrived.upload(rows[0], "{number},T9,99,失水,S", names=said)
        assert cells(refused(imports.look, receiver, other, "rival")) == {("shipments.not_on_board", 3, "批号")}
        # Goods that go to others are not there.
        assert cells(refused(imports.look, sender, arrived.upload(rows[0], names=said), "cooperative")) == {
            ("shipments.number_unknown", 2, "运输编号")
        }
        row = imports.take_in(receiver, arrived.upload(names=said), "rival")
        holders = session.exec(select(Batch.holder_id).where(Batch.lot == "T1")).all()
        assert holders == ["rival"]
        assert refused(imports.undo, receiver, row.id, version=row.version).code == "imports.no_undo"


def outlines(*named: tuple[str, float]) -> bytes:
    return OUTLINES.template({"name": name, "geometry": make.a_geojson(shift)} for name, shift in named)


def test_outlines_of_many_plots_are_drawn_known_again_and_rubbed_out(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        make.a_scheme(work)
        for name in ("甲地", "乙地"):
            make.a_place(work, name=name)
        own = by(session, PRODUCER)
        read: Callable[[bytes], Any] = lambda data: imports.read(SheetKind.OUTLINES, "land.geojson", data)  # noqa: E731
        row = imports.take_in(own, read(outlines(("甲地", 0), ("乙地", 1))), "cooperative")
        moved = read(outlines(("甲地", 0), ("乙地", 2)))
        assert imports.look(own, moved, "cooperative").unchanged == 1
        second = imports.take_in(own, moved, "cooperative")
        assert refused(imports.undo, own, row.id, version=row.version).code == "places.outline_touched"
        imports.undo(own, second.id, version=second.version)
        left = session.exec(select(PlaceOutline).execution_options(populate_existing=True)).all()
        assert sorted((one.position, one.valid_until) for one in left) == [(1, None), (1, None)]
        imports.undo(own, row.id, version=row.version)
        assert standing(session, PlaceOutline) == 0


def test_each_refused_outline_is_named_and_comes_back_alone_with_its_reason(database: Database) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        make.a_place(make.work(session), name="甲地")
        own = by(session, PRODUCER)
        found = json.loads(outlines(("甲地", 0), ("没有的地", 1), ("甲地", 2)))
        found["features"] += [
            {"type": "Feature", "properties": None, "geometry": None},
            7,
            found["features"][0] | {"geometry": {"type": "Point"}},
        ]
        data = json.dumps(found).encode()
        error = refused(imports.look, own, imports.read(SheetKind.OUTLINES, "x", data), "cooperative")
        assert {(one.code, one.row) for one in error.faults} >= {
            ("places.name_unknown", 2),
            ("places.name_twice", 3),
            ("geojson.no_name", 4),
            ("geojson.no_name", 5),
            ("geojson.not_an_outline", 6),
        }
        back = json.loads(OUTLINES.with_reasons(data, {2: "没有", 5: "错"}))
        assert [one["properties"]["reason"] for one in back["features"]] == ["没有", "错"]
        for strange in (
            b"",
            b"{}",
            b"[]",
            b'{"type": "FeatureCollection", "features": {}}',
            b'{"type":"FeatureCollection","features":[]}',
        ):
            refused(imports.read, SheetKind.OUTLINES, "x", strange)
        assert standing(session, PlaceOutline) == 0


def test_faults_are_those_of_the_pages_at_their_cells_and_nothing_is_kept(database: Database) -> None:
    with database.writing() as session:
        names = prepared(session)
        own = by(session, PRODUCER)
        capacities = CASE_OF[SheetKind.CAPACITIES].upload(
            "没有的地,{product},2026-01-01,2026-06-30,400,千克,合同,,,示范",
            ",没有的产品,2026-01-01,2026-06-30,400,千克,合同,,,示范",
            ",{product},2026-01-01,2026-06-30,400.5,只,合同,,,示范",
            "示范茶园,{product},2026-01-01,2026-06-30,401,千克,面积单产,100,4,示范",
            "示范茶园,{product},2026-01-01,2026-06-30,10,千克,面积单产,101,4,示范",
            ",{product},2026-01-01,2027-06-30,400,千克,合同,,,示范",
            ",{product},2026-02-01,2026-06-30,400,千克,合同,,,示范",
            ",{product},2026-03-01,2026-06-30,400,千克,合同,,,示范",
            names=names,
        )
        assert cells(refused(imports.look, own, capacities, "cooperative")) == {
            ("places.name_unknown", 2, "地块"),
            ("batches.product_unknown", 3, "产品"),
            ("capacities.whole_heads", 4, "申报产量"),
            ("capacities.more_than_basis", 5, "申报产量"),
            ("capacities.area_exceeded", 6, "面积(亩)"),
            ("capacities.season", 7, "产季结束"),
            ("capacities.season_overlaps", 9, "产季开始"),
        }
        bought = CASE_OF[SheetKind.PURCHASES].upload(
            "C1,没有,{product},其他货物,85,2026-09-12,P1,",
            "C2,{household},{product},其他货物,85,2026-09-12,P1,",
            "C3,{household},{product},鲜茶叶,85,2026-09-12,P1,签字",
            names=names,
        )
        found = cells(refused(imports.take_in, own, bought, "cooperative"))
        assert {("purchases.seller_unknown", 2, "出售方"), ("purchases.consent_needed", 3, "农户授权说明")} <= found
        assert [code for code, row, _ in found if row == 4] == ["purchases.no_certificate"]
        assert (standing(session, Capacity), standing(session, Purchase)) == (0, 0)


def test_what_was_used_meanwhile_is_not_taken_back(database: Database) -> None:
    with database.writing() as session:
        names = prepared(session)
        own = by(session, PRODUCER)
        herds = imports.take_in(own, CASE_OF[SheetKind.HERDS].upload(names=names), "cooperative")
        herd = session.exec(select(Herd).where(Herd.code == "E1")).one()
        make_herds.lambs(own, herd, ["315082400000017"])
        assert refused(imports.undo, own, herds.id, version=herds.version).code == "herds.touched"
        papers = imports.take_in(own, CASE_OF[SheetKind.CERTIFICATES].upload(names=names), "cooperative")
        paper = session.exec(select(QuarantineCertificate).where(QuarantineCertificate.form == "animal_b")).one()
        paper.version, paper.state = 2, "confirmed"
        session.flush()
        assert refused(imports.undo, own, papers.id, version=papers.version).code == "quarantine.touched"
        treated = imports.take_in(
            own,
            CASE_OF[SheetKind.PLOT_CARE].upload("示范茶园,农药,示范药,PD1,A1,60,毫升,2026-09-13,7,示范甲", names=names),
            "cooperative",
        )
        assert refused(imports.undo, own, treated.id, version=treated.version).code == "care.undo_opens"


def test_another_s_places_lots_and_sheets_are_not_there(database: Database) -> None:
    with database.writing() as session:
        names = prepared(session)
        rival, own = by(session, RIVAL), by(session, PRODUCER)
        for case in CASES:
            assert refused(imports.preview, rival, case.upload(names=names), "cooperative").code == "access.unknown"
        treated = CASE_OF[SheetKind.PLOT_CARE].upload(names=names)
        assert {code for code, _, _ in cells(refused(imports.look, rival, treated, "rival"))} == {"places.name_unknown"}
        sent = CASE_OF[SheetKind.SHIPMENTS].upload(names={**names, "household": "cooperative"})
        assert {code for code, _, _ in cells(refused(imports.look, rival, sent, "rival"))} == {"flows.not_yours"}
        row = imports.take_in(own, CASE_OF[SheetKind.HERDS].upload(names=names), "cooperative")
        assert refused(imports.undo, rival, row.id, version=row.version).code == "access.unknown"


def test_gb18030_and_formulas(database: Database) -> None:
    with database.writing() as session:
        names = prepared(session)
        own, case = by(session, PRODUCER), CASE_OF[SheetKind.HERDS]
        text = "\n".join([case.heading, "E1,=1+1,羊,,海流图镇,2026-03-01"])
        upload = imports.read(SheetKind.HERDS, "gb.csv", text.encode("gb18030"))
        imports.take_in(own, upload, "cooperative")
        assert session.exec(select(Herd.name)).one() == "=1+1"
        number = CASE_OF[SheetKind.CAPACITIES].upload(
            ",{product},2026-01-01,2026-06-30,=400+1,千克,合同,,,示范", names=names
        )
        assert cells(refused(imports.look, own, number, "cooperative")) == {("imports.not_a_number", 2, "申报产量")}


@pytest.mark.parametrize("form", LINE_FORMS, ids=[one.kind for one in LINE_FORMS])
def test_a_template_reads_back_as_empty(form: Any) -> None:
    found = form.read(form.template(), "t.xlsx")
    assert [one.code for one in found.faults] == ["imports.no_rows"]


def test_pieces_hold_together_what_rests_on_each_other() -> None:
    rows = "\n".join(f"L{at % 3},损失,1,2026-09-13,,示范" for at in range(3 * row_sheets.AT_ONCE))
    upload = imports.read(SheetKind.SALES, "s.csv", f"批号,去向,重量(kg),日期,卖给,说明\n{rows}".encode())
    parts = list(imports.pieces(upload, 1000))
    assert [len(one.rows) for one in parts] == [row_sheets.AT_ONCE] * 3
    assert [len({line.values["lot"] for line in one.rows}) for one in parts] == [1, 1, 1]


def test_a_long_sheet_with_one_wrong_row_takes_nothing_in(database: Database) -> None:
    count = 450
    with database.writing() as session:
        lines = [f"E{at},示范群,羊,,海流图镇,2026-03-01" for at in range(count)]
        lines[401] = "E401,示范群,羊,,没有的镇,2026-03-01"
        data = "\n".join([CASE_OF[SheetKind.HERDS].heading, *lines]).encode()
        jobs.begin_look(by(session, PRODUCER), SheetKind.HERDS, "herds.csv", data, "cooperative")
    assert jobs.Runner(database, lambda: make.MONDAY).run_all() == 1
    with database.reading() as session:
        job = session.exec(select(jobs.Job)).one()
        assert (job.state, job.done_rows, job.rows) == ("refused", count, count)
        assert [(one["code"], one["row"]) for one in job.result["faults"]] == [("herds.township", 403)]
        assert session.exec(select(Herd)).all() == []


def test_a_rehearsal_never_writes(database: Database) -> None:
    with database.rehearsing() as session:
        names = prepared(session)
        imports.take_in(by(session, PRODUCER), CASE_OF[SheetKind.HERDS].upload(names=names), "cooperative")
        assert standing(session, Herd) == 2
    with database.reading() as session:
        assert standing(session, Herd) == 0


HARVESTED = Case(
    SheetKind.HARVESTS,
    "批号,地块,产品,货物形态,重量(kg),收获日期",
    tuple(f"H{at},示范茶园,{{product}},鲜茶叶,{at + 1},2026-09-12" for at in range(4)),
    Batch,
)
SENT = Case(
    SheetKind.SHIPMENTS,
    CASE_OF[SheetKind.SHIPMENTS].heading,
    ("W1,T1,1,{household},,2026-09-20", "W1,T2,2,{household},,2026-09-20", "W2,T1,3,{household},S,2026-09-21"),
    Shipment,
)
#: What differs between two ways of doing the same: fresh names, and what is made of them.
_FRESH = ("id", "code", "commitment", "detail", "facts", "object_id", "subject_id", "subject", "operation")
_KEPT_IDS = ("enterprise_id", "holder_id", "maker_id", "licensee_id", "place_id", "product_id", "to_id", "person_id")


def everything(session: Session) -> dict[str, list[tuple[str, ...]]]:
    """Every row of the books, the chains, the trail and the log to come, without the ids of what was made."""
    found = {}
    for table in (Operation, Draw, Batch, Flow, Event, Capacity, CapacityUse, Shipment, ShipmentLine, AuditEntry, Leaf):
        names = [
            name
            for name in table.model_fields
            if name in _KEPT_IDS or (name not in _FRESH and not name.endswith("_id"))
        ]
        rows = session.exec(select(table)).all()
        found[table.__tablename__] = sorted(tuple(str(getattr(row, name)) for name in names) for row in rows)
    entries = session.exec(select(AuditEntry)).all()
    found["details"] = sorted((one.action, *json.loads(one.detail)) for one in entries)
    return found


def with_a_season(session: Session) -> dict[str, str]:
    """What is prepared, and a season of 20 kg on the garden."""
    names = prepared(session)
    garden = session.exec(select(Place.id).where(Place.name == "示范茶园")).one()
    make.a_capacity(by(session, PRODUCER), place_id=garden, declared=Decimal(20))
    return names


def taken_in(database: Database, case: Case, rows: tuple[str, ...], names: dict[str, str]) -> Any:
    """What stands after taking these rows in, or the cells they are refused at; nothing of it stays."""
    with database.rehearsing() as session:
        try:
            imports.take_in(by(session, PRODUCER), case.upload(*rows, names=names), "cooperative")
        except AppError as error:
            return cells(error)
        session.expire_all()
        return everything(session)


@pytest.mark.parametrize(
    ("case", "wrong", "code"),
    [
        (HARVESTED, "T1,示范茶园,{product},鲜茶叶,1,2026-09-12", "batches.lot_taken"),
        (HARVESTED, "H9,示范茶园,{product},鲜茶叶,11,2026-09-12", "capacities.exceeded"),
        (SENT, "W3,T1,97,{household},,2026-09-20", "flows.more_than_left"),
        (SENT, "W3,T1,,{household},,2026-09-20", ""),
        (SENT, "W3,T9,1,{household},,2026-09-20", "flows.not_yours"),
    ],
)
def test_acts_done_together_stand_and_are_refused_as_they_would_be_one_by_one(
    database: Database, case: Case, wrong: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing() as session:
        names = with_a_season(session)
    right, both = case.rows, (*case.rows, wrong)
    together = [taken_in(database, case, rows, names) for rows in (right, both)]
    monkeypatch.setattr(row_sheets, "AT_ONCE", 1)
    assert [taken_in(database, case, rows, names) for rows in (right, both)] == together
    if code:
        assert [(one, row) for one, row, _ in together[1]] == [(code, len(both) + 1)]
    else:
        assert together[1] != together[0]


class Killed(BaseException):
    """The process of the runner ends here."""


class Watched(jobs.Runner):
    """Notes how far a page would say it is while a transaction is open, and may end there."""

    def __init__(self, database: Database, dies_at: int = 0) -> None:
        super().__init__(database, lambda: make.MONDAY)
        self.database, self.dies_at, self.seen = database, dies_at, list[int]()

    def _tell(self, job: jobs.Job, rows: int, done: int) -> None:
        super()._tell(job, rows, done)
        with self.database.reading() as session:
            self.seen.append(self.done_rows(session.get_one(jobs.Job, job.id)))
        if done == self.dies_at:
            raise Killed


def looked_at(database: Database, count: int) -> str:
    """A list of so many herds that waits for its owner's yes; the id of the job that takes it in."""
    with database.writing() as session:
        lines = [f"E{at},示范群,羊,,海流图镇,2026-03-01" for at in range(count)]
        data = "\n".join([CASE_OF[SheetKind.HERDS].heading, *lines]).encode()
        jobs.begin_look(by(session, PRODUCER), SheetKind.HERDS, "herds.csv", data, "cooperative")
    assert jobs.Runner(database, lambda: make.MONDAY).run_all() == 1
    with database.writing() as session:
        row = session.exec(select(imports.SheetImport)).one()
        return jobs.begin_take(by(session, PRODUCER), row.id, version=row.version).id


def test_taking_in_row_by_row_says_how_far_it_is_and_begins_anew_when_it_was_killed(database: Database) -> None:
    """Also that the rows' acts are told one by one, in their order, though they are written together."""
    count, later = 2 * row_sheets.AT_ONCE + 1, make.MONDAY + jobs.DEAD_AFTER + timedelta(seconds=1)
    take = looked_at(database, count)
    dying = Watched(database, dies_at=row_sheets.AT_ONCE)
    with pytest.raises(Killed):
        dying.run_all()
    assert dying.seen == [row_sheets.AT_ONCE]
    with database.reading() as session:
        assert (session.get_one(jobs.Job, take).state, standing(session, Herd)) == ("running", 0)
    assert Watched(database).run_all() == 0  # it may still live
    resuming = Watched(database)
    resuming._now = lambda: later
    assert (resuming.run_all(), resuming.seen) == (1, [row_sheets.AT_ONCE, 2 * row_sheets.AT_ONCE])
    with database.reading() as session:
        assert session.get_one(jobs.Job, take).state == "done"
        entries = select(AuditEntry).where(AuditEntry.action == "herds.open")
        acts = {one.object_id: one for one in session.exec(entries)}
        codes = dict(session.exec(select(Herd.id, Herd.code)).all())
        leaves = select(PendingLeaf.leaf_id).order_by(col(PendingLeaf.number))
        told = {one.id: one.object_id for one in acts.values()}
        order = [codes[told[one]] for one in session.exec(leaves) if one in told]
        assert len(acts) == count
        assert order == [f"E{at}" for at in range(count)]


def test_a_large_sheet_is_taken_back_by_a_job_or_stays_as_it_was(database: Database) -> None:
    looked_at(database, 3)
    runner = jobs.Runner(database, lambda: make.MONDAY)
    assert runner.run_all() == 1
    with database.writing() as session:
        own, row = by(session, PRODUCER), session.exec(select(imports.SheetImport)).one()
        assert refused(jobs.begin_undo, own, row.id, version=row.version - 1).code == "imports.stale"
        first, second = (jobs.begin_undo(own, row.id, version=row.version).id for _ in range(2))
    assert runner.run_all() == 2
    with database.reading() as session:
        ended = [session.get_one(jobs.Job, one) for one in (first, second)]
        assert sorted((one.state, one.result.get("code", "")) for one in ended) == [
            ("done", ""),
            ("refused", "imports.stale"),
        ]
        assert (standing(session, Herd), session.exec(select(imports.SheetImport.state)).one()) == (0, "undone")


def test_parts_of_one_lot_sent_by_one_sheet_are_numbered_and_counted_up_once(database: Database) -> None:
    with database.writing() as session:
        names = prepared(session)
        case = CASE_OF[SheetKind.SHIPMENTS]
        own = by(session, PRODUCER)
        before = session.exec(select(Batch.version).where(Batch.lot == "T2")).one()
        rows = [f"W{at},T2,1,{{household}},,2026-09-20" for at in range(3)]
        imports.take_in(own, case.upload(*rows, names=names), "cooperative")
        session.expire_all()
        parts = {one.lot: one.version for one in session.exec(select(Batch).where(col(Batch.lot).startswith("T2")))}
        # Whoever kept a page of the lot or of one of its parts sees that it moved on; none was counted up twice.
        assert parts == {"T2": before + 1, "T2-1": 2, "T2-2": 2, "T2-3": 2}
