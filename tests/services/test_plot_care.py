"""Treatments of plots close the harvest until their interval is over; late ones are told and sound an alarm."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import select

from brand.kernel.audit import AuditEntry
from brand.kernel.errors import AppError, Kind
from brand.queries.terms import Terms
from brand.rules.product_rules import Stage
from brand.rules.terms import CLUE
from tests import make
from tests.make_crops import TREATED, by
from tests.make_flows import DAY, a_garden, leaf
from tests.people import CLERK, INSPECTOR, PRODUCER, RIVAL, STATION
from trace.models.alarms import Alarm
from trace.models.events import Event
from trace.queries import desk
from trace.queries import gate as gate_reads
from trace.queries import plot_care as reads
from trace.rules import gate
from trace.rules.events import EventKind
from trace.services import places, plot_care


@pytest.fixture
def session(database):
    with database.writing() as session:
        yield session


@pytest.fixture
def garden(session):
    return a_garden(make.work(session))


def used(session, garden, person=PRODUCER, **changes):
    return plot_care.record(by(session, person), garden, **TREATED | changes)


def refusal(act, *given, **named):
    with pytest.raises(AppError) as caught:
        act(*given, **named)
    return caught.value


def test_noted_with_its_interval_and_its_event(session, garden):
    one = used(session, garden)
    assert (one.closed_until, one.dose, one.enterprise_id) == (date(2026, 9, 12), "30", "cooperative")
    event = session.get_one(Event, one.event_id)
    assert (event.subject, event.subject_id, event.kind) == ("place", garden, "care")
    assert "示范操作人" not in str(event.data)
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "plot_care.record")).one()
    assert "示范操作人" not in entry.detail


def test_a_station_s_agent_notes_it_on_behalf(session, garden):
    used(session, garden, STATION)
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "plot_care.record")).one()
    assert entry.on_behalf_of == "cooperative"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"approval": ""}, "plot_care.approval_needed"),
        ({"used_on": date(2026, 9, 15)}, "care.in_future"),
        ({"last_used_on": date(2026, 9, 4)}, "care.order"),
        ({"used_on": date(2026, 1, 1), "last_used_on": date(2026, 9, 1)}, "care.too_long"),
        ({"dose": "0"}, "care.dose"),
        ({"dose": "NaN"}, "care.dose"),
        ({"safe_days": 1001}, "withdrawal.days"),
        ({"used_on": date(2019, 9, 5)}, "plot_care.place"),
    ],
)
def test_what_is_refused(session, garden, changes, code):
    assert refusal(used, session, garden, **changes).code == code


def test_only_plots_in_use_and_only_one_s_own(session, garden):
    store = make.a_place(make.work(session), kind="cold_store", name="示范冷库").id
    assert refusal(used, session, store).code == "plot_care.place"
    assert refusal(used, session, garden, RIVAL).kind is Kind.UNKNOWN
    assert refusal(used, session, "nowhere").kind is Kind.UNKNOWN
    places.step(by(session, PRODUCER), garden, "close", version=1, day=date(2026, 9, 13))
    assert refusal(used, session, garden).code == "plot_care.place"


def test_no_harvest_while_the_interval_runs(session, garden):
    used(session, garden)
    error = refusal(leaf, make.work(session), place_id=garden)
    assert (error.code, error.params["until"]) == ("plot_care.safe_interval", "2026-09-12")
    other = make.a_place(make.work(session), kind="tea_garden", name="示范茶园二").id
    assert leaf(make.work(session), lot="T2", place_id=other).lot == "T2", "another plot is open"
    assert leaf(make.work(session), place_id=garden, day=date(2026, 9, 13)).lot == "T1"


def test_a_struck_record_closes_nothing(session, garden):
    one = used(session, garden)
    assert refusal(plot_care.strike, by(session, PRODUCER), one.id, reason="示范").kind is Kind.UNKNOWN
    plot_care.strike(by(session, CLERK), one.id, reason="示范：批号写错")
    back = session.exec(select(Event).where(Event.kind == EventKind.WITHDRAWN.value)).one()
    assert (back.corrects_id, back.data) == (one.event_id, {"reason": "示范：批号写错"})
    assert refusal(plot_care.strike, by(session, CLERK), one.id, reason="示范").code == "care.struck"
    assert refusal(plot_care.strike, by(session, CLERK), "nothing", reason="示范").kind is Kind.UNKNOWN
    assert leaf(make.work(session), place_id=garden).made_on == DAY


def test_written_down_too_late_it_sounds_and_shuts_the_gate(session, garden):
    batch = leaf(make.work(session), place_id=garden)

    def told():
        facts = gate_reads.facts(session, batch, make.MONDAY.date())
        return [one.params for one in gate.reasons(facts, Stage.PACK) if one.code == "gate.safe_interval"]

    assert told() == []
    one = used(session, garden)
    assert told() == [{"lot": "T1", "name": "示范农药", "until": "2026-09-12"}]
    alarm = session.exec(select(Alarm)).one()
    assert (alarm.kind, alarm.subject_id, alarm.data["tag"]) == ("late_plot_treatment", batch.id, "T1")
    (line,) = desk.alarms_waiting(session, make.actor(session, INSPECTOR))
    assert line.due == Terms(session).last_day(CLUE, alarm.at)
    plot_care.strike(by(session, CLERK), one.id, reason="示范")
    assert told() == []


def test_what_asks_for_no_interval_sounds_nothing(session, garden):
    leaf(make.work(session), place_id=garden)
    used(session, garden, kind="fertiliser", approval="", safe_days=0)
    assert session.exec(select(Alarm)).all() == []


def test_who_reads_them(session, garden):
    one = used(session, garden)
    for person in (PRODUCER, CLERK):
        found = reads.listing(session, make.actor(session, person), garden)
        assert [each.id for each in found.rows] == [one.id]
    assert refusal(reads.listing, session, make.actor(session, RIVAL), garden).kind is Kind.UNKNOWN
