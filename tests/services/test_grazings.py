"""Herds on pastures: one place at a time, in order, only on the keeper's own ground; late words reach the batches."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from brand.kernel.db import Database
from brand.kernel.errors import AppError, Kind
from brand.kernel.work import Work
from tests import make, make_herds
from tests.people import CLERK, PRODUCER, RIVAL
from trace.models.events import Event
from trace.models.herds import Grazing, Herd
from trace.queries import grazings as reads
from trace.services import grazings, herds, places

pytestmark = pytest.mark.licensed

TODAY = make.MONDAY.date()


@pytest.fixture
def open_session(database: Database):
    with database.writing() as session:
        yield session


def own(session: Session) -> Work:
    return make.work(session, make.actor(session, PRODUCER))


def go(session: Session, herd: Herd, place_id: str, day: date, **changes: int) -> Grazing | None:
    session.refresh(herd)
    given = {"version": herd.version} | changes
    return grazings.go(own(session), herd.id, place_id=place_id, day=day, **given)


def test_one_place_after_the_other(open_session: Session) -> None:
    session = open_session
    herd = make_herds.a_herd(own(session))
    summer, barn = make.a_place(own(session)), make.a_place(own(session), kind="barn", name="示范圈舍")
    go(session, herd, summer.id, TODAY - timedelta(days=30))
    go(session, herd, barn.id, TODAY - timedelta(days=10))
    go(session, herd, "", TODAY)
    found = reads.of_herd(session, make.actor(session, PRODUCER), herd.id)
    days = [(one.place.id, (TODAY - one.grazing.since).days, (TODAY - one.grazing.until).days) for one in found]
    assert days == [(barn.id, 10, 0), (summer.id, 30, 10)]
    assert len(session.exec(select(Event).where(Event.kind == "grazing")).all()) == 3
    seen = {person: reads.of_place(session, make.actor(session, person), barn.id) for person in (PRODUCER, CLERK)}
    assert [len(one) for one in seen.values()] == [1, 1]


def test_what_is_refused_changes_nothing(open_session: Session) -> None:
    session = open_session
    herd = make_herds.a_herd(own(session))
    place, other = make.a_place(own(session)), make.a_place(own(session), name="示范草场二")
    plot, closed = make.a_place(own(session), kind="plot", name="示范田"), make.a_place(own(session), name="示范旧草场")
    late = make.a_place(own(session), name="示范新草场", opened_on=TODAY)
    foreign = places.write(
        make.work(session, make.actor(session, RIVAL)), "rival", **make.place_entries(name="示范邻社草场")
    )
    places.step(own(session), closed.id, "close", version=closed.version, day=TODAY)
    go(session, herd, place.id, TODAY - timedelta(days=5))
    before = TODAY - timedelta(days=2)
    for place_id, day, code in (
        (plot.id, TODAY, "grazings.place"),
        (foreign.id, TODAY, "grazings.place"),
        (closed.id, TODAY, "grazings.place"),
        (late.id, before, "grazings.place"),
        ("nowhere", TODAY, "grazings.place"),
        (place.id, TODAY, "grazings.there"),
        (other.id, TODAY - timedelta(days=6), "grazings.before"),
        ("", TODAY - timedelta(days=6), "grazings.before"),
        (other.id, TODAY + timedelta(days=1), "herds.in_future"),
        (other.id, herd.since - timedelta(days=1), "animals.before_coming"),
    ):
        with pytest.raises(AppError) as caught, session.begin_nested():
            go(session, herd, place_id, day)
        assert caught.value.code == code, (place_id, day)
    with pytest.raises(AppError, match="stale"), session.begin_nested():
        go(session, herd, other.id, TODAY, version=99)
    assert [one.until for one in session.exec(select(Grazing))] == [None]


def test_only_its_keeper_says_where_a_herd_is(open_session: Session) -> None:
    session = open_session
    herd, place = make_herds.a_herd(own(session)), make.a_place(own(session))
    for person in (RIVAL, CLERK):
        work = make.work(session, make.actor(session, person))
        with pytest.raises(AppError) as caught:
            grazings.go(work, herd.id, version=herd.version, place_id=place.id, day=TODAY)
        assert caught.value.kind is Kind.UNKNOWN
    with pytest.raises(AppError):
        reads.of_herd(session, make.actor(session, RIVAL), herd.id)


def test_a_herd_that_ends_has_left_its_pasture(open_session: Session) -> None:
    session = open_session
    herd, place = make_herds.a_herd(own(session)), make.a_place(own(session))
    go(session, herd, place.id, TODAY - timedelta(days=5))
    session.refresh(herd)
    herds.close(own(session), herd.id, version=herd.version, day=TODAY)
    assert session.exec(select(Grazing.until)).one() == TODAY
    with pytest.raises(AppError, match="closed"):
        go(session, herd, place.id, TODAY)


def test_a_late_word_reaches_the_batches_of_the_herd(open_session: Session) -> None:
    session = open_session
    lines = make.carcass_lines(3)
    make_herds.behind(own(session), lines)
    herd = session.exec(select(Herd)).one()
    make.a_licence(make.work(session))
    batch = make.a_batch(make.work(session))
    before = batch.version
    go(session, herd, make.a_place(own(session)).id, date(2026, 9, 2))
    session.refresh(batch)
    assert batch.version == before + 1
