"""Joining, mending, confirming, refusing."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import Session, select

from brand.kernel.actors import ANONYMOUS
from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.kernel.errors import AppError, Kind
from brand.kernel.permissions import Role
from brand.kernel.work import Work
from brand.models.accounts import Account, Person, RoleGrant
from brand.models.enterprises import Enterprise
from brand.queries import accounts
from brand.queries.desk import enterprises_waiting
from brand.services import enterprises
from tests import make
from tests.people import ABATTOIR, ADMIN, APPROVER, AUDITOR, CLERK, INSPECTOR, PRODUCER, RIVAL, PersonOfTheCast


def joined(session: Session, **entries: Any) -> Enterprise:
    return make.a_joined_enterprise(make.work(session, ANONYMOUS), **entries)


def by(session: Session, person: PersonOfTheCast) -> Work:
    return make.work(session, make.actor(session, person))


def by_newcomer(session: Session) -> Work:
    account = accounts.find(session, username="newcomer")
    assert account is not None
    return make.work(session, accounts.actor_of_account(session, account, make.MONDAY))


def refusal(code: str, act: Any) -> AppError:
    with pytest.raises(AppError) as caught:
        act()
    assert caught.value.code == code
    return caught.value


def test_anybody_joins_and_gets_an_account_for_the_own_enterprise_only(database: Database) -> None:
    with database.writing() as session:
        one = joined(session)
        assert (one.state, one.version) == ("pending", 1)
        actor = by_newcomer(session).actor
        assert actor.roles == {Role.PRODUCER_CLERK}
        assert actor.reach("enterprises.read") == {one.id}
        account = accounts.find(session, username="newcomer")
        assert account is not None
        assert account.phone == "13900000001"
        assert account.password.startswith("$argon2id$")
        assert not account.must_change_password
        actions = session.exec(select(AuditEntry.action).where(AuditEntry.object_id == one.id)).all()
        assert list(actions) == ["enterprises.join"]


@pytest.mark.parametrize(
    ("kind", "role"),
    [("abattoir", Role.ABATTOIR_CLERK), ("company", Role.PRODUCER_CLERK), ("carrier", Role.PRODUCER_CLERK)],
)
def test_the_kind_decides_the_first_role(database: Database, kind: str, role: Role) -> None:
    with database.writing() as session:
        one = joined(session, kind=kind)
        assert session.exec(select(RoleGrant.role).where(RoleGrant.enterprise_id == one.id)).all() == [role]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"credit_code": make.CREDIT_CODES["cooperative"]}, "/credit_code"),
        ({"contact_phone": "139-0000-0009"}, "/contact_phone"),
        ({"username": "PRODUCER"}, "/username"),
        ({"password": "short"}, "/password"),
        ({"credit_code": ""}, "/credit_code"),
        ({"county_code": "999999"}, "/county_code"),
    ],
)
def test_what_is_wrong_or_taken_is_named_and_nothing_is_stored(
    database: Database, change: dict[str, str], pointer: str
) -> None:
    with database.writing() as session:
        joined(session, username="earlier", contact_phone="13900000009", credit_code="", kind="household")
    with database.reading() as session:
        before = [len(session.exec(select(one)).all()) for one in (Enterprise, Account, Person, RoleGrant, AuditEntry)]
    with pytest.raises(AppError) as caught, database.writing() as session:
        joined(session, **change)
    assert [one.pointer for one in caught.value.faults] == [pointer]
    with database.reading() as session:
        after = [len(session.exec(select(one)).all()) for one in (Enterprise, Account, Person, RoleGrant, AuditEntry)]
    assert after == before


def test_households_without_codes_do_not_stand_in_each_others_way(database: Database) -> None:
    with database.writing() as session:
        for number in range(3):
            joined(
                session,
                kind="household",
                credit_code="",
                username=f"herder{number}",
                contact_phone=f"1390000010{number}",
            )


def test_the_office_confirms(database: Database) -> None:
    with database.writing() as session:
        one = joined(session)
        done = enterprises.step(by(session, CLERK), one.id, "confirm", version=1)
        assert (done.state, done.version, done.decided_by, done.decided_at) == ("confirmed", 2, "clerk", make.MONDAY)
        refusal("enterprises.stale", lambda: enterprises.step(by(session, CLERK), one.id, "confirm", version=1))
        refusal("enterprises.wrong_state", lambda: enterprises.step(by(session, CLERK), one.id, "confirm", version=2))


def test_the_office_refuses_with_a_reason_the_enterprise_mends_and_asks_again(database: Database) -> None:
    with database.writing() as session:
        one = joined(session)
        refusal("enterprises.reason_needed", lambda: enterprises.step(by(session, CLERK), one.id, "refuse", version=1))
        session.refresh(one)
        work = by(session, CLERK)
        done = enterprises.step(
            work, one.id, "refuse", version=one.version, reason_code="not_the_same", comment="请写全称"
        )
        assert (done.state, done.reason_code, done.reason) == ("refused", "not_the_same", "请写全称")
        own = by_newcomer(session)
        assert [one.topic for one in enterprises_waiting(session, own.actor)] == ["desk.enterprise_refused"]
        enterprises.edit(own, one.id, version=one.version, name="乌拉特中旗示范新社（全称）")
        again = enterprises.step(own, one.id, "resubmit", version=one.version)
        assert (again.state, again.reason_code, again.decided_by) == ("pending", "", None)
        assert enterprises.step(by(session, CLERK), one.id, "confirm", version=one.version).state == "confirmed"


@pytest.mark.parametrize("person", [ADMIN, APPROVER, INSPECTOR, AUDITOR, PRODUCER, ABATTOIR])
def test_only_the_office_decides(database: Database, person: PersonOfTheCast) -> None:
    with database.writing() as session:
        one = joined(session)
        for action in ("confirm", "refuse"):
            error = refusal(
                "access.unknown", lambda action=action: enterprises.step(by(session, person), one.id, action, version=1)
            )
            assert error.kind is Kind.UNKNOWN
        assert one.state == "pending"


def test_an_enterprise_cannot_confirm_itself_nor_touch_another(database: Database) -> None:
    with database.writing() as session:
        one = joined(session)
        own = by_newcomer(session)
        refusal("access.unknown", lambda: enterprises.step(own, one.id, "confirm", version=1))
        refusal("access.unknown", lambda: enterprises.step(own, "cooperative", "resubmit", version=1))
        refusal("access.unknown", lambda: enterprises.edit(own, "cooperative", version=1, name="别人"))
        refusal("access.unknown", lambda: enterprises.edit(by(session, RIVAL), one.id, version=1, name="别人"))
        refusal("access.unknown", lambda: enterprises.edit(by(session, CLERK), one.id, version=1, name="别人"))
        refusal("access.unknown", lambda: enterprises.step(by(session, CLERK), one.id, "delete", version=1))
        refusal("access.unknown", lambda: enterprises.step(by(session, CLERK), "nothing", "confirm", version=1))


def test_once_confirmed_only_the_contact_may_change(database: Database) -> None:
    with pytest.raises(AppError) as caught, database.writing() as session:
        work = by(session, PRODUCER)
        enterprises.edit(work, "cooperative", version=1, name="新名称", contact_name="示范新人")
    assert [(one.code, one.pointer) for one in caught.value.faults] == [("enterprises.confirmed_fields", "/name")]
    with database.writing() as session:
        work = by(session, PRODUCER)
        one = enterprises.edit(work, "cooperative", version=1, contact_phone="138 1111 2222", address="示范路2号")
        assert (one.contact_phone, one.address, one.version, one.state) == ("13811112222", "示范路2号", 2, "confirmed")
    with pytest.raises(AppError) as caught, database.writing() as session:
        enterprises.edit(by(session, PRODUCER), "cooperative", version=2, contact_phone="1")
    assert [(one.code, one.pointer) for one in caught.value.faults] == [("identifiers.phone.length", "/contact_phone")]


def test_a_stale_edit_is_refused(database: Database) -> None:
    with database.writing() as session:
        enterprises.edit(by(session, PRODUCER), "cooperative", version=1, address="甲")
    with pytest.raises(AppError) as caught, database.writing() as session:
        enterprises.edit(by(session, PRODUCER), "cooperative", version=1, address="乙")
    assert caught.value.kind is Kind.CONFLICT
    with database.reading() as session:
        assert session.get_one(Enterprise, "cooperative").address == "甲"


def test_an_edit_cannot_take_anothers_credit_code(database: Database) -> None:
    with database.writing() as session:
        one = joined(session)
        work = by_newcomer(session)
        refusal(
            "enterprises.credit_code_taken",
            lambda: enterprises.edit(work, one.id, version=1, credit_code=make.CREDIT_CODES["rival"]),
        )


def test_the_desk_shows_new_ones_to_the_office_and_each_its_own(database: Database) -> None:
    with database.writing() as session:
        one = joined(session)
        office = enterprises_waiting(session, make.actor(session, CLERK))
        assert [(each.topic, each.title) for each in office] == [("desk.enterprise_to_confirm", one.name)]
        own = enterprises_waiting(session, by_newcomer(session).actor)
        assert [each.topic for each in own] == ["desk.enterprise_pending"]
        for person in (PRODUCER, ABATTOIR, INSPECTOR, AUDITOR, APPROVER):
            assert enterprises_waiting(session, make.actor(session, person)) == []
