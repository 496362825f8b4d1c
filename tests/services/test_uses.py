"""Uses of a licence: asked for, guarded by the tier, kept for good; a licence without goods orders no labels."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, col, select

from brand.kernel.actors import SYSTEM
from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.work import Work
from brand.models.brand_marks import BrandFileTaking
from brand.models.licences import Application, Licence, LicenceYear
from brand.models.schemes import Brand, Tier
from brand.queries import applications as reading
from brand.queries import licences as reads
from brand.queries import open_data, register
from brand.rules.materials import OF_GOODS
from brand.services import applications, brand_marks, licences
from tests import make
from tests.people import ADMIN, APPROVER, CLERK, PRODUCER
from trace.queries import certificates
from trace.services import batches

ASKED: dict[str, Any] = {"enterprise_id": "cooperative", "uses": ["publicity"], "capacity": "示范门店", "promise": True}


def by(session: Session, person: Any, days: int = 0) -> Work:
    return make.work(session, make.actor(session, person), make.MONDAY + timedelta(days=days))


def refusal(act: Any) -> AppError:
    with pytest.raises(AppError) as caught:
        act()
    return caught.value


def region(session: Session) -> Brand:
    return session.exec(select(Brand).where(Brand.code == "region")).one()


def a_licence_without_goods(session: Session) -> Licence:
    """From the first form to the grant, every step by its own person."""
    make.a_scheme(make.work(session))
    work = make.work(session)
    application = applications.draft(by(session, PRODUCER), brand_id=region(session).id, **ASKED)
    make.papers(by(session, PRODUCER), application)
    make.step(work, application, "submit", PRODUCER)
    make.step(work, application, "start_review", CLERK)
    make.reviewed(work, application)
    make.step(work, application, "publish_notice", CLERK)
    later = Work(session, SYSTEM, make.MONDAY + timedelta(days=20), "test")
    make.step(later, application, "grant", APPROVER)
    return session.exec(select(Licence).where(Licence.application_id == application.id)).one()


def test_a_brand_is_licensed_without_goods_and_orders_no_labels(database: Database) -> None:
    with database.writing() as session:
        licence = a_licence_without_goods(session)
        assert (licence.product_id, licence.cap_kg, licence.uses) == (None, None, ["publicity"])
        assert licence.scope == region(session).name
        assert session.exec(select(LicenceYear)).all() == []
        day = make.MONDAY.date() + timedelta(days=21)
        product = make.a_product(session)
        assert reads.status_on(session, licence, day) == "valid"
        assert reads.valid_for(session, "cooperative", product.id, day) is None
        assert reads.licensed_producers(session, product.id, day) == []
        spent = refusal(lambda: licences.spend(make.work(session), licence.id, 2026, kg=Decimal(1), labels=1))
        assert spent.code == "licences.year_outside_term"


def test_goods_of_one_licensed_without_goods_become_no_batch(database: Database) -> None:
    with database.writing() as session:
        a_licence_without_goods(session)
        work = make.by_abattoir(make.work(session, now=make.MONDAY + timedelta(days=21)))
        plan = batches.Plan("abattoir", "cooperative", make.a_product(session).id, "20260912A")
        upload = make.imports.read(make.SheetKind.CARCASSES, "carcasses.xlsx", make.sample("carcasses.xlsx"))
        assert refusal(lambda: make.imports.take(work, upload, plan)).code == "batches.no_licence"


def test_the_register_shows_it_with_its_uses(database: Database) -> None:
    with database.writing() as session:
        licence = a_licence_without_goods(session)
        today = make.MONDAY.date() + timedelta(days=21)
        assert [one.licence.number for one in register.listing(session, today, text="河套").rows] in (
            [],
            [licence.number],
        )
        found = register.listing(session, today, text=licence.number).rows
        assert [(one.product, one.carried.id) for one in found] == [(None, licence.brand_id)]
        row = open_data.files(session, today)["licences"][0]
        assert (row["product"], row["cap_kg_per_year"], row["uses"]) == ("", None, "publicity")
        paper = certificates.paper(session, make.actor(session, PRODUCER), licence.number, today, "https://x.invalid")
        said = {one.en: one.value for one in paper.rows}
        assert {"不涉及产品", "公共宣传", "—"} & set(said.values()) >= {"不涉及产品", "—"}


def test_one_runs_at_a_time_and_not_beside_a_licence(database: Database) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        brand = region(session)
        first = applications.draft(by(session, PRODUCER), brand_id=brand.id, **ASKED)
        again = refusal(lambda: applications.draft(by(session, PRODUCER), brand_id=brand.id, **ASKED))
        assert (again.code, again.params) == ("applications.already_open", {"number": first.number})
    with pytest.raises(DatabaseError), database.writing() as session:
        row = session.get_one(Application, first.id).model_dump() | {"id": "second", "number": "second"}
        session.add(Application(**row))
    with database.writing() as session:
        later = session.get_one(Application, first.id)
        make.step(make.work(session), later, "withdraw", PRODUCER)


def test_it_needs_no_paper_about_goods(database: Database) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        bare = applications.draft(by(session, PRODUCER), brand_id=region(session).id, **ASKED)
        goods = make.an_application(make.work(session))
        asked = [
            {one.kind for one in reading.facts(session, each, "x", make.MONDAY.date())["materials"] if one.needed}
            for each in (bare, goods)
        ]
        assert asked[0] & OF_GOODS == set()
        assert asked[1] & OF_GOODS


@pytest.mark.parametrize(
    ("wanted", "code", "pointer"),
    [
        ({}, "applications.nothing_asked", "/product_id"),
        ({"brand": True, "cap_kg": Decimal(1)}, "applications.cap_without_goods", "/cap_kg"),
        ({"brand": True, "uses": ["shop_sign"]}, "applications.use_not_of_tier", "/uses"),
        ({"brand": True, "uses": []}, "applications.uses_missing", "/uses"),
        ({"product": True, "brand": True, "cap_kg": Decimal(1)}, "applications.product_of_other_brand", "/product_id"),
        ({"product": True, "cap_kg": None}, "applications.cap_not_positive", "/cap_kg"),
        ({"product": True, "cap_kg": Decimal(1), "uses": ["outreach"]}, "applications.use_not_of_tier", "/uses"),
    ],
)
def test_what_cannot_be_asked_for(database: Database, wanted: dict[str, Any], code: str, pointer: str) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        asked = ASKED | {name: value for name, value in wanted.items() if name not in ("brand", "product")}
        asked |= {"brand_id": region(session).id} if "brand" in wanted else {}
        asked |= {"product_id": make.a_product(session).id} if "product" in wanted else {}
        error = refusal(lambda: applications.draft(by(session, PRODUCER), **asked))
        assert (error.code, [one.pointer for one in error.faults]) == (code, [pointer])
        assert session.exec(select(Application)).all() == []


def test_a_use_the_tier_no_longer_allows_is_not_granted(database: Database) -> None:
    with database.writing() as session:
        application = make.on_notice(make.work(session))
        tier = session.get_one(Tier, session.get_one(Brand, application.brand_id).tier_id)
        tier.allowed_uses = ["packaging"]
        session.flush()
        late = make.work(session, now=make.MONDAY + timedelta(days=20))
        assert refusal(lambda: make.step(late, application, "grant", APPROVER)).code == "applications.use_not_of_tier"


def test_a_file_is_taken_for_a_licensed_use_only(database: Database) -> None:
    with database.writing() as session:
        licence = make.a_licence(make.work(session))
        file = brand_marks.add_file(
            by(session, ADMIN), licence.brand_id, upload=make.a_paper(), file_kind="logo", title="示范", licensees=True
        )
        denied = refusal(lambda: brand_marks.take_file(by(session, PRODUCER), file.id, use="shop_sign"))
        assert denied.code == "brand_files.use_not_allowed"
        brand_marks.take_file(by(session, PRODUCER), file.id, use="packaging")
        brand_marks.take_file(by(session, CLERK), file.id, use="shop_sign")
        taken = session.exec(select(BrandFileTaking.licence_number).order_by(col(BrandFileTaking.use))).all()
        assert taken == [licence.number, ""]


@pytest.mark.parametrize("table", [Application, Licence])
def test_the_database_keeps_product_and_weight_together(database: Database, table: Any) -> None:
    with database.writing() as session:
        make.a_licence(make.work(session))
    for values in ({"product_id": None}, {"cap_kg": None}):
        with pytest.raises(DatabaseError), database.writing() as session:
            session.exec(update(table).values(**values))
