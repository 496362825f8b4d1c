"""Loading schemes and taking slots."""

from __future__ import annotations

import dataclasses

import pytest
from sqlmodel import func, select

from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.kernel.errors import AppError, Kind
from brand.models.schemes import Brand, Tier
from brand.queries import calendar
from brand.queries import schemes as reading
from brand.rules import working_day_seed
from brand.schemas import presets
from brand.services import schemes
from tests import make
from tests.people import ADMIN, CAST, PersonOfTheCast


def third_tier(database: Database) -> Tier:
    with database.writing() as session:
        scheme = make.a_scheme(make.work(session))
        return reading.tiers(session, scheme.id)[2]


def test_the_shipped_scheme_loads_with_its_three_tiers(database: Database) -> None:
    with database.writing() as session:
        scheme = make.a_scheme(make.work(session, make.actor(session, ADMIN)))
    with database.reading() as session:
        found = reading.whole(session, scheme.id)
        assert [(one.tier.level, one.tier.slots_used, one.tier.slots_max) for one in found.tiers] == [
            (1, 1, 1),
            (2, 3, 3),
            (3, 0, 10),
        ]
        assert [one.slots_left for one in found.tiers] == [0, 0, 10]
        assert {one.brand.code for one in found.tiers[1].brands} == {"organic", "pastoral", "tourism"}
        assert all(one.parent and one.parent.code == "region" for one in found.tiers[1].brands)
        assert [one.key for one in found.policies if "law" in one.provenance] == []
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "schemes.load")).one()
        assert entry.object_id == scheme.id


def test_policy_values_are_read_by_name_and_a_missing_one_is_never_guessed(database: Database) -> None:
    with database.writing() as session:
        scheme = make.a_scheme(make.work(session))
        assert reading.policy(session, scheme.id, "notice_working_days") == 5
        assert reading.policy(session, scheme.id, "licence_term_years") == 3
        assert reading.policy(session, scheme.id, "renewal_window_months") == 3
        with pytest.raises(AppError) as caught:
            reading.policy(session, scheme.id, "fee_yuan")
        assert caught.value.code == "schemes.policy_missing"


def test_lamb_may_be_licensed_and_leads_back_to_its_scheme(database: Database) -> None:
    with database.writing() as session:
        scheme = make.a_scheme(make.work(session))
        found = reading.licensable(session)
        assert {tier.level for tier, _, _ in found} == {2}
        lamb = next(product for _, _, product in found if product.code == "lamb")
        assert (lamb.name, lamb.standard) == ("羊肉", "NY/T 630-2002")
        assert reading.scheme_of_product(session, lamb.id).id == scheme.id
        with pytest.raises(AppError):
            reading.scheme_of_product(session, "nothing")


def test_the_same_edition_twice_is_recognised_and_another_edition_is_not_laid_over_it(database: Database) -> None:
    preset = presets.read_shipped("urad-1-3-10")
    with pytest.raises(AppError) as caught, database.writing() as session:
        schemes.load_preset(make.work(session), preset)
    assert (caught.value.kind, caught.value.code) == (Kind.CONFLICT, "schemes.already_loaded")
    newer = dataclasses.replace(preset, scheme=dataclasses.replace(preset.scheme, edition="2"))
    with pytest.raises(AppError) as caught, database.writing() as session:
        schemes.load_preset(make.work(session), newer)
    assert caught.value.code == "schemes.other_edition"
    with database.reading() as session:
        assert len(reading.schemes(session)) == 1


@pytest.mark.bare
def test_an_inconsistent_preset_stores_nothing(database: Database) -> None:
    preset = presets.read_shipped("urad-1-3-10")
    with pytest.raises(AppError) as caught, database.writing() as session:
        schemes.load_preset(make.work(session), dataclasses.replace(preset, policies=[]))
    assert caught.value.code == "presets.inconsistent"
    with database.reading() as session:
        assert reading.schemes(session) == []
        assert calendar.years(session) == []


