"""Endorsements by two persons, shown while they hold; designation marks beside the brands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select, text

from brand.kernel.audit import AuditEntry as Entry
from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.statements import message
from brand.kernel.work import Work
from brand.models.endorsements import Endorsement
from brand.models.enterprises import Enterprise
from brand.models.statement_keys import StatementKey
from brand.queries import desk, profiles
from brand.queries import endorsements as reads
from brand.rules import endorsements as rules
from brand.services import endorsements
from tests import make
from tests.people import ADMIN, APPROVER, CLERK, INSPECTOR, PRODUCER, PersonOfTheCast
from trace.crypto import base64url
from trace.crypto.code_profiles import UnitCode
from trace.crypto.label_codes import path
from trace.crypto.readings import read_address
from trace.models.batches import Batch
from trace.models.labels import Label
from trace.queries import keys, packs
from trace.queries.verification import verify
from trace.services.signer import LabelSigner
from trace.services.statement_keys import OfficeSigner

SIGNER = make.an_office_signer()
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
    given = {"version": one.version, "digest_seen": one.digest, "signer": SIGNER if action == "issue" else None} | words
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
            return pack.edition, len(packs.story(session, pack, TODAY).endorsements)

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
    with pytest.raises(AppError) as elsewhere, database.writing() as session:
        endorsements.end_designation(by(session, CLERK), made.id, version=1, comment="示范", enterprise_id="rival")
    assert elsewhere.value.code == "access.unknown"
    with database.writing() as session:
        endorsements.end_designation(
            by(session, CLERK), made.id, version=1, comment="示范", enterprise_id="cooperative"
        )
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


def test_what_is_issued_bears_the_offices_signature(database: Database) -> None:
    with database.writing() as session:
        one = draft(session)
        assert (one.kid, one.signature) == ("", "")
        refusal("endorsements.no_signer", lambda: step(session, one, "issue", signer=None))
        session.refresh(one)
        step(session, one, "issue")
        again = draft(session)
        step(session, again, "issue")
        (key,) = session.exec(select(StatementKey)).all()
        assert one.kid == again.kid == key.kid
        assert (key.year, key.origin) == (2026, make.ORIGIN)
        assert one.signature != again.signature
        (published,) = [each for each in keys.published(session) if each.kid == key.kid]
        said = message("endorsement", make.ORIGIN, key.kid, rules.canonical(one.model_dump()))
        assert published.public.verify(said, base64url.decode(one.signature, size=64) or b"")
        assert not published.public.verify(said + b" ", base64url.decode(one.signature, size=64) or b"")
        assert published.not_after.year == 2029


@pytest.mark.parametrize("forgery", ["none", "other", "spelling", "key", "digest"])
def test_a_signature_that_is_not_the_offices_counts_for_nothing(database: Database, forgery: str) -> None:
    with database.writing() as session:
        one, other = draft(session), draft(session)
        for each in (one, other):
            step(session, each, "issue")
        assert reads.find(session, make.actor(session, PRODUCER), one.number, TODAY).intact
        if forgery == "none":
            one.kid, one.signature = "", ""
        elif forgery == "other":
            one.signature = other.signature
        elif forgery == "spelling":
            one.signature = one.signature[:-1] + chr(ord(one.signature[-1]) + 1)  # its spare bits set: decodes alike
        elif forgery == "key":
            one.kid = "zzz"
        else:
            one.statement = "另一句话"
            one.digest = rules.digest(one.model_dump())
        session.flush()
        assert not reads.find(session, make.actor(session, PRODUCER), one.number, TODAY).intact
        assert [each.endorsement.number for each in shown_for_batch(session)] == [other.number]


def shown_for_batch(session: Session) -> list[reads.Statement]:
    return reads.for_pack(session, "cooperative", "nothing", "7K3M9Q2X", TODAY)


def test_keys_of_the_office_change_with_the_year_and_never_change_themselves(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        first = SIGNER.sign(work, "endorsement", b"1")
        assert SIGNER.sign(work, "endorsement", b"1") == first
        assert SIGNER.sign(work, "other", b"1").text != first.text
        later = SIGNER.sign(make.work(session, now=make.MONDAY + timedelta(days=365)), "endorsement", b"1")
        assert later.kid != first.kid
        assert session.exec(select(Entry.action).where(Entry.action == "keys.create")).all() == ["keys.create"] * 2
    with pytest.raises(DBAPIError), database.writing() as session:
        session.connection().execute(text("UPDATE statement_keys SET year = 2000"))


def test_a_key_signs_only_what_its_role_allows(database: Database, tmp_path: Path) -> None:
    labels = make.a_signer(tmp_path)
    with database.writing() as session:
        kid = OfficeSigner(labels.keeper, make.ORIGIN).sign(make.work(session), "endorsement", b"1").kid
    refusal("keys.private_missing", lambda: labels.sign(kid, make.MONDAY, []))
    (labels.keeper.folder / f"endorsement-{kid}.key").rename(labels.keeper.folder / f"label-{kid}.key")
    refusal("keys.private_missing", lambda: LabelSigner(labels.keeper, make.ORIGIN).sign(kid, make.MONDAY, []))
