"""The end of a licence and what follows: the renewal window, the term without a gap, the shared year, the ban."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from brand.kernel.actors import SYSTEM
from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.work import Work
from brand.models.licences import Licence, LicenceYear
from brand.models.schemes import CalendarYear, Product
from brand.queries import desk
from brand.queries import licences as reading
from brand.rules import licence_terms
from brand.rules.licence_terms import LicenceStatus
from brand.services import licences
from tests import make
from tests.people import APPROVER, PRODUCER

pytestmark = pytest.mark.licensed

#: The licence of the cast runs from 2026-08-24 to 2029-08-23.
WINDOW, END = date(2029, 5, 23), date(2029, 8, 23)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as opened:
        yield opened


@pytest.fixture
def licence(session: Session) -> Licence:
    made = make.a_licence(make.work(session))
    session.add(CalendarYear(year=2029, gazetted=True, source="示范公告"))
    session.flush()
    assert made.valid_until == END
    return made


def _on(session: Session, day: date) -> Work:
    return Work(session, SYSTEM, datetime(day.year, day.month, day.day, 2, tzinfo=UTC), "test")


def _code(act: object, *args: object, **words: object) -> AppError:
    with pytest.raises(AppError) as refusal:
        act(*args, **words)  # type: ignore[operator]
    return refusal.value


def _renewed(session: Session, asked: date, decided: date) -> Licence:
    application = make.on_notice(_on(session, asked))
    make.step(_on(session, decided), application, "grant", APPROVER)
    return session.exec(select(Licence).where(Licence.application_id == application.id)).one()


def test_the_window_opens_on_its_day(session: Session, licence: Licence) -> None:
    early = _code(make.an_application, _on(session, WINDOW - timedelta(days=1)))
    assert (early.code, early.params) == ("applications.already_licensed", {"number": licence.number})
    assert make.an_application(_on(session, WINDOW)).renews_id == licence.id


def test_the_next_term_follows_without_a_gap_or_an_overlap(session: Session, licence: Licence) -> None:
    after = _renewed(session, WINDOW, date(2029, 6, 12))
    assert (after.follows_id, after.valid_from) == (licence.id, END + timedelta(days=1))
    for day, valid in ((END, licence), (END + timedelta(days=1), after)):
        found = reading.valid_for(session, "cooperative", licence.product_id, day)
        assert found is not None
        assert found.number == valid.number
    assert _code(make.an_application, _on(session, date(2029, 7, 1))).code == "applications.already_licensed"


def test_a_late_decision_begins_on_its_day(session: Session, licence: Licence) -> None:
    after = _renewed(session, date(2029, 8, 20), date(2029, 9, 10))
    assert after.valid_from == date(2029, 9, 10)
    assert reading.status_on(session, licence, date(2029, 9, 1)) is LicenceStatus.EXPIRED


def test_the_year_of_the_change_is_shared(session: Session, licence: Licence) -> None:
    licences.spend(_on(session, date(2029, 3, 1)), licence.id, 2029, kg=Decimal(10000), labels=5)
    after = _renewed(session, WINDOW, date(2029, 6, 12))
    held = session.exec(select(LicenceYear).where(LicenceYear.year == 2029)).all()
    assert sum(one.cap_kg for one in held) == Decimal(30000)
    new = next(one for one in held if one.licence_id == after.id)
    assert new.cap_kg == licence_terms.share_of_successor(Decimal(20000), 73, 130)
    assert Decimal(0) < new.cap_kg < Decimal(20000)


@given(st.decimals(0, 10**6, places=3), st.integers(0, 366), st.integers(0, 366))
def test_a_share_is_never_more_than_what_is_left(left: Decimal, old: int, new: int) -> None:
    share = licence_terms.share_of_successor(left, old, new)
    assert Decimal(0) <= share <= left
    assert share == share.quantize(Decimal("0.001"))


@pytest.mark.parametrize(
    ("end", "months", "opens"),
    [
        (date(2029, 8, 23), 3, date(2029, 5, 23)),
        (date(2029, 5, 31), 3, date(2029, 2, 28)),
        (date(2029, 2, 10), 3, date(2028, 11, 10)),
        (date(2028, 5, 31), 3, date(2028, 2, 29)),
    ],
)
def test_when_the_window_opens(end: date, months: int, opens: date) -> None:
    assert licence_terms.renewal_opens(end, months) == opens


def test_a_suspended_licence_is_not_renewed(session: Session, licence: Licence) -> None:
    approver = Work(session, make.actor(session, APPROVER), _on(session, WINDOW).now, "test")
    licences.step(approver, licence.id, "suspend", version=1, reason_code="sanction.accident", comment="示范")
    assert _code(make.an_application, _on(session, WINDOW)).code == "applications.already_licensed"


def test_after_a_revocation_three_years_without_an_application(session: Session, licence: Licence) -> None:
    revoked = date(2026, 10, 12)
    approver = Work(session, make.actor(session, APPROVER), _on(session, revoked).now, "test")
    licences.step(approver, licence.id, "revoke", version=1, reason_code="sanction.forgery", comment="示范")
    last = _code(make.an_application, _on(session, date(2029, 10, 11)))
    assert (last.code, last.params) == ("applications.banned_until", {"day": "2029-10-11"})
    assert make.an_application(_on(session, date(2029, 10, 12))).state == "draft"
    neighbour = make.an_application(_on(session, revoked + timedelta(days=1)), enterprise_id="rival")
    assert neighbour.state == "draft"


def test_the_ban_covers_every_product_of_the_scheme(session: Session, licence: Licence) -> None:
    from brand.services import applications

    approver = Work(session, make.actor(session, APPROVER), make.MONDAY, "test")
    licences.step(approver, licence.id, "revoke", version=1, reason_code="sanction.forgery", comment="示范")
    beef = session.exec(select(Product).where(Product.code == "beef")).one()
    producer = Work(session, make.actor(session, PRODUCER), make.MONDAY, "test")
    words = {
        "enterprise_id": "cooperative",
        "product_id": beef.id,
        "cap_kg": Decimal(1),
        "uses": make.USES,
        "capacity": "x",
    }
    assert _code(applications.draft, producer, **words).code == "applications.banned_until"


def test_the_desk_reminds_the_holder(session: Session, licence: Licence) -> None:
    producer, approver = make.actor(session, PRODUCER), make.actor(session, APPROVER)
    assert desk.renewals_waiting(session, producer, WINDOW - timedelta(days=1)) == []
    waiting = desk.renewals_waiting(session, producer, WINDOW)
    assert [(one.detail, one.due) for one in waiting] == [(licence.number, END)]
    assert desk.renewals_waiting(session, approver, WINDOW) == []
    make.an_application(_on(session, WINDOW))
    assert desk.renewals_waiting(session, producer, WINDOW) == []
