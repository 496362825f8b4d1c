"""The product catalogue: what must be known before goods are listed, whose they are, and who may take them off."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import Session, select

from brand.kernel import uploads
from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from brand.models.offerings import Offering
from brand.queries import offerings as reads
from brand.rules.offerings import GATE, MOST_PHOTOS
from brand.services import assets, licences, offerings
from tests import make
from tests.people import APPROVER, CLERK, PRODUCER, RIVAL, PersonOfTheCast


def by(session: Session, person: PersonOfTheCast) -> Work:
    return make.work(session, make.actor(session, person))


def found(session: Session, **wanted: Any) -> list[str]:
    return [one.offering.id for one in reads.catalogue(session, make.MONDAY.date(), **wanted).rows]


def test_listed_withdrawn_held_and_released(database: Database) -> None:
    with database.writing() as session:
        at = make.an_offering(make.work(session)).id
        own, office = by(session, PRODUCER), by(session, CLERK)
        assert found(session) == []
        offerings.step(own, at, "list", version=1)
        assert found(session) == [at]
        with pytest.raises(AppError, match="reason_needed"), session.begin_nested():
            offerings.step(office, at, "hold", version=2)
    with database.writing() as session:
        own, office = by(session, PRODUCER), by(session, CLERK)
        offerings.step(office, at, "hold", version=2, reason_code="picture", comment="示范")
        assert found(session) == []
        with pytest.raises(AppError, match="wrong_state"), session.begin_nested():
            offerings.step(own, at, "list", version=3)
    with database.writing() as session:
        own, office = by(session, PRODUCER), by(session, CLERK)
        offerings.step(office, at, "release", version=3)
        again = offerings.step(own, at, "list", version=4)
        assert (again.state, again.reason_code, again.reason) == ("listed", "", "")
        offerings.step(own, at, "withdraw", version=5)
        assert found(session) == []
        actions = set(session.exec(select(AuditEntry.action).where(AuditEntry.object_id == at)))
        assert {f"offerings.{word}" for word in ("write", "list", "hold", "release", "withdraw")} <= actions


@pytest.mark.parametrize("name", GATE)
def test_what_is_missing_is_named_and_nothing_is_listed(database: Database, name: str) -> None:
    with database.writing() as session:
        if name == "producer":
            session.get_one(Enterprise, "cooperative").credit_code = None
        one = make.an_offering(make.work(session), **({} if name == "producer" else {name: ""}))
    with pytest.raises(AppError) as refusal, database.writing() as session:
        offerings.step(by(session, PRODUCER), one.id, "list", version=1)
    assert refusal.value.code == "offerings.incomplete"
    assert [fault.code for fault in refusal.value.faults] == [f"offerings.missing.{name}"]
    with database.reading() as session:
        assert session.get_one(Offering, one.id).state == "draft"


def test_a_listed_one_stays_complete(database: Database) -> None:
    with database.writing() as session:
        one = make.an_offering(make.work(session))
        own = by(session, PRODUCER)
        offerings.step(own, one.id, "list", version=1)
        entries = make.offering_entries(session)
    with pytest.raises(AppError, match=r"offerings\.incomplete"), database.writing() as session:
        offerings.edit(by(session, PRODUCER), one.id, version=2, **entries | {"packaging": ""})
    with database.writing() as session:
        assert session.get_one(Offering, one.id).packaging
        edited = offerings.edit(by(session, PRODUCER), one.id, version=2, **entries | {"packaging": "纸箱"})
        assert (edited.packaging, edited.version) == ("纸箱", 3)
    with pytest.raises(AppError, match=r"offerings\.stale"), database.writing() as session:
        offerings.edit(by(session, PRODUCER), one.id, version=2, **entries)


def test_under_the_brand_only_while_the_licence_is_valid(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        licence = make.a_licence(work)
        one = make.an_offering(work)
        offerings.step(by(session, PRODUCER), one.id, "list", version=1)
        assert reads.public(session, one.id, work.today).shown.licence_number == licence.number
        words = {"reason_code": "sanction.accident", "comment": "示范"}
        licences.step(by(session, APPROVER), licence.id, "suspend", version=1, **words)
        assert reads.public(session, one.id, work.today).shown.licence is None


def test_whose_goods_they_are(database: Database) -> None:
    with database.writing() as session:
        one = make.an_offering(make.work(session))
        entries = make.offering_entries(session)
        rival, office = by(session, RIVAL), by(session, CLERK)
        for act in (
            lambda: offerings.edit(rival, one.id, version=1, **entries),
            lambda: offerings.step(rival, one.id, "list", version=1),
            lambda: offerings.step(office, one.id, "list", version=1),
            lambda: offerings.write(rival, "cooperative", **entries),
            lambda: reads.find(session, rival.actor, one.id, rival.today),
            lambda: reads.public(session, one.id, rival.today),
            lambda: offerings.step(office, one.id, "vanish", version=1),
        ):
            with pytest.raises(AppError, match=r"access\.unknown"):
                act()


def test_only_own_certificates_and_known_products(database: Database) -> None:
    with database.writing() as session:
        make.an_offering(make.work(session))
        entries = make.offering_entries(session)
        theirs = assets.declare(by(session, RIVAL), "rival", **make.AN_ASSET)
        own = by(session, PRODUCER)
        for change, code in (({"certificates": [theirs.id]}, "certificates"), ({"product_id": "none"}, "product")):
            with pytest.raises(AppError, match=f"offerings.{code}"):
                offerings.write(own, "cooperative", **entries | change)


def test_a_suspended_enterprise_lists_nothing_and_leaves_the_catalogue(database: Database) -> None:
    with database.writing() as session:
        one, other = make.an_offering(make.work(session)), make.an_offering(make.work(session), name="示范羊排")
        own = by(session, PRODUCER)
        offerings.step(own, one.id, "list", version=1)
        session.get_one(Enterprise, "cooperative").state = "suspended"
        session.flush()
        assert found(session) == []
        with pytest.raises(AppError, match="enterprise_state"):
            offerings.step(own, other.id, "list", version=1)


def test_pictures_are_few_different_and_no_papers(database: Database) -> None:
    with database.writing() as session:
        one = make.an_offering(make.work(session))
        own = by(session, PRODUCER)
        words = {"alt": "示范照片", "alt_en": ""}
        version = 1
        for shade in range(MOST_PHOTOS):
            taken = uploads.Upload("x.png", uploads.PNG, bytes([shade]), f"{shade:064d}")
            offerings.add_photo(own, one.id, version=version, upload=taken, **words)
            version += 1
            if shade == 0:
                with pytest.raises(AppError, match="photo_twice"):
                    offerings.add_photo(own, one.id, version=version, upload=taken, **words)
                version += 1
        more = uploads.Upload("y.png", uploads.PNG, b"y", "f" * 64)
        with pytest.raises(AppError, match="photos_full"):
            offerings.add_photo(own, one.id, version=version, upload=more, **words)
        with pytest.raises(AppError, match="pictures_only"):
            offerings.add_photo(own, one.id, version=version + 1, upload=make.a_paper(), **words)


def test_two_characters_initials_and_filters(database: Database) -> None:
    with database.writing() as session:
        one = make.an_offering(make.work(session))
        offerings.step(by(session, PRODUCER), one.id, "list", version=1)
        brand = next(one.code for one, product in reads.choices(session) if product.code == "lamb")
        for wanted in ({"text": "羊肉"}, {"text": "yr"}, {"text": "养羊"}, {"product": "lamb"}, {"brand": brand}):
            assert found(session, **wanted) == [one.id], wanted
        for wanted in ({"text": "zzzz"}, {"text": "牛奶"}, {"product": "beef"}, {"brand": "none"}):
            assert found(session, **wanted) == [], wanted
        session.get_one(Enterprise, "cooperative").kind = "household"
        session.flush()
        assert found(session, text="养羊") == []
        assert reads.public(session, one.id, make.MONDAY.date()).shown.producer == ""
