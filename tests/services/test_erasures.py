"""A person who left is forgotten on request: what stays, what goes, and what the log still tells."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import select

from brand.kernel.audit import AuditEntry
from brand.kernel.errors import AppError, Kind
from brand.kernel.leaves import ErasedSalt, Leaf, LeafSalt, digest_of
from brand.models.accounts import ERASED, Account, Person, RoleGrant
from brand.services import accounts, erasures
from tests import make
from tests.people import ADMIN, APPROVER, CLERK

pytestmark = pytest.mark.licensed


@pytest.fixture
def session(database):
    with database.writing() as session:
        yield session


def by(session, person=ADMIN):
    return make.work(session, make.actor(session, person))


def refusal(session, person=ADMIN, account=APPROVER.username, paper="示范-1"):
    with pytest.raises(AppError) as caught:
        erasures.erase(by(session, person), account, paper=paper)
    return caught.value


def test_only_a_closed_account_and_only_by_who_keeps_accounts(session):
    assert refusal(session, CLERK).kind is Kind.UNKNOWN
    assert refusal(session, account="nobody").kind is Kind.UNKNOWN
    assert (refusal(session).code, refusal(session).params) == ("erasures.still_open", {"username": APPROVER.username})
    accounts.set_active(by(session), APPROVER.username, active=False)
    assert [one.pointer for one in refusal(session, paper=" ").faults] == ["/paper"]


def test_what_goes_and_what_stays(session):
    acts = select(AuditEntry).where(AuditEntry.person_id == APPROVER.username)
    before = {one.id: (one.action, one.object_id, one.at) for one in session.exec(acts)}
    opened = set(session.exec(select(LeafSalt.leaf_id).where(LeafSalt.leaf_id.in_(before))))
    assert opened, "the approver granted a licence"
    accounts.set_active(by(session), APPROVER.username, active=False)
    assert erasures.erase(by(session), APPROVER.username, paper="示范-1").name == ERASED
    session.expire_all()
    account = session.get_one(Account, APPROVER.username)
    assert (account.phone, account.email, account.password, account.tf_totp_secret) == (None, None, "", None)
    assert APPROVER.username not in account.username
    assert session.exec(select(RoleGrant).where(RoleGrant.account_id == account.id)).all() == []
    after = session.exec(acts).all()
    assert {one.id: (one.action, one.object_id, one.at) for one in after} == before
    assert {one.actor_name for one in after} == {ERASED}
    assert not session.exec(select(LeafSalt.leaf_id).where(LeafSalt.leaf_id.in_(before))).all()
    assert set(session.exec(select(ErasedSalt.leaf_id))) == opened
    told = session.exec(select(Leaf).where(Leaf.statement == "record.erase")).one()
    assert f'"digest": "{digest_of(opened)}", "salts": {len(opened)}' in told.facts
    assert session.get(LeafSalt, told.id) is not None, "the erasure itself stays open to the audit"


def test_once_and_nobody_signs_in_as_that_person_again(session):
    accounts.set_active(by(session), APPROVER.username, active=False)
    erasures.erase(by(session), APPROVER.username, paper="示范-1")
    assert refusal(session).code == "erasures.erased_already"
    for act in (accounts.reset, lambda work, one: accounts.set_active(work, one, active=True)):
        with pytest.raises(AppError, match=r"erasures\.erased_already"):
            act(by(session), APPROVER.username)
    with pytest.raises(AppError, match=r"access\.unknown"):
        accounts.add(by(session), username="wieder", name="", grants=(), person_id=APPROVER.username)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_entries SET actor_name = '示范他人'",
        "UPDATE audit_entries SET actor_name = '—', action = 'x'",
        "UPDATE audit_entries SET actor_name = '—', enterprise_id = NULL WHERE enterprise_id IS NOT NULL",
        "DELETE FROM audit_entries",
        "DELETE FROM log_erasures",
        "UPDATE log_erasures SET act_id = 'x'",
    ],
)
def test_the_database_lets_a_name_be_forgotten_and_nothing_else(database, change):
    with database.writing() as session:
        accounts.set_active(by(session), APPROVER.username, active=False)
        erasures.erase(by(session), APPROVER.username, paper="示范-1")
        assert session.exec(select(Person.erased_at).where(Person.id == APPROVER.username)).one() == make.MONDAY
    with pytest.raises(DatabaseError), database.writing() as session:
        session.connection().execute(text(change))
