"""Visits and yearly reviews: repeats raise the measure, the result is due in ten working days, two persons judge."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from brand.kernel.actors import Actor, Grant
from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.permissions import Role
from brand.kernel.work import Work
from brand.models.inspections import Inspection
from brand.models.licences import Licence
from brand.queries import inspections as reading
from brand.queries import inspections_desk as desk
from brand.queries import licences as reading_licences
from brand.services import inspections, licences
from tests import make
from tests.people import APPROVER, AUDITOR, CLERK, INSPECTOR, PRODUCER, RIVAL

pytestmark = pytest.mark.licensed


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as opened:
        yield opened


@pytest.fixture
def licence(session: Session) -> Licence:
    return make.a_licence(make.work(session))


def _by(session: Session, person: make.PersonOfTheCast, days: int = 0) -> Work:
    return make.work(session, make.actor(session, person), make.MONDAY + timedelta(days=days))


def _found(session: Session, licence: Licence, **changes: Any) -> Inspection:
    usual = {
        "kind": "visit",
        "visited_on": date(2026, 9, 14),
        "severity": "serious",
        "reason_code": "sanction.standard",
        "rectify_by": date(2026, 10, 14),
        "words": "示范：冷库记录缺两天",
    }
    return inspections.record(_by(session, INSPECTOR), licence.id, **usual | changes)


def _step(session: Session, one: Inspection, action: str, person: make.PersonOfTheCast) -> Inspection:
    return inspections.step(_by(session, person), one.id, action, version=one.version, comment="示范")


def _code(act: Any, *args: Any, **words: Any) -> str:
    with pytest.raises(AppError) as refusal:
        act(*args, **words)
    return refusal.value.code


def test_a_finding_from_visit_to_end(session: Session, licence: Licence) -> None:
    one = _found(session, licence)
    # Ten working days after 14 September 2026: the make-up Sunday 20 September counts, 25 September is off.
    assert (one.measure, one.result_due, one.clause) == ("rectify", date(2026, 9, 28), "4.4")
    assert _code(_step, session, one, "accept", APPROVER) == "inspections.wrong_state"
    _step(session, one, "tell", INSPECTOR)
    assert _code(_step, session, one, "close", INSPECTOR) == "inspections.measure_open"
    assert _step(session, one, "accept", APPROVER).state == "closed"
    trail = session.exec(select(AuditEntry.action).where(AuditEntry.object_id == one.id)).all()
    assert sorted(trail) == ["inspections.accept", "inspections.record", "inspections.tell"]


def test_repeats_raise_the_measure(session: Session, licence: Licence) -> None:
    assert _found(session, licence).measure == "rectify"
    assert _found(session, licence, rectify_by=None).measure == "suspend"
    assert _found(session, licence, rectify_by=None).measure == "revoke"
    assert _found(session, licence, reason_code="sanction.false_data").measure == "rectify"


def test_the_measure_is_carried_out_on_the_licence(session: Session, licence: Licence) -> None:
    one = _found(session, licence, severity="grave", rectify_by=None)
    _step(session, one, "tell", INSPECTOR)
    assert _code(_step, session, one, "carry_out", APPROVER) == "inspections.not_carried_out"
    _sanction(session, licence, "suspend")
    assert _step(session, one, "carry_out", APPROVER).state == "closed"


def test_what_was_not_put_right_leads_to_a_sanction(session: Session, licence: Licence) -> None:
    one = _step(session, _found(session, licence), "tell", INSPECTOR)
    assert _step(session, one, "fail", APPROVER).state == "failed"
    assert _code(_step, session, one, "carry_out", APPROVER) == "inspections.not_carried_out"
    said = {"reason_code": "sanction.not_rectified", "comment": "示范"}
    assert _code(_sanction, session, licence, "revoke", **said) == "licences.no_finding"
    _sanction(session, licence, "suspend", **said)
    assert _step(session, one, "carry_out", APPROVER).state == "closed"


def _sanction(session: Session, licence: Licence, action: str, **words: str) -> Licence:
    said = {"reason_code": "sanction.standard", "comment": "示范"} | words
    return licences.step(_by(session, APPROVER), licence.id, action, version=licence.version, **said)


def test_nobody_sanctions_without_a_finding_that_asks_for_it(session: Session, licence: Licence) -> None:
    """Not before it was found and the holder told, never another measure than the table's, and once for a finding."""
    assert _code(_sanction, session, licence, "suspend") == "licences.no_finding"
    one = _found(session, licence, severity="grave", rectify_by=None)
    assert _code(_sanction, session, licence, "suspend") == "licences.no_finding"
    _step(session, one, "tell", INSPECTOR)
    assert _code(_sanction, session, licence, "revoke") == "licences.no_finding"
    assert _code(_sanction, session, licence, "suspend", reason_code="sanction.false_data") == "licences.no_finding"
    assert licence.version == 1
    assert _sanction(session, licence, "suspend").state == "suspended"
    _step(session, one, "carry_out", APPROVER)
    _sanction(session, licence, "reinstate")
    assert _code(_sanction, session, licence, "suspend") == "licences.no_finding"
    again = _step(session, _found(session, licence, severity="grave", rectify_by=None), "tell", INSPECTOR)
    assert again.measure == "revoke"
    assert _code(_sanction, session, licence, "suspend") == "licences.no_finding"
    assert _sanction(session, licence, "revoke").state == "revoked"


