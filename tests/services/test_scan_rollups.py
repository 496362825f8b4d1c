"""Looks add up, stay small however hot a code is, ring once for a copy and never for a flood."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from sqlmodel import func, select

from brand.kernel.actors import SYSTEM
from brand.kernel.clock import local_day
from brand.kernel.errors import AppError
from brand.kernel.work import Work
from brand.queries.terms import Terms
from brand.rules.terms import CLUE
from tests import make
from tests.people import CLERK, PRODUCER
from trace.crypto.code_profiles import UnitCode
from trace.crypto.label_codes import path
from trace.crypto.readings import read_address
from trace.models.batches import Batch
from trace.models.labels import Label
from trace.models.scans import Scan, ScanAlarm, ScanCode, ScanPlace, ScanTotal
from trace.queries import desk, scan_totals
from trace.queries import scans as reads
from trace.queries.verification import verify
from trace.rules.scans import DAYS_KEPT, Outcome, Point
from trace.rules.verdicts import Colour
from trace.services import scan_alarms, scan_rollups
from trace.services.scan_rollups import Look, record
from trace.services.scans import purge

pytestmark = pytest.mark.packed
START = make.MONDAY
POINTS = {f"{one}0100": Point(20 + one / 2, 80 + one) for one in range(11, 30)}


@pytest.fixture
def label(database, tmp_path) -> Label:
    """An activated label of the demo day's batch."""
    with database.writing() as session:
        order = make.an_order(make.work(session), make.a_signer(tmp_path), packs=2)
        return session.exec(select(Label).where(Label.order_id == order.id, Label.position == 1)).one()


def look(label, day=0, token="a", place="150824", minute=0, known=True) -> Look:
    at = START + timedelta(days=day, minutes=minute)
    return Look(at, "AAAAAAAA", label.serial, known, "green", "verdicts.issued", token, place)


def told(database, label) -> ScanCode:
    with database.reading() as session:
        return session.get_one(ScanCode, label.serial)


def verdict(database, label, day=60):
    with database.reading() as session:
        code = UnitCode(session.get_one(Batch, label.batch_id).code, label.serial)
        reading = read_address(path(code))
        return verify(session, make.ORIGIN, reading, local_day(START + timedelta(days=day))).verdict


def copied(label, places=8, days=12) -> list[Look]:
    """Copies of one code in several provinces, each day in some of them, each time another device."""
    return [
        look(label, day, f"{place}-{day}", f"{11 + place}0100", minute=place)
        for day in range(days)
        for place in range(day % 2, places, 2)
    ]


def write(database, looks) -> None:
    with database.writing() as session:
        record(session, looks, POINTS)


def test_a_device_is_one_row_a_day_and_everything_adds_up(database, label):
    write(database, [look(label), look(label, minute=3), look(label, token="b", place="110100", minute=1)])
    write(database, [look(label, minute=9, place="110100"), look(label, day=1), look(label, known=False, token="c")])
    with database.reading() as session:
        rows = session.exec(select(Scan.day, Scan.token, Scan.looks).order_by(Scan.day, Scan.token)).all()
        places = session.exec(select(ScanPlace.place, ScanPlace.devices, ScanPlace.looks)).all()
        totals = session.exec(select(func.sum(ScanTotal.looks), func.sum(ScanTotal.devices))).one()
    today = local_day(START)
    assert [tuple(one) for one in rows] == [
        (today, "a", 3),
        (today, "b", 1),
        (today, "c", 1),
        (today + timedelta(days=1), "a", 1),
    ]
    # The device that moved on counts where it was first.
    assert sorted(map(tuple, places)) == [("110100", 1, 2), ("150824", 1, 1), ("150824", 1, 2)]
    with database.reading() as session:
        loudest = scan_totals.by_place(session, local_day(START) - timedelta(days=6), 5)
    assert tuple(totals) == (6, 4)
    assert [tuple(one) for one in loudest] == [("150824", 3, 4, 0), ("110100", 1, 2, 0)]
    code = told(database, label)
    assert (code.looks, code.devices, code.first_at, code.first_place) == (5, 3, START, "150824")


def test_a_hot_code_is_counted_in_full_and_kept_in_few_rows(database, label, monkeypatch):
    monkeypatch.setattr(scan_rollups, "MOST_DEVICES", 20)
    for part in range(5):
        write(database, [look(label, token=f"{part}-{one}", minute=part) for one in range(40)])
    with database.reading() as session:
        assert session.exec(select(func.count()).select_from(Scan)).one() <= 41
    assert told(database, label).looks == 200


