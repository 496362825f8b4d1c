"""Capacities: declared with a basis, verified, raised by two persons, taken from by goods and given back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, select

from brand.kernel.db import Database
from brand.kernel.errors import AppError, Kind
from brand.kernel.work import Work
from brand.models.schemes import Product
from tests import make
from tests.people import APPROVER, CLERK, INSPECTOR, PRODUCER, RIVAL, PersonOfTheCast
from trace.models.capacities import Capacity, CapacityUse
from trace.queries import capacities as reads
from trace.queries import desk
from trace.rules.goods import Unit
from trace.services import capacities, imports, places
from trace.services.batches import Plan

DAY = make.MONDAY.date()


def by(session: Session, person: PersonOfTheCast) -> Work:
    return make.work(session, make.actor(session, person))


def take(work: Work, batch_id: str, kg: str, **changes: Any) -> list[CapacityUse]:
    lamb = work.session.exec(select(Product).where(Product.code == "lamb")).one()
    usual = {"enterprise_id": "cooperative", "place_id": None, "product_id": lamb.id, "day": DAY, "unit": Unit.KG}
    need = capacities.Need(amount=Decimal(kg), **(usual | changes))
    return capacities.take(by(work.session, PRODUCER), need, batch_id)


@pytest.mark.packed
def test_goods_take_from_the_place_and_from_the_enterprise_and_give_back_once(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        place = make.a_place(work)
        whole = make.a_capacity(work, declared=Decimal(1000))
        part = make.a_capacity(work, place_id=place.id, declared=Decimal(300))
        batch = make.the_batch(session).id
        assert len(take(work, batch, "250.5", place_id=place.id)) == 2
        assert len(take(work, batch, "500")) == 1
    with pytest.raises(AppError) as refusal, database.writing() as session:
        take(make.work(session), batch, "60", place_id=place.id)
    assert (refusal.value.kind, refusal.value.code) == (Kind.QUOTA_EXCEEDED, "capacities.exceeded")
    told = refusal.value.params
    assert (told["allowed"], told["used"], told["left"], told["asked"]) == ("300", "250.5", "49.5", "60")
    with database.writing() as session:
        used = {one.id: one.used for one in session.exec(select(Capacity))}
        assert used == {whole.id: Decimal("750.5"), part.id: Decimal("250.5")}
        work = by(session, PRODUCER)
        capacities.give_back(work, batch)
        capacities.give_back(work, batch)
    with database.reading() as session:
        assert [one.used for one in session.exec(select(Capacity))] == [0, 0]
        assert len(reads.find(session, make.actor(session, PRODUCER), whole.id).uses) == 3
        assert session.scalar(select(func.sum(CapacityUse.amount))) == 0


def test_every_head_slaughtered_is_one_of_the_season(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        make.a_capacity(work, unit="head", declared=Decimal(160))
        batch = make.a_batch(work)
        assert session.exec(select(Capacity.used)).one() == 160
        assert [one.batch_id for one in session.exec(select(CapacityUse))] == [batch.id]
    with pytest.raises(AppError, match=r"capacities\.exceeded"), database.writing() as session:
        one = make.a_small_sheet(make.carcass_lines(1, ear_tag="315082400000001"))
        plan = Plan("abattoir", "cooperative", make.a_product(session).id, "20260912B")
        imports.look(make.by_abattoir(make.work(session)), one, plan)


@pytest.mark.packed
@pytest.mark.parametrize(
    "elsewhere",
    [{"day": date(2027, 1, 1)}, {"unit": Unit.HEAD}, {"enterprise_id": "rival"}, {"product_id": "0" * 20}],
)
def test_what_falls_under_no_capacity_takes_nothing(database: Database, elsewhere: dict[str, Any]) -> None:
    with database.writing() as session:
        work = make.work(session)
        make.a_capacity(work)
        assert take(work, make.the_batch(session).id, "999999", **elsewhere) == []


@pytest.mark.packed
def test_the_table_itself_refuses_more_than_is_allowed_and_uses_only_grow(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        make.a_capacity(work, declared=Decimal(10))
        take(work, make.the_batch(session).id, "10")
    for change in ("UPDATE capacities SET used = 10001", "UPDATE capacity_uses SET amount = 1"):
        with pytest.raises(DatabaseError), database.writing() as session:
            session.connection().execute(text(change))
    with pytest.raises(DatabaseError), database.writing() as session:
        session.connection().execute(text("DELETE FROM capacity_uses"))


def test_a_lower_figure_holds_at_once_a_higher_one_needs_a_second_person(database: Database) -> None:
    with database.writing() as session:
        at = make.a_capacity(make.work(session), declared=Decimal(100)).id
    with database.writing() as session:
        lower = capacities.step(by(session, CLERK), at, "verify", version=1, amount=Decimal(80))
        assert (lower.state, lower.allowed, lower.verified_by) == ("verified", 80, CLERK.username)
    with database.writing() as session:
        raised = capacities.step(by(session, INSPECTOR), at, "verify", version=2, amount=Decimal(120))
        assert (raised.allowed, raised.wanted, raised.verified_by) == (80, 120, CLERK.username)
        lines = desk.places_waiting(session, make.actor(session, APPROVER))
        assert [(one.topic, one.due) for one in lines] == [("desk.capacity_to_agree", date(2026, 9, 20))]
    with pytest.raises(AppError, match=r"capacities\.four_eyes"), database.writing() as session:
        capacities.step(by(session, INSPECTOR), at, "agree", version=3)
    with database.writing() as session:
        agreed = capacities.step(by(session, APPROVER), at, "agree", version=3)
        assert (agreed.allowed, agreed.wanted, agreed.wanted_at) == (120, None, None)
        assert (agreed.verified_by, agreed.agreed_by) == (INSPECTOR.username, APPROVER.username)
        with pytest.raises(AppError, match=r"capacities\.nothing_waits"), session.begin_nested():
            capacities.step(by(session, APPROVER), at, "agree", version=4)
    with database.writing() as session:
        capacities.step(by(session, CLERK), at, "verify", version=4, amount=Decimal(500))
        dropped = capacities.step(by(session, APPROVER), at, "drop", version=5)
        assert (dropped.allowed, dropped.wanted, dropped.state) == (120, None, "verified")


@pytest.mark.packed
def test_no_figure_falls_below_what_is_used(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        at = make.a_capacity(work, declared=Decimal(100)).id
        take(work, make.the_batch(session).id, "60")
    with pytest.raises(AppError, match=r"capacities\.below_used") as refusal, database.writing() as session:
        capacities.step(by(session, CLERK), at, "verify", version=1, amount=Decimal("59.999"))
    assert Decimal(refusal.value.params["used"]) == 60
    for person, action, words in ((CLERK, "refuse", {"reason_code": "area"}), (PRODUCER, "withdraw", {})):
        with pytest.raises(AppError, match=r"capacities\.used_already"), database.writing() as session:
            capacities.step(by(session, person), at, action, version=1, **words)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"basis": "area", "mu": Decimal(10), "per_mu": Decimal(9)}, "capacities.more_than_basis"),
        ({"basis": "area", "mu": Decimal(10)}, "capacities.basis_missing"),
        ({"basis": "area", "per_mu": Decimal(10)}, "capacities.basis_missing"),
        ({"unit": "head", "declared": Decimal("10.5")}, "capacities.whole_heads"),
        ({"season_to": date(2025, 12, 31)}, "capacities.season"),
        ({"season_to": date(2028, 1, 2)}, "capacities.season"),
        ({"season_from": date(2026, 12, 31), "season_to": date(2027, 3, 1)}, "capacities.season_overlaps"),
        ({"product_id": "0" * 20}, "capacities.product"),
        ({"place_id": "0" * 20}, "capacities.place"),
        ({"place_id": "of-the-rival"}, "capacities.place"),
        (
            {"place_id": "own", "basis": "area", "mu": Decimal("24298.32"), "per_mu": Decimal(1)},
            "capacities.area_exceeded",
        ),
    ],
)
def test_figures_that_cannot_be(database: Database, change: dict[str, Any], code: str) -> None:
    with database.writing() as session:
        work = make.work(session)
        own = make.a_place(work)
        places.draw(by(session, PRODUCER), own.id, version=1, outline=make.an_outline())
        theirs = places.write(by(session, RIVAL), "rival", **make.place_entries())
        make.a_capacity(work)
    known = {"own": own.id, "of-the-rival": theirs.id}
    wanted = {name: known.get(str(value), value) for name, value in change.items()}
    with pytest.raises(AppError) as refusal, database.writing() as session:
        make.a_capacity(
            make.work(session), **({"season_from": date(2027, 1, 1), "season_to": date(2027, 12, 31)} | wanted)
        )
    assert [one.code for one in refusal.value.faults] == [code]


def test_strangers_meet_nothing(database: Database) -> None:
    with database.writing() as session:
        at = make.a_capacity(make.work(session)).id
    with pytest.raises(AppError, match=r"access\.unknown"), database.reading() as session:
        reads.find(session, make.actor(session, RIVAL), at)
    with pytest.raises(AppError, match=r"access\.unknown"), database.writing() as session:
        capacities.step(by(session, RIVAL), at, "withdraw", version=1)
    with pytest.raises(AppError, match=r"capacities\.stale"), database.writing() as session:
        capacities.step(by(session, PRODUCER), at, "withdraw", version=2)
    with pytest.raises(AppError, match=r"access\.unknown"), database.writing() as session:
        capacities.step(by(session, PRODUCER), at, "declare", version=1)
