"""Refusals in the audit trail: of a person, without what was typed, and never so many that they fill the disk."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from brand.kernel.actors import Actor
from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.kernel.errors import AppError, Kind
from brand.queries import audit as reading
from brand.services import refusals
from tests import make
from tests.people import CLERK, RIVAL, PersonOfTheCast

SAID = {"code": "applications.stale", "step": "applications.step grant", "topic": "applications"}


def _refused(session: Session, person: PersonOfTheCast = CLERK, hours: float = 0) -> bool:
    now = make.MONDAY + timedelta(hours=hours)
    work = make.work(session, make.actor(session, person), now)
    return refusals.record(work, **SAID, record_id="X" * 20, pointers=["/version"], rules=["input.required"])


def test_it_names_the_person_the_rule_and_the_place(database: Database) -> None:
    with database.writing() as session:
        assert _refused(session)
        line = session.exec(select(AuditEntry).where(AuditEntry.action == reading.REFUSED)).one()
    assert (line.person_id, line.account_id, line.object_type, line.object_id) == ("clerk",) * 2 + (
        "applications",
        "X" * 20,
    )
    assert json.loads(line.detail) == {
        "code": "applications.stale",
        "step": "applications.step grant",
        "pointers": ["/version"],
        "rules": ["input.required"],
    }


def test_nobody_is_not_written_down(database: Database) -> None:
    with database.writing() as session, pytest.raises(AppError) as caught:
        refusals.record(make.work(session, Actor()), **SAID)
    assert caught.value.kind is Kind.NOT_SIGNED_IN


def test_the_last_one_within_an_hour_says_so(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "MOST", 3)
    with database.writing() as session:
        assert [_refused(session) for _ in range(5)] == [True, True, True, False, False]
        assert _refused(session, RIVAL), "another person has a count of their own"
        assert _refused(session, hours=1.1), "an hour later one may be refused again"
        mine = select(AuditEntry.detail).where(AuditEntry.action == reading.REFUSED, AuditEntry.person_id == "clerk")
        assert sum("last_written" in one for one in session.exec(mine)) == 1


def test_a_records_own_history_is_what_happened_to_it(database: Database) -> None:
    with database.writing() as session:
        _refused(session)
        assert reading.trail(session, object_id="X" * 20).total == 0
        assert reading.trail(session, object_id="X" * 20, refusals=True).total == 1
