"""How cold goods were on their way and in stores: bound to the journey or stay, judged, answered for; custody."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from brand.kernel.db import Database
from brand.kernel.errors import AppError, Kind
from brand.kernel.work import Work
from tests import make
from tests.people import ABATTOIR, CLERK, INSPECTOR, LABORATORY, PRODUCER, RIVAL, PersonOfTheCast
from trace.models.batches import Batch
from trace.models.events import ChillingLog, Event
from trace.models.imports import SheetImport, SheetKind
from trace.models.places import Place
from trace.models.shipments import Shipment
from trace.queries import cold_ways, custody, desk, gate, quarantine
from trace.queries import shipments as reads
from trace.rules.custody import Hold
from trace.rules.events import CHINA
from trace.services import events, imports, places, shipments, storing
from trace.services import quarantine as papers
from trace.services.shipment_loads import Load
from trace.services.shipments import Found

pytestmark = pytest.mark.packed
TODAY = make.MONDAY.date()


@pytest.fixture
def session(database: Database):
    with database.writing() as session:
        yield session


def by(session: Session, person: PersonOfTheCast, hours: float = 0) -> Work:
    return make.work(session, make.actor(session, person), make.MONDAY + timedelta(hours=hours))


def the_batch(session: Session) -> Batch:
    return session.exec(select(Batch).where(Batch.lot == "20260912A")).one()


def sent(session: Session, *others: Batch, carrier_id: str = "laboratory") -> Shipment:
    loads = [Load(one.id) for one in (the_batch(session), *others)]
    given = {"to_id": "rival", "planned_on": TODAY, "seal": "示范001", "carrier_id": carrier_id}
    return shipments.send(by(session, ABATTOIR), "abattoir", loads=loads, **given)


def received(session: Session, shipment: Shipment, hours: float = 4) -> None:
    found = {one.id: Found(one.kg) for one in reads.lines_of(session, shipment.id)}
    given = {"version": shipment.version, "seal_found": "示范001"}
    shipments.receive(by(session, RIVAL, hours), shipment.number, found=found, **given)


def a_file(first: float, *rooms: str, step: str = "运输") -> imports.Upload:
    """Readings every quarter of an hour, the first so many hours after Monday's nine o'clock."""
    began = make.MONDAY + timedelta(hours=first)
    lines = ["时间,库温(℃),胴体中心温度(℃)"]
    lines += [
        f"{(began + timedelta(minutes=15 * place)).astimezone(CHINA):%Y-%m-%d %H:%M},{room},3.0"
        for place, room in enumerate(rooms)
    ]
    return imports.read(SheetKind.CHILLING, "way.csv", "\n".join(lines).encode(), {"step": step, "device": "示范T1"})


def taken(session: Session, upload: imports.Upload, person: PersonOfTheCast = RIVAL, hours: float = 5) -> ChillingLog:
    batch = the_batch(session)
    imports.take(by(session, person, hours), upload, batch.id)
    return session.exec(
        select(ChillingLog).where(ChillingLog.batch_id == batch.id, ChillingLog.file_name == "way.csv")
    ).one()


def test_only_the_readings_of_the_journey_count(session: Session) -> None:
    shipment = sent(session)
    received(session, shipment, 1)
    # Warm before the doors were shut and after they were opened: nothing of it was on the way.
    log = taken(session, a_file(-0.5, "20", "20", "2", "2", "2", "2", "2", "20"))
    assert (log.shipment_id, log.stay_id, log.breaches, len(log.readings)) == (shipment.id, None, [], 5)
    event = session.get_one(Event, log.event_id)
    assert (event.kind, event.data["shipment"], event.data["standard"]) == (
        "cold_transport",
        shipment.number,
        "GB/T 9961-2008",
    )
    with pytest.raises(AppError) as caught, session.begin_nested():
        imports.take(by(session, RIVAL, 5), a_file(-0.5, "2", "20", "2", "2", "2", "3"), the_batch(session).id)
        imports.take(by(session, RIVAL, 5), a_file(-0.5, "2", "20", "2", "2", "2", "3"), the_batch(session).id)
    assert caught.value.code == "imports.already_taken"


def test_a_breach_on_the_way_shuts_the_gate_until_it_is_answered(session: Session) -> None:
    received(session, sent(session))
    batch = the_batch(session)
    assert gate.breaches_open(session, batch.id) == 0
    log = taken(session, a_file(0.5, "2", "9.5", "2"))
    assert [(one["kind"], one["worst_c"], one["limit_c"]) for one in log.breaches] == [("room_above", "9.5", "4")]
    assert gate.breaches_open(session, batch.id) == 1
    assert [one.open for one in cold_ways.of_journey(session, log.shipment_id or "")] == [True]
    topics = [one.topic for one in desk.waiting(session, make.actor(session, RIVAL), TODAY)]
    assert "desk.breach_unanswered" in topics
    session.refresh(batch)
    said = {"cause": "示范：途中开门检查", "measure": "示范：复测合格"}
    with pytest.raises(AppError) as caught, session.begin_nested():
        events.answer(by(session, ABATTOIR), log.event_id, version=batch.version, **said)
    assert caught.value.kind is Kind.UNKNOWN
    events.answer(by(session, RIVAL), log.event_id, version=batch.version, **said)
    assert gate.breaches_open(session, batch.id) == 0
    assert [one.open for one in cold_ways.of_journey(session, log.shipment_id or "")] == [False]


def test_the_file_speaks_for_everything_on_board(session: Session) -> None:
    other = make.a_batch_from(session, {the_batch(session).id: "1"}, lot="B2", holder_id="abattoir", kg="5")
    shipment = sent(session, other)
    received(session, shipment)
    taken(session, a_file(0.5, "2", "9.5", "2"))
    assert [one.batch.lot for one in cold_ways.of_journey(session, shipment.id)] == ["20260912A", "B2"]
    assert gate.breaches_open(session, other.id) >= 1
    with pytest.raises(AppError) as caught, session.begin_nested():
        imports.take(by(session, RIVAL, 5), a_file(0.5, "2", "9.5", "2"), other.id)
    assert caught.value.code == "chilling.span_has_file"


def test_a_file_taken_back_speaks_for_nothing_on_board(session: Session) -> None:
    other = make.a_batch_from(session, {the_batch(session).id: "1"}, lot="B2", holder_id="abattoir", kg="5")
    shipment = sent(session, other)
    received(session, shipment)
    taken(session, a_file(0.5, "2", "3", "2"))
    assert len(cold_ways.of_journey(session, shipment.id)) == 2
    row = session.exec(select(SheetImport).where(SheetImport.file_name == "way.csv")).one()
    imports.undo(by(session, RIVAL, 6), row.id, version=row.version)
    assert cold_ways.of_journey(session, shipment.id) == []
    assert imports.take(by(session, RIVAL, 7), a_file(0.5, "2", "3", "2"), the_batch(session).id)
    assert len(cold_ways.of_journey(session, shipment.id)) == 2


def test_a_stay_in_a_store(session: Session) -> None:
    batch = the_batch(session)
    writing = by(session, ABATTOIR)
    store: Place = places.write(writing, "abattoir", **make.place_entries(kind="cold_store", name="示范冷库"))
    storing.store(writing, "abattoir", batch.id, store.id, make.MONDAY)
    log = taken(session, a_file(0.25, "2", "-3", "2", step="cold_storage"), ABATTOIR, 2)
    assert log.stay_id is not None
    assert session.get_one(Event, log.event_id).data["place"] == store.code
    assert [one["kind"] for one in log.breaches] == ["room_below"]
    assert gate.breaches_open(session, batch.id) == 1


@pytest.mark.parametrize(("step", "first"), [("运输", -10), ("冷藏", 0.5), ("cold_transport", 4.5)])
def test_readings_of_no_journey_and_no_stay_are_refused(session: Session, step: str, first: float) -> None:
    received(session, sent(session))
    with pytest.raises(AppError) as caught, session.begin_nested():
        taken(session, a_file(first, "2", "2", step=step), hours=6)
    assert caught.value.code == "chilling.no_span"
    assert session.exec(select(ChillingLog).where(ChillingLog.file_name == "way.csv")).first() is None


def test_a_journey_that_was_called_off_was_none(session: Session) -> None:
    shipment = sent(session)
    shipments.call_off(by(session, ABATTOIR, 2), shipment.number, version=1)
    with pytest.raises(AppError, match="no_span"), session.begin_nested():
        taken(session, a_file(0.5, "2"), ABATTOIR, 3)


def test_only_who_holds_the_goods_brings_the_file(session: Session) -> None:
    sent(session)
    for person in (RIVAL, PRODUCER, CLERK, LABORATORY):
        with pytest.raises(AppError) as caught, session.begin_nested():
            taken(session, a_file(0.1, "2"), person, 1)
        assert caught.value.kind is Kind.UNKNOWN
    assert taken(session, a_file(0.1, "2"), ABATTOIR, 1).shipment_id


def test_the_carrier_confirms_once_and_custody_says_so(session: Session) -> None:
    shipment = sent(session, carrier_id="cooperative")
    carrier = make.actor(session, PRODUCER)
    assert "desk.shipment_to_carry" in [one.topic for one in desk.waiting(session, carrier, TODAY)]
    for person in (ABATTOIR, RIVAL, CLERK):
        with pytest.raises(AppError) as caught, session.begin_nested():
            shipments.take_over(by(session, person), shipment.number, version=1)
        assert caught.value.kind is Kind.UNKNOWN
    with pytest.raises(AppError) as caught, session.begin_nested():
        shipments.take_over(by(session, PRODUCER), shipment.number, version=1, seal_taken="示范002")
    assert caught.value.faults[0].pointer == "/taken_words"
    session.refresh(shipment)
    shipments.take_over(by(session, PRODUCER, 1), shipment.number, version=1, seal_taken="示范001")
    with pytest.raises(AppError, match="taken_over"), session.begin_nested():
        shipments.take_over(by(session, PRODUCER, 2), shipment.number, version=2, seal_taken="示范001")
    session.refresh(shipment)
    assert "desk.shipment_to_carry" not in [one.topic for one in desk.waiting(session, carrier, TODAY)]
    received(session, shipment)
    with pytest.raises(AppError, match="wrong_state"), session.begin_nested():
        shipments.take_over(by(session, PRODUCER, 5), shipment.number, version=3)
    chain = custody.of_batch(session, make.actor(session, RIVAL), the_batch(session).id)
    assert [(one.who.id, one.link.how) for one in chain] == [
        ("abattoir", Hold.HOLDER),
        ("abattoir", Hold.HOLDER),
        ("cooperative", Hold.CARRIER),
        ("rival", Hold.HOLDER),
    ]
    assert chain[2].link.seal == "示范001"
    with pytest.raises(AppError):
        custody.of_batch(session, make.actor(session, LABORATORY), the_batch(session).id)


def test_custody_reaches_back_and_keeps_seals_among_those_who_carried(session: Session) -> None:
    received(session, sent(session, carrier_id=""))
    batch = the_batch(session)
    part = make.a_batch_from(session, {batch.id: "1"}, lot="P1", holder_id="rival", kg="1")
    chain = custody.of_batch(session, make.actor(session, RIVAL), part.id)
    assert {one.batch.lot for one in chain} == {"20260912A", "P1"}
    assert chain[0].who.id == "abattoir"
    assert {one.link.seal for one in custody.of_batch(session, make.actor(session, PRODUCER), batch.id)} == {""}
    assert "示范001" in {one.link.seal for one in custody.of_batch(session, make.actor(session, CLERK), batch.id)}


def test_a_quarantine_certificate_goes_with_a_journey(session: Session) -> None:
    def declared(person: PersonOfTheCast, number: str):
        told = {"county_code": "150824", "issued_on": TODAY, "goods": "羊肉（示范）", "quantity": Decimal(100)}
        ways = {"from_place": "示范地", "to_place": "示范地"}
        given = {"form": "product_b", "number": number, "valid_days": 1, "upload": None}
        return papers.declare(by(session, person), str(person.enterprise), **given, **told, **ways)

    own, foreign = declared(ABATTOIR, "示范1"), declared(RIVAL, "示范2")
    shipment = sent(session)
    target = ("shipment", shipment.id, shipment.number)
    assert target in quarantine.targets(session, make.actor(session, ABATTOIR), "abattoir")
    with pytest.raises(AppError) as caught, session.begin_nested():
        papers.use(by(session, RIVAL), foreign.id, "shipment", shipment.id, Decimal(1), TODAY)
    assert caught.value.kind is Kind.UNKNOWN
    papers.use(by(session, ABATTOIR), own.id, "shipment", shipment.id, Decimal(60), TODAY)
    assert [one.number for _, one in quarantine.went_with(session, "shipment", shipment.id)] == ["示范1"]
    session.refresh(shipment)
    received(session, shipment)
    late = declared(ABATTOIR, "示范3")
    with pytest.raises(AppError, match="journey_over"), session.begin_nested():
        papers.use(by(session, ABATTOIR), late.id, "shipment", shipment.id, Decimal(1), TODAY)


def test_overdue_goods_stand_on_the_desks_of_the_office(session: Session) -> None:
    sent(session)
    tomorrow = TODAY + timedelta(days=1)
    for person, there in ((ABATTOIR, True), (CLERK, True), (INSPECTOR, True), (PRODUCER, False), (LABORATORY, False)):
        topics = [one.topic for one in desk.waiting(session, make.actor(session, person), tomorrow)]
        assert ("desk.shipment_overdue" in topics) is there, person
