"""Holds: what stands still, for whom, and who may let it go."""

from __future__ import annotations

import pytest
from sqlmodel import Session, select

from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.kernel.errors import AppError, Kind
from brand.kernel.work import Work
from tests import make, make_herds
from tests.people import ABATTOIR, APPROVER, AUDITOR, CLERK, INSPECTOR, PRODUCER, RIVAL, RIVAL_ABATTOIR, PersonOfTheCast
from trace.formats.packing_sheet import read_packing
from trace.models.batches import Batch, Carcass
from trace.models.devices import LoggerDevice
from trace.models.herds import Animal, Stay
from trace.models.holds import Hold
from trace.queries import holds as reads
from trace.rules.events import EventKind
from trace.rules.holds import Scope, day_key, lot_key
from trace.services import events, herds, holds, labels, packing

pytestmark = pytest.mark.packed


def by(session: Session, person: PersonOfTheCast) -> Work:
    return make.work(session, make.actor(session, person))


def batch_of(session: Session) -> Batch:
    return session.exec(select(Batch)).one()


def hold(session: Session, person: PersonOfTheCast, *, scope: str = "batch", key: str = "") -> Hold:
    return holds.place(
        by(session, person), scope=scope, key=key or batch_of(session).id, reason_code="test_failed", words="示范"
    )


def keys(session: Session) -> dict[Scope, str]:
    """What the demo day's batch can be taken hold of by."""
    batch = batch_of(session)
    place = make.a_place(by(session, PRODUCER))
    batch.place_id = place.id
    device = LoggerDevice(
        enterprise_id="abattoir", serial="示范01", columns={}, used_at=make.MONDAY, used_by="abattoir"
    )
    session.add(device)
    data = {"device": device.serial}
    events.record(by(session, ABATTOIR), batch, EventKind.CHILLING, event_time=make.MONDAY, data=data)
    animal = Animal(
        species="sheep",
        sex="female",
        origin="recorded",
        state_on=batch.made_on,
        registered_at=make.MONDAY,
        registered_by=PRODUCER.username,
    )
    session.add(animal)
    session.flush()
    session.exec(select(Carcass).where(Carcass.batch_id == batch.id)).first().animal_id = animal.id
    herd = make_herds.a_herd(by(session, PRODUCER))
    event = herds.happened(by(session, PRODUCER), herd, EventKind.STOCK_TAKING, batch.made_on, {})
    stay = {"animal_id": animal.id, "herd_id": herd.id, "since": batch.made_on, "current": 1, "came": "recorded"}
    session.add(Stay(**stay, came_event_id=event.id))
    session.flush()
    given = make_herds.treat(by(session, PRODUCER), herd, days=0, given_on=batch.made_on)
    return {
        Scope.MEDICINE: lot_key(given.medicine_id, given.lot),
        Scope.BATCH: batch.id,
        Scope.DAY: day_key("abattoir", batch.made_on),
        Scope.PLACE: place.id,
        Scope.DEVICE: device.id,
    }


@pytest.mark.parametrize("scope", list(Scope))
def test_what_is_held_is_neither_packed_nor_labelled_nor_activated(database: Database, tmp_path, scope: Scope) -> None:
    signer = make.a_signer(tmp_path)
    with database.writing() as session:
        order = make.an_order(make.work(session), signer, packs=3, activated=False)
        batch = batch_of(session)
        placed = hold(session, CLERK, scope=scope, key=keys(session)[scope])
    sheet = read_packing(make.sample("packing.csv"), "packing.csv")
    acts = (
        lambda session: packing.look(by(session, ABATTOIR), batch.id, sheet),
        lambda session: packing.record(by(session, ABATTOIR), batch.id, sheet),
        lambda session: labels.order(by(session, PRODUCER), signer, pack_line_id=order.pack_line_id, packs=1),
        lambda session: labels.activate(by(session, PRODUCER), order.id, first=1, last=3),
    )
    for act in acts:
        with pytest.raises(AppError) as caught, database.writing() as session:
            act(session)
        assert caught.value.code == "holds.held"
        assert caught.value.params == {
            "lot": "20260912A",
            "number": "H2026-0001",
            "reason": "holds.reason.test_failed",
            "since": "2026-09-14",
            "count": 1,
        }
    with database.writing() as session:
        holds.lift(by(session, APPROVER), placed.number, words="复检合格（示范）")
        assert labels.activate(by(session, PRODUCER), order.id, first=1, last=3).changed == 3
        actions = [one.action for one in session.exec(select(AuditEntry).where(AuditEntry.object_id == placed.id))]
        assert sorted(actions) == ["holds.lift", "holds.place"]


def test_another_day_or_enterprise_holds_nothing_of_this_batch(database: Database) -> None:
    with database.writing() as session:
        batch = batch_of(session)
        hold(session, CLERK, scope="day", key=day_key("abattoir", make.MONDAY.date()))
        hold(session, CLERK, scope="day", key=day_key("rival_abattoir", batch.made_on))
        assert reads.bearing_on(session, [batch.id]) == {batch.id: []}