@pytest.mark.parametrize("reason", ["sanction.standard", "sanction.forgery"])
def test_whoever_recorded_a_finding_does_not_decide_on_it_under_any_account(
    session: Session, licence: Licence, reason: str
) -> None:
    one = _found(session, licence, severity="grave", rectify_by=None, reason_code=reason)
    _step(session, one, "tell", CLERK)
    action = "suspend" if reason == "sanction.standard" else "revoke"
    second = Actor("second", INSPECTOR.username, INSPECTOR.name, (Grant(Role.BRAND_APPROVER),))
    said = {"version": 1, "reason_code": reason, "comment": "示范"}
    assert _code(licences.step, make.work(session, second), licence.id, action, **said) == "licences.four_eyes"
    assert licences.step(_by(session, APPROVER), licence.id, action, **said).version == 2


def test_the_page_offers_the_reasons_that_stand(session: Session, licence: Licence) -> None:
    def offered(action: str) -> set[str]:
        entry = reading_licences.find(session, make.actor(session, APPROVER), licence.number, make.MONDAY.date())
        actor = make.actor(session, APPROVER)
        return set(reading_licences.reasons_open_to(session, entry, actor, action, make.MONDAY.date()))

    at_once = {"sanction.accident", "sanction.forgery"}
    assert offered("suspend") == offered("revoke") == at_once
    _step(session, _found(session, licence, severity="grave", rectify_by=None), "tell", INSPECTOR)
    assert (offered("suspend"), offered("revoke")) == (at_once | {"sanction.standard"}, at_once)
    assert offered("reinstate") == set()


def test_a_clean_yearly_review(session: Session, licence: Licence) -> None:
    clean = {"kind": "yearly", "severity": "none", "reason_code": "", "rectify_by": None}
    assert _code(_found, session, licence, **clean) == "inspections.test_report_missing"
    one = _found(session, licence, **clean, uploads=[make.a_paper("检测报告")])
    _step(session, one, "tell", CLERK)
    assert _step(session, one, "close", INSPECTOR).state == "closed"
    assert reading.review_due(session, licence, 12) == date(2027, 9, 14)


def test_the_party_sees_only_what_it_was_told(session: Session, licence: Licence) -> None:
    one = _found(session, licence, uploads=[make.a_paper("照片")])
    entry = reading_licences.find(session, make.actor(session, PRODUCER), licence.number, date(2026, 9, 14))
    producer = make.actor(session, PRODUCER)
    assert reading.of_licence(session, producer, entry) == []
    file = reading.of_licence(session, make.actor(session, AUDITOR), entry)[0].files[0]
    assert _code(reading.file, session, producer, licence.id, file.id) == "access.unknown"
    _step(session, one, "tell", INSPECTOR)
    assert [each.inspection.id for each in reading.of_licence(session, producer, entry)] == [one.id]
    assert reading.file(session, producer, licence.id, file.id).id == file.id


def test_who_may_not_and_stale_pages(session: Session, licence: Licence) -> None:
    one = _found(session, licence)
    for person in (PRODUCER, RIVAL, APPROVER):
        assert _code(_step, session, one, "tell", person) == "access.unknown"
    stale = {"version": 9, "comment": "x"}
    assert _code(inspections.step, _by(session, INSPECTOR), one.id, "tell", **stale) == "inspections.stale"
    assert _code(_found, session, licence, visited_on=date(2026, 9, 15)) == "inspections.day_ahead"


def test_the_contract_is_kept_once(session: Session, licence: Licence) -> None:
    words: dict[str, Any] = {"signed_on": date(2026, 9, 1), "upload": make.a_paper("合同")}
    inspections.keep_contract(_by(session, CLERK), licence.id, **words)
    assert _code(inspections.keep_contract, _by(session, CLERK), licence.id, **words) == "materials.twice"
    assert _code(inspections.keep_contract, _by(session, PRODUCER), licence.id, **words) == "access.unknown"
    assert [one.signed_on for one in reading.contracts(session, licence.id)] == [date(2026, 9, 1)]


def test_the_desks(session: Session, licence: Licence) -> None:
    def topics(person: make.PersonOfTheCast, days: int = 0) -> list[str]:
        actor, today = make.actor(session, person), date(2026, 9, 14) + timedelta(days=days)
        return [one.topic for one in desk.inspections_waiting(session, actor, today)]

    one = _found(session, licence)
    assert topics(INSPECTOR) == ["desk.result_to_tell"]
    assert topics(PRODUCER) == topics(APPROVER) == []
    _step(session, one, "tell", INSPECTOR)
    assert (topics(INSPECTOR), topics(APPROVER), topics(PRODUCER)) == (
        [],
        ["desk.finding_to_decide"],
        ["desk.finding_to_mend"],
    )
    assert topics(RIVAL) == []
    assert topics(CLERK, 320) == ["desk.review_due"]
