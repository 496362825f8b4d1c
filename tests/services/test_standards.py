"""Standards through the services: four eyes by person, words that never change, batches graded by what is in force."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, select

from brand.kernel import uploads
from brand.kernel.actors import Actor, Grant
from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.permissions import Role
from brand.kernel.work import Work
from brand.models.standards import StandardEdition, StandardRevision, StandardStep
from brand.queries import standards as reads
from brand.rules.grade_tables import CarcassClass, Grade, nyt630_2002, table_of
from brand.rules.grading import grade
from brand.services import standards
from tests import make
from tests.people import APPROVER, CLERK, PRODUCER, PersonOfTheCast
from trace.models.batches import Batch, Carcass, Slaughter
from trace.services import batches

CODE = "NY/T 630-2002"


def _by(session: Session, person: PersonOfTheCast, now=make.MONDAY) -> Work:  # type: ignore[no-untyped-def]
    return make.work(session, make.actor(session, person), now)


def _shipped(session: Session) -> StandardEdition:
    return session.exec(select(StandardEdition).where(StandardEdition.label == "2002-12-30")).one()


def _draft(session: Session, label: str = "2026-09", effective_on: str = "2026-10-01") -> StandardEdition:
    """A draft by the clerk from the shipped edition, complete."""
    work = _by(session, CLERK)
    made = standards.draft(work, code=CODE, label=label, based_on=_shipped(session).id)
    return standards.edit(work, made.id, version=made.version, effective_on=effective_on)


def _submitted(session: Session, **options: str) -> StandardEdition:
    made = _draft(session, **options)
    return standards.step(_by(session, CLERK), made.id, "submit", version=made.version)


def _refusal(work: Work, edition: StandardEdition, action: str, **words: str) -> str:
    with pytest.raises(AppError) as caught:
        standards.step(work, edition.id, action, version=edition.version, **words)
    work.session.rollback()
    return caught.value.code


def test_the_shipped_table_is_the_first_published_edition(database: Database) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        found = reads.in_force(session, CODE, date(2026, 9, 12))
        assert found is not None
        assert table_of(found.content["grade_table"]) == nyt630_2002()
        assert found.written.person_id is None
        assert reads.in_force(session, CODE, date(2003, 2, 28)) is None
        assert reads.in_force(session, "", date(2026, 9, 12)) is None
        standards.load_shipped(make.work(session), [CODE, "GB 1"])
        assert len(reads.drafts(session)) == 1, "loaded once"


def test_whoever_had_a_hand_in_it_does_not_publish_by_any_account(database: Database) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        edition = _submitted(session)
        edition_id, version = edition.id, edition.version
    twin = Actor("second-account", CLERK.username, "示范", (Grant(Role.BRAND_APPROVER),))
    with database.writing() as session:
        edition = session.get_one(StandardEdition, edition_id)
        assert _refusal(make.work(session, twin), edition, "publish") == "standards.four_eyes"
    with database.writing() as session:
        published = standards.step(_by(session, APPROVER), edition_id, "publish", version=version)
        assert published.state == "published"


def test_an_edit_voids_the_submission(database: Database) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        edition = _submitted(session)
        edited = standards.edit(_by(session, CLERK), edition.id, version=edition.version, title="另一个名称")
        assert edited.state == "draft"
        edition_id = edited.id
    with database.writing() as session:
        edition = session.get_one(StandardEdition, edition_id)
        assert _refusal(_by(session, APPROVER), edition, "publish") == "standards.wrong_state"
    with database.writing() as session:
        # The twin of a broken house: the words change behind the submission, and the digest tells.
        edition = session.get_one(StandardEdition, edition_id)
        edition = standards.step(_by(session, CLERK), edition_id, "submit", version=edition.version)
        content = dict(reads.latest(session, edition_id).content) | {"title": "悄悄改过"}
        edition.revision += 1
        session.add(
            StandardRevision(
                edition_id=edition_id, position=edition.revision, content=content, digest="0" * 64, at=make.MONDAY,
                person_name="示范",
            )
        )  # fmt: skip
        session.flush()
        assert _refusal(_by(session, APPROVER), edition, "publish") == "standards.not_the_submitted"


def test_a_successor_supersedes_and_the_old_one_stays_as_it_was(database: Database) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        before = reads.in_force(session, CODE, date(2026, 9, 14))
        assert before is not None
        edition = _submitted(session)
        standards.step(_by(session, APPROVER), edition.id, "publish", version=edition.version)
        old = _shipped(session)
        assert old.state == "superseded"
        with pytest.raises(AppError, match=r"standards\.wrong_state"):
            standards.edit(_by(session, CLERK), old.id, version=old.version, title="改")
    with database.reading() as session:
        still = reads.in_force(session, CODE, date(2026, 9, 30))
        assert still is not None
        assert (still.edition.label, still.written.digest) == ("2002-12-30", before.written.digest)
        next_one = reads.in_force(session, CODE, date(2026, 10, 1))
        assert next_one is not None
        assert next_one.edition.label == "2026-09"
        assert reads.published_table(session, CODE, "2002-12-30") == nyt630_2002()


@pytest.mark.parametrize("effective_on", ["2003-03-01", "2026-09-13"])
def test_nothing_is_regraded(database: Database, effective_on: str) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        edition = _submitted(session, effective_on=effective_on)
        assert _refusal(_by(session, APPROVER), edition, "publish") == "standards.starts_too_early"


def test_stale_unknown_and_not_allowed(database: Database) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        edition = _draft(session)
        clerk, producer = _by(session, CLERK), _by(session, PRODUCER)
        with pytest.raises(AppError, match=r"standards\.stale"):
            standards.edit(clerk, edition.id, version=edition.version - 1, title="旧页")
        for action in ("supersede", "edit", "load", "sing"):
            with pytest.raises(AppError, match=r"access\.unknown"):
                standards.step(clerk, edition.id, action, version=edition.version)
        with pytest.raises(AppError, match=r"access\.unknown"):
            standards.edit(producer, edition.id, version=edition.version, title="别人的")
        with pytest.raises(AppError, match=r"access\.unknown"):
            standards.edit(clerk, "0" * 20, version=1, title="没有")
        with pytest.raises(AppError, match=r"standards\.code"):
            standards.draft(clerk, code="ny t 630 2002", label="1")
        with pytest.raises(AppError, match=r"standards\.label_taken"):
            standards.draft(clerk, code=CODE, label="2026-09")


def test_every_act_is_in_the_history_and_the_audit_trail(database: Database) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        edition = _submitted(session)
        standards.step(_by(session, APPROVER), edition.id, "return", version=edition.version, comment="示范：补出处")
        steps = session.exec(select(StandardStep).where(StandardStep.edition_id == edition.id)).all()
        assert sorted((one.position, one.action) for one in steps) == [
            (1, "draft"), (2, "edit"), (3, "submit"), (4, "return"),
        ]  # fmt: skip
        trail = session.exec(select(AuditEntry.action).where(AuditEntry.object_id == edition.id)).all()
        assert sorted(trail) == ["standards.draft", "standards.edit", "standards.return", "standards.submit"]


@pytest.mark.parametrize("table", ["standard_revisions", "standard_steps", "standard_files"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET at = at"])
def test_the_database_itself_keeps_every_wording(database: Database, table: str, change: str) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        edition = _draft(session)
        upload = uploads.take("示范.pdf", b"%PDF-1.7 demo %%EOF", most=100)
        standards.add_document(_by(session, CLERK), edition.id, version=edition.version, upload=upload)
    with pytest.raises(DatabaseError, match="only grows"), database.writing() as session:
        session.connection().execute(text(change.format(table)))


def test_a_batch_is_graded_by_the_edition_of_its_day_as_the_engine_grades(database: Database) -> None:
    with database.writing() as session:
        batch = make.a_batch(make.work(session))
        day = session.get_one(Slaughter, batch.id)
        assert (day.grade_table, day.grade_edition) == (CODE, "2002-12-30")
        found = reads.published_table(session, day.grade_table, day.grade_edition)
        assert found is not None
        for one in session.exec(select(Carcass).where(Carcass.batch_id == batch.id)):
            line = batches.Graded(
                CarcassClass(one.animal_class), one.cold_kg, one.backfat_cm, one.marbling, one.firmness,
                one.lean_colour, one.fat_colour,
            )  # fmt: skip
            result = grade(found, line)
            assert (one.grade, one.decided_by) == (result.grade, result.decided_by)


def test_a_new_edition_grades_from_its_first_day_on(database: Database) -> None:
    """The new table calls every lamb special; the day of slaughter decides which table counts."""
    with database.writing() as session:
        make.a_licence(make.work(session))
        clerk = _by(session, CLERK, make.MONDAY - timedelta(days=10))
        made = standards.draft(clerk, code=CODE, label="2026-09", based_on=_shipped(session).id)
        cells = {"special-carcass_kg-from": "0", "special-confidence": "D"}
        for kind in CarcassClass:
            made = standards.edit_class(clerk, made.id, kind, version=made.version, **cells)
        made = standards.edit(clerk, made.id, version=made.version, effective_on="2026-09-12")
        made = standards.step(clerk, made.id, "submit", version=made.version)
        standards.step(_by(session, APPROVER, clerk.now), made.id, "publish", version=made.version)
        make.a_batch(make.work(session))
    with database.reading() as session:
        assert session.exec(select(Slaughter)).one().grade_edition == "2026-09"
        assert set(session.exec(select(Carcass.grade))) == {Grade.SPECIAL.value}


def test_a_product_without_a_published_table_is_refused_by_name(database: Database) -> None:
    with database.writing() as session:
        make.a_licence(make.work(session), cap_kg=Decimal(30000))
        product = make.a_product(session)
        product.standard = ""
        session.flush()
        with pytest.raises(AppError) as caught:
            make.a_batch(make.work(session))
        assert caught.value.code == "batches.no_grade_table"
        assert caught.value.faults[0].pointer == "/product_id"
        session.rollback()
    with database.reading() as session:
        assert session.exec(select(Batch)).first() is None
