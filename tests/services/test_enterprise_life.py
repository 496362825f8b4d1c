"""Suspension holds licences back while it lasts; a duplicate is merged by two persons and its ids keep leading on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select, text

from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.work import Work
from brand.models.accounts import RoleGrant
from brand.models.enterprises import Enterprise, EnterpriseMerge, EnterpriseStep
from brand.queries import desk, home, register
from brand.queries import licences as reading
from brand.queries import merges as reads
from brand.queries import offerings as catalogue
from brand.rules.licence_terms import LicenceStatus
from brand.services import assets, enterprises, merges, offerings
from tests import make
from tests.people import ADMIN, APPROVER, CLERK, INSPECTOR, PRODUCER, RIVAL, STATION, PersonOfTheCast
from trace.crypto.code_profiles import UnitCode
from trace.crypto.label_codes import path
from trace.crypto.readings import read_address
from trace.models.batches import Batch
from trace.models.labels import Label
from trace.queries.verification import verify
from trace.services import labels


def by(session: Session, person: PersonOfTheCast, days: int = 0) -> Work:
    return make.work(session, make.actor(session, person), make.MONDAY + timedelta(days=days))


def refusal(code: str, act: Callable[[], Any]) -> None:
    with pytest.raises(AppError) as caught:
        act()
    assert caught.value.code == code


def suspend(session: Session, enterprise_id: str = "cooperative", days: int = 0) -> Enterprise:
    version = session.get_one(Enterprise, enterprise_id).version
    words = {"reason_code": "food_safety", "comment": "调查期间（示范）"}
    return enterprises.step(by(session, APPROVER, days), enterprise_id, "suspend", version=version, **words)


def resume(session: Session, days: int) -> Enterprise:
    version = session.get_one(Enterprise, "cooperative").version
    return enterprises.step(by(session, APPROVER, days), "cooperative", "resume", version=version, comment="已查清")


def test_a_licence_counts_as_suspended_while_its_holder_is(database: Database) -> None:
    with database.writing() as session:
        licence = make.a_licence(make.work(session))
        suspend(session)
        resume(session, 5)
        worth = {day: reading.status_on(session, licence, date(2026, 9, day)).value for day in (13, 14, 18, 19)}
        assert worth == {13: "valid", 14: "suspended", 18: "suspended", 19: "valid"}
        product = make.a_product(session).id
        assert reading.valid_for(session, "cooperative", product, date(2026, 9, 15)) is None
        assert reading.licensed_producers(session, product, date(2026, 9, 15)) == []
        assert reading.valid_for(session, "cooperative", product, date(2026, 9, 19)) == licence


def test_register_and_start_page_count_alike(database: Database) -> None:
    with database.writing() as session:
        make.a_licence(make.work(session))
        today = date(2026, 9, 14)
        for status, found in (("valid", 1), ("suspended", 0)):
            assert register.listing(session, today, status=status).total == found
        suspend(session)
        for status, found in (("valid", 0), ("suspended", 1)):
            assert register.listing(session, today, status=status).total == found
        (entry,) = register.listing(session, today).rows
        assert entry.status is LicenceStatus.SUSPENDED
        assert home.front(session, today).licences == 0


def test_while_suspended_no_application_moves_and_the_desk_says_so(database: Database) -> None:
    with database.writing() as session:
        application = make.an_application(make.work(session))
        suspend(session)
        refusal(
            "applications.enterprise_suspended", lambda: make.step(make.work(session), application, "submit", PRODUCER)
        )
        topics = [one.topic for one in desk.enterprises_waiting(session, make.actor(session, PRODUCER))]
        assert topics == ["desk.enterprise_suspended"]
        resume(session, 1)
        make.step(make.work(session), application, "submit", PRODUCER)


@pytest.mark.parametrize("person", [ADMIN, CLERK, INSPECTOR, PRODUCER, RIVAL, STATION])
def test_only_who_decides_suspends(database: Database, person: PersonOfTheCast) -> None:
    with database.writing() as session:
        words: dict[str, Any] = {"version": 1, "reason_code": "law", "comment": "示范"}
        refusal("access.unknown", lambda: enterprises.step(by(session, person), "cooperative", "suspend", **words))


def test_twice_and_stale(database: Database) -> None:
    with database.writing() as session:
        suspend(session)
        refusal("enterprises.wrong_state", lambda: suspend(session))
    with pytest.raises(AppError) as caught, database.writing() as session:
        enterprises.step(by(session, APPROVER), "cooperative", "resume", version=1, comment="示范")
    assert caught.value.code == "enterprises.stale"


def test_the_history_of_an_enterprise_only_grows(database: Database) -> None:
    with database.writing() as session:
        suspend(session)
        (step,) = session.exec(select(EnterpriseStep)).all()
        assert (step.from_state, step.to_state, step.person_id) == ("confirmed", "suspended", "approver")
    for change in ("UPDATE enterprise_steps SET comment = ''", "DELETE FROM enterprise_steps"):
        with pytest.raises(DBAPIError), database.writing() as session:
            session.connection().execute(text(change))


def proposed(session: Session, duplicate: str = "rival", kept: str = "cooperative") -> EnterpriseMerge:
    return merges.propose(by(session, CLERK), duplicate, kept_id=kept, why="同一家（示范）")


def test_two_persons_merge_a_duplicate_and_its_ids_lead_on(database: Database) -> None:
    with database.writing() as session:
        made = proposed(session)
        assert [one.title for one in desk.enterprises_waiting(session, make.actor(session, APPROVER))]
        merges.decide(by(session, APPROVER), made.id, "approve", version=1)
        duplicate = session.get_one(Enterprise, "rival")
        assert (duplicate.state, duplicate.merged_into) == ("merged", "cooperative")
        assert reads.resolve(session, "rival") == "cooperative"
        assert [one.id for one in reads.merged_into(session, "cooperative")] == ["rival"]
        assert session.exec(select(RoleGrant).where(RoleGrant.enterprise_id == "rival")).all() == []
        assert make.actor(session, RIVAL).reach("enterprises.read") == frozenset()
        refusal("merges.wrong_state", lambda: merges.decide(by(session, APPROVER), made.id, "approve", version=2))
        refusal("merges.not_in_order", lambda: proposed(session))


def test_the_offerings_of_a_duplicate_go_to_the_one_that_is_kept(database: Database) -> None:
    with database.writing() as session:
        make.an_offering(make.work(session))
        entries = make.offering_entries(session)
        goods = offerings.write(by(session, RIVAL), "rival", **entries)
        offerings.step(by(session, RIVAL), goods.id, "list", version=1)
        asset = assets.declare(by(session, RIVAL), "rival", **make.AN_ASSET)
        offerings.edit(by(session, RIVAL), goods.id, version=2, **entries | {"certificates": [asset.id]})
        made = proposed(session)
        merges.decide(by(session, APPROVER), made.id, "approve", version=1)
        session.refresh(goods)
        assert (goods.enterprise_id, goods.state, goods.certificates) == ("cooperative", "listed", [])
        shown = catalogue.public(session, goods.id, date(2026, 9, 14)).shown
        assert shown.enterprise.id == "cooperative"
        offerings.step(by(session, PRODUCER), goods.id, "withdraw", version=goods.version)
        moved = session.exec(select(AuditEntry).where(AuditEntry.action == "offerings.move")).one()
        assert (moved.object_id, moved.enterprise_id) == (goods.id, "cooperative")


def test_an_offering_whose_producer_cannot_be_told_is_withdrawn_in_a_merge(database: Database) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        goods = offerings.write(by(session, RIVAL), "rival", **make.offering_entries(session))
        offerings.step(by(session, RIVAL), goods.id, "list", version=1)
        session.get_one(Enterprise, "cooperative").credit_code = None
        made = proposed(session)
        merges.decide(by(session, APPROVER), made.id, "approve", version=1)
        session.refresh(goods)
        assert (goods.enterprise_id, goods.state) == ("cooperative", "withdrawn")


def test_a_chain_of_merges_leads_to_its_end(database: Database) -> None:
    with database.writing() as session:
        for duplicate, kept in (("rival", "cooperative"), ("cooperative", "abattoir")):
            made = proposed(session, duplicate, kept)
            merges.decide(by(session, APPROVER), made.id, "approve", version=1)
        assert reads.resolve(session, "rival") == "abattoir"
        assert {one.id for one in reads.merged_into(session, "abattoir")} == {"rival", "cooperative"}


def test_one_person_is_not_two(database: Database) -> None:
    """A second account of the same person, with the deciding role, is still the same pair of eyes."""
    with database.writing() as session:
        made = proposed(session)
        made.proposed_by = "approver"
        session.flush()
        refusal("merges.four_eyes", lambda: merges.decide(by(session, APPROVER), made.id, "approve", version=1))
        assert session.get_one(Enterprise, "rival").state == "confirmed"


def test_the_database_itself_wants_two_persons(database: Database) -> None:
    with pytest.raises(DBAPIError), database.writing() as session:
        made = proposed(session)
        made.state, made.decided_by = "merged", "clerk"
        session.flush()


def test_what_runs_is_ended_first(database: Database) -> None:
    with database.writing() as session:
        licence = make.a_licence(make.work(session), enterprise_id="rival")
        with pytest.raises(AppError) as caught:
            proposed(session)
        assert (caught.value.code, caught.value.params["number"]) == ("merges.something_runs", licence.number)


def test_an_application_begun_after_the_proposal_stops_the_merge(database: Database) -> None:
    with database.writing() as session:
        made = proposed(session)
        make.an_application(make.work(session), enterprise_id="rival")
        refusal("merges.something_runs", lambda: merges.decide(by(session, APPROVER), made.id, "approve", version=1))


def test_what_a_proposal_may_not_be(database: Database) -> None:
    with database.writing() as session:
        refusal("merges.same", lambda: proposed(session, "rival", "rival"))
        refusal("merges.unknown_entry", lambda: proposed(session, "rival", "nobody"))
        refusal("access.unknown", lambda: proposed(session, "nobody"))
        refusal("access.unknown", lambda: merges.propose(by(session, RIVAL), "rival", kept_id="cooperative", why="x"))
        made = proposed(session)
        refusal("merges.open_already", lambda: proposed(session))
        refusal("access.unknown", lambda: merges.decide(by(session, CLERK), made.id, "approve", version=1))
        refusal("enterprises.comment_needed", lambda: merges.decide(by(session, APPROVER), made.id, "drop", version=1))
        session.refresh(made)
        merges.decide(by(session, APPROVER), made.id, "drop", version=made.version, comment="两家不同")
        assert session.get_one(Enterprise, "rival").state == "confirmed"
        refusal("merges.stale", lambda: merges.decide(by(session, APPROVER), made.id, "drop", version=1))
        proposed(session)


@pytest.mark.packed
def test_no_labels_while_suspended_and_every_scan_says_so(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        signer = make.a_signer(tmp_path)
        made = make.an_order(make.work(session), signer)
        line = make.a_pack_line(make.work(session))
        label = session.exec(select(Label).where(Label.order_id == made.id).order_by(Label.position)).first()
        assert label is not None
        code = UnitCode(session.get_one(Batch, made.batch_id).code, label.serial)
        reading_of = read_address(f"{path(code)}?s={made.kid}.{label.signature}")

        def told(day: date) -> tuple[str, set[str]]:
            verdict = verify(session, make.ORIGIN, reading_of, day).verdict
            return verdict.colour.value, {one.code for one in verdict.reasons}

        before = told(date(2026, 9, 16))
        suspend(session, days=1)
        with pytest.raises(AppError) as caught:
            labels.order(by(session, PRODUCER, 1), signer, pack_line_id=line.id, packs=1)
        assert "labels.enterprise_suspended" in {one.code for one in caught.value.faults}
        session.flush()
        during = told(date(2026, 9, 16))
        resume(session, 5)
        after = told(date(2026, 9, 19))
        assert "verdicts.licence_today.suspended" in during[1] - before[1]
        assert during[0] == "amber"
        assert "verdicts.licence_today.suspended" not in after[1]
