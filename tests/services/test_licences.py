"""Licences: granted through every step, spent within the allowance, sanctioned with reasons, asked for any day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlmodel import Session

from brand.kernel.db import Database
from brand.kernel.errors import AppError, Kind
from brand.models.licences import Licence
from brand.queries import licences as reading
from brand.queries import register
from brand.rules.licence_terms import LicenceStatus
from brand.services import licences
from tests import make
from tests.people import APPROVER, CLERK, PRODUCER

pytestmark = pytest.mark.licensed

REASON = {"reason_code": "sanction.accident", "comment": "抽检不合格（示范）"}


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as opened:
        yield opened


def _step(session: Session, licence: Licence, action: str, day: int, **words: str) -> Licence:
    work = make.work(session, make.actor(session, APPROVER), datetime(2026, 9, day, 1, 0, tzinfo=UTC))
    return licences.step(work, licence.id, action, version=licence.version, **(words or REASON))


def test_a_licence_comes_out_of_the_whole_procedure(session: Session) -> None:
    licence = make.a_licence(make.work(session))
    assert licence.number == "L2026-0001"
    assert (licence.valid_from, licence.valid_until) == (date(2026, 8, 24), date(2029, 8, 23))
    years = reading.entries(session, [licence], date(2026, 9, 14))[0].years
    assert [(one.year, one.cap_kg, one.used_kg) for one in years] == [
        (year, Decimal(30000), Decimal(0)) for year in (2026, 2027, 2028, 2029)
    ]
    assert reading.status_on(session, licence, date(2026, 9, 14)) is LicenceStatus.VALID


@pytest.mark.ready
def test_spending_keeps_the_books(session: Session) -> None:
    work = make.work(session)
    licence = make.a_licence(work, cap_kg=Decimal(100))
    licences.spend(work, licence.id, 2026, kg=Decimal("60.5"), labels=121)
    after = licences.spend(work, licence.id, 2026, kg=Decimal("39.5"), labels=79)
    assert (after.used_kg, after.labels) == (Decimal(100), 200)
    with pytest.raises(AppError) as refusal:
        licences.spend(work, licence.id, 2026, kg=Decimal("0.001"), labels=1)
    assert (refusal.value.kind, refusal.value.code) == (Kind.QUOTA_EXCEEDED, "licences.cap_exceeded")
    assert refusal.value.params == {"cap": 100, "used": 100, "asked": Decimal("0.001"), "left": 0}
    assert licences.spend(work, licence.id, 2027, kg=Decimal(100), labels=1).year == 2027


@pytest.mark.parametrize(
    ("year", "kg", "labels", "code"),
    [
        (2025, Decimal(1), 1, "licences.year_outside_term"),
        (2030, Decimal(1), 1, "licences.year_outside_term"),
        (2026, Decimal(0), 1, "licences.nothing_to_spend"),
        (2026, Decimal(-5), 1, "licences.nothing_to_spend"),
        (2026, Decimal(1), 0, "licences.nothing_to_spend"),
    ],
)
def test_what_cannot_be_spent(session: Session, year: int, kg: Decimal, labels: int, code: str) -> None:
    work = make.work(session)
    licence = make.a_licence(work)
    with pytest.raises(AppError) as refusal:
        licences.spend(work, licence.id, year, kg=kg, labels=labels)
    assert refusal.value.code == code


def test_a_sanction_answers_for_every_day(session: Session) -> None:
    licence = make.a_licence(make.work(session))
    _step(session, licence, "suspend", 15)
    _step(session, licence, "reinstate", 20)
    _step(session, licence, "revoke", 25)
    statuses = {
        day: reading.status_on(session, licence, date(2026, 9, day)).value for day in (14, 15, 19, 20, 24, 25, 30)
    }
    assert statuses == {
        14: "valid",
        15: "suspended",
        19: "suspended",
        20: "valid",
        24: "valid",
        25: "revoked",
        30: "revoked",
    }
    assert reading.status_on(session, licence, date(2026, 8, 23)) is LicenceStatus.NOT_YET
    assert [one.position for one in reading.steps_of(session, [licence.id])[licence.id]] == [2, 3, 4]


def test_who_may_carry_the_product_on_a_day(session: Session) -> None:
    work = make.work(session)
    ours, theirs = make.a_licence(work), make.a_licence(work, enterprise_id="rival")
    product = ours.product_id
    _step(session, theirs, "suspend", 15)
    assert reading.valid_for(session, "cooperative", product, date(2026, 9, 14)) == ours
    assert reading.valid_for(session, "cooperative", product, date(2026, 8, 23)) is None
    assert reading.valid_for(session, "rival", product, date(2026, 9, 14)) == theirs
    assert reading.valid_for(session, "rival", product, date(2026, 9, 15)) is None
    assert reading.valid_for(session, "abattoir", product, date(2026, 9, 14)) is None
    producers = reading.licensed_producers(session, product, date(2026, 9, 14))
    assert {enterprise.id: licence.id for enterprise, licence in producers} == {
        "cooperative": ours.id,
        "rival": theirs.id,
    }
    assert len(reading.licensed_producers(session, product, date(2026, 9, 15))) == 1


@pytest.mark.parametrize(
    ("action", "words", "code"),
    [
        ("suspend", {"reason_code": "", "comment": "x"}, "licences.reason_unknown"),
        ("revoke", {"reason_code": "sanction.accident", "comment": " "}, "licences.comment_missing"),
        ("reinstate", {"comment": "x"}, "licences.wrong_state"),
        ("grant", {"comment": "x"}, "access.unknown"),
    ],
)
def test_sanctions_that_are_refused(session: Session, action: str, words: dict[str, str], code: str) -> None:
    licence = make.a_licence(make.work(session))
    with pytest.raises(AppError) as refusal:
        _step(session, licence, action, 15, **words)
    assert refusal.value.code == code


def test_only_the_approver_sanctions_and_only_the_latest_page(session: Session) -> None:
    licence = make.a_licence(make.work(session))
    for person in (PRODUCER, CLERK):
        with pytest.raises(AppError) as refusal:
            licences.step(make.work(session, make.actor(session, person)), licence.id, "revoke", version=1, **REASON)
        assert refusal.value.kind is Kind.UNKNOWN
    with pytest.raises(AppError) as refusal:
        licences.step(make.work(session, make.actor(session, APPROVER)), licence.id, "revoke", version=7, **REASON)
    assert refusal.value.code == "licences.stale"


@pytest.mark.parametrize("day", [date(2026, 8, 1), date(2026, 9, 30), date(2029, 8, 23), date(2029, 8, 24)])
def test_the_register_filters_by_the_status_it_shows(session: Session, day: date) -> None:
    """The status in SQL and the status by the rule must be one."""
    work = make.work(session)
    make.a_licence(work)
    _step(session, make.a_licence(work, enterprise_id="rival"), "suspend", 15)
    shown = register.listing(session, day).rows
    for status in LicenceStatus:
        listed = {one.licence.id for one in register.listing(session, day, status=status.value).rows}
        if day >= date(2026, 9, 15):
            assert listed == {one.licence.id for one in shown if one.status is status}


@pytest.mark.parametrize(
    ("text", "found"),
    [("养羊", 1), ("示范", 2), ("sheep", 1), ("L2026-0002", 1), ("羊肉", 2), ("lamb", 2), ("%", 0), ("_", 0)],
)
def test_the_register_is_searched_by_a_fragment(session: Session, text: str, found: int) -> None:
    work = make.work(session)
    make.a_licence(work)
    make.a_licence(work, enterprise_id="rival")
    assert register.listing(session, work.today, text=text).total == found
