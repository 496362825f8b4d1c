"""Sheets on their way in: looked at, kept until the yes, taken in whole, and never twice."""

from __future__ import annotations

import pytest
from sqlmodel import select

from brand.kernel.errors import AppError, Kind
from tests import make
from tests.people import ABATTOIR, PRODUCER, RIVAL_ABATTOIR
from trace.models.batches import Batch, PackLine, Slaughter
from trace.models.events import ChillingLog, Event
from trace.models.imports import SheetImport, SheetKind
from trace.services import imports
from trace.services.batches import Plan

pytestmark = pytest.mark.licensed


@pytest.fixture
def session(database):
    with database.writing() as session:
        make.a_licence(make.work(session))
        yield session


@pytest.fixture
def work(session):
    return make.by_abattoir(make.work(session))


def as_person(session, person):
    return make.work(session, make.actor(session, person))


def plan(session, lot="20260912A"):
    return Plan("abattoir", "cooperative", make.a_product(session).id, lot)


def refusal(act, *given, **options):
    with pytest.raises(AppError) as caught:
        act(*given, **options)
    return caught.value


def test_a_preview_keeps_the_sheet_and_nothing_else(session, work):
    upload = make.a_small_sheet(make.carcass_lines(2))
    row = imports.preview(work, upload, plan(session))
    assert (row.state, row.rows, row.content, row.details["lot"]) == ("previewed", 2, upload.data, "20260912A")
    assert session.exec(select(Batch)).all() == []


def test_the_yes_takes_it_in_and_forgets_the_file(session, work):
    upload = make.a_small_sheet(make.carcass_lines(2))
    row = imports.preview(work, upload, plan(session))
    done = imports.confirm(work, row.id, upload, version=row.version)
    batch = session.get_one(Batch, done.batch_id)
    assert (row.state, row.content, row.batch_id) == ("done", None, batch.id)
    assert session.get_one(Slaughter, batch.id).head == 2


def test_the_same_preview_is_the_same_row_and_takes_what_was_said_last(session, work):
    upload = make.a_small_sheet(make.carcass_lines(2))
    first = imports.preview(work, upload, plan(session))
    version = first.version
    assert imports.preview(work, upload, plan(session)).version == version
    again = imports.preview(work, upload, plan(session, lot="B2"))
    assert (again.id, again.version, again.details["lot"]) == (first.id, version + 1, "B2")
    assert refusal(imports.confirm, work, first.id, upload, version=version).code == "imports.stale"


def test_the_same_file_twice_names_when_and_which_batch(session, work):
    upload = make.a_small_sheet(make.carcass_lines(2))
    batch = imports.take(work, upload, plan(session))
    for act in (imports.look, imports.preview, imports.take):
        error = refusal(act, work, upload, plan(session, lot="OTHER"))
        assert (error.kind, error.code) == (Kind.CONFLICT, "imports.already_taken")
        assert error.params == {"at": "2026-09-14 09:00", "lot": batch.lot, "batch": batch.code, "id": batch.id}


def test_a_yes_counts_once(session, work):
    upload = make.a_small_sheet(make.carcass_lines(2))
    row = imports.preview(work, upload, plan(session))
    version = row.version
    imports.confirm(work, row.id, upload, version=version)
    assert refusal(imports.confirm, work, row.id, upload, version=version).code == "imports.stale"
    assert refusal(imports.confirm, work, row.id, upload, version=row.version).code == "imports.stale"
    assert refusal(imports.discard, work, row.id).code == "imports.stale"


def test_another_file_than_the_one_looked_at_is_not_taken(session, work):
    row = imports.preview(work, make.a_small_sheet(make.carcass_lines(2)), plan(session))
    other = make.a_small_sheet(make.carcass_lines(3))
    assert refusal(imports.confirm, work, row.id, other, version=row.version).code == "imports.stale"


def test_a_discarded_sheet_may_come_again(session, work):
    upload = make.a_small_sheet(make.carcass_lines(2))
    row = imports.preview(work, upload, plan(session))
    imports.discard(work, row.id)
    assert session.exec(select(SheetImport)).all() == []
    assert session.get_one(Slaughter, imports.take(work, upload, plan(session)).id).head == 2


def test_strangers_find_nothing(session, work):
    upload = make.a_small_sheet(make.carcass_lines(2))
    row = imports.preview(work, upload, plan(session))
    for person in (PRODUCER, RIVAL_ABATTOIR):
        stranger = as_person(session, person)
        for act in (
            lambda: imports.kept(stranger, row.id),  # noqa: B023
            lambda: imports.discard(stranger, row.id),  # noqa: B023
            lambda: imports.confirm(stranger, row.id, upload, version=1),  # noqa: B023
            lambda: imports.preview(stranger, upload, plan(session)),  # noqa: B023
        ):
            assert refusal(act).kind is Kind.UNKNOWN


def test_a_sheet_refused_in_the_middle_leaves_nothing(database):
    """Two pack lines fit, the third does not: none of the three is there afterwards."""
    with database.writing() as session:
        batch = make.a_batch(make.work(session))
        make.chilled(make.work(session), batch)
    rows = "来源批号,分割产品,净含量(kg/袋),袋数,合计(kg),包装日期,保质期(天),贮存条件\n" + "".join(
        f"{batch.lot},羊腿{n},1.0,1000,1000,2026-09-14,365,≤-18℃\n" for n in range(3)
    )
    upload = imports.read(SheetKind.PACKING, "packing.csv", rows.encode())
    with pytest.raises(AppError) as caught, database.writing() as session:
        imports.take(make.by_abattoir(make.work(session)), upload, batch.id)
    assert caught.value.code == "mass_balance.packs_above_cold"
    assert caught.value.params == {"in": "2917.29", "used": "0", "asked": "3000", "left": "2917.29"}
    with database.reading() as session:
        assert session.exec(select(PackLine)).all() == []
        assert session.exec(select(SheetImport).where(SheetImport.kind == "packing")).all() == []
        assert session.get_one(Batch, batch.id).used_kg == 0


def test_the_whole_day_of_the_demo(session):
    batch = make.a_packed_batch(make.work(session))
    kinds = session.exec(select(Event.kind).where(Event.batch_id == batch.id)).all()
    assert sorted(kinds) == ["answer", "chilling", "cutting", "grading", "packing", "slaughtering", "testing"]
    assert batch.used_kg == make.Decimal("2485.5")
    assert session.exec(select(ChillingLog)).one().breaches[0]["worst_c"] == "6.7"


@pytest.mark.parametrize(
    ("name", "kept"), [("../../etc/表 1.xlsx", "表 1.xlsx"), ("C:\\tmp\\a.csv", "a.csv"), ("\x00\u202e", "sheet")]
)
def test_a_file_name_is_only_ever_shown(name, kept):
    data = make.sample("packing.csv")
    assert imports.read(SheetKind.PACKING, name, data).name == kept


def test_what_is_no_table_is_refused_by_name():
    assert refusal(imports.read, SheetKind.CARCASSES, "x.xlsx", b"\x89PNG\r\n\x1a\n\x00\x00").code.startswith("tables.")


def test_who_said_yes_is_on_the_row(session, work):
    row = imports.preview(work, make.a_small_sheet(make.carcass_lines(1)), plan(session))
    assert row.by == ABATTOIR.username