@pytest.mark.parametrize("person", [PRODUCER, ABATTOIR, CLERK, INSPECTOR, APPROVER])
def test_who_may_hold(database: Database, person: PersonOfTheCast) -> None:
    with database.writing() as session:
        made = hold(session, person)
        assert made.origin == ("enterprise" if person.enterprise else "office")


@pytest.mark.parametrize("person", [RIVAL, RIVAL_ABATTOIR, AUDITOR])
@pytest.mark.parametrize("key", ["", "abattoir:2026-09-12", "0" * 20])
def test_anothers_goods_answer_like_goods_that_are_not_there(database, person, key) -> None:
    with database.writing() as session, pytest.raises(AppError) as caught:
        hold(session, person, scope="day" if ":" in key else "batch", key=key)
    assert caught.value.kind is Kind.UNKNOWN


@pytest.mark.parametrize(
    ("scope", "key", "code"),
    [
        ("day", "abattoir:2026-09-15", "holds.day_ahead"),
        ("day", "abattoir", "holds.subject"),
        ("day", "nobody:2026-09-12", "access.unknown"),
    ],
)
def test_what_cannot_be_held(database: Database, scope: str, key: str, code: str) -> None:
    with database.writing() as session, pytest.raises(AppError, match=code):
        hold(session, CLERK, scope=scope, key=key)


def test_the_same_reason_holds_once_and_is_lifted_once(database: Database) -> None:
    with database.writing() as session:
        first = hold(session, PRODUCER)
        with pytest.raises(AppError, match="held_already") as twice, session.begin_nested():
            hold(session, ABATTOIR)
        assert [one.pointer for one in twice.value.faults] == ["/reason_code"]
        hold(session, CLERK)
        holds.lift(by(session, PRODUCER), first.number, words="示范")
        with pytest.raises(AppError, match="lifted_already"):
            holds.lift(by(session, PRODUCER), first.number, words="示范")
        assert [one.origin for one in reads.bearing_on(session, [batch_of(session).id])[batch_of(session).id]] == [
            "office"
        ]
        hold(session, PRODUCER)


def test_ones_own_office_hold_is_lifted_by_another_person_of_the_office(database: Database) -> None:
    with database.writing() as session:
        number = hold(session, CLERK).number
        for person, code in ((CLERK, "another_person"), (PRODUCER, "office_lifts"), (ABATTOIR, "office_lifts")):
            with pytest.raises(AppError, match=code):
                holds.lift(by(session, person), number, words="示范")
        with pytest.raises(AppError, match="unknown"):
            holds.lift(by(session, RIVAL), number, words="示范")
        assert holds.lift(by(session, INSPECTOR), number, words="示范").lifted_by == "inspector"


def test_a_failing_test_holds_by_itself_and_not_even_the_recorder_lifts_it(database: Database) -> None:
    with database.writing() as session:
        recorder = by(session, ABATTOIR)
        made = holds.place_automatic(recorder, batch_of(session).id, reason_code="test_failed", cause="test:1")
        with pytest.raises(AppError, match="held_already"), session.begin_nested():
            holds.place_automatic(recorder, batch_of(session).id, reason_code="test_failed", cause="test:1")
        with pytest.raises(AppError, match="office_lifts"):
            holds.lift(recorder, made.number, words="示范")
        with pytest.raises(AppError, match="test_decides"):
            holds.lift(by(session, CLERK), made.number, words="示范")
        assert holds.lift_automatic(by(session, CLERK), "test:1", words="示范") == [made]
        assert holds.lift_automatic(by(session, CLERK), "test:1", words="示范") == []


def test_lists_show_each_what_concerns_it(database: Database) -> None:
    with database.writing() as session:
        hold(session, CLERK)
        hold(session, RIVAL, scope="day", key="rival:2026-09-12")
        seen = {
            person.username: reads.listing(session, make.actor(session, person)).total
            for person in (PRODUCER, ABATTOIR, RIVAL, RIVAL_ABATTOIR, AUDITOR)
        }
        assert seen == {"producer": 1, "abattoir": 1, "rival": 1, "rival-abattoir": 0, "auditor": 2}


def test_what_was_made_from_held_goods_is_held_and_what_went_before_is_not(database: Database) -> None:
    with database.writing() as session:
        root = batch_of(session)
        cut = make.a_batch_from(session, {root.id: "10"}, lot="CUT", holder_id="rival", kg="9")
        mixed = make.a_batch_from(session, {cut.id: "5"}, lot="MIX", holder_id="rival", kg="5")
        hold(session, CLERK, key=cut.id)
        found = reads.bearing_on(session, [root.id, cut.id, mixed.id])
        assert [len(found[one.id]) for one in (root, cut, mixed)] == [0, 1, 1]
        with pytest.raises(AppError, match=r"holds\.held"):
            holds.check_free(by(session, RIVAL), [mixed.id])
        holds.check_free(by(session, ABATTOIR), [root.id])
