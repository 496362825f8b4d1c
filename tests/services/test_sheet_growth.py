"""Long sheets cost as they are long: what is asked of the database does not grow faster than the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from brand.kernel.db import Database
from tests import make, make_herds
from tests.make_flows import a_garden, by_producer
from trace.models.batches import Batch
from trace.models.imports import SheetKind
from trace.services import imports

CARE = "群号,耳标或尾号,名称,批号,每头剂量,单位,用法,首次用药日期,用药人"
PH = "批号,宰后时间(小时),测定头数,最低pH,最高pH"


@contextmanager
def asked(session: Session) -> Iterator[list[str]]:
    """The statements of a block, in their words."""
    said: list[str] = []
    note: Callable[..., None] = lambda _connection, _cursor, text, *_: said.append(text)  # noqa: E731
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    yield said
    event.remove(connection, "before_cursor_execute", note)


def test_animals_named_by_last_digits_are_found_without_reading_the_herd_for_each_row(database: Database) -> None:
    tags = [f"3150824210{at:05d}" for at in range(12)]
    with database.writing() as session:
        own = by_producer(make.work(session))
        herd = make_herds.a_herd(own, code="A")
        make_herds.lambs(own, herd, tags)
        make_herds.a_medicine(own, name="示范疫苗", days=0)

        def whole_herd(count: int) -> int:
            rows = [f"A,{one[-4:]},示范疫苗,P1,2,ml,注射,2026-09-11,示范员" for one in tags[:count]]
            upload = imports.read(SheetKind.CARE, f"{count}.csv", "\n".join([CARE, *rows]).encode())
            with asked(session) as said:
                imports.take_in(own, upload, "cooperative")
            return sum("FROM animal_ids" in text and "IN (" not in text for text in said)

        assert whole_herd(3) == whole_herd(12) > 0


@pytest.mark.slaughtered
def test_readings_of_one_lot_are_recognised_without_reading_them_for_each_row(database: Database) -> None:
    with database.writing() as session:
        own = make.by_abattoir(make.work(session))
        lot = session.exec(select(Batch.lot)).one()

        def again(count: int) -> int:
            rows = [f"{lot},{at + 1},20,5.{count}9,6.2" for at in range(count)]
            for name, lines in (("a.csv", rows), ("b.csv", rows[::-1])):
                upload = imports.read(SheetKind.PH, f"{count}{name}", "\n".join([PH, *lines]).encode())
                with asked(session) as said:
                    if name == "a.csv":
                        imports.take_in(own, upload, "abattoir")
                    else:
                        assert imports.look(own, upload, "abattoir").unchanged == count
            return len(said)

        assert again(2) == again(7)


HARVESTS = "批号,地块,产品,货物形态,重量(kg),收获日期"


def test_taking_back_asks_for_many_acts_at_once(database: Database) -> None:
    """What is written of each act by itself is its line of the audit trail with its leaf: four statements."""
    with database.writing() as session:
        a_garden(make.work(session))
        own, product = by_producer(make.work(session)), make.a_product(session).name

        def asked_for(count: int) -> int:
            rows = [f"H{count}-{at},示范茶园,{product},鲜茶叶,10,2026-09-12" for at in range(count)]
            upload = imports.read(SheetKind.HARVESTS, f"{count}.csv", "\n".join([HARVESTS, *rows]).encode())
            row = imports.take_in(own, upload, "cooperative")
            with asked(session) as said:
                imports.undo(own, row.id, version=row.version)
            return len(said)

        assert (asked_for(12) - asked_for(4)) / 8 <= 4
