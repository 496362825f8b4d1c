"""Lists of places: taken in whole or not at all, known rows passed over, undone while untouched, written back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, select

from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.work import Work
from tests import make
from tests.people import PRODUCER, RIVAL, PersonOfTheCast
from trace.formats.places_sheet import COLUMNS, PlaceRow, places_template, read_places
from trace.models.imports import SheetKind
from trace.models.places import Place
from trace.queries import places as reads
from trace.services import imports, place_sheets, places
from trace.services.imports import Upload

ROWS = (
    PlaceRow(0, "示范夏营盘", "pasture", date(2020, 1, 1), "川井苏木", Decimal("12000.5"), "Demo", ""),
    PlaceRow(0, "示范棚圈", "barn", date(2021, 5, 1), "150824201"),
)


def by(session: Session, person: PersonOfTheCast) -> Work:
    return make.work(session, make.actor(session, person))


def sheet(*rows: PlaceRow) -> Upload:
    return imports.read(SheetKind.PLACES, "list.xlsx", places_template(rows))


def text(*lines: str) -> Upload:
    head = ",".join(column.heading for column in COLUMNS)
    return imports.read(SheetKind.PLACES, "list.csv", "\n".join([head, *lines]).encode())


def test_in_out_and_in_again(database: Database) -> None:
    with database.writing() as session:
        imports.take_in(by(session, PRODUCER), sheet(*ROWS), "cooperative")
    with database.writing() as session:
        held = reads.of(session, make.actor(session, PRODUCER), "cooperative")
        assert {(one.place.name, one.place.declared_mu, one.township) for one in held} == {
            ("示范夏营盘", Decimal("12000.5"), "川井苏木"),
            ("示范棚圈", None, "川井苏木"),
        }
        out = places_template(place_sheets.rows_of(held))
        again = imports.look(by(session, PRODUCER), imports.read(SheetKind.PLACES, "out.xlsx", out), "cooperative")
        assert (again.new, again.known) == ((), 2)
        with pytest.raises(AppError, match=r"imports\.file_already_taken"):
            imports.look(by(session, PRODUCER), sheet(*ROWS), "cooperative")


def test_undone_while_nobody_has_gone_on(database: Database) -> None:
    with database.writing() as session:
        row = imports.take_in(by(session, PRODUCER), sheet(*ROWS), "cooperative")
    with database.writing() as session:
        imports.undo(by(session, PRODUCER), row.id, version=row.version)
        assert session.exec(select(Place)).all() == []
    with database.writing() as session:
        row = imports.take_in(by(session, PRODUCER), sheet(*ROWS), "cooperative")
        one = session.exec(select(Place).where(Place.kind == "pasture")).one()
        places.draw(by(session, PRODUCER), one.id, version=1, outline=make.an_outline())
    with pytest.raises(AppError, match=r"places\.touched"), database.writing() as session:
        imports.undo(by(session, PRODUCER), row.id, version=row.version)
    with database.reading() as session:
        assert len(session.exec(select(Place)).all()) == 2


FAULTY = [
    ("另一处,城堡,川井苏木,,2020-01-01,,", "imports.unknown_word", "类型"),
    ("另一处,草场,别的苏木,,2020-01-01,,", "places.township_unknown", "苏木镇"),
    ("另一处,草场,川井苏木,-1,2020-01-01,,", "imports.out_of_range", "申报面积(亩)"),
    ("另一处,草场,川井苏木,,3020-01-01,,", "places.opening_day", "启用日期"),
    (",草场,川井苏木,,2020-01-01,,", "imports.missing", "名称"),
    ("示范草场,耕地,川井苏木,24000,2020-01-01,Demo pasture,", "places.row_differs", "类型"),
    ("一处,草场,川井苏木,,2020-01-01,,\n一处,草场,川井苏木,,2020-01-01,,", "places.name_twice", "名称"),
]


@pytest.mark.parametrize(("line", "code", "column"), FAULTY, ids=[one[1] for one in FAULTY])
def test_one_wrong_row_and_nothing_is_taken_in(database: Database, line: str, code: str, column: str) -> None:
    with database.writing() as session:
        make.a_place(make.work(session))
    with pytest.raises(AppError, match=r"imports\.faulty") as refusal, database.writing() as session:
        imports.take_in(by(session, PRODUCER), text("好的,草场,川井苏木,10,2020-01-01,,", line), "cooperative")
    assert [(one.code, one.column) for one in refusal.value.faults] == [(code, column)]
    with database.reading() as session:
        assert len(session.exec(select(Place)).all()) == 1


def test_only_for_ones_own(database: Database) -> None:
    with database.writing() as session:
        with pytest.raises(AppError, match=r"access\.unknown"):
            imports.look(by(session, RIVAL), sheet(*ROWS), "cooperative")
        kept = imports.preview(by(session, PRODUCER), sheet(*ROWS), "cooperative")
        with pytest.raises(AppError, match=r"access\.unknown"):
            imports.kept(by(session, RIVAL), kept.id)


@pytest.mark.parametrize("data", [b"\x00", b"PK\x03\x04broken", "名称,类型\n=1+1,草场".encode()])
def test_garbage_is_no_list(data: bytes) -> None:
    try:
        found: Any = read_places(data, "x").faults
    except AppError as error:
        found = error.code
    assert found
