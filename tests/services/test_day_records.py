"""Chilling, packing and laboratory sheets of a batch: what is kept, and what each refuses by name."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from brand.kernel.errors import AppError, Kind
from tests import make
from tests.people import PRODUCER, RIVAL_ABATTOIR
from trace.models.batches import PackLine
from trace.models.events import ChillingLog, Event
from trace.models.imports import SheetKind
from trace.models.quality import LabItem, LabReport
from trace.services import chilling, imports, lab_reports, packing

pytestmark = pytest.mark.licensed

PACKING = "来源批号,分割产品,净含量(kg/袋),袋数,合计(kg),包装日期,保质期(天),贮存条件\n"
LAB = "报告编号,样品批号,检测项目,方法,结果,单位,限量,判定,检测日期,检测机构\n"


@pytest.fixture
def session(database):
    with database.writing() as session:
        yield session


@pytest.fixture
def batch(session):
    make.a_licence(make.work(session))
    upload = make.a_small_sheet(make.carcass_lines(3))
    return imports.take(make.by_abattoir(make.work(session)), upload, _plan(session))


@pytest.fixture
def chilled(session, batch):
    """The same, chilled: it may be packed."""
    make.chilled(make.work(session), batch)
    return batch


@pytest.fixture
def work(session):
    return make.by_abattoir(make.work(session))


def _plan(session):
    return imports.Plan("abattoir", "cooperative", make.a_product(session).id, "20260912A")


def sheet(kind, text):
    return imports.read(kind, "sheet.csv", text.encode()).sheet


def packs(*rows):
    return sheet(SheetKind.PACKING, PACKING + "\n".join(rows))


def lab(*rows):
    return sheet(SheetKind.LAB_REPORT, LAB + "\n".join(rows))


def cold_room(*rows):
    return sheet(SheetKind.CHILLING, "时间,库温(℃),胴体中心温度(℃)\n" + "\n".join(rows))


def refusal(act, *given):
    with pytest.raises(AppError) as caught:
        act(*given)
    return caught.value


def test_packs_come_out_of_the_cold_weight(session, work, chilled):
    packing.record(work, chilled.id, packs("20260912A,羊腿,2.5,8,20,2026-09-13,365,≤-18℃"))
    assert chilled.used_kg == 20
    line = session.exec(select(PackLine)).one()
    assert (line.cut, line.net_kg, line.packs, line.ordered) == ("羊腿", Decimal("2.5"), 8, 0)


def test_beyond_the_cold_weight_the_figures_are_named(work, chilled):
    packing.record(work, chilled.id, packs("20260912A,羊腿,2.5,8,20,2026-09-13,365,≤-18℃"))
    error = refusal(packing.record, work, chilled.id, packs("20260912A,羊排,2.5,80,200,2026-09-13,365,≤-18℃"))
    assert error.kind is Kind.QUOTA_EXCEEDED
    left = str(chilled.total_kg - 20).rstrip("0")
    assert error.params == {"in": str(chilled.total_kg).rstrip("0"), "used": "20", "asked": "200", "left": left}
    assert chilled.used_kg == 20


def test_one_list_cannot_be_split_into_more_than_there_is(work, chilled):
    """The same 25 kg three times: the third does not fit."""
    each = (chilled.total_kg / 2).quantize(Decimal(1)) - 1
    for cut in ("羊腿", "羊排"):
        packing.record(work, chilled.id, packs(f"20260912A,{cut},1,{each},{each},2026-09-13,365,冷藏"))
    third = packs(f"20260912A,羊腩,1,{each},{each},2026-09-13,365,冷藏")
    assert refusal(packing.record, work, chilled.id, third).code == "mass_balance.packs_above_cold"


def test_the_same_cut_twice_is_recognised(work, chilled):
    row = "20260912A,羊腿,1,2,2,2026-09-13,365,冷藏"
    twice = refusal(packing.look, work, chilled.id, packs(row, row))
    assert [(one.code, one.row, one.params["first_row"]) for one in twice.faults] == [("packing.cut_twice", 3, 2)]
    packing.record(work, chilled.id, packs(row))
    again = refusal(packing.look, work, chilled.id, packs(row.replace(",1,2,2,", ",1,3,3,")))
    assert [(one.code, one.params["packs"]) for one in again.faults] == [("packing.packed_already", 2)]
    packing.record(work, chilled.id, packs(row.replace("09-13", "09-14")))  # another day is another line


def test_a_packing_list_fits_the_batch_and_the_calendar(work, chilled):
    error = refusal(
        packing.look,
        work,
        chilled.id,
        packs(
            "OTHER,羊腿,1,2,2,2026-09-13,365,冷藏",
            "20260912A,羊腿,1,2,2,2026-09-11,365,冷藏",
            "20260912A,羊排,1,2,2,2026-09-15,365,冷藏",
        ),
    )
    assert [(one.code, one.row) for one in error.faults] == [
        ("packing.other_lot", 2),
        ("packing.packed_too_early", 3),
        ("packing.packed_in_future", 4),
    ]


def test_a_day_without_a_time_says_so(session, work, chilled):
    packing.record(work, chilled.id, packs("20260912A,羊腿,1,2,2,2026-09-13,365,冷藏"))
    events = session.exec(select(Event).where(Event.kind == "packing")).all()
    assert [(one.data["day"], one.biz_step) for one in events] == [("2026-09-13", "packing")]


def test_chilling_keeps_every_reading_and_breach(session, work, batch):
    log = chilling.record(
        work,
        batch.id,
        cold_room("2026-09-12 13:00,1.8,33.1", "2026-09-12 13:05,5.2,32", "2026-09-12 13:40,2,31"),
        "room.csv",
    )
    assert log.readings == [[0, "1.8", "33.1"], [300, "5.2", "32"], [2400, "2", "31"]]
    assert [(one["kind"], one["worst_c"], one["limit_c"]) for one in log.breaches] == [("room_above", "5.2", "4")]
    assert len(log.gaps) == 1
    event = session.exec(select(Event).where(Event.id == log.event_id)).one()
    assert (event.biz_step, event.data["breaches"], event.data["hours"]) == ("storing", 1, "0.7")


def test_chilling_begins_after_slaughter_and_is_over(session, work, batch):
    early = refusal(chilling.look, work, batch.id, cold_room("2026-09-12 05:59,1,30", "2026-09-12 12:00,1,20"))
    assert [(one.code, one.pointer) for one in early.faults] == [("chilling.before_slaughter", "/file")]
    future = refusal(chilling.look, work, batch.id, cold_room("2026-09-13 13:00,1,30", "2026-09-14 09:06,1,20"))
    assert [(one.code, one.pointer) for one in future.faults] == [("events.in_future", "/file")]
    assert session.exec(select(ChillingLog)).all() == []


def test_a_report_number_counts_once_for_a_laboratory(session, work, batch):
    row = "R-1,20260912A,恩诺沙星,示范方法,12.4,μg/kg,100,合格,2026-09-13,示范检测中心"
    (report,) = lab_reports.record(work, batch.id, lab(row))
    assert (report.passed, report.status) == (True, "declared")
    assert session.exec(select(LabItem)).one().passed
    error = refusal(lab_reports.look, work, batch.id, lab(row.replace("12.4", "13")))
    assert [(one.code, one.row) for one in error.faults] == [("lab_reports.number_taken", 2)]
    lab_reports.record(work, batch.id, lab(row.replace("示范检测中心", "示范第二检测中心")))


def test_a_report_fails_with_one_item_and_says_so(session, work, batch):
    lab_reports.record(
        work,
        batch.id,
        lab(
            "R-1,20260912A,恩诺沙星,示范方法,120,μg/kg,100,不合格,2026-09-13,示范检测中心",
            "R-1,20260912A,水分,示范方法,70,%,78,合格,2026-09-13,示范检测中心",
            "R-1,20260912A,气味,感官,正常,/,,合格,2026-09-13,示范检测中心",
        ),
    )
    assert not session.exec(select(LabReport)).one().passed
    assert [one.passed for one in session.exec(select(LabItem).order_by(LabItem.position))] == [False, True, True]
    event = session.exec(select(Event).where(Event.kind == "testing")).one()
    assert (event.data["items"], event.data["passed"]) == (3, False)


def test_a_report_is_on_this_lot_and_after_slaughter(work, batch):
    row = "R-1,{lot},水分,示范方法,70,%,78,合格,{day},示范检测中心"
    for lot, day, code in (
        ("OTHER", "2026-09-13", "lab_reports.other_lot"),
        ("20260912A", "2026-09-11", "lab_reports.tested_too_early"),
        ("20260912A", "2026-09-15", "lab_reports.tested_in_future"),
    ):
        error = refusal(lab_reports.look, work, batch.id, lab(row.format(lot=lot, day=day)))
        assert [one.code for one in error.faults] == [code]


@pytest.mark.parametrize("person", [PRODUCER, RIVAL_ABATTOIR])
def test_nobody_else_records_for_this_abattoir(session, batch, person):
    stranger = make.work(session, make.actor(session, person), make.MONDAY + timedelta(hours=1))
    room = cold_room("2026-09-12 13:00,1,30", "2026-09-12 14:00,1,20")
    assert refusal(chilling.look, stranger, batch.id, room).kind is Kind.UNKNOWN
    assert refusal(packing.look, stranger, batch.id, packs()).kind is Kind.UNKNOWN
    assert refusal(lab_reports.look, stranger, "nothing", lab()).kind is Kind.UNKNOWN
