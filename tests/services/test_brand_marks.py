"""Trademarks and files of brands: renewals, editions, who may take what, and the log that keeps it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import select

from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.kernel.errors import AppError, Kind
from brand.kernel.uploads import Upload
from brand.kernel.work import Work
from brand.models.brand_marks import BrandFileTaking
from brand.models.schemes import Brand
from brand.queries import brand_marks as reading
from brand.services import brand_marks, licences
from tests import make
from tests.people import ABATTOIR, ADMIN, APPROVER, CLERK, PRODUCER, RIVAL, PersonOfTheCast

pytestmark = pytest.mark.licensed

PAPER = Upload("标识手册.pdf", "application/pdf", b"%PDF-1.7 demo %%EOF", "0" * 64)
MARK: dict[str, Any] = {
    "number": "12345678",
    "nice_class": 29,
    "kind": "certification",
    "holder": "示范主管部门",
    "registered_on": date(2017, 3, 14),
}


def by(session: Any, person: PersonOfTheCast, days: int = 0) -> Work:
    return make.work(session, make.actor(session, person), make.MONDAY + timedelta(days=days))


@pytest.fixture
def pastoral(database: Database) -> str:
    """The brand under which the cooperative holds a licence; its neighbour holds none."""
    with database.writing() as session:
        make.a_licence(make.work(session))
        return session.exec(select(Brand).where(Brand.code == "pastoral")).one().id


def refusal(act: Any) -> AppError:
    with pytest.raises(AppError) as caught:
        act()
    return caught.value


def file(database: Database, brand_id: str, **changes: Any) -> str:
    given = {"upload": PAPER, "file_kind": "manual", "title": "示范手册", "licensees": True} | changes
    with database.writing() as session:
        return brand_marks.add_file(by(session, CLERK), brand_id, **given).id


def test_a_trademark_has_its_term_and_is_renewed_in_its_window(database: Database, pastoral: str) -> None:
    with database.writing() as session:
        one = brand_marks.add_trademark(by(session, CLERK), pastoral, **MARK)
        assert one.valid_until == date(2027, 3, 13)
        assert [found.due for found in reading.registered(session, pastoral, date(2026, 9, 14))] == [date(2027, 3, 13)]
        waiting = reading.waiting(session, make.actor(session, CLERK), date(2026, 9, 14))
        assert [(each.detail, each.due) for each in waiting] == [("12345678", date(2027, 3, 13))]
        assert reading.waiting(session, make.actor(session, PRODUCER), date(2026, 9, 14)) == []
    with database.writing() as session:
        elsewhere = refusal(lambda: brand_marks.renew(by(session, CLERK), one.id, version=1, brand_id="another"))
        assert elsewhere.code == "access.unknown"
        own = brand_marks.renew(by(session, CLERK), one.id, version=1, brand_id=pastoral)
        assert own.valid_until == date(2037, 3, 13)
        assert reading.waiting(session, make.actor(session, CLERK), date(2026, 9, 14)) == []
        assert refusal(lambda: brand_marks.renew(by(session, CLERK), one.id, version=1)).code == "brand_marks.stale"
        early = refusal(lambda: brand_marks.renew(by(session, CLERK), one.id, version=2))
        assert early.code == "brand_marks.not_renewable"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [({"number": "12-34"}, "/number"), ({"valid_until": date(2017, 3, 14)}, "/valid_until")],
)
def test_a_wrong_trademark_is_named_at_its_field(
    database: Database, pastoral: str, changes: dict[str, Any], pointer: str
) -> None:
    with database.writing() as session:
        error = refusal(lambda: brand_marks.add_trademark(by(session, CLERK), pastoral, **MARK | changes))
    assert [one.pointer for one in error.faults] == [pointer]


def test_a_number_is_entered_once_per_class(database: Database, pastoral: str) -> None:
    with database.writing() as session:
        brand_marks.add_trademark(by(session, CLERK), pastoral, **MARK)
        assert (
            refusal(lambda: brand_marks.add_trademark(by(session, CLERK), pastoral, **MARK)).code == "brand_marks.twice"
        )
        brand_marks.add_trademark(by(session, CLERK), pastoral, **MARK | {"nice_class": 31})


def test_a_new_file_is_the_next_edition_and_old_ones_stay(database: Database, pastoral: str) -> None:
    file(database, pastoral)
    file(database, pastoral, file_kind="logo")
    file(database, pastoral)
    with database.reading() as session:
        found = reading.whole(session, make.actor(session, CLERK), pastoral, make.MONDAY.date())
        assert [(one.kind, one.edition) for one in found.files] == [("logo", 1), ("manual", 2), ("manual", 1)]
    with pytest.raises(DatabaseError, match="only grows"), database.writing() as session:
        session.connection().execute(text("UPDATE brand_files SET title = 'x'"))


def test_a_licensee_takes_the_file_on_record_and_others_find_nothing(database: Database, pastoral: str) -> None:
    manual = file(database, pastoral)
    with database.writing() as session:
        assert brand_marks.take_file(by(session, PRODUCER), manual, use="packaging").content == PAPER.data
        for person in (RIVAL, ABATTOIR):
            error = refusal(lambda: brand_marks.take_file(by(session, person), manual, use="packaging"))  # noqa: B023
            assert error.kind is Kind.UNKNOWN
    with database.reading() as session:
        (row,) = session.exec(select(BrandFileTaking)).all()
        assert (row.person_id, row.enterprise_id, row.use) == (PRODUCER.username, "cooperative", "packaging")
        assert row.licence_number.startswith("L2026-")
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "brands.take_file")).one()
        assert entry.enterprise_id == "cooperative"
    with pytest.raises(DatabaseError, match="only grows"), database.writing() as session:
        session.connection().execute(text("DELETE FROM brand_file_takings"))


def test_the_right_ends_with_the_licence(database: Database, pastoral: str) -> None:
    manual = file(database, pastoral)
    with database.writing() as session:
        words = {"reason_code": "sanction.accident", "comment": "示范"}
        held = reading.licences_under(session, make.actor(session, PRODUCER), pastoral, make.MONDAY.date())
        licences.step(by(session, APPROVER), held[0].id, "suspend", version=1, **words)
    with database.writing() as session:
        error = refusal(lambda: brand_marks.take_file(by(session, PRODUCER), manual, use="packaging"))
        assert error.kind is Kind.UNKNOWN
        assert session.exec(select(BrandFileTaking)).first() is None


def test_office_files_stay_in_the_office_and_uses_are_those_of_the_tier(database: Database, pastoral: str) -> None:
    inner = file(database, pastoral, licensees=False)
    with database.writing() as session:
        region = session.get_one(Brand, pastoral).parent_id
        assert region
    regional = file(database, region)
    with database.writing() as session:
        hidden = refusal(lambda: brand_marks.take_file(by(session, PRODUCER), inner, use="packaging"))
        assert hidden.kind is Kind.UNKNOWN
        assert brand_marks.take_file(by(session, ADMIN), inner, use="packaging").id == inner
        wrong = refusal(lambda: brand_marks.take_file(by(session, PRODUCER), regional, use="packaging"))
        assert wrong.code == "brand_files.use_not_allowed"
        assert brand_marks.take_file(by(session, PRODUCER), regional, use="publicity").id == regional


@pytest.mark.parametrize("person", [PRODUCER, APPROVER, ABATTOIR], ids=lambda one: one.username)
def test_only_those_who_keep_brands_change_them(database: Database, pastoral: str, person: PersonOfTheCast) -> None:
    given = {"upload": PAPER, "file_kind": "logo", "title": "x", "licensees": True}
    with database.writing() as session:
        work = by(session, person)
        for act in (
            lambda: brand_marks.add_trademark(work, pastoral, **MARK),
            lambda: brand_marks.renew(work, "any", version=1),
            lambda: brand_marks.add_file(work, pastoral, **given),
        ):
            assert refusal(act).kind is Kind.UNKNOWN
