"""Arrivals, moves and leavings noted by mistake never were: animals are as before, the events stay and point back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.leaves import Leaf
from brand.kernel.work import Work
from tests import make, make_herds
from tests.people import PRODUCER, RIVAL
from trace.models.events import Event
from trace.models.herds import Animal, AnimalId, Herd, Stay
from trace.rules.animals import Coming, Leaving
from trace.services import animals, herd_undoing, herds
from trace.services.newcomers import Newcomer

pytestmark = pytest.mark.ready

TODAY = make.MONDAY.date()
TAGS = [f"3150824210{n:05}" for n in range(4)]
WHY = "示范：耳标读错"


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as session:
        yield session


@pytest.fixture
def own(session: Session) -> Work:
    return make.work(session, make.actor(session, PRODUCER))


@pytest.fixture
def herd(own: Work) -> Herd:
    return make_herds.a_herd(own)


def refusal(work: Work, herd: Herd, event_id: str) -> str:
    with pytest.raises(AppError) as caught:
        herd_undoing.take_back(work, herd.id, event_id, WHY)
    return caught.value.code


def last(session: Session, herd: Herd) -> Event:
    return session.exec(select(Event).where(Event.subject_id == herd.id).order_by(Event.record_time, Event.id)).all()[
        -1
    ]


def of_kind(session: Session, herd: Herd, kind: str) -> Event:
    return session.exec(select(Event).where(Event.subject_id == herd.id, Event.kind == kind)).one()


def state(session: Session) -> list[tuple[object, ...]]:
    """Every animal with its state, and where it is."""
    session.expire_all()
    found = session.exec(select(Animal, Stay).join(Stay, Stay.animal_id == Animal.id).order_by(Animal.id, Stay.since))
    return [
        (one.id, one.state, one.state_on, stay.herd_id, stay.since, stay.until, stay.current) for one, stay in found
    ]


def test_animals_that_never_came_give_their_tags_free(session: Session, own: Work, herd: Herd) -> None:
    make_herds.lambs(own, herd, TAGS[:2])
    event = of_kind(session, herd, "stock_taking")
    herd_undoing.take_back(own, herd.id, event.id, WHY)
    assert (session.exec(select(Animal)).all(), session.exec(select(AnimalId)).all()) == ([], [])
    struck = session.exec(select(Event).where(Event.corrects_id == event.id)).one()
    assert (struck.kind, struck.data["reason"]) == ("withdrawn", WHY)
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "animals.take_back")).one()
    assert session.get_one(Leaf, entry.id).statement == "event", "the log tells of it as it told of the arrival"
    assert refusal(own, herd, event.id) == "events.withdrawn_already"
    make_herds.lambs(own, herd, TAGS[:1])


@pytest.mark.parametrize("leaving", list(Leaving))
def test_animals_that_never_left_are_where_they_were(session: Session, own: Work, herd: Herd, leaving: Leaving) -> None:
    ids = make_herds.lambs(own, herd, TAGS)
    before = state(session)
    animals.leave(own, "cooperative", ids[:2], leaving, TODAY)
    event = next(one for one in session.exec(select(Event)) if one.data.get("head") == 2)
    herd_undoing.take_back(own, herd.id, event.id, WHY)
    assert [(one, *more[1:]) for one, _, *more in state(session)] == [(one, *more[1:]) for one, _, *more in before]
    assert {one[1] for one in state(session)} == {"alive"}
    assert refusal(own, herd, event.id) == "events.withdrawn_already"


def test_animals_that_never_moved_are_where_they_were(session: Session, own: Work, herd: Herd) -> None:
    other = make_herds.a_herd(own, code="B")
    ids = make_herds.lambs(own, herd, TAGS)
    before = state(session)
    animals.move(own, ids[:3], other.id, TODAY)
    herd_undoing.take_back(own, herd.id, of_kind(session, herd, "herd_move").id, WHY)
    assert state(session) == before


def test_what_came_of_it_stands_in_the_way(session: Session, own: Work, herd: Herd) -> None:
    ids = make_herds.lambs(own, herd, TAGS)
    came = of_kind(session, herd, "stock_taking")
    other = make_herds.a_herd(own, code="B")
    animals.move(own, ids[:1], other.id, TODAY)
    assert refusal(own, herd, came.id) == "herds.act_touched", "one of them has moved on"
    moved = of_kind(session, herd, "herd_move")
    animals.leave(own, "cooperative", ids[:1], Leaving.DEATH, TODAY)
    assert refusal(own, herd, moved.id) == "herds.act_touched", "it died there"
    herd_undoing.take_back(own, other.id, of_kind(session, other, "death").id, WHY)
    make_herds.treat(own, other, animal_ids=ids[:1], given_on=TODAY)
    assert refusal(own, herd, moved.id) == "herds.act_touched", "it was treated there"
    assert state(session)[0][1] == "alive"


def test_animals_taken_over_from_their_seller_stay(session: Session, own: Work, herd: Herd) -> None:
    rival = make.work(session, make.actor(session, RIVAL))
    theirs = make_herds.a_herd(rival, enterprise="rival", code="R")
    ids = make_herds.lambs(rival, theirs, TAGS[:1])
    animals.leave(rival, "rival", ids, Leaving.SALE, TODAY, buyer_id="cooperative")
    animals.bring_in(own, herd.id, Coming.PURCHASE, TODAY, [Newcomer(TAGS[0], "female")])
    assert refusal(own, herd, of_kind(session, herd, "purchase").id) == "herds.act_touched"
    assert refusal(rival, theirs, of_kind(session, theirs, "herd_sale").id) == "herds.act_touched"


def test_nobody_else_and_nothing_else(session: Session, own: Work, herd: Herd) -> None:
    rival = make.work(session, make.actor(session, RIVAL))
    ids = make_herds.lambs(own, herd, TAGS[:1])
    came, other = of_kind(session, herd, "stock_taking"), make_herds.a_herd(own, code="B")
    assert refusal(rival, herd, came.id) == "access.unknown"
    assert refusal(own, other, came.id) == "access.unknown", "another herd's"
    animals.retag(own, ids[0], TAGS[3], TODAY, version=1)
    assert refusal(own, herd, of_kind(session, herd, "tagging").id) == "access.unknown"
    assert refusal(own, herd, came.id) == "herds.act_touched", "it bears another tag since"
    animals.leave(own, "cooperative", ids, Leaving.DEATH, TODAY - timedelta(0))
    herds.close(own, herd.id, version=1, day=TODAY)
    assert refusal(own, herd, of_kind(session, herd, "death").id) == "herds.closed"
