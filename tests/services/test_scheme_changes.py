"""Changing a scheme takes two persons, leaves every old edition readable and never undercuts what is taken."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DatabaseError
from sqlmodel import col, select

from brand.kernel.actors import Actor, Grant
from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.kernel.errors import AppError, Kind
from brand.kernel.permissions import Role
from brand.kernel.work import Work
from brand.models.licences import Notice
from brand.models.scheme_changes import SchemeChange
from brand.models.schemes import Scheme, Tier
from brand.queries import editions, schemes
from brand.queries import notices as board
from brand.queries import scheme_changes as reading
from brand.services import scheme_changes
from tests import make
from tests.people import ADMIN, APPROVER, CAST, CLERK, PersonOfTheCast

WHY = {"reason": "示范理由"}
SIX_DAYS: dict[str, Any] = {"value": 6, "provenance": "参照示范文件第1行", "confidence": "D"} | WHY


def by(session: Any, person: PersonOfTheCast, days: int = 0) -> Work:
    return make.work(session, make.actor(session, person), make.MONDAY + timedelta(days=days))


@pytest.fixture
def scheme(database: Database) -> Scheme:
    with database.writing() as session:
        return make.a_scheme(make.work(session))


def refusal(act: Any) -> AppError:
    with pytest.raises(AppError) as caught:
        act()
    return caught.value


def frame(session: Any, scheme_id: str, level: int, **changes: Any) -> dict[str, Any]:
    tier = reading.tier(session, scheme_id, level)
    names = ("slots_min", "slots_max", "heroes_min", "heroes_max", "allowed_uses", "confidence")
    new = {"source": "示范文件第2行", "source_en": "Demo paper, line 2"} | WHY
    return {name: getattr(tier, name) for name in names} | new | changes


def changed(database: Database, scheme: Scheme, *, days: int = 1, **wanted: Any) -> SchemeChange:
    with database.writing() as session:
        change = scheme_changes.propose_policy(
            by(session, CLERK, days), scheme.id, "notice_working_days", **SIX_DAYS | wanted
        )
    with database.writing() as session:
        return scheme_changes.step(by(session, APPROVER, days), change.id, "approve", version=1)


def test_a_policy_value_changes_only_when_a_second_person_agrees(database: Database, scheme: Scheme) -> None:
    with database.writing() as session:
        change = scheme_changes.propose_policy(by(session, CLERK), scheme.id, "notice_working_days", **SIX_DAYS)
        assert schemes.policy(session, scheme.id, "notice_working_days") == 5
        assert change.differences[0] == {"field": "value", "old": 5, "new": 6}
    with database.writing() as session:
        done = scheme_changes.step(by(session, APPROVER, 3), change.id, "approve", version=1)
        assert (done.state, done.edition) == ("approved", 2)
    with database.reading() as session:
        assert schemes.policy(session, scheme.id, "notice_working_days") == 6
        assert session.get_one(Scheme, scheme.id).edition == "2"
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "schemes.approve_change")).one()
        assert entry.person_id == APPROVER.username


def test_every_day_keeps_the_value_in_force_on_it(database: Database, scheme: Scheme) -> None:
    changed(database, scheme, days=3)
    changed(database, scheme, days=5, value=7, provenance="参照示范文件第3行")
    monday = make.MONDAY.date()
    with database.reading() as session:
        found = [
            schemes.policy(session, scheme.id, "notice_working_days", monday + timedelta(days=one)) for one in range(7)
        ]
        assert found == [5, 5, 5, 6, 6, 7, 7]
        assert [one.value for one in schemes.policies(session, scheme.id) if one.key == "notice_working_days"] == [7]


def test_a_notice_keeps_the_rule_of_its_day(database: Database, scheme: Scheme) -> None:
    with database.writing() as session:
        make.on_notice(make.work(session))
    changed(database, scheme)
    with database.reading() as session:
        notice = session.exec(select(Notice)).one()
        one = board.notice(session, notice.number, make.MONDAY.date() + timedelta(days=2))
        rule = board.rule(session, one.brand, notice.starts_on)
        assert rule is not None
        assert (notice.working_days, rule.value) == (5, 5)
        now = board.rule(session, one.brand)
        assert now is not None
        assert now.value == 6


def test_old_editions_stay_word_for_word(database: Database, scheme: Scheme) -> None:
    with database.reading() as session:
        first = editions.edition(session, scheme.id, 1)
    changed(database, scheme)
    with database.reading() as session:
        assert [one.number for one in editions.editions(session, scheme.id)] == [2, 1]
        assert editions.edition(session, scheme.id, 1).content == first.content
        new = {one["key"]: one["value"] for one in editions.edition(session, scheme.id, 2).content["policies"]}
        old = {one["key"]: one["value"] for one in first.content["policies"]}
        assert (old["notice_working_days"], new["notice_working_days"]) == (5, 6)
        assert old | {"notice_working_days": 6} == new
        assert refusal(lambda: editions.edition(session, scheme.id, 3)).kind is Kind.UNKNOWN


@pytest.mark.parametrize("table", ["policy_values", "scheme_editions"])
def test_the_database_keeps_values_and_editions(database: Database, scheme: Scheme, table: str) -> None:
    with pytest.raises(DatabaseError, match="only grows"), database.writing() as session:
        session.connection().execute(text(f"DELETE FROM {table}"))


def test_two_accounts_of_one_person_are_one_person(database: Database, scheme: Scheme) -> None:
    with database.writing() as session:
        change = scheme_changes.propose_policy(by(session, ADMIN), scheme.id, "notice_working_days", **SIX_DAYS)
    twin = Actor("other-account", ADMIN.username, ADMIN.name, (Grant(Role.BRAND_APPROVER),))
    with database.writing() as session:
        error = refusal(lambda: scheme_changes.step(make.work(session, twin), change.id, "approve", version=1))
        assert (error.kind, error.code) == (Kind.REFUSED, "scheme_changes.same_person")
        assert schemes.policy(session, scheme.id, "notice_working_days") == 5


def test_the_database_itself_wants_two_persons(database: Database, scheme: Scheme) -> None:
    with database.writing() as session:
        scheme_changes.propose_policy(by(session, ADMIN), scheme.id, "notice_working_days", **SIX_DAYS)
    for values in ({"decided_by": ADMIN.username}, {"state": "approved"}):
        with pytest.raises(DatabaseError), database.writing() as session:
            session.exec(update(SchemeChange).values(**values))


def test_whoever_may_not_meets_nothing(database: Database, scheme: Scheme) -> None:
    with database.writing() as session:
        change = scheme_changes.propose_policy(by(session, CLERK), scheme.id, "notice_working_days", **SIX_DAYS)
    for person in CAST:
        with database.writing() as session:
            work = by(session, person)
            if not work.actor.may("schemes.propose"):
                error = refusal(lambda: scheme_changes.ask_place(work, scheme.id, 1, reason="x"))  # noqa: B023
                assert error.kind is Kind.UNKNOWN
            if not work.actor.may("schemes.approve"):
                error = refusal(lambda: scheme_changes.step(work, change.id, "approve", version=1))  # noqa: B023
                assert error.kind is Kind.UNKNOWN


@pytest.mark.parametrize(
    ("wanted", "pointer", "code"),
    [
        ({"value": 6, "provenance": None}, "/provenance", "scheme_changes.source_needed"),
        ({"value": 5, "provenance": None}, None, "scheme_changes.nothing"),
        ({"value": 4, "provenance": "示范"}, "/value", "policies.notice_too_short"),
    ],
)
def test_a_new_number_needs_a_source_of_its_own(
    database: Database, scheme: Scheme, wanted: dict[str, Any], pointer: str | None, code: str
) -> None:
    with database.writing() as session:
        now = schemes.policy_row(session, scheme.id, "notice_working_days")
        assert now is not None
        kept = {"provenance": wanted["provenance"] or now.provenance, "confidence": now.confidence}
        values = wanted | kept | WHY
        error = refusal(
            lambda: scheme_changes.propose_policy(by(session, CLERK), scheme.id, "notice_working_days", **values)
        )
    assert [(one.pointer, one.code) for one in error.faults] == ([(pointer, code)] if pointer else [])
    assert pointer or error.code == code


def test_a_tier_changes_its_frame_and_never_below_what_is_taken(database: Database, scheme: Scheme) -> None:
    with database.writing() as session:
        low = frame(session, scheme.id, 2, slots_min=2, slots_max=2)
        error = refusal(lambda: scheme_changes.propose_tier(by(session, CLERK), scheme.id, 2, **low))
        assert [one.code for one in error.faults] == ["scheme_changes.below_used"]
        crossed = frame(session, scheme.id, 2, slots_min=9)
        error = refusal(lambda: scheme_changes.propose_tier(by(session, CLERK), scheme.id, 2, **crossed))
        assert [one.pointer for one in error.faults] == ["/slots_min"]
        wider = frame(session, scheme.id, 2, slots_max=4, allowed_uses=["packaging"])
        change = scheme_changes.propose_tier(by(session, CLERK), scheme.id, 2, **wider)
    with database.writing() as session:
        scheme_changes.step(by(session, APPROVER), change.id, "approve", version=1)
        make.a_brand(make.work(session), reading.tier(session, scheme.id, 2).id, "fourth")
    with database.reading() as session:
        tier = reading.tier(session, scheme.id, 2)
        assert (tier.slots_used, tier.slots_max, tier.allowed_uses) == (4, 4, ["packaging"])
        assert editions.edition(session, scheme.id, 1).content["tiers"][1]["slots_max"] == 3


def test_a_limit_that_filled_up_meanwhile_is_not_undercut(database: Database, scheme: Scheme) -> None:
    with database.writing() as session:
        change = scheme_changes.propose_tier(
            by(session, CLERK), scheme.id, 3, **frame(session, scheme.id, 3, slots_min=0, slots_max=1)
        )
        third = reading.tier(session, scheme.id, 3).id
        for number in range(2):
            make.a_brand(make.work(session), third, f"own-{number}")
    with pytest.raises(AppError) as caught, database.writing() as session:
        scheme_changes.step(by(session, APPROVER), change.id, "approve", version=1)
    assert caught.value.code == "scheme_changes.outdated"
    with database.reading() as session:
        assert session.get_one(SchemeChange, change.id).state == "open"
        assert reading.tier(session, scheme.id, 3).slots_max == 10


def test_a_decision_is_taken_once_on_what_was_seen(database: Database, scheme: Scheme) -> None:
    with database.writing() as session:
        change = scheme_changes.propose_policy(by(session, CLERK), scheme.id, "notice_working_days", **SIX_DAYS)
        again = refusal(
            lambda: scheme_changes.propose_policy(by(session, ADMIN), scheme.id, "notice_working_days", **SIX_DAYS)
        )
        assert again.code == "scheme_changes.already_open"
    with database.writing() as session:
        work = by(session, APPROVER)
        assert (
            refusal(lambda: scheme_changes.step(work, change.id, "approve", version=2)).code == "scheme_changes.stale"
        )
        silent = refusal(lambda: scheme_changes.step(work, change.id, "refuse", version=1))
        assert [one.pointer for one in silent.faults] == ["/comment"]
        assert refusal(lambda: scheme_changes.step(work, change.id, "steal", version=1)).kind is Kind.UNKNOWN
    with database.writing() as session:
        foreign = refusal(lambda: scheme_changes.step(by(session, ADMIN), change.id, "withdraw", version=1))
        assert foreign.code == "scheme_changes.not_yours"
        scheme_changes.step(by(session, CLERK), change.id, "withdraw", version=1)
        late = refusal(lambda: scheme_changes.step(by(session, APPROVER), change.id, "approve", version=2))
        assert late.code == "scheme_changes.wrong_state"
        assert schemes.policy(session, scheme.id, "notice_working_days") == 5


def test_the_desk_shows_changes_of_others_to_those_who_decide(database: Database, scheme: Scheme) -> None:
    with database.writing() as session:
        scheme_changes.propose_policy(by(session, ADMIN), scheme.id, "notice_working_days", **SIX_DAYS)
    with database.reading() as session:
        waiting = {one.username: len(reading.waiting(session, make.actor(session, one))) for one in CAST}
    assert {name for name, count in waiting.items() if count} == {APPROVER.username}


def test_the_frame_of_a_tier_is_guarded_by_the_database(database: Database, scheme: Scheme) -> None:
    with pytest.raises(DatabaseError), database.writing() as session:
        session.exec(update(Tier).where(col(Tier.level) == 2).values(slots_max=2))
