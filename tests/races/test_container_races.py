"""One stock of packs, many who close cases; one label, many who pack it; each with a naive twin that must fail."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from brand.kernel.db import Database
from brand.kernel.work import Work
from tests import make
from tests.people import ABATTOIR
from tests.races.harness import one_work, race
from trace.models.containers import Container, ContainerLabel, ContainerLine, PackStock
from trace.models.labels import Label
from trace.queries import flows as reads
from trace.services import containers
from trace.services.container_labels import Range
from trace.services.containers import Filling

pytestmark = pytest.mark.packed
PACKERS = 12


def test_twelve_who_pack_get_exactly_what_is_there(database: Database) -> None:
    with database.writing() as session:
        line, clerk = make.a_pack_line(make.work(session)), make.actor(session, ABATTOIR)
        each = line.packs // 5
    filling = Filling(packs={line.id: each})

    def act(_: int) -> str:
        return one_work(database, lambda work: containers.pack(work, "abattoir", "case", filling).code, clerk)

    outcome = race(PACKERS, act)
    assert len(outcome.done) == 5
    assert outcome.codes == {"stocks.not_there"}
    with database.reading() as session:
        inside = sum(one.packs for one in session.exec(select(ContainerLine)))
        left = session.exec(select(PackStock.packs).where(PackStock.pack_line_id == line.id)).one()
        assert (inside, inside + left) == (5 * each, line.packs)
        assert reads.differences(session) == []


def test_the_naive_twin_packs_more_in_the_same_race(database: Database) -> None:
    """Read, check, write: if this one keeps the count, the race proves nothing."""
    with database.writing() as session:
        line = make.a_pack_line(make.work(session))
        stock = session.exec(select(PackStock).where(PackStock.pack_line_id == line.id)).one()
        each = stock.packs // 5
    everybody_has_looked = threading.Barrier(PACKERS)

    def act(_: int) -> bool:
        with database.reading() as session:
            there = session.get_one(PackStock, stock.id).packs
        everybody_has_looked.wait(timeout=60)
        if each > there:
            return False
        with database.writing() as session:
            session.get_one(PackStock, stock.id).packs = there - each
        return True

    assert sum(race(PACKERS, act).done) > 5


def test_one_label_is_in_one_case_whoever_scans_it(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        number = make.an_order(make.work(session), make.a_signer(tmp_path), packs=2).number
        clerk = make.actor(session, ABATTOIR)
    filling = Filling(ranges=[Range(number, 1, 2)])

    def act(_: int) -> str:
        return one_work(database, lambda work: containers.pack(work, "abattoir", "case", filling).code, clerk)

    outcome = race(4, act)
    assert len(outcome.done) == 1
    assert outcome.codes == {"containers.label_inside"}
    with database.reading() as session:
        assert len(session.exec(select(ContainerLabel)).all()) == 2
        assert len(session.exec(select(Container)).all()) == 1


def test_one_case_is_opened_once_whoever_opens_it(database: Database) -> None:
    with database.writing() as session:
        line, clerk = make.a_pack_line(make.work(session)), make.actor(session, ABATTOIR)
        case = containers.pack(make.work(session, clerk), "abattoir", "case", Filling(packs={line.id: 10}))
        code, version = case.code, case.version

    def act(_: int) -> None:
        one_work(database, lambda work: containers.unpack(work, "abattoir", code, version=version), clerk)

    outcome = race(6, act)
    assert (len(outcome.done), outcome.codes) == (1, {"containers.stale"})
    with database.reading() as session:
        assert session.exec(select(PackStock.packs).where(PackStock.pack_line_id == line.id)).one() == line.packs


def test_looking_before_the_turn_puts_one_label_into_two_cases(database: Database, tmp_path: Path) -> None:
    """The naive twin of the scan: everybody sees the label free, and nothing keeps the second out."""
    with database.writing() as session:
        order = make.an_order(make.work(session), make.a_signer(tmp_path), packs=1)
        serial = session.exec(select(Label.serial).where(Label.order_id == order.id)).one()
        line, clerk = order.pack_line_id, make.actor(session, ABATTOIR)
        session.connection().execute(text("DROP INDEX uq_container_labels_inside"))
    everybody_has_looked = threading.Barrier(PACKERS)

    def act(_: int) -> bool:
        with database.reading() as session:
            free = session.exec(select(ContainerLabel).where(ContainerLabel.serial == serial)).first() is None
        everybody_has_looked.wait(timeout=60)
        if free:

            def pack(work: Work) -> None:
                case = containers.pack(work, "abattoir", "case", Filling(packs={line: 1}))
                work.session.add(ContainerLabel(container_id=case.id, serial=serial))

            one_work(database, pack, clerk)
        return free

    assert sum(race(PACKERS, act).done) > 1
    with database.reading() as session:
        assert len(session.exec(select(ContainerLabel).where(ContainerLabel.serial == serial)).all()) > 1
