"""Endorsements by two persons, shown while they hold; designation marks beside the brands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select, text

from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.work import Work
from brand.models.endorsements import Endorsement
from brand.models.enterprises import Enterprise
from brand.queries import desk, profiles
from brand.queries import endorsements as reads
from brand.services import endorsements
from tests import make
from tests.people import ADMIN, APPROVER, CLERK, INSPECTOR, PRODUCER, PersonOfTheCast
from trace.crypto.code_profiles import UnitCode
from trace.crypto.label_codes import path
from trace.crypto.readings import read_address
from trace.models.batches import Batch
from trace.models.labels import Label
from trace.queries import packs
from trace.queries.verification import verify

TODAY = make.MONDAY.date()


def by(session: Session, person: PersonOfTheCast) -> Work:
    return make.work(session, make.actor(session, person))


def refusal(code: str, act: Callable[[], Any]) -> AppError:
    with pytest.raises(AppError) as caught:
        act()
    assert caught.value.code == code
    return caught.value


def draft(session: Session, person: PersonOfTheCast = CLERK, **changes: Any) -> Endorsement:
    return endorsements.write(by(session, person), **make.AN_ENDORSEMENT | changes)


def step(session: Session, one: Endorsement, action: str, person: PersonOfTheCast = APPROVER, **words: Any) -> None:
    given = {"version": one.version, "digest_seen": one.digest} | words
    endorsements.step(by(session, person), one.number, action, **given)


def test_a_second_person_issues_exactly_what_was_read(database: Database) -> None:
    with database.writing() as session:
        one = draft(session)
        (waiting,) = desk.endorsements_waiting(session, make.actor(session, APPROVER))
        assert (waiting.topic, waiting.detail) == ("desk.endorsement_to_issue", one.number)
        assert desk.endorsements_waiting(session, make.actor(session, CLERK)) == []
        refusal("endorsements.stale", lambda: step(session, one, "issue", digest_seen="0" * 64))
        session.refresh(one)
        step(session, one, "issue")
        assert (one.state, one.issued_by) == ("issued", "approver")
        refusal("endorsements.wrong_state", lambda: step(session, one, "issue"))


def test_one_person_is_not_two_and_the_database_agrees(database: Database) -> None:
    with database.writing() as session:
        one = draft(session)
        one.written_by = "approver"
        session.flush()
        refusal("endorsements.four_eyes", lambda: step(session, one, "issue"))
    with pytest.raises(DBAPIError), database.writing() as session:
        session.connection().execute(text("UPDATE endorsements SET state = 'issued', issued_by = written_by"))


@pytest.mark.parametrize("person", [ADMIN, APPROVER, INSPECTOR, PRODUCER])
def test_only_the_clerk_writes(database: Database, person: PersonOfTheCast) -> None:
    with database.writing() as session:
        refusal("access.unknown", lambda: draft(session, person))
        one = draft(session)
        if person is not APPROVER:
            refusal("access.unknown", lambda: step(session, one, "issue", person))


def test_drafts_are_not_for_the_public(database: Database) -> None:
    with database.writing() as session:
        one = draft(session)
        refusal("access.unknown", lambda: reads.find(session, make.actor(session, PRODUCER), one.number, TODAY))
        step(session, one, "issue")
        assert reads.find(session, make.actor(session, PRODUCER), one.number, TODAY).word == "issued"


def test_stale_and_dropped(database: Database) -> None:
    with database.writing() as session:
        one = draft(session)
        refusal("endorsements.stale", lambda: step(session, one, "issue", version=9))
        session.refresh(one)
        step(session, one, "drop", CLERK)
        refusal("endorsements.wrong_state", lambda: step(session, one, "issue"))


def test_words_changed_behind_the_register_count_for_nothing(database: Database) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        product = make.a_product(session).id
        one = draft(session, kind="product", batch_code="", enterprise_id="cooperative", product_id=product)
        step(session, one, "issue")
        assert len(reads.for_pack(session, "cooperative", product, "7K3M9Q2X", TODAY)) == 1
        assert len(profiles.profile(session, "cooperative", TODAY).endorsements) == 1
        one.statement = "另一句话"
        session.flush()
        assert reads.for_pack(session, "cooperative", product, "7K3M9Q2X", TODAY) == []
        assert profiles.profile(session, "cooperative", TODAY).endorsements == ()
        assert not reads.find(session, make.actor(session, CLERK), one.number, TODAY).intact


def test_what_is_shown_for_a_pack_and_when(database: Database) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        product = make.a_product(session).id
        of_batch = draft(session)
        of_product = draft(session, kind="product", batch_code="", enterprise_id="cooperative", product_id=product)
        for one in (of_batch, of_product):
            step(session, one, "issue")

        def shown(day: date = TODAY, enterprise: str = "cooperative", batch: str = "7K3M9Q2X") -> list[str]:
            found = reads.for_pack(session, enterprise, product, batch, day)
            return [one.endorsement.number for one in found]

        assert shown() == [of_batch.number, of_product.number]
        assert shown(batch="0K3M9Q2X") == [of_product.number]
        assert shown(enterprise="rival") == [of_batch.number]
        assert shown(TODAY - timedelta(days=1)) == []
        assert shown(date(2027, 9, 14)) == []
        step(session, of_batch, "revoke", reason_code="failed_test")
        assert shown() == [of_product.number]


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"batch_code": "short"}, "endorsements.batch_code", "/batch_code"),
        ({"kind": "product"}, "endorsements.product_needed", "/enterprise_id"),
        (
            {"kind": "product", "enterprise_id": "no", "product_id": "no"},
            "endorsements.product_unknown",
            "/enterprise_id",
        ),
        (
            {"kind": "product", "enterprise_id": "cooperative", "product_id": "no"},
            "endorsements.product_unknown",
            "/product_id",
        ),
        ({"valid_until": date(2026, 9, 13)}, "endorsements.term", "/valid_until"),
    ],
)
def test_what_a_draft_may_not_be(database: Database, changes: dict[str, Any], code: str, pointer: str) -> None:
    with database.writing() as session:
        assert refusal(code, lambda: draft(session, **changes)).faults[0].pointer == pointer


@pytest.mark.packed
def test_a_consumer_reads_it_and_the_kept_page_knows_of_every_change(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        made = make.an_order(make.work(session), make.a_signer(tmp_path))
        batch = session.get_one(Batch, made.batch_id)
        label = session.exec(select(Label).where(Label.order_id == made.id)).first()
        assert label is not None
        scanned = read_address(f"{path(UnitCode(batch.code, label.serial))}?s={made.kid}.{label.signature}")

        def now() -> tuple[object, int]:
            pack = verify(session, make.ORIGIN, scanned, TODAY).pack
            assert pack is not None
            return pack.edition, len(packs.story(session, pack.pack_line_id, TODAY).endorsements)

        first = now()
        one = draft(session, batch_code=batch.code)
        step(session, one, "issue")
        second = now()
        step(session, one, "revoke", reason_code="accident")
        third = now()
        assert [shown for _, shown in (first, second, third)] == [0, 1, 0]
        assert len({edition for edition, _ in (first, second, third)}) == 3


def designate(session: Session, person: PersonOfTheCast = CLERK, **changes: Any) -> Any:
    usual: dict[str, Any] = {
        "mark_code": "demo-county-recognition",
        "document": "示范文号 1",
        "granted_on": date(2026, 9, 1),
        "valid_until": date(2026, 12, 31),
    }
    return endorsements.designate(by(session, person), "cooperative", **usual | changes)


def test_a_mark_is_recorded_shown_and_taken_back(database: Database) -> None:
    with database.writing() as session:
        made = designate(session)
        (held,) = profiles.profile(session, "cooperative", TODAY).recognitions
        assert (held.word, held.designation.id) == ("granted", made.id)
        (held,) = profiles.profile(session, "cooperative", date(2027, 1, 1)).recognitions
        assert held.word == "expired"
        refusal("designations.held", lambda: designate(session))
        endorsements.end_designation(by(session, CLERK), made.id, version=1, comment="示范")
        refusal(
            "designations.stale",
            lambda: endorsements.end_designation(by(session, CLERK), made.id, version=1, comment="示范"),
        )
        assert designate(session).id != made.id


@pytest.mark.parametrize("person", [PRODUCER, INSPECTOR, APPROVER])
def test_marks_are_recorded_by_the_clerk(database: Database, person: PersonOfTheCast) -> None:
    with database.writing() as session:
        refusal("access.unknown", lambda: designate(session, person))


def test_no_mark_for_an_enterprise_that_is_not_confirmed(database: Database) -> None:
    with database.writing() as session:
        session.get_one(Enterprise, "cooperative").state = "suspended"
        refusal("designations.not_confirmed", lambda: designate(session))