@pytest.mark.parametrize("person", [one for one in CAST if one is not ADMIN], ids=lambda one: one.username)
def test_only_the_administrator_loads(database: Database, person: PersonOfTheCast) -> None:
    with database.writing() as session:
        work = make.work(session, make.actor(session, person))
        with pytest.raises(AppError) as caught:
            schemes.load_preset(work, presets.read_shipped("urad-1-3-10"))
        assert caught.value.kind is Kind.UNKNOWN


def test_the_eleventh_enterprise_brand_is_refused_with_the_figures(database: Database) -> None:
    tier = third_tier(database)
    with database.writing() as session:
        work = make.work(session)
        parent = next(one for one in reading.brands(session, tier.scheme_id) if one.code == "pastoral")
        for number in range(10):
            make.a_brand(work, tier.id, f"own-{number}", parent_id=parent.id, name=f"示范品牌{number}")
    with pytest.raises(AppError) as caught, database.writing() as session:
        make.a_brand(make.work(session), tier.id, "own-10", name="示范品牌十一")
    assert (caught.value.kind, caught.value.code) == (Kind.QUOTA_EXCEEDED, "schemes.tier_full")
    assert caught.value.params == {"tier": "企业品牌", "slots": 10, "used": 10}
    with database.reading() as session:
        assert session.get_one(Tier, tier.id).slots_used == 10
        assert session.scalar(select(func.count()).where(Brand.tier_id == tier.id)) == 10


def test_an_open_tier_never_fills(database: Database) -> None:
    tier = third_tier(database)
    with database.writing() as session:
        session.get_one(Tier, tier.id).slots_max = None
        session.flush()
        for number in range(15):
            make.a_brand(make.work(session), tier.id, f"own-{number}")
        assert session.get_one(Tier, tier.id).slots_used == 15


def test_a_code_is_taken_once_and_costs_no_second_slot(database: Database) -> None:
    tier = third_tier(database)
    with database.writing() as session:
        make.a_brand(make.work(session), tier.id)
        for place, code in ((tier.id, "scheme_changes.outdated"), ("nothing", "access.unknown")):
            with pytest.raises(AppError) as caught:
                make.a_brand(make.work(session), place)
            assert caught.value.code == code
        assert session.get_one(Tier, tier.id).slots_used == 1


def test_the_calendar_comes_with_the_first_scheme(database: Database) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))
    with database.reading() as session:
        assert calendar.calendar(session) == working_day_seed.seed_calendar()


@pytest.mark.parametrize("name", presets.shipped())
@pytest.mark.bare
def test_every_shipped_preset_loads_and_says_what_it_still_lacks(database: Database, name: str) -> None:
    with database.writing() as session:
        scheme = schemes.load_preset(make.work(session), presets.read_shipped(name))
    with database.reading() as session:
        found = reading.whole(session, scheme.id)
        missing = [(one.slots_missing, one.heroes_missing) for one in found.tiers]
    assert (
        missing
        == {
            "urad-1-3-10": [(0, 0), (0, 0), (10, 0)],
            "urad-1-3-n": [(0, 0), (0, 0), (0, 0)],
            "hanggin-1-5": [(0, 0)],
            "lufeng-1": [(0, 0), (0, 0)],
            "burqin-2-3-10-15": [(0, 2), (10, 0)],
            "jinghong-1-3-5": [(0, 0), (2, 0)],
        }[name]
    )


@pytest.mark.bare
def test_two_counties_live_in_one_registry(database: Database) -> None:
    with database.writing() as session:
        for name in ("urad-1-3-10", "jinghong-1-3-5"):
            schemes.load_preset(make.work(session), presets.read_shipped(name))
    with database.reading() as session:
        assert [one.county_code for one in reading.schemes(session)] == ["150824", "532801"]
        assert len({one[1].scheme_id for one in reading.licensable(session)}) == 2
