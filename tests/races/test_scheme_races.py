"""Twenty hands reach for the last place of a tier, and for one enterprise's version; the naive twin over-issues."""

from __future__ import annotations

import threading
from dataclasses import replace

from sqlmodel import func, select

from brand.kernel.db import Database
from brand.kernel.work import Work
from brand.models.schemes import Brand, Product, Tier
from brand.queries import editions
from brand.queries import schemes as reading
from brand.schemas import presets
from brand.services import enterprises, products, scheme_changes, schemes
from tests import make
from tests.people import APPROVER, CLERK
from tests.races.harness import one_work, race

HANDS = 20


def last_place(database: Database) -> str:
    """The third tier with one place left."""
    with database.writing() as session:
        work = make.work(session)
        tier = reading.tiers(session, make.a_scheme(work).id)[2]
        for number in range(9):
            make.a_brand(work, tier.id, f"own-{number}")
        return tier.id


def held(database: Database, tier_id: str) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).where(Brand.tier_id == tier_id)) or 0


def test_one_place_goes_to_one_hand(database: Database) -> None:
    tier_id = last_place(database)

    def take(position: int) -> str:
        return one_work(database, lambda work: make.a_brand(work, tier_id, f"late-{position}")).id

    outcome = race(HANDS, take)
    assert len(outcome.done) == 1
    assert outcome.codes == {"schemes.tier_full"}
    assert held(database, tier_id) == 10


def test_the_naive_twin_gives_the_place_away_more_than_once(database: Database) -> None:
    """Look, then write: everybody saw a free place. If this twin kept the limit, the race would prove nothing."""
    tier_id = last_place(database)
    everybody_has_looked = threading.Barrier(HANDS)

    def take(position: int) -> bool:
        with database.reading() as session:
            tier = session.get_one(Tier, tier_id)
            free = tier.slots_used < (tier.slots_max or 0)
        everybody_has_looked.wait(timeout=60)
        if free:
            with database.writing() as session:
                code = f"late-{position}"
                scheme_id = session.get_one(Tier, tier_id).scheme_id
                session.add(Brand(scheme_id=scheme_id, tier_id=tier_id, code=code, name="示范", name_en="", source=""))
        return free

    assert sum(race(HANDS, take).done) > 1
    assert held(database, tier_id) > 10


def test_one_exceptional_place_goes_to_one_hand(database: Database) -> None:
    with database.writing() as session:
        scheme = make.a_scheme(make.work(session))
        asking = make.work(session, make.actor(session, CLERK))
        change = scheme_changes.ask_place(asking, scheme.id, 2, reason="示范")
    with database.writing() as session:
        deciding = make.work(session, make.actor(session, APPROVER))
        place = scheme_changes.step(deciding, change.id, "approve", version=1).id
        tier_id = reading.tiers(session, scheme.id)[1].id

    def take(position: int) -> str:
        return one_work(database, lambda work: make.a_brand(work, tier_id, f"late-{position}")).id

    outcome = race(HANDS, take)
    assert len(outcome.done) == 1
    assert outcome.codes == {"schemes.tier_full"}
    with database.reading() as session:
        assert session.get_one(Brand, outcome.done[0]).exception_id == place
    assert held(database, tier_id) == 4


def _five_heroes_of_which_one_is_missing(database: Database) -> tuple[str, list[str]]:
    """A tier with one place left for a hero product, and twenty products that want it."""
    with database.writing() as session:
        work = make.work(session)
        scheme = schemes.load_preset(work, presets.read_shipped("jinghong-1-3-5"))
        tier = next(one for one in reading.tiers(session, scheme.id) if one.heroes_max)
        brand = session.exec(select(Brand).where(Brand.tier_id == tier.id)).one()
        entries = {"name": "示范", "name_en": "", "source": "示范", "hero": False}
        made = [products.add(work, brand.id, entries | {"code": f"tea-{one}"}) for one in range(HANDS + 5)]
        for one in made[HANDS : HANDS + (tier.heroes_max or 0) - 1 - tier.heroes_used]:
            products.flag(work, one)
        return tier.id, [one.id for one in made[:HANDS]]


def test_the_last_hero_is_one_product(database: Database) -> None:
    tier_id, wanting = _five_heroes_of_which_one_is_missing(database)

    def flag(position: int) -> None:
        one_work(database, lambda work: products.flag(work, work.session.get_one(Product, wanting[position])))

    outcome = race(HANDS, flag)
    assert len(outcome.done) == 1
    assert outcome.codes == {"schemes.heroes_full"}
    with database.reading() as session:
        flagged = session.scalar(select(func.count()).where(Product.hero))  # type: ignore[arg-type]
        assert (session.get_one(Tier, tier_id).heroes_used, flagged) == (5, 5)


def test_the_naive_twin_makes_more_heroes_than_there_may_be(database: Database) -> None:
    tier_id, wanting = _five_heroes_of_which_one_is_missing(database)
    everybody_has_looked = threading.Barrier(HANDS)

    def flag(position: int) -> bool:
        with database.reading() as session:
            tier = session.get_one(Tier, tier_id)
            free = tier.heroes_used < (tier.heroes_max or 0)
        everybody_has_looked.wait(timeout=60)
        if free:
            with database.writing() as session:
                session.get_one(Product, wanting[position]).hero = True
        return free

    assert sum(race(HANDS, flag).done) > 1
    with database.reading() as session:
        assert (session.scalar(select(func.count()).where(Product.hero)) or 0) > 5  # type: ignore[arg-type]


def test_one_change_takes_effect_once(database: Database) -> None:
    with database.writing() as session:
        scheme = make.a_scheme(make.work(session))
        asking = make.work(session, make.actor(session, CLERK))
        wanted = {"value": 6, "provenance": "参照示范文件", "reason": "示范"}
        change = scheme_changes.propose_policy(asking, scheme.id, "notice_working_days", **wanted)
    with database.reading() as session:
        approver = make.actor(session, APPROVER)

    def decide(work: Work) -> int | None:
        return scheme_changes.step(replace(work, actor=approver), change.id, "approve", version=1).edition

    outcome = race(HANDS, lambda _: one_work(database, decide))
    assert outcome.done == [2]
    assert outcome.codes == {"scheme_changes.stale"}
    with database.reading() as session:
        assert [one.number for one in editions.editions(session, scheme.id)] == [2, 1]


def test_of_many_decisions_on_one_version_one_counts(database: Database) -> None:
    with database.writing() as session:
        one = make.a_joined_enterprise(make.work(session))

    def confirm(work: Work) -> str:
        return enterprises.step(work, one.id, "confirm", version=one.version).id

    outcome = race(HANDS, lambda _: one_work(database, confirm))
    assert len(outcome.done) == 1
    assert outcome.codes == {"enterprises.stale"}
