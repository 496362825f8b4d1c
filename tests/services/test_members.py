"""Who acts for an enterprise: invitations used once, rights that end at once, consents that rights hang on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, select

from brand.kernel.actors import ANONYMOUS, Actor, Grant
from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.permissions import Role
from brand.kernel.work import Work
from brand.models.accounts import RoleGrant
from brand.models.members import Consent, Invitation
from brand.queries import accounts as reading_accounts
from brand.queries import desk
from brand.queries import members as reads
from brand.rules.members import AGENT_CHOICES, AGENT_READS
from brand.services import accounts, applications, enterprises, members
from tests import make
from tests.people import ABATTOIR, APPROVER, CLERK, PRODUCER, RIVAL, STATION, PersonOfTheCast
from tests.races.harness import one_work, race

UNTIL = date(2026, 12, 31)
NEW: dict[str, str] = {"username": "invited", "name": "示范新人", "password": "示范密码一二三四五六"}


def by(session: Session, person: PersonOfTheCast, days: int = 0) -> Work:
    now = make.MONDAY + timedelta(days=days)
    return make.work(session, make.actor(session, person, now), now)


def nobody(session: Session, days: int = 0) -> Work:
    return make.work(session, ANONYMOUS, make.MONDAY + timedelta(days=days))


def refusal(code: str, act: Callable[[], Any]) -> AppError:
    with pytest.raises(AppError) as caught:
        act()
    assert caught.value.code == code
    return caught.value


def invite(session: Session, **changes: Any) -> tuple[Invitation, str]:
    usual: dict[str, Any] = {"name": "示范新人", "role": "producer_clerk"}
    return members.invite(by(session, PRODUCER), "cooperative", **usual | changes)


def actor_of(session: Session, username: str, days: int = 0) -> Actor:
    account = reading_accounts.find(session, username=username)
    assert account is not None
    return reading_accounts.actor_of_account(session, account, make.MONDAY + timedelta(days=days))


def test_an_invited_person_gets_an_account_for_that_enterprise_only(database: Database) -> None:
    with database.writing() as session:
        made, secret = invite(session)
        assert secret not in str(made.model_dump())
        account = members.accept(nobody(session), secret, **NEW)
        who = actor_of(session, "invited")
        assert who.roles == {Role.PRODUCER_CLERK}
        assert who.reach("enterprises.edit") == {"cooperative"}
        assert made.accepted_by == account.id
        trail = session.exec(select(AuditEntry.detail).where(AuditEntry.object_type == "invitation")).all()
        assert all(secret not in one for one in trail)


def test_a_link_works_once_and_not_after_its_time_nor_after_being_withdrawn(database: Database) -> None:
    with database.writing() as session:
        _, used = invite(session)
        members.accept(nobody(session), used, **NEW)
        late, withdrawn = invite(session), invite(session)
        members.withdraw(by(session, PRODUCER), withdrawn[0].id)
        other = NEW | {"username": "second"}
        for secret, days in ((used, 0), (late[1], 7), (withdrawn[1], 0), ("no-such-secret", 0)):
            refusal("invitations.not_valid", lambda s=secret, d=days: members.accept(nobody(session, d), s, **other))
        members.accept(nobody(session, 6), late[1], **other)


def test_of_many_who_use_one_link_at_once_one_gets_in(database: Database) -> None:
    with database.writing() as session:
        _, secret = invite(session)

    def use(number: int) -> None:
        def accept(work: Work) -> None:
            members.accept(work, secret, **NEW | {"username": f"invited{number}"})

        one_work(database, accept)

    outcome = race(6, use)
    assert len(outcome.done) == 1
    assert outcome.codes == {"invitations.not_valid"}
    with database.reading() as session:
        assert len(session.exec(select(RoleGrant).where(RoleGrant.enterprise_id == "cooperative")).all()) == 3


def test_somebody_signed_in_adds_the_role_to_the_own_account(database: Database) -> None:
    with database.writing() as session:
        _, secret = invite(session)
        members.accept_as_oneself(by(session, RIVAL), secret)
        assert make.actor(session, RIVAL).reach("enterprises.edit") == {"rival", "cooperative"}
        refusal("access.not_signed_in", lambda: members.accept_as_oneself(nobody(session), secret))


def test_a_removed_person_has_no_rights_a_moment_later_and_neither_have_their_invitations(database: Database) -> None:
    with database.writing() as session:
        _, secret = invite(session)
        members.accept(nobody(session), secret, **NEW)
        newcomer = make.work(session, actor_of(session, "invited"))
        _, second = members.invite(newcomer, "cooperative", name="又一人", role="producer_clerk")
        held = session.exec(select(RoleGrant).where(RoleGrant.account_id == newcomer.actor.account_id)).one()
        members.remove(by(session, PRODUCER), held.id)
        assert actor_of(session, "invited").reach("enterprises.read") == frozenset()
        refusal("invitations.not_valid", lambda: members.accept(nobody(session), second, **NEW | {"username": "third"}))
        refusal("access.unknown", lambda: members.remove(by(session, PRODUCER), held.id))


@pytest.mark.parametrize("how", ["close", "revoke"])
def test_who_was_shut_out_by_the_office_lets_nobody_in_by_an_old_link(database: Database, how: str) -> None:
    with database.writing() as session:
        _, secret = invite(session)
        if how == "close":
            accounts.set_active(make.work(session), "producer", active=False)
        else:
            held = session.exec(select(RoleGrant).where(RoleGrant.account_id == "producer")).one()
            accounts.revoke(make.work(session), held.id)
        session.flush()
        refusal("invitations.not_valid", lambda: members.accept(nobody(session), secret, **NEW))


def test_an_agent_who_comes_after_the_last_day_gains_nothing(database: Database) -> None:
    with database.writing() as session:
        work = by(session, PRODUCER)
        _, secret = members.invite(
            work, "cooperative", name="代办", role="station_agent", scope=[AGENT_CHOICES[0]], until=work.today
        )
        refusal("invitations.not_valid", lambda: members.accept(nobody(session, 1), secret, **NEW))
        members.accept(nobody(session), secret, **NEW)


def test_the_last_of_the_own_people_stays(database: Database) -> None:
    with database.writing() as session:
        held = session.exec(select(RoleGrant).where(RoleGrant.account_id == "producer")).one()
        refusal("members.last", lambda: members.remove(by(session, PRODUCER), held.id))


@pytest.mark.parametrize("person", [RIVAL, CLERK, APPROVER, ABATTOIR, STATION])
def test_others_invite_and_remove_nobody(database: Database, person: PersonOfTheCast) -> None:
    with database.writing() as session:
        made, _ = invite(session)
        held = session.exec(select(RoleGrant).where(RoleGrant.account_id == "producer")).one()
        work = by(session, person)
        refusal("access.unknown", lambda: members.invite(work, "cooperative", name="甲", role="producer_clerk"))
        refusal("access.unknown", lambda: members.remove(work, held.id))
        refusal("access.unknown", lambda: members.withdraw(work, made.id))
        refusal("access.unknown", lambda: reads.members(session, work.actor, "cooperative"))


@pytest.mark.parametrize("role", ["administrator", "brand_approver", "abattoir_clerk"])
def test_an_enterprise_gives_no_roles_that_are_not_its_own(database: Database, role: str) -> None:
    with database.writing() as session:
        assert refusal("members.role", lambda: invite(session, role=role)).faults[0].pointer == "/role"


def consent(session: Session, person: PersonOfTheCast = PRODUCER, days: int = 0, **changes: Any) -> Consent:
    usual: dict[str, Any] = {"account_id": "station", "scope": ["applications.write"], "until": UNTIL}
    return members.consent(by(session, person, days), "cooperative", **usual | changes)


def test_without_a_consent_in_force_an_agent_can_do_nothing(database: Database) -> None:
    with database.writing() as session:
        assert make.actor(session, STATION).may("labels.order", "cooperative")
        members.revoke(by(session, PRODUCER), "station")
        who = make.actor(session, STATION)
        assert who.grants == ()
        assert who.reach("enterprises.read") == frozenset()
        topics = [one.topic for one in desk.agencies_waiting(session, who, make.MONDAY.date())]
        assert topics == ["desk.consent_needed"]
        own = desk.agencies_waiting(session, make.actor(session, PRODUCER), make.MONDAY.date())
        assert [one.topic for one in own] == ["desk.consent_missing"]


def test_a_consent_covers_what_it_names_and_reading_until_its_last_day(database: Database) -> None:
    with database.writing() as session:
        made = consent(session, until=date(2026, 9, 20))
        for days, holds in ((0, True), (6, True), (7, False)):
            who = make.actor(session, STATION, make.MONDAY + timedelta(days=days))
            assert who.may("applications.write", "cooperative") is holds
            assert who.may("applications.read", "cooperative") is holds
            assert not who.may("labels.order", "cooperative")
            assert not who.may("applications.write", "rival")
        assert (made.given_by, made.paper) == (PRODUCER.name, "")
        earlier = session.get_one(Consent, "station")
        session.refresh(earlier)
        assert earlier.revoked_at == make.MONDAY


def test_rights_end_in_the_middle_of_an_agents_work(database: Database) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        product = make.a_product(session).id
        wanted: dict[str, Any] = {
            "product_id": product,
            "cap_kg": Decimal(1000),
            "uses": make.USES,
            "capacity": "示范",
            "promise": True,
        }
        one = applications.draft(by(session, STATION), enterprise_id="cooperative", **wanted)
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "applications.draft")).one()
        assert entry.on_behalf_of == "cooperative"
        done = reads.on_behalf(session, make.actor(session, PRODUCER), "cooperative")
        assert [each.id for each in done.rows] == [entry.id]
        members.revoke(by(session, PRODUCER), "station")
        refusal(
            "access.unknown", lambda: applications.step(by(session, STATION), one.id, "submit", version=one.version)
        )
        for stranger in (RIVAL, STATION, APPROVER):
            refusal(
                "access.unknown",
                lambda who=stranger: reads.on_behalf(session, make.actor(session, who), "cooperative"),
            )


def test_a_paper_consent_names_who_gave_it_and_where_it_is_kept(database: Database) -> None:
    with database.writing() as session:
        faults = refusal("consents.paper", lambda: consent(session, CLERK)).faults
        assert [one.pointer for one in faults] == ["/given_by", "/paper"]
        made = consent(session, CLERK, given_by="示范牧民", paper="卷宗 12")
        assert (made.given_by, made.paper, made.recorded_by) == ("示范牧民", "卷宗 12", "clerk")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"scope": []}, "consents.scope"),
        ({"scope": ["accounts.manage"]}, "consents.scope"),
        ({"scope": ["members.manage"]}, "consents.scope"),
        ({"until": date(2026, 9, 13)}, "consents.until"),
        ({"until": date(2027, 9, 16)}, "consents.until"),
        ({"account_id": "rival"}, "consents.no_agent"),
        ({"account_id": "producer"}, "consents.no_agent"),
    ],
)
def test_what_a_consent_may_not_be(database: Database, changes: dict[str, Any], code: str) -> None:
    with database.writing() as session:
        refusal(code, lambda: consent(session, **changes))


@pytest.mark.parametrize("person", [STATION, RIVAL, APPROVER, ABATTOIR])
def test_nobody_else_consents_for_the_enterprise(database: Database, person: PersonOfTheCast) -> None:
    with database.writing() as session:
        refusal("access.unknown", lambda: consent(session, person, given_by="甲", paper="乙"))
        refusal("access.unknown", lambda: members.revoke(by(session, person), "station"))


def test_an_invited_agent_comes_with_the_consent(database: Database) -> None:
    with database.writing() as session:
        refusal("consents.scope", lambda: invite(session, role="station_agent"))
        _, secret = invite(session, role="station_agent", scope=["labels.order"], until=UNTIL)
        members.accept(nobody(session), secret, **NEW)
        who = actor_of(session, "invited")
        assert who.may("labels.order", "cooperative")
        assert not who.may("applications.write", "cooperative")
        held = session.exec(select(RoleGrant).where(RoleGrant.account_id == who.account_id)).one()
        members.remove(by(session, PRODUCER), held.id)
        left = session.exec(select(Consent).where(Consent.account_id == who.account_id)).one()
        assert left.revoked_at is not None
        assert actor_of(session, "invited").grants == ()


def test_reading_is_always_in_and_managing_people_never() -> None:
    assert "enterprises.read" in AGENT_READS
    assert "members.manage" not in AGENT_CHOICES
    assert not set(AGENT_CHOICES) & AGENT_READS


def test_an_agent_of_several_acts_for_the_one_that_was_chosen() -> None:
    first, second = (Grant(Role.STATION_AGENT, one) for one in ("one", "two"))
    own = Grant(Role.PRODUCER_CLERK, "station")
    who = Actor("a", "p", grants=(own, first, second))
    assert who.acting_for(None).grants == (own,)
    assert who.acting_for("three").grants == (own,)
    assert who.acting_for("two").grants == (own, second)
    assert who.acting_for("two").agencies == (first, second)
    assert Actor("a", "p", grants=(own, first)).acting_for(None).grants == (own, first)


def test_an_edit_by_an_agent_stands_in_the_trail_as_on_behalf(database: Database) -> None:
    with database.writing() as session:
        enterprises.edit(by(session, STATION), "cooperative", version=1, address="示范路3号")
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "enterprises.edit")).one()
        assert (entry.on_behalf_of, entry.person_id) == ("cooperative", "station")
