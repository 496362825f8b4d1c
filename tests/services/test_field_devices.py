"""Telephones of inspectors: offered once, bound to a key, heard once per call, gone when revoked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.kernel.errors import AppError, Kind
from brand.kernel.work import Work
from brand.models.accounts import Account, RoleGrant
from tests import make
from tests.people import ADMIN, CLERK, INSPECTOR, PRODUCER, PersonOfTheCast
from tests.phone import ORIGIN, Phone
from trace.models.field_devices import FieldDevice
from trace.queries import field_devices as reads
from trace.services import field_devices


@pytest.fixture
def session(database: Database):
    with database.writing() as opened:
        yield opened


def by(session: Session, person: PersonOfTheCast, **when: object) -> Work:
    return make.work(session, make.actor(session, person), **when)


def offered(session: Session, **entries: object) -> tuple[FieldDevice, str]:
    return field_devices.offer(by(session, INSPECTOR), **{"name": "示范1号机", "days": 180} | entries)


def code_of(act) -> str:
    with pytest.raises(AppError) as refused:
        act()
    return refused.value.code


def late(session: Session, **by_much: float) -> Work:
    return make.work(session, now=make.MONDAY + timedelta(**by_much))


def test_an_offer_is_read_once_by_one_telephone(session):
    made, token = offered(session)
    assert token not in str(made)
    phone, other = Phone(), Phone()
    found = field_devices.enrol(make.work(session), ORIGIN, **phone.answer(token))
    assert (found.id, found.state, found.public_key, found.version) == (made.id, "active", phone.public, 2)
    again = field_devices.enrol(make.work(session), ORIGIN, **phone.answer(token))
    assert (again.id, again.version) == (made.id, 2), "the answer was lost and asked for again"
    with pytest.raises(AppError, match=r"offer_over"):
        field_devices.enrol(make.work(session), ORIGIN, **other.answer(token))
    told = session.exec(select(AuditEntry).where(AuditEntry.object_id == made.id)).all()
    assert {(one.action, one.actor_name, one.via) for one in told} == {
        ("field_devices.offer", INSPECTOR.name, "test"),
        ("field_devices.enrol", INSPECTOR.name, "device"),
    }
    assert token not in "".join(one.detail for one in told)


@pytest.mark.parametrize(
    ("minutes", "changed", "code"),
    [
        (10, {}, "field_devices.offer_over"),
        (1, {"token": "0" * 32}, "field_devices.offer_unknown"),
        (1, {"proof": "A" * 86}, "field_devices.proof"),
        (1, {"proof": ""}, "field_devices.proof"),
        (1, {"public_key": "A" * 87}, "field_devices.public_key"),
        (1, {"public_key": Phone().public}, "field_devices.proof"),
    ],
)
def test_what_does_not_enrol(session, minutes, changed, code):
    _, token = offered(session)
    answer = Phone().answer(token) | changed
    assert code_of(lambda: field_devices.enrol(late(session, minutes=minutes), ORIGIN, **answer)) == code
    assert session.exec(select(FieldDevice.state)).one() == "offered"


def test_an_answer_for_another_registry_does_not_enrol(session):
    _, token = offered(session)
    phone = Phone()
    proof = phone.sign("enrol", field_devices.digest(token), phone.public, origin="other.test.invalid")
    answer = phone.answer(token) | {"proof": proof}
    assert code_of(lambda: field_devices.enrol(make.work(session), ORIGIN, **answer)) == "field_devices.proof"


def test_whoever_lost_the_role_enrols_nothing_and_speaks_no_more(session):
    made, token = offered(session)
    phone = enrolled(session)
    grant = session.exec(select(RoleGrant).where(RoleGrant.account_id == INSPECTOR.username)).one()
    session.delete(grant)
    session.flush()
    answer = Phone().answer(token)
    assert code_of(lambda: field_devices.enrol(make.work(session), ORIGIN, **answer)) == "field_devices.not_enrolled"
    assert code_of(lambda: called(session, phone)) == "field_devices.not_enrolled"
    assert made.state == "offered"


def test_a_closed_account_ends_its_telephones(session):
    phone = enrolled(session)
    session.get_one(Account, INSPECTOR.username).active = False
    session.flush()
    assert code_of(lambda: called(session, phone)) == "field_devices.not_enrolled"


def enrolled(session: Session, **entries: object) -> Phone:
    made, token = offered(session, **entries)
    phone = Phone(device=made.id)
    field_devices.enrol(make.work(session), ORIGIN, **phone.answer(token))
    return phone


def called(session: Session, phone: Phone, **changed: object):
    given = phone.call("list", since=0) | changed
    return field_devices.call(make.work(session), ORIGIN, "list", device_id=given.pop("device"), **given)


def test_a_call_is_heard_once_in_the_name_of_the_holder_and_with_few_rights(session):
    phone = enrolled(session)
    named, device = called(session, phone)
    assert (named.actor.person_id, named.via, device.counter) == (INSPECTOR.username, "device", 1)
    assert named.actor.may("licences.inspect")
    assert not named.actor.may("recalls.decide")
    phone.counter = 0
    repeated = code_of(lambda: called(session, phone))
    assert repeated == "field_devices.repeated"
    assert called(session, phone)[1].counter == 2


def test_nobody_speaks_for_another_telephone(session):
    phone, other = enrolled(session), enrolled(session, name="示范2号机")
    mixed = other.call("list", since=0) | {"device": phone.device}
    act = lambda given: field_devices.call(make.work(session), ORIGIN, "list", device_id=given.pop("device"), **given)  # noqa: E731
    assert code_of(lambda: act(mixed)) == "field_devices.not_enrolled"
    assert (
        code_of(lambda: act(phone.call("list", since=0) | {"payload": '{"since":1}'})) == "field_devices.not_enrolled"
    )
    assert code_of(lambda: act(phone.call("list", since=0) | {"counter": 99})) == "field_devices.not_enrolled"
    assert code_of(lambda: act(phone.call("finding", since=0))) == "field_devices.not_enrolled"
    assert code_of(lambda: act(phone.call("list", since=0) | {"device": "0" * 20})) == "field_devices.not_enrolled"


def test_a_revoked_telephone_is_not_heard(session):
    phone = enrolled(session)
    device = session.exec(select(FieldDevice)).one()
    assert (
        code_of(lambda: field_devices.step(by(session, PRODUCER), device.id, "revoke", version=2)) == "access.unknown"
    )
    assert (
        code_of(lambda: field_devices.step(by(session, CLERK), device.id, "revoke", version=1)) == "field_devices.stale"
    )
    field_devices.step(by(session, CLERK), device.id, "revoke", version=2, words="示范丢失")
    assert code_of(lambda: called(session, phone)) == "field_devices.not_enrolled"
    wrong = code_of(lambda: field_devices.step(by(session, ADMIN), device.id, "revoke", version=3))
    assert wrong == "field_devices.wrong_state"


def test_an_offer_taken_back_enrols_nothing(session):
    made, token = offered(session)
    field_devices.step(by(session, INSPECTOR), made.id, "revoke", version=1)
    answer = Phone().answer(token)
    assert code_of(lambda: field_devices.enrol(make.work(session), ORIGIN, **answer)) == "field_devices.offer_over"


def test_five_telephones_are_enough(session):
    for _ in range(5):
        enrolled(session)
    _, token = offered(session)
    assert code_of(lambda: field_devices.enrol(make.work(session), ORIGIN, **Phone().answer(token))) == (
        "field_devices.too_many"
    )


def test_who_may_offer_and_see(session):
    offered(session)
    with pytest.raises(AppError) as refused:
        field_devices.offer(by(session, CLERK), name="示范", days=1)
    assert refused.value.kind is Kind.UNKNOWN
    assert len(reads.listing(session, make.actor(session, CLERK))) == 1
    assert reads.listing(session, make.actor(session, PRODUCER)) == []
    assert code_of(lambda: offered(session, licences=["L2099-0001"])) == "field_devices.licence_unknown"
