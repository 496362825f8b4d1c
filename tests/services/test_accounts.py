"""Accounts: adding people, roles that end at once, tokens that are cut down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from brand.kernel import audit
from brand.kernel.actors import ANONYMOUS, Grant
from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.permissions import Role
from brand.models.accounts import ApiToken
from brand.queries import accounts as reads
from brand.services import accounts
from tests import make
from tests.people import ADMIN, PRODUCER, STATION


def test_a_new_person_gets_a_password_for_one_sign_in(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session, make.actor(session, ADMIN))
        account, first = accounts.add(work, username="Wang", name="示范新人", grants=(Grant(Role.AUDITOR),))
        assert account.username == "wang"
        assert account.must_change_password
        assert first not in account.password
        assert account.password.startswith("$argon2id$")


@pytest.mark.parametrize(
    ("username", "phone", "code"),
    [("producer", None, "accounts.username_taken"), ("li", "138", "identifiers.phone.length")],
)
def test_a_refused_person_leaves_nothing(database: Database, username: str, phone: str | None, code: str) -> None:
    with pytest.raises(AppError) as refusal, database.writing() as session:
        work = make.work(session, make.actor(session, ADMIN))
        accounts.add(work, username=username, name="示范", grants=(Grant(Role.AUDITOR),), phone=phone)
    assert refusal.value.code == code
    with database.reading() as session:
        assert reads.find(session, username="li") is None


def test_only_an_administrator_adds_people(database: Database) -> None:
    with pytest.raises(AppError) as refusal, database.writing() as session:
        work = make.work(session, make.actor(session, PRODUCER))
        accounts.add(work, username="x-y-z", name="示范", grants=())
    assert refusal.value.code == "access.unknown"


def test_enterprise_roles_need_an_enterprise_and_office_roles_have_none(database: Database) -> None:
    for right in (Grant(Role.PRODUCER_CLERK), Grant(Role.AUDITOR, "cooperative")):
        with pytest.raises(AppError) as refusal, database.writing() as session:
            accounts.give(make.work(session, make.actor(session, ADMIN)), "auditor", right)
        assert refusal.value.code == "accounts.role_scope"


def test_a_revoked_role_is_gone_at_the_next_look(database: Database) -> None:
    with database.writing() as session:
        grant = reads.grants_of(session, "producer")[0]
        accounts.revoke(make.work(session, make.actor(session, ADMIN)), grant.id)
    with database.reading() as session:
        assert not make.actor(session, PRODUCER).may("labels.order")


def test_a_token_holds_no_more_than_its_scopes_and_dies_with_the_password(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session, make.actor(session, PRODUCER))
        token, text = accounts.issue_token(work, label="秤", scopes=["batches.read"], days=30)
        assert text not in token.digest
    with database.reading() as session:
        actor = reads.actor_of_token(session, token.digest, make.MONDAY)
        assert actor is not None
        assert actor.may("batches.read", "cooperative")
        assert not actor.may("batches.read", "rival")
        assert not actor.may("labels.order")
        assert reads.actor_of_token(session, token.digest, make.MONDAY + timedelta(days=31)) is None
    with database.writing() as session:
        accounts.password_changed(make.work(session, ANONYMOUS), "producer", keep=None)
    with database.reading() as session:
        assert reads.actor_of_token(session, token.digest, make.MONDAY) is None


def test_a_first_password_makes_no_token(database: Database) -> None:
    """Such a token would be refused at every use; the refusal comes when it is made and says what to do."""
    with database.writing() as session:
        accounts.reset(make.work(session, make.actor(session, ADMIN)), "producer")
    with pytest.raises(AppError) as refusal, database.writing() as session:
        work = make.work(session, make.actor(session, PRODUCER))
        accounts.issue_token(work, label="秤", scopes=["batches.read"], days=30)
    assert refusal.value.code == "accounts.password_first"
    with database.reading() as session:
        assert session.exec(select(ApiToken)).first() is None


def test_nobody_gives_a_token_rights_they_lack(database: Database) -> None:
    with pytest.raises(AppError) as refusal, database.writing() as session:
        work = make.work(session, make.actor(session, PRODUCER))
        accounts.issue_token(work, label="x", scopes=["applications.decide"], days=30)
    assert refusal.value.code == "accounts.token_scopes"
    with database.reading() as session:
        assert session.exec(select(ApiToken)).first() is None


def test_a_station_agent_is_noted_as_acting_on_behalf(database: Database) -> None:
    with database.writing() as session:
        for person, expected in ((STATION, "cooperative"), (PRODUCER, None), (ADMIN, None)):
            work = make.work(session, make.actor(session, person))
            entry = audit.record(work, "guidance.record", "thing", "1", enterprise_id="cooperative")
            assert session.get_one(audit.AuditEntry, entry).on_behalf_of == expected
