"""One offer read by many telephones, one finding sent many times at one moment: one device, one finding."""

from __future__ import annotations

import threading

import pytest
from sqlmodel import select

from brand.kernel.db import Database
from tests import make
from tests.people import INSPECTOR
from tests.phone import ORIGIN, Phone
from tests.races.harness import race
from tests.services.test_field_devices import by, enrolled
from tests.services.test_field_findings import entries, signed
from trace.models.field_devices import FieldDevice
from trace.models.field_findings import FieldFinding
from trace.services import field_devices, field_findings

RACERS = 8


def offered(database: Database) -> str:
    with database.writing() as session:
        return field_devices.offer(by(session, INSPECTOR), name="示范", days=30)[1]


def enrol(database: Database, phone: Phone, token: str) -> str:
    with database.writing() as session:
        return field_devices.enrol(make.work(session), ORIGIN, **phone.answer(token)).public_key or ""


def test_one_offer_and_many_telephones(database):
    token, phones = offered(database), [Phone() for _ in range(RACERS)]
    outcome = race(RACERS, lambda place: enrol(database, phones[place], token))
    assert len(outcome.done) == 1
    assert outcome.codes <= {"field_devices.offer_over", "field_devices.stale"}
    with database.reading() as session:
        assert session.exec(select(FieldDevice.public_key)).all() == outcome.done


def test_one_finding_sent_many_times(database):
    with database.writing() as session:
        phone = enrolled(session)
    one = signed(phone, entries(phone, "示范"))

    def send(_place: int) -> str:
        with database.writing() as session:
            return field_findings.hand_in(make.work(session), ORIGIN, (), one, ()).number

    outcome = race(RACERS, send)
    assert outcome.refused == []
    assert outcome.done == ["F2026-0001"] * RACERS
    with database.reading() as session:
        assert len(session.exec(select(FieldFinding)).all()) == 1
        assert session.exec(select(FieldDevice.findings)).one() == 1


def test_a_call_sent_many_times_is_heard_once(database):
    with database.writing() as session:
        phone = enrolled(session)
    given = phone.call("list", since=0)
    given["device_id"] = given.pop("device")

    def call(_place: int) -> int:
        with database.writing() as session:
            return field_devices.call(make.work(session), ORIGIN, "list", **given)[1].counter

    outcome = race(RACERS, call)
    assert (outcome.done, outcome.codes) == ([1], {"field_devices.repeated"})


def test_the_naive_twin_hears_what_everybody_saw_unheard(database):
    """Look at the counter, then write it: everybody finds the call new. If one saw another, it proved nothing."""
    with database.writing() as session:
        phone = enrolled(session)
    looked = threading.Barrier(RACERS)

    def call(_place: int) -> bool:
        with database.reading() as session:
            new = session.get_one(FieldDevice, phone.device).counter < 1
        looked.wait(timeout=60)
        with database.writing() as session:
            device = session.get_one(FieldDevice, phone.device)
            device.counter = 1
            session.add(device)
        return new

    assert race(RACERS, call).done == [True] * RACERS
    with pytest.raises(AssertionError):
        assert race(RACERS, call).done == [True] * RACERS
