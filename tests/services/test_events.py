"""Events are only ever added: corrections point back, and the database itself refuses to change or delete one."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError
from sqlmodel import col, select

from brand.kernel.errors import AppError, Kind
from tests import make
from tests.people import PRODUCER, RIVAL_ABATTOIR
from trace.models.batches import Batch
from trace.models.events import Event
from trace.models.imports import SheetKind
from trace.services import events, imports


@pytest.fixture
def batch(database):
    with database.writing() as session:
        make.a_licence(make.work(session))
        plan = imports.Plan("abattoir", "cooperative", make.a_product(session).id, "20260912A")
        return imports.take(make.by_abattoir(make.work(session)), make.a_small_sheet(make.carcass_lines(2)), plan)


def slaughtering(session, batch):
    return session.exec(select(Event).where(Event.batch_id == batch.id, Event.kind == "slaughtering")).one()


def correct(session, batch, *, person=None, event=None, **options):
    work = make.by_abattoir(make.work(session)) if person is None else make.work(session, make.actor(session, person))
    version = session.get_one(Batch, batch.id).version
    usual = {"version": version, "reason": "过磅单抄错", "changes": {"head": "3"}}
    return events.correct(work, event or slaughtering(session, batch).id, **usual | options)


@pytest.mark.parametrize("change", [update(Event).values(kind="packing"), delete(Event)])
def test_the_database_refuses_to_change_or_delete_an_event(database, batch, change):
    with pytest.raises(DatabaseError, match="only grow"), database.writing() as session:
        session.connection().execute(change.where(col(Event.batch_id) == batch.id))
    with database.reading() as session:
        assert len(session.exec(select(Event).where(Event.batch_id == batch.id)).all()) == 2


def test_a_correction_stands_beside_what_it_corrects(database, batch):
    with database.writing() as session:
        before = session.get_one(Batch, batch.id).version
        made = correct(session, batch)
        first = slaughtering(session, batch)
        assert (made.corrects_id, made.kind, made.biz_step) == (first.id, "correction", first.biz_step)
        assert made.data == {"reason": "过磅单抄错", "changes": {"head": {"was": "2", "is": "3"}}}
        assert first.data["head"] == 2
        assert session.get_one(Batch, batch.id).version == before + 1


def test_what_a_correction_may_not_do(database, batch):
    with database.writing() as session:
        made = correct(session, batch)
        for options, code in (
            ({"event": made.id}, "events.correct_the_first"),
            ({"version": 1}, "batches.stale"),
            ({"changes": {"nothing": "1"}}, "events.no_such_value"),
            ({"changes": {"head": "2"}}, "events.no_change"),
        ):
            with pytest.raises(AppError) as caught:
                correct(session, batch, **options)
            assert caught.value.code == code
        for person in (PRODUCER, RIVAL_ABATTOIR):
            with pytest.raises(AppError) as caught:
                correct(session, batch, person=person)
            assert caught.value.kind is Kind.UNKNOWN


def test_a_breach_is_answered_once_by_those_who_answer_for_it(database):
    with database.writing() as session:
        batch = make.a_batch(make.work(session))
        log = imports.read(SheetKind.CHILLING, "cold-room.csv", make.sample("cold-room.csv"))
        imports.take(make.by_abattoir(make.work(session)), log, batch.id)
        chilled = session.exec(select(Event).where(Event.batch_id == batch.id, Event.kind == "chilling")).one()
        said = {"cause": "转运时库门未关。", "measure": "复测中心温度合格后放行。"}
        for person in (PRODUCER, RIVAL_ABATTOIR):
            with pytest.raises(AppError) as caught:
                events.answer(
                    make.work(session, make.actor(session, person)), chilled.id, version=batch.version, **said
                )
            assert caught.value.kind is Kind.UNKNOWN
        work = make.by_abattoir(make.work(session))
        for event_id, version, code in (
            (slaughtering(session, batch).id, batch.version, "events.nothing_to_answer"),
            (chilled.id, batch.version - 1, "batches.stale"),
        ):
            with pytest.raises(AppError) as caught:
                events.answer(work, event_id, version=version, **said)
            assert caught.value.code == code
        made = events.answer(work, chilled.id, version=batch.version, **said)
        assert (made.corrects_id, made.data) == (chilled.id, said)
        with pytest.raises(AppError) as caught:
            events.answer(work, chilled.id, version=batch.version, **said)
        assert caught.value.code == "events.answered_already"
