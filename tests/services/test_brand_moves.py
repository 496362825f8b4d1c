"""Licences follow their brand and the brand above it: suspended or ended by two persons, told at every read."""

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
from brand.models.brand_moves import BrandMove, BrandStep
from brand.models.schemes import Brand, Scheme, Tier
from brand.queries import brand_moves as lives
from brand.queries import editions, home, register
from brand.queries import licences as reading
from brand.services import brand_moves
from tests import make
from tests.people import ADMIN, APPROVER, CLERK, PRODUCER, PersonOfTheCast
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


def brands(session: Session) -> tuple[Brand, Brand]:
    """The industry brand of lamb, and the regional brand above it."""
    brand = session.get_one(Brand, make.a_product(session).brand_id)
    assert brand.parent_id is not None
    return brand, session.get_one(Brand, brand.parent_id)


def proposed(session: Session, brand: Brand, action: str, days: int = 0, person: PersonOfTheCast = CLERK) -> BrandMove:
    reason = "" if action == "resume" else "law"
    doing = by(session, person, days)
    version = brand.version
    return brand_moves.propose(doing, brand.id, action, version=version, reason_code=reason, comment="示范")


def move(session: Session, brand: Brand, action: str, days: int = 0) -> None:
    made = proposed(session, brand, action, days)
    brand_moves.decide(by(session, APPROVER, days), made.id, "approve", version=made.version)


@pytest.mark.parametrize("above", [False, True])
def test_a_licence_follows_its_brand_and_the_one_above(database: Database, above: bool) -> None:
    with database.writing() as session:
        licence = make.a_licence(make.work(session))
        brand = brands(session)[above]
        move(session, brand, "suspend")
        move(session, brand, "resume", 5)
        move(session, brand, "end", 8)
        worth = {day: reading.standing_on(session, licence, date(2026, 9, day)) for day in (13, 14, 18, 19, 22)}
        found = {day: one.status.value for day, one in worth.items()}
        assert found == {13: "valid", 14: "suspended", 18: "suspended", 19: "valid", 22: "expired"}
        halts = {day: (one.halt.brand, one.halt.state) for day, one in worth.items() if one.halt}
        assert halts == {
            14: (brand.name, "suspended"),
            18: (brand.name, "suspended"),
            22: (brand.name, "ended"),
        }
        product = make.a_product(session).id
        assert reading.valid_for(session, "cooperative", product, date(2026, 9, 15)) is None
        assert reading.valid_for(session, "cooperative", product, date(2026, 9, 20)) == licence
        assert reading.licensed_producers(session, product, date(2026, 9, 22)) == []


@pytest.mark.parametrize(("action", "status"), [("suspend", "suspended"), ("end", "expired")])
def test_register_and_start_page_count_alike(database: Database, action: str, status: str) -> None:
    with database.writing() as session:
        make.a_licence(make.work(session))
        today = date(2026, 9, 14)
        assert home.front(session, today).licences == 1
        move(session, brands(session)[1], action)
        for one in ("valid", "suspended", "expired", "not_yet", "revoked"):
            assert register.listing(session, today, status=one).total == (one == status), one
        (entry,) = register.listing(session, today).rows
        assert (entry.status.value, entry.halt and entry.halt.brand) == (status, brands(session)[1].name)
        assert home.front(session, today).licences == 0


def test_no_application_moves_under_a_halted_brand(database: Database) -> None:
    with database.writing() as session:
        application = make.an_application(make.work(session))
        brand = brands(session)[1]
        move(session, brand, "suspend")
        act = make.step
        refusal("applications.brand_suspended", lambda: act(make.work(session), application, "submit", PRODUCER))
        move(session, brand, "resume")
        act(make.work(session), application, "submit", PRODUCER)


def test_two_persons_or_nothing(database: Database) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        brand = brands(session)[0]
        refusal("access.unknown", lambda: proposed(session, brand, "suspend", person=PRODUCER))
        refusal("access.unknown", lambda: proposed(session, brand, "suspend", person=APPROVER))
        refusal("brands.wrong_state", lambda: proposed(session, brand, "resume"))
        made = proposed(session, brand, "suspend")
        refusal("brand_moves.already_open", lambda: proposed(session, brand, "end", person=ADMIN))
        refusal("access.unknown", lambda: brand_moves.decide(by(session, CLERK), made.id, "approve", version=1))
        assert [one.title for one in lives.waiting(session, make.actor(session, APPROVER))] == [brand.name]
        assert lives.waiting(session, make.actor(session, CLERK)) == []
        made.proposed_by = "approver"
        session.flush()
        refusal(
            "brand_moves.same_person", lambda: brand_moves.decide(by(session, APPROVER), made.id, "approve", version=1)
        )
        session.refresh(made)
        made.proposed_by = "clerk"
        session.flush()
        refusal(
            "brand_moves.comment_needed",
            lambda: brand_moves.decide(by(session, APPROVER), made.id, "drop", version=made.version),
        )
        session.refresh(made)
        told = {"version": made.version, "comment": "示范", "brand_id": "another"}
        refusal("access.unknown", lambda: brand_moves.decide(by(session, APPROVER), made.id, "drop", **told))
        session.refresh(made)
        version = made.version
        brand_moves.decide(by(session, APPROVER), made.id, "drop", version=version, comment="示范", brand_id=brand.id)
        refusal(
            "brand_moves.stale", lambda: brand_moves.decide(by(session, APPROVER), made.id, "drop", version=version)
        )
        assert (brand.state, session.exec(select(BrandStep)).all()) == ("in_force", [])