def test_from_many_threads_every_look_is_counted_once(database, label):
    def look_often(name):
        for one in range(5):
            write(database, [look(label, token=f"{name}"), look(label, token=f"{name}-{one}", minute=1)])

    threads = [threading.Thread(target=look_often, args=(one,)) for one in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    code = told(database, label)
    assert (code.looks, code.devices) == (60, 36)


def test_a_jump_counts_between_devices_only(database, label):
    write(database, [look(label, token="a", place="110100"), look(label, token="a", place="290100", minute=1)])
    assert told(database, label).jumps == ""
    write(database, [look(label, token="b", place="110100", minute=2)])
    assert told(database, label).jumps == "110100-290100"
    write(database, [look(label, day=2, token="c", place="290100")])
    assert told(database, label).jumps == "110100-290100", "two days are enough for any way"


def test_copies_make_the_code_amber_raise_one_alarm_and_never_more(database, label):
    for one in range(0, 48, 12):
        write(database, copied(label)[one : one + 12])
    found = verdict(database, label)
    assert found.colour is Colour.AMBER
    assert "verdicts.suspicious.places" in {one.code for one in found.reasons}
    with database.reading() as session:
        (alarm,) = session.exec(select(ScanAlarm)).all()
        actor = make.actor(session, CLERK)
        case = reads.case(session, actor, alarm.id)
        assert [one.alarm.id for one in reads.open_alarms(session, actor, 5)] == [alarm.id]
        line = next(desk.codes_waiting(session, actor))
        assert line.due == Terms(session).last_day(CLUE, alarm.at)
        assert reads.open_alarms(session, make.actor(session, PRODUCER), 5) == []
    assert alarm.score >= 60
    assert len(case.places) == 8
    assert (case.places[0].devices, case.places[0].days) == (6, 6)


def close(database, outcome, person=CLERK, day=20):
    with database.writing() as session:
        alarm = session.exec(select(ScanAlarm).order_by(ScanAlarm.at.desc())).first()
        work = make.work(session, make.actor(session, person), START + timedelta(days=day))
        return scan_alarms.close(work, alarm.id, outcome=outcome, words="示范")


def test_an_innocent_reason_takes_the_warning_away_for_good(database, label):
    write(database, copied(label))
    close(database, Outcome.EXPLAINED)
    assert verdict(database, label).colour is not Colour.AMBER or "suspicious" not in str(verdict(database, label))
    assert told(database, label).warning == ""
    write(database, [look(label, 21, "later")])
    assert told(database, label).warning == ""
    with pytest.raises(AppError, match=r"scans\.closed"):
        close(database, Outcome.COPIED)


def test_a_confirmed_copy_keeps_its_warning_and_rings_again_only_when_it_grows(database, label):
    write(database, copied(label, places=5))
    close(database, Outcome.COPIED)
    assert told(database, label).warning
    write(database, [look(label, 13, "more", "110100")])
    with database.reading() as session:
        assert session.exec(select(func.count()).select_from(ScanAlarm)).one() == 1


def test_only_the_office_closes(database, label):
    write(database, copied(label))
    with pytest.raises(AppError, match=r"access\."):
        close(database, Outcome.EXPLAINED, PRODUCER)


def test_a_flood_from_one_place_rings_nowhere(database, label):
    for day in range(6):
        write(database, [look(label, day, f"{day}-{one}", "440300", one) for one in range(60)])
    write(database, [look(label, 7, "buyer")])
    assert told(database, label).score == 0
    assert "suspicious" not in str(verdict(database, label))
    with database.reading() as session:
        assert session.exec(select(ScanAlarm)).all() == []


def test_looks_are_forgotten_after_their_days_and_counts_stay(database, label):
    write(database, [look(label), look(label, 1, "b"), look(label, DAYS_KEPT, "c", "")])
    with database.writing() as session:
        work = Work(session, SYSTEM, START + timedelta(days=DAYS_KEPT), "scans")
        assert purge(work) == 0
    with database.writing() as session:
        work = Work(session, SYSTEM, START + timedelta(days=DAYS_KEPT + 1), "scans")
        assert purge(work) == 1
        assert purge(work) == 0
    with database.reading() as session:
        assert {one.token for one in session.exec(select(Scan))} == {"b", "c"}
        assert session.exec(select(func.count()).select_from(ScanPlace)).one() == 2
    assert (told(database, label).devices, told(database, label).first_at) == (3, START)
    with database.writing() as session:
        purge(Work(session, SYSTEM, START + timedelta(days=400), "scans"))
    code = told(database, label)
    assert (code.devices, code.first_place, code.last_token) == (3, "", "")


def test_a_day_is_a_day_in_china(database, label):
    write(database, [look(label, minute=-9 * 60 - 1), look(label, minute=-8 * 60 - 60)])
    with database.reading() as session:
        days = set(session.exec(select(Scan.day)))
    assert days == {date(2026, 9, 13), date(2026, 9, 14)}
