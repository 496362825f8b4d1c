"""Twenty hands reach for the last place of a tier, and for one enterprise's version; the naive twin over-issues."""

from __future__ import annotations

import threading

from sqlmodel import func, select

from brand.kernel.db import Database
from brand.kernel.work import Work
from brand.models.schemes import Brand, Tier
from brand.queries import schemes as reading
from brand.services import enterprises, schemes
from tests import make
from tests.races.harness import one_work, race

HANDS = 20


def last_place(database: Database) -> str:
    """The third tier with one place left."""
    with database.writing() as session:
        work = make.work(session)
        tier = reading.tiers(session, make.a_scheme(work).id)[2]
        for number in range(9):
            schemes.add_brand(work, tier.id, parent_id=None, code=f"own-{number}", name="示范")
        return tier.id


def held(database: Database, tier_id: str) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).where(Brand.tier_id == tier_id)) or 0


def test_one_place_goes_to_one_hand(database: Database) -> None:
    tier_id = last_place(database)

    def take(position: int) -> str:
        def add(work: Work) -> Brand:
            return schemes.add_brand(work, tier_id, parent_id=None, code=f"late-{position}", name="示范")

        return one_work(database, add).id

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


def test_of_many_decisions_on_one_version_one_counts(database: Database) -> None:
    with database.writing() as session:
        one = make.a_joined_enterprise(make.work(session))

    def confirm(work: Work) -> str:
        return enterprises.step(work, one.id, "confirm", version=one.version).id

    outcome = race(HANDS, lambda _: one_work(database, confirm))
    assert len(outcome.done) == 1
    assert outcome.codes == {"enterprises.stale"}