def test_what_is_asked_for_is_named_and_fresh(database: Database) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        brand = brands(session)[0]

        def ask(**changes: Any) -> None:
            words: dict[str, Any] = {"version": brand.version, "reason_code": "law", "comment": "示范"}
            brand_moves.propose(by(session, CLERK), brand.id, "suspend", **words | changes)

        refusal("brand_moves.reason_needed", lambda: ask(reason_code="whim"))
        refusal("brand_moves.comment_needed", lambda: ask(comment=" "))
        refusal("brand_moves.stale", lambda: ask(version=9))


def test_an_ended_brand_gives_its_place_back_and_stays_ended(database: Database) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        brand = brands(session)[0]
        tier = session.get_one(Tier, brand.tier_id)
        used = tier.slots_used
        move(session, brand, "end")
        session.refresh(tier)
        assert tier.slots_used == used - 1
        for action in ("suspend", "resume", "end"):
            with pytest.raises(AppError) as caught:
                proposed(session, brand, action)
            assert caught.value.code == "brands.wrong_state"


@pytest.mark.parametrize("change", ["UPDATE brand_steps SET comment = ''", "DELETE FROM brand_steps"])
def test_steps_only_grow(database: Database, change: str) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        move(session, brands(session)[0], "suspend")
    with pytest.raises(DBAPIError), database.writing() as session:
        session.connection().execute(text(change))


def test_the_database_itself_wants_two_persons(database: Database) -> None:
    with pytest.raises(DBAPIError), database.writing() as session:
        make.a_scheme(make.work(session))
        made = proposed(session, brands(session)[0], "suspend")
        made.state, made.decided_by = "approved", "clerk"
        session.flush()


@pytest.mark.packed
def test_no_labels_under_a_halted_brand_and_every_scan_names_it(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        signer = make.a_signer(tmp_path)
        made = make.an_order(make.work(session), signer)
        line = make.a_pack_line(make.work(session))
        label = session.exec(select(Label).where(Label.order_id == made.id).order_by(Label.position)).first()
        assert label is not None
        code = UnitCode(session.get_one(Batch, made.batch_id).code, label.serial)
        scanned = read_address(f"{path(code)}?s={made.kid}.{label.signature}")
        above = brands(session)[1]

        def told(day: int) -> dict[str, Any]:
            session.flush()
            verdict = verify(session, make.ORIGIN, scanned, date(2026, 9, day)).verdict
            return {one.code: one.params for one in verdict.reasons} | {"colour": verdict.colour.value}

        def order(days: int) -> object:
            return labels.order(by(session, PRODUCER, days), signer, pack_line_id=line.id, packs=1)

        move(session, above, "suspend", 1)
        refusal("labels.brand_suspended", lambda: order(1))
        during = told(16)
        assert (during["colour"], during["verdicts.brand_today.suspended"]) == ("amber", {"brand": above.name})
        assert not {one for one in during if one.startswith("verdicts.licence_")}
        move(session, above, "resume", 5)
        assert "verdicts.brand_today.suspended" not in told(19)
        move(session, above, "end", 6)
        refusal("labels.brand_ended", lambda: order(6))
        assert told(20)["verdicts.brand_today.ended"] == {"brand": above.name}


def test_every_move_is_an_edition_of_the_scheme(database: Database) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        brand, above = brands(session)
        move(session, brand, "suspend")
        move(session, above, "suspend", 1)
        move(session, brand, "end", 2)
        found = [(one.action, one.edition) for one in session.exec(select(BrandMove).order_by(BrandMove.proposed_at))]  # type: ignore[arg-type]
        assert found == [("suspend", 2), ("suspend", 3), ("end", 4)]
        kept = [editions.edition(session, brand.scheme_id, number) for number in (1, 2, 3, 4)]
        states = [
            {each["code"]: each["state"] for tier in one.content["tiers"] for each in tier["brands"]} for one in kept
        ]
        said = [(one[brand.code], one[above.code]) for one in states]
        assert said == [
            ("in_force", "in_force"),
            ("suspended", "in_force"),
            ("suspended", "suspended"),
            ("ended", "suspended"),
        ]
        assert session.get_one(Scheme, brand.scheme_id).edition == "4"
