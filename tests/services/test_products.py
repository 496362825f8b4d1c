"""Products of a brand and hero products of a tier: two persons, a source, and never more than the tier allows."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from brand.kernel.db import Database
from brand.kernel.errors import AppError, Kind
from brand.kernel.work import Work
from brand.models.scheme_changes import SchemeChange
from brand.models.schemes import Brand, Product, Scheme, Tier
from brand.queries import editions, schemes
from brand.schemas import presets
from brand.services import brand_moves, products, scheme_changes
from brand.services import schemes as scheme_services
from tests import make
from tests.people import APPROVER, CAST, CLERK, PersonOfTheCast

SAID: dict[str, Any] = {"source": "示范文件第7行", "source_en": "", "confidence": "D", "reason": "示范理由"}
TEA: dict[str, Any] = {"code": "demo-tea", "name": "示范红茶", "name_en": "Demo tea", "name_mn": "", "standard": ""}


def by(session: Session, person: PersonOfTheCast) -> Work:
    return make.work(session, make.actor(session, person))


def refusal(act: Any) -> str:
    with pytest.raises(AppError) as caught:
        act()
    return caught.value.code


@pytest.fixture
def jinghong(database: Database) -> str:
    """The shipped scheme of one mark and three to five hero products; the id of its scheme."""
    with database.writing() as session:
        return scheme_services.load_preset(make.work(session), presets.read_shipped("jinghong-1-3-5")).id


def with_heroes(session: Session, scheme_id: str) -> tuple[Tier, Brand]:
    """The tier with a limit of hero products, and a brand of it that carries products."""
    tier = next(one for one in schemes.tiers(session, scheme_id) if one.heroes_max)
    brand = session.exec(select(Brand).where(Brand.tier_id == tier.id)).first()
    assert brand is not None
    return tier, brand


def agreed(session: Session, change: SchemeChange) -> SchemeChange:
    return scheme_changes.step(by(session, APPROVER), change.id, "approve", version=change.version)


def added(session: Session, brand: Brand, code: str, *, hero: bool = False) -> Product:
    asked = TEA | SAID | {"code": code, "hero": hero}
    agreed(session, scheme_changes.propose_product(by(session, CLERK), brand.id, **asked))
    return session.exec(select(Product).where(Product.brand_id == brand.id, Product.code == code)).one()


def filled(session: Session, scheme_id: str) -> tuple[Tier, Brand]:
    """The same with every place for a hero taken."""
    tier, brand = with_heroes(session, scheme_id)
    for number in range(tier.heroes_used, tier.heroes_max or 0):
        added(session, brand, f"more-{number}", hero=True)
    session.refresh(tier)
    return tier, brand


def test_a_product_takes_two_persons_and_makes_an_edition(database: Database, jinghong: str) -> None:
    with database.writing() as session:
        _, brand = with_heroes(session, jinghong)
        change = scheme_changes.propose_product(by(session, CLERK), brand.id, **TEA | SAID, hero=False)
        assert {"field": "name", "old": "", "new": "示范红茶"} in change.differences
        held = select(Product).where(Product.code == "demo-tea")
        assert session.exec(held).first() is None
        assert refusal(lambda: scheme_changes.step(by(session, CLERK), change.id, "approve", version=1)) == (
            "access.unknown"
        )
        done = agreed(session, change)
        made = session.exec(held).one()
        assert (made.brand_id, made.source, made.hero, done.edition) == (brand.id, "示范文件第7行", False, 2)
        assert "demo-tea" in str(editions.edition(session, jinghong, 2).content)
        assert "demo-tea" not in str(editions.edition(session, jinghong, 1).content)


def test_what_a_new_product_may_not_be(database: Database, jinghong: str) -> None:
    with database.writing() as session:
        _, brand = with_heroes(session, jinghong)
        product = session.exec(select(Product).where(Product.brand_id == brand.id)).first()
        assert product is not None

        def ask(**changes: Any) -> str:
            asked = TEA | SAID | {"hero": False} | changes
            return refusal(lambda: scheme_changes.propose_product(by(session, CLERK), brand.id, **asked))

        assert ask(code=product.code) == "schemes.product_taken"
        assert ask(source="") == "input.invalid"
        scheme_changes.propose_product(by(session, CLERK), brand.id, **TEA | SAID, hero=False)
        assert ask() == "scheme_changes.already_open"
        nothing = lambda: scheme_changes.propose_product(by(session, CLERK), "0" * 20, **TEA | SAID, hero=False)  # noqa: E731
        assert refusal(nothing) == "access.unknown"
        advice = next(one for one in schemes.tiers(session, make.a_scheme(make.work(session)).id) if one.level == 3)
        own = make.a_brand(make.work(session), advice.id)
        for_own = lambda: scheme_changes.propose_product(by(session, CLERK), own.id, **TEA | SAID, hero=False)  # noqa: E731
        assert refusal(for_own) == "scheme_changes.tier_without_products"


@pytest.mark.parametrize("person", CAST, ids=lambda one: one.username)
def test_only_those_who_propose(database: Database, jinghong: str, person: PersonOfTheCast) -> None:
    with database.writing() as session:
        _, brand = with_heroes(session, jinghong)
        asking = lambda: scheme_changes.propose_product(by(session, person), brand.id, **TEA | SAID, hero=False)  # noqa: E731
        if person.username in ("admin", "clerk"):
            assert asking().state == "open"
        else:
            assert refusal(asking) == "access.unknown"


def test_the_sixth_hero_is_refused_with_the_figures(database: Database, jinghong: str) -> None:
    with database.writing() as session:
        tier, brand = filled(session, jinghong)
        assert (tier.heroes_used, tier.heroes_max) == (5, 5)
        plain = added(session, brand, "plain")
        with pytest.raises(AppError) as full:
            scheme_changes.propose_hero(by(session, CLERK), plain.id, hero=True, **SAID | {"source": "示范文件第9行"})
        assert (full.value.kind, full.value.code) == (Kind.QUOTA_EXCEEDED, "schemes.heroes_full")
        assert {name: full.value.params[name] for name in ("most", "used")} == {"most": 5, "used": 5}


def test_the_place_may_go_between_proposal_and_decision(database: Database, jinghong: str) -> None:
    """What was free when it was proposed is not what counts."""
    with database.writing() as session:
        tier, brand = with_heroes(session, jinghong)
        plain = added(session, brand, "plain")
        change = scheme_changes.propose_hero(
            by(session, CLERK), plain.id, hero=True, **SAID | {"source": "示范文件第9行"}
        )
        filled(session, jinghong)
        with pytest.raises(AppError, match=r"schemes\.heroes_full"), session.begin_nested():
            agreed(session, change)
        session.refresh(plain)
        assert (plain.hero, session.get_one(Tier, tier.id).heroes_used) == (False, 5)


def test_a_dropped_hero_leaves_its_place(database: Database, jinghong: str) -> None:
    with database.writing() as session:
        tier, brand = filled(session, jinghong)
        first = session.exec(select(Product).where(Product.brand_id == brand.id, col(Product.hero))).first()
        assert first is not None
        agreed(session, scheme_changes.propose_hero(by(session, CLERK), first.id, hero=False, **SAID))
        session.refresh(tier)
        assert (first.hero, first.source, tier.heroes_used) == (False, "示范文件第7行", 4)
        asked = SAID | {"source": "示范文件第8行"}
        agreed(session, scheme_changes.propose_hero(by(session, CLERK), first.id, hero=True, **asked))
        session.refresh(tier)
        assert (first.hero, tier.heroes_used) == (True, 5)


def test_one_more_by_an_exception_of_two_persons_once(database: Database, jinghong: str) -> None:
    with database.writing() as session:
        tier, brand = with_heroes(session, jinghong)
        ask = lambda: scheme_changes.ask_hero_place(by(session, CLERK), jinghong, tier.level, reason="示范")  # noqa: E731
        assert refusal(ask) == "scheme_changes.heroes_left"
        filled(session, jinghong)
        place = agreed(session, ask())
        assert (place.state, place.edition) == ("approved", None)
        sixth = added(session, brand, "sixth", hero=True)
        session.refresh(tier)
        session.refresh(place)
        assert (sixth.hero, sixth.hero_exception_id, tier.heroes_used, place.state) == (True, place.id, 5, "used")
        assert refusal(lambda: added(session, brand, "seventh", hero=True)) == "schemes.heroes_full"
        products.unflag(make.work(session), sixth)
        session.refresh(tier)
        assert (sixth.hero_exception_id, tier.heroes_used) == (None, 5)
        assert refusal(lambda: added(session, brand, "seventh", hero=True)) == "schemes.heroes_full"


def test_a_limit_is_never_put_below_what_is_flagged(database: Database, jinghong: str) -> None:
    with database.writing() as session:
        tier, _ = filled(session, jinghong)
        frame = {name: getattr(tier, name) for name in ("slots_min", "slots_max", "heroes_min", "allowed_uses")}
        with pytest.raises(AppError) as caught:
            scheme_changes.propose_tier(by(session, CLERK), jinghong, tier.level, **frame, heroes_max=4, **SAID)
        assert [(one.pointer, one.params) for one in caught.value.faults] == [("/heroes_max", {"used": 5})]


def test_an_ended_brand_gives_its_heroes_places_back(database: Database, jinghong: str) -> None:
    with database.writing() as session:
        tier, brand = filled(session, jinghong)
        held = session.exec(select(Product).where(Product.brand_id == brand.id, col(Product.hero))).all()
        said = {"reason_code": "law", "comment": "示范"}
        move = brand_moves.propose(by(session, CLERK), brand.id, "end", version=brand.version, **said)
        brand_moves.decide(by(session, APPROVER), move.id, "approve", version=1)
        session.refresh(tier)
        assert tier.heroes_used == 5 - len(held)
        asked = SAID | {"hero": True}
        assert refusal(lambda: scheme_changes.propose_hero(by(session, CLERK), held[0].id, **asked)) == (
            "scheme_changes.brand_ended"
        )


def test_the_database_itself_keeps_the_limit(database: Database, jinghong: str) -> None:
    with database.writing() as session:
        tier, _ = filled(session, jinghong)
    for values in ({"heroes_used": 6}, {"heroes_used": -1}, {"heroes_max": 4}):
        with pytest.raises(DBAPIError), database.writing() as session:
            session.exec(update(Tier).where(col(Tier.id) == tier.id).values(**values))


@pytest.mark.parametrize("name", presets.shipped())
@pytest.mark.bare
def test_every_shipped_scheme_counts_its_heroes(database: Database, name: str) -> None:
    with database.writing() as session:
        scheme = scheme_services.load_preset(make.work(session), presets.read_shipped(name))
        for held in schemes.whole(session, scheme.id).tiers:
            assert held.tier.heroes_used == held.heroes
        assert session.get_one(Scheme, scheme.id).edition == scheme.edition
