"""Events are only ever added: corrections point back, and the database itself refuses to change or delete one."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError
from sqlmodel import col, select

from brand.kernel.errors import AppError, Kind
from brand.rules.product_rules import Item, RuleKind
from brand.services import scheme_changes
from tests import make, make_herds
from tests.make_flows import DAY, a_garden, by_producer, leaf
from tests.people import ABATTOIR, APPROVER, CLERK, PRODUCER, RIVAL_ABATTOIR, STATION
from trace.models.batches import Batch
from trace.models.events import Event
from trace.models.imports import SheetKind
from trace.queries import batches as reads
from trace.queries import completeness
from trace.queries import events as event_reads
from trace.rules.events import EventKind
from trace.services import events, flows, herds, imports, storing
from trace.services.flow_parts import Output

pytestmark = pytest.mark.licensed


@pytest.fixture
def batch(database):
    with database.writing() as session:
        make.a_licence(make.work(session))
        plan = imports.Plan("abattoir", "cooperative", make.a_product(session).id, "20260912A")
        return imports.take(make.by_abattoir(make.work(session)), make.a_small_sheet(make.carcass_lines(2)), plan)


def slaughtering(session, batch):
    return session.exec(select(Event).where(Event.batch_id == batch.id, Event.kind == "slaughtering")).one()


def grading(session, batch):
    return session.exec(select(Event).where(Event.batch_id == batch.id, Event.kind == "grading")).one()


def correct(session, batch, *, person=None, event=None, **options):
    work = make.by_abattoir(make.work(session)) if person is None else make.work(session, make.actor(session, person))
    version = session.get_one(Batch, batch.id).version
    usual = {"version": version, "reason": "表名抄错", "changes": {"table": "NY/T 630"}}
    return events.correct(work, event or grading(session, batch).id, **usual | options)


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
        first = grading(session, batch)
        assert (made.corrects_id, made.kind, made.biz_step) == (first.id, "correction", first.biz_step)
        said = {"was": "NY/T 630-2002", "is": "NY/T 630"}
        assert made.data == {"reason": "表名抄错", "changes": {"table": said}}
        assert first.data["table"] == "NY/T 630-2002"
        assert session.get_one(Batch, batch.id).version == before + 1


def test_what_a_correction_may_not_do(database, batch):
    with database.writing() as session:
        made = correct(session, batch)
        for options, code in (
            ({"event": made.id}, "events.correct_the_first"),
            ({"version": 1}, "batches.stale"),
            ({"changes": {"nothing": "1"}}, "events.no_such_value"),
            ({"changes": {"table": "NY/T 630-2002"}}, "events.no_change"),
            ({"changes": {"to_be_checked": "3"}}, "events.figure"),
            ({"event": slaughtering(session, batch).id, "changes": {"head": "3"}}, "events.figure"),
            ({"event": slaughtering(session, batch).id, "changes": {"cold_kg": "9999"}}, "events.figure"),
            ({"event": slaughtering(session, batch).id, "changes": {"from": "2026-09-01"}}, "events.figure"),
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


def chilled(session, batch, name="sound"):
    """The chilling event of a file within its limits, or with a breach."""
    (make.chilled if name == "sound" else make.a_breach)(make.work(session), batch)
    found = select(Event).where(Event.batch_id == batch.id, Event.kind == "chilling").order_by(Event.event_time.desc())
    return session.exec(found).first()


def withdraw(session, batch, event, *, person=ABATTOIR, version=None):
    batch = session.get_one(Batch, batch.id, populate_existing=True)
    doing = make.work(session, make.actor(session, person))
    return events.withdraw(doing, event.id, version=version or batch.version, reason="示范：传错文件")


def refusal(action, *given, **options):
    with pytest.raises(AppError) as caught:
        action(*given, **options)
    return caught.value


def test_a_withdrawn_event_stays_and_counts_for_nothing(database, batch):
    with database.writing() as session:
        batch = session.get_one(Batch, batch.id)
        event = chilled(session, batch)
        assert Item.CHILLING in completeness.there(session, batch.id)
        made = withdraw(session, batch, event)
        assert (made.corrects_id, made.kind, made.data) == (event.id, "withdrawn", {"reason": "示范：传错文件"})
        assert Item.CHILLING not in completeness.there(session, batch.id)
        steps = {one.id: one for one in reads.chain(session, batch.id)}
        assert steps[event.id].withdrawn
        entry = reads.entries(session, [session.get_one(Batch, batch.id)])[0]
        assert "chilling" not in entry.kinds
        assert reads.chillings(session, batch.id) == []
        assert refusal(withdraw, session, batch, event).code == "events.withdrawn_already"
        said = {"cause": "示范", "measure": "示范"}
        doing = make.by_abattoir(make.work(session))
        assert (
            refusal(events.answer, doing, event.id, version=entry.batch.version, **said).code
            == "events.withdrawn_already"
        )
        assert chilled(session, batch, "breach").id != event.id, "what did happen is recorded anew"


def test_what_may_not_be_withdrawn(database, batch):
    with database.writing() as session:
        batch = session.get_one(Batch, batch.id)
        for event, way in ((slaughtering(session, batch), "batch"), (grading(session, batch), "batch")):
            error = refusal(withdraw, session, batch, event)
            assert (error.code, error.params["way"]) == ("events.withdraw_there", f"events.way.{way}")
        broken = chilled(session, batch, "breach")
        assert refusal(withdraw, session, batch, broken).code == "events.answer_first"
        for person in (PRODUCER, RIVAL_ABATTOIR):
            assert refusal(withdraw, session, batch, broken, person=person).kind is Kind.UNKNOWN
        assert refusal(withdraw, session, batch, broken, version=1).code == "batches.stale"
        make.answer_breaches(make.work(session), batch)
        assert withdraw(session, batch, broken).kind == "withdrawn"


def test_what_is_written_down_too_late_is_kept_and_marked(database):
    with database.writing() as session:
        batch = make.a_batch(make.work(session))
        assert {one.kind: one.late for one in session.exec(select(Event).where(Event.batch_id == batch.id))} == {
            "slaughtering": True,
            "grading": False,
        }, "slaughtered on Saturday, written down on Monday"
        assert reads.entries(session, [batch])[0].late == 1
        rule = {"content": {"hours": {"slaughtering": "24", "chilling": "1"}}, "source": "示范文件", "source_en": ""}
        change = scheme_changes.propose_rule(
            make.work(session, make.actor(session, CLERK)),
            batch.product_id,
            RuleKind.LAGS,
            **rule,
            confidence="D",
            reason="示范",
        )
        deciding = make.work(session, make.actor(session, APPROVER))
        scheme_changes.step(deciding, change.id, "approve", version=change.version)
        assert chilled(session, batch).late, "the county's own hours judge from their day"


def test_nothing_happens_to_goods_before_they_are_there(database):
    with database.writing() as session:
        batch = make.a_batch(make.work(session))
        part = make.a_batch_from(session, {batch.id: "5"}, lot="PART", holder_id="abattoir", kg="5")
        doing = make.by_abattoir(make.work(session))
        for one, day in ((batch, "2026-09-12"), (part, "2026-09-14")):
            at = datetime.fromisoformat(f"{day}T00:00+08:00") - timedelta(minutes=1)
            error = refusal(events.record, doing, one, EventKind.PH, event_time=at, data={})
            assert (error.code, error.params["began"]) == ("events.before_batch", day)
            assert events.record(doing, one, EventKind.PH, event_time=at + timedelta(minutes=2), data={})


def test_a_station_states_on_behalf_of_whom_it_acts_for(database):
    with database.writing() as session:
        station = make.work(session, make.actor(session, STATION))
        herd = make_herds.a_herd(station)
        made = herds.happened(station, herd, EventKind.STOCK_TAKING, make.MONDAY.date(), {})
        assert (made.on_behalf_of, made.person_id) == ("cooperative", STATION.username)
        own = herds.happened(
            make.work(session, make.actor(session, PRODUCER)), herd, EventKind.STOCK_TAKING, make.MONDAY.date(), {}
        )
        assert own.on_behalf_of is None


@pytest.mark.ready
def test_an_event_names_the_place_it_happened_at_and_who_stated_it_for_whom(database):
    """The plot of a harvest, the store goods lie in, else the enterprise's one place for such a step, else none."""
    with database.writing() as session:
        work = make.work(session)
        garden = a_garden(work)
        batch = leaf(work, place_id=garden)
        own = by_producer(work)
        flows.split(own, "cooperative", batch.id, [Output("A", Decimal(10))], DAY)
        shop = make.a_place(work, kind="workshop", name="示范车间").id
        flows.split(own, "cooperative", batch.id, [Output("B", Decimal(10))], DAY)
        store = make.a_place(work, kind="cold_store", name="示范冷库").id
        storing.store(own, "cooperative", batch.id, store, make.MONDAY)
        flows.split(own, "cooperative", batch.id, [Output("C", Decimal(10))], make.MONDAY.date())
        make.a_place(work, kind="workshop", name="示范二车间")
        flows.split(own, "cooperative", batch.id, [Output("D", Decimal(10))], DAY)
        found = session.exec(select(Event).where(Event.batch_id == batch.id)).all()
        named = [(one.kind, one.data.get("became", [""])[0], one.place_id) for one in found]
        assert sorted(named, key=lambda one: (one[0], one[1])) == [
            ("harvest", "", garden),
            ("splitting", "A", None),
            ("splitting", "B", shop),
            ("splitting", "C", store),
            ("splitting", "D", None),
            ("storing", "", store),
        ]
        told = event_reads.told(session, found)
        assert {(one.enterprise.id, one.person) for one in told} == {("cooperative", PRODUCER.name)}
        assert {one.place.id if one.place else None for one in told} == {garden, shop, store, None}
