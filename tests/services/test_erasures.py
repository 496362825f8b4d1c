"""A person who left is forgotten on request: what stays, what goes, and what the log still tells."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import select

from brand.kernel.audit import AuditEntry
from brand.kernel.errors import AppError, Kind
from brand.kernel.leaves import ErasedSalt, Leaf, LeafSalt, digest_of
from brand.kernel.records import metadata
from brand.models.accounts import ERASED, Account, IdempotencyKey, Person, RoleGrant
from brand.models.complaints import Complaint, ComplaintContact
from brand.services import accounts, complaints, erasures
from brand.services.retention import Forgotten, Retention
from tests import make
from tests.people import ADMIN, APPROVER, AUDITOR, CLERK, INSPECTOR, PRODUCER

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


def an_ended(session, **sent):
    work = make.work(session)
    one = make.a_complaint(work, kind="complaint", **sent)
    complaints.reply(work, (sent.get("secret") or "S" * 32), words="示范补充 13900000000")
    make.complaint_step(work, one, "accept", CLERK)
    make.complaint_step(work, one, "answer", CLERK, comment="已责成改正")
    complaints.dissent(work, (sent.get("secret") or "S" * 32), words="示范不满意，我叫示范投诉人")
    make.complaint_step(work, one, "answer", APPROVER, comment="维持答复")
    return one


def of_sender(session, one, person=CLERK, paper="示范-2"):
    with pytest.raises(AppError) as caught:
        erasures.erase_complainant(by(session, person), one.id, paper=paper)
    return caught.value


def test_nothing_of_who_complained_is_left(session):
    one = an_ended(session)
    assert of_sender(session, one).code == "erasures.complaint_open"
    make.complaint_step(make.work(session), one, "close", CLERK)
    assert [each.pointer for each in of_sender(session, one, paper=" ").faults] == ["/paper"]
    for person in (ADMIN, AUDITOR, PRODUCER):
        assert of_sender(session, one, person).kind is Kind.UNKNOWN
    acts = session.exec(select(AuditEntry.action).where(AuditEntry.object_id == one.id)).all()
    erasures.erase_complainant(by(session, CLERK), one.id, paper="示范-2")
    session.expire_all()
    held = "\n".join(f"{row}" for table in metadata.sorted_tables for row in session.execute(table.select()))
    for trace_of_them in (make.SENDER_PHONE, "示范投诉人", "13900000000", "称重八百克", "示范超市"):
        assert trace_of_them not in held, trace_of_them
    assert "已责成改正" in held, "what the office did stays"
    after = session.exec(select(AuditEntry.action).where(AuditEntry.object_id == one.id)).all()
    assert [each for each in after if each not in acts] == ["erasures.erase_complainant"]
    assert len(after) == len(acts) + 1
    for act in (lambda: complaints.reply(make.work(session), "S" * 32, words="x"),):
        with pytest.raises(AppError, match=r"access\.unknown"):
            act()
    assert of_sender(session, one).code == "erasures.complainant_already"
    told = session.exec(select(Leaf).where(Leaf.statement == "record.erase")).one()
    assert (told.subject, told.issuer) == (f"complaint:{one.id}", "office")


def test_a_case_that_nobody_sent_has_no_sender(session):
    work = by(session, INSPECTOR)
    day = make.MONDAY.date()
    one = complaints.open_case(work, what="示范", place="", happened_on=day, code="", origin="F2026-0001", pictures=())
    assert of_sender(session, one).code == "erasures.no_complainant"


def test_steps_of_a_complaint_may_lose_their_words_and_nothing_else(database):
    with database.writing() as session:
        an_ended(session)
    for change in ("comment = '—', action = 'x'", "comment = '他'", "person_name = '—'"):
        with pytest.raises(DatabaseError), database.writing() as session:
            session.connection().execute(text(f"UPDATE complaint_steps SET {change}"))
    with pytest.raises(DatabaseError), database.writing() as session:
        session.connection().execute(text("DELETE FROM complaint_steps"))


def test_the_days_purge_keeps_what_may_be_sent_again_and_forgets_by_the_offices_period_only(database):
    with database.writing() as session:
        one = an_ended(session)
        make.complaint_step(make.work(session), one, "close", CLERK)
        for age in (29, 30, 32):
            created = make.MONDAY - timedelta(days=age)
            session.add(IdempotencyKey(account_id=CLERK.username, key=f"k{age}", digest="", created_at=created))
    later = make.MONDAY + timedelta(days=400)

    def purged(days, now=make.MONDAY):
        return Retention(database, days, lambda: now).run_once()

    assert purged(0) == Forgotten(1, 0)
    assert purged(0) == Forgotten(0, 0)
    assert purged(400, later - timedelta(days=1)).complainants == 0
    assert purged(0, later + timedelta(days=1)).complainants == 0, "off: nobody is forgotten"
    keeper = Retention(database, 400, lambda: later + timedelta(days=1))
    assert keeper.run_once() == Forgotten(0, 1)
    assert keeper.run_once() is None, "once a day"
    with database.reading() as session:
        assert session.exec(select(Complaint.erased_at)).one() == later + timedelta(days=1)
        assert session.exec(select(ComplaintContact)).all() == []
