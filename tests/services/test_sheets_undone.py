"""Sheets of a slaughter day and of moves taken back in whole, and taken in again as if they had never been."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, col, select

from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.work import Work
from tests import make, make_herds
from tests.make_flows import by_producer
from tests.people import RIVAL, RIVAL_ABATTOIR
from trace.models.batches import Batch, PackLine
from trace.models.care import CareRecord
from trace.models.events import Event
from trace.models.herds import Animal, Herd, Stay
from trace.models.imports import SheetImport, SheetKind
from trace.models.quality import LabReport
from trace.queries import batches as reads
from trace.queries import flows
from trace.rules.animals import Leaving
from trace.rules.events import EventKind
from trace.services import animals, herd_undoing, imports, report_steps
from trace.services.batches import Plan

pytestmark = pytest.mark.licensed

#: Sheets of the day and the step each leads to.
DAY_SHEETS = {"packing": "packing", "chilling": "chilling", "lab_report": "testing"}


def refused(act: Any, *args: Any, **options: Any) -> AppError:
    with pytest.raises(AppError) as caught:
        act(*args, **options)
    return caught.value


def test_a_carcass_sheet_is_taken_back_and_in_again(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        make.a_licence(work)
        own, plan = make.by_abattoir(work), Plan("abattoir", "cooperative", make.a_product(session).id, "A1")
        upload = make.a_small_sheet(make.carcass_lines(3))
        row = imports.take_in(own, upload, plan)
        first = str(row.batch_id)
        assert refused(imports.take_in, own, upload, plan).code == "imports.already_taken"
        imports.undo(own, row.id, version=row.version)
        assert session.get_one(Batch, first, populate_existing=True).withdrawn
        again = imports.take_in(own, upload, plan)
        assert (again.id, again.state, again.batch_id != first) == (row.id, "done", True)
        assert flows.differences(session) == []


@pytest.mark.parametrize("name", DAY_SHEETS)
def test_sheets_of_the_day_are_taken_back_and_in_again(database: Database, name: str) -> None:
    with database.writing() as session:
        work = make.work(session)
        make.a_packed_batch(work)
        own = make.by_abattoir(work)
        row = session.exec(select(SheetImport).where(SheetImport.kind == name)).one()
        batch_id = str(row.batch_id)
        before = reads.find(session, own.actor, batch_id).kinds
        imports.undo(own, row.id, version=row.version)
        assert DAY_SHEETS[name] not in reads.find(session, own.actor, batch_id).kinds
        assert (session.exec(select(PackLine)).all() == []) == (name == "packing")
        assert refused(imports.undo, own, row.id, version=row.version).code == "imports.stale"
        upload = imports.read(SheetKind(name), row.file_name, make.sample(row.file_name))
        if name != "chilling":
            again = imports.take_in(own, upload, batch_id)
            assert again.state == "done"
            assert before <= reads.find(session, own.actor, batch_id).kinds
        assert flows.differences(session) == []


def moves(*lines: str) -> imports.Upload:
    text = "\n".join(["群号,耳标或尾号,去向,转入群号,日期", *lines])
    return imports.read(SheetKind.HERD_MOVES, "moves.csv", text.encode())


def withdrawn(session: Session) -> set[str | None]:
    """The events that later ones say never were."""
    return set(session.exec(select(Event.corrects_id).where(Event.kind == EventKind.WITHDRAWN.value)))


def test_animals_brought_by_a_sheet_are_taken_out_by_events_that_point_back(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        own, rival = by_producer(work), make.work(session, make.actor(session, RIVAL))
        make_herds.a_herd(own, code="K")
        theirs = make_herds.a_herd(rival, enterprise="rival", code="R")
        (sold,) = make_herds.lambs(rival, theirs, ["315082400000018"])
        line = "K,315082400000017,母,购入,2026-09-11"
        row = imports.take_in(own, arrivals(line), "cooperative")
        came = session.exec(select(Event).where(Event.kind == EventKind.PURCHASE.value)).one()
        imports.undo(own, row.id, version=row.version)
        assert (session.exec(select(Animal)).one().id, withdrawn(session)) == (sold, {came.id})
        # One that was taken over from its seller was there before: nothing of such a sheet is taken out.
        animals.leave(rival, "rival", [sold], Leaving.SALE, date(2026, 9, 10), buyer_id="cooperative")
        mixed = imports.take_in(own, arrivals(line, line.replace("017", "018")), "cooperative")
        assert refused(imports.undo, own, mixed.id, version=mixed.version).code == "herds.undo_touched"
        assert len(session.exec(select(Animal)).all()) == 2


def test_what_came_with_a_sheet_goes_with_the_sheet(database: Database) -> None:
    with database.writing() as session:
        own = by_producer(make.work(session))
        herd = make_herds.a_herd(own, code="K")
        make_herds.a_herd(own, code="L")
        imports.take_in(own, arrivals("K,315082400000017,母,购入,2026-09-11"), "cooperative")
        imports.take_in(own, moves("K,315082400000017,转群,L,2026-09-12"), "cooperative")
        for one in session.exec(select(Event).where(Event.subject_id == herd.id)).all():
            assert refused(herd_undoing.take_back, own, herd.id, one.id, "示范：记错").code == "herds.of_a_sheet"


def arrivals(*lines: str) -> imports.Upload:
    text = "\n".join(["群号,耳标号,性别,来源,入群日期", *lines])
    return imports.read(SheetKind.ANIMALS, f"{len(lines)}.csv", text.encode())


def test_moves_deaths_and_sales_are_taken_back_and_in_again(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        own = by_producer(work)
        lines = make.carcass_lines(3)
        ids = make_herds.behind(own, lines)
        make_herds.a_herd(own, code="B")
        tags = [one.ear_tag for one in lines]
        code = herd_code(session, ids[0])
        upload = moves(
            f"{code},{tags[0]},转群,B,2026-09-11",
            f"{code},{tags[1]},死亡,,2026-09-11",
            f"{code},{tags[2]},丢失,,2026-09-11",
        )
        row = imports.take_in(own, upload, "cooperative")
        assert sorted(states(session, ids)) == ["alive", "dead", "lost"]
        imports.undo(own, row.id, version=row.version)
        assert states(session, ids) == ["alive"] * 3
        current = session.exec(select(Stay).where(col(Stay.animal_id).in_(ids), Stay.current == 1)).all()
        assert len(current) == len(session.exec(select(Stay).where(col(Stay.animal_id).in_(ids))).all()) == 3
        again = imports.take_in(own, upload, "cooperative")
        assert again.state == "done"
        animals.find_again(own, ids[2], current[0].herd_id, make.MONDAY.date())
        assert refused(imports.undo, own, again.id, version=again.version).code == "herds.undo_touched"


def test_a_sale_inside_a_withdrawal_period_is_refused_by_the_animal_s_tag(database: Database) -> None:
    with database.writing() as session:
        own = by_producer(make.work(session))
        (line,) = make.carcass_lines(1)
        ids = make_herds.behind(own, [line])
        herd = session.exec(select(Herd)).one()
        make_herds.treat(own, herd, given_on=make.MONDAY.date())
        sheet = moves(f"{herd_code(session, ids[0])},{line.ear_tag[-4:]},出售,,2026-09-14")
        (fault,) = refused(imports.take_in, own, sheet, "cooperative").faults
        assert (fault.code, fault.params["tag"]) == ("animals.in_withdrawal", line.ear_tag)


def herd_code(session: Any, animal_id: str) -> str:
    stay = session.exec(select(Stay).where(Stay.animal_id == animal_id)).first()
    return str(session.get_one(Herd, stay.herd_id).code)


def states(session: Any, ids: list[str]) -> list[str]:
    return [session.get_one(Animal, one, populate_existing=True).state for one in ids]


REPORTS = "报告编号,样品批号,检测项目,方法,结果,单位,限量,判定,检测日期,检测机构"
GOOD, BAD = "R-{at},20260912A,示范项目,示范法,{result},mg/kg,≤0.1,{word},2026-09-13,示范检测中心", "0.5"


def reports(*results: str) -> imports.Upload:
    lines = [
        GOOD.format(at=at, result=one, word="不合格" if one == BAD else "合格") for at, one in enumerate(results, 1)
    ]
    return imports.read(SheetKind.LAB_REPORT, "reports.csv", "\n".join([REPORTS, *lines]).encode())


def test_reports_are_taken_back_while_they_are_nobody_else_s_word(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        batch, own = make.a_batch(work), make.by_abattoir(work)
        upload = reports("0.01", "0.02")
        row = imports.take_in(own, upload, batch.id)
        assert len(reads.reports(session, batch.id)) == 2
        imports.undo(own, row.id, version=row.version)
        assert reads.reports(session, batch.id) == ()
        # The number is free again, and both stay on record.
        again = imports.take_in(own, upload, batch.id)
        assert len(session.exec(select(LabReport)).all()) == 4
        one = session.exec(select(LabReport).where(LabReport.status == "declared", LabReport.number == "R-1")).one()
        with pytest.raises(DatabaseError), session.begin_nested():
            session.add(LabReport(**{**one.model_dump(), "id": "twin"}))
            session.flush()
        one.status, one.decided_by = "confirmed", "clerk"
        session.flush()
        assert refused(imports.undo, own, again.id, version=again.version).code == "lab_reports.wrong_state"
        held = select(LabReport.status).where(LabReport.number == "R-2").order_by(LabReport.status)
        assert session.exec(held).all() == ["declared", "withdrawn"]


def test_a_failing_report_does_not_vanish_with_its_sheet(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        batch, own = make.a_batch(work), make.by_abattoir(work)
        row = imports.take_in(own, reports("0.01", BAD), batch.id)
        with pytest.raises(AppError) as caught, session.begin_nested():
            imports.undo(own, row.id, version=row.version)
        assert caught.value.code == "lab_reports.failing_stays"
        assert [one.report.status for one in reads.reports(session, batch.id)] == ["declared", "declared"]
        rival = Work(session, make.actor(session, RIVAL_ABATTOIR), work.now, "test")
        report = session.exec(select(LabReport).where(col(LabReport.passed).is_(True))).one()
        said = {"version": report.version, "comment": "示范"}
        assert refused(report_steps.step, rival, report.id, "withdraw", **said).code == "access.unknown"
        assert refused(report_steps.step, own, report.id, "withdraw", version=1, comment="").code == (
            "lab_reports.reason_needed"
        )


CARE = "群号,名称,批号,每头剂量,单位,用法,首次用药日期,用药人"


def test_care_is_struck_with_its_sheet_unless_that_would_open_slaughter(database: Database) -> None:
    with database.writing() as session:
        own = by_producer(make.work(session))
        herd = make_herds.a_herd(own, code="K")
        make_herds.lambs(own, herd, ["315082400000017"])
        for name, days in (("示范疫苗", 0), ("示范药", 28)):
            make_herds.a_medicine(own, name=name, days=days)

        def sheet(name: str) -> imports.Upload:
            line = f"K,{name},P1,2,ml,注射,2026-09-11,示范员"
            return imports.read(SheetKind.CARE, f"{name}.csv", f"{CARE}\n{line}".encode())

        row = imports.take_in(own, sheet("示范疫苗"), "cooperative")
        resaved = imports.read(
            SheetKind.CARE, "b.csv", f"{CARE}\nK,示范疫苗,P1,2.0,ml,注射,2026-09-11,示范员\n".encode()
        )
        assert imports.look(own, resaved, "cooperative").unchanged == 1
        imports.undo(own, row.id, version=row.version)
        assert imports.look(own, resaved, "cooperative").unchanged == 0
        struck = session.exec(select(CareRecord)).one()
        assert (struck.struck_at is not None, struck.struck_reason, struck.import_id) == (True, "示范疫苗.csv", None)
        assert withdrawn(session) == {struck.event_id}
        assert imports.take_in(own, sheet("示范疫苗"), "cooperative").state == "done"
        closing = imports.take_in(own, sheet("示范药"), "cooperative")
        error = refused(imports.undo, own, closing.id, version=closing.version)
        assert (error.code, error.params["until"]) == ("care.undo_opens", "2026-10-09")
        # Once the period is over nothing is opened by it any more.
        later = Work(session, own.actor, own.now + timedelta(days=40), "test")
        imports.undo(later, closing.id, version=closing.version)
        assert len(session.exec(select(CareRecord).where(col(CareRecord.struck_at).is_(None))).all()) == 1
