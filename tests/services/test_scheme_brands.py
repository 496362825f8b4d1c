"""Brands, their names and places, and the head of a scheme change by two persons, with a source and an edition."""

from __future__ import annotations

from typing import Any

import pytest

from brand.kernel.db import Database
from brand.kernel.errors import AppError, Kind
from brand.models.scheme_changes import SchemeChange
from brand.models.schemes import Brand, Scheme
from brand.queries import editions, schemes
from brand.queries import scheme_changes as reading
from brand.services import scheme_changes
from tests import make
from tests.people import ADMIN, APPROVER, CAST, CLERK, PersonOfTheCast
from tests.services.test_scheme_changes import WHY, by, refusal

SAID: dict[str, Any] = {"source": "示范文件第3行", "source_en": "Demo paper, line 3", "confidence": "D"} | WHY
NAMED = {"name": "示范品牌", "name_en": "Demo brand", "name_mn": ""}


@pytest.fixture
def scheme(database: Database) -> Scheme:
    with database.writing() as session:
        return make.a_scheme(make.work(session))


def a_brand_proposed(session: Any, scheme: Scheme, code: str, level: int = 3, parent: str = "") -> SchemeChange:
    wanted = {"code": code, "parent": parent} | NAMED | SAID
    return scheme_changes.propose_brand(by(session, CLERK), scheme.id, level, **wanted)


def approved_place(database: Database, scheme: Scheme, level: int = 2) -> str:
    with database.writing() as session:
        change = scheme_changes.ask_place(by(session, CLERK), scheme.id, level, **WHY)
    with database.writing() as session:
        return scheme_changes.step(by(session, APPROVER), change.id, "approve", version=1).id


def test_a_full_tier_takes_one_more_only_by_an_exception_of_two_persons_and_once(
    database: Database, scheme: Scheme
) -> None:
    with database.writing() as session:
        error = refusal(lambda: scheme_changes.ask_place(by(session, CLERK), scheme.id, 3, **WHY))
        assert error.code == "scheme_changes.places_left"
        scheme_changes.ask_place(by(session, CLERK), scheme.id, 1, **WHY)
        for level in (1, 2):  # nobody has agreed yet to the place asked for
            full = refusal(lambda: a_brand_proposed(session, scheme, "early", level))  # noqa: B023
            assert (full.kind, full.code) == (Kind.QUOTA_EXCEEDED, "schemes.tier_full")
    place = approved_place(database, scheme)
    with database.writing() as session:
        wrong = refusal(lambda: a_brand_proposed(session, scheme, "wrong", 1))
        assert wrong.code == "schemes.tier_full"
        fourth = a_brand_proposed(session, scheme, "fourth", 2)
        fifth = a_brand_proposed(session, scheme, "fifth", 2)
    with database.writing() as session:
        scheme_changes.step(by(session, APPROVER), fourth.id, "approve", version=1)
    with pytest.raises(AppError) as caught, database.writing() as session:
        scheme_changes.step(by(session, APPROVER), fifth.id, "approve", version=1)
    assert caught.value.code == "schemes.tier_full"
    with database.reading() as session:
        tier = schemes.whole(session, scheme.id).tiers[1]
        assert (tier.tier.slots_used, tier.tier.slots_max, tier.exceptional) == (3, 3, 1)
        assert session.get_one(SchemeChange, place).state == "used"
        assert session.get_one(SchemeChange, fifth.id).state == "open"
        assert session.get_one(Scheme, scheme.id).edition == "2"


def agreed(database: Database, change: SchemeChange) -> SchemeChange:
    with database.writing() as session:
        return scheme_changes.step(by(session, APPROVER), change.id, "approve", version=1)


def test_a_brand_comes_by_two_persons_with_its_source_and_an_edition(database: Database, scheme: Scheme) -> None:
    with database.writing() as session:
        change = a_brand_proposed(session, scheme, "lamb-house", parent="pastoral")
        assert schemes.brand_by_code(session, scheme.id, "lamb-house") is None
        assert reading.tier(session, scheme.id, 3).slots_used == 0
        alone = refusal(lambda: scheme_changes.step(by(session, CLERK), change.id, "approve", version=1))
        assert alone.kind is Kind.UNKNOWN
    assert agreed(database, change).edition == 2
    with database.reading() as session:
        made = schemes.brand_by_code(session, scheme.id, "lamb-house")
        parent = schemes.brand_by_code(session, scheme.id, "pastoral")
        assert made is not None
        assert parent is not None
        assert (made.parent_id, made.source, made.confidence) == (parent.id, "示范文件第3行", "D")
        assert (made.source_en, made.exception_id) == ("Demo paper, line 3", None)
        assert reading.tier(session, scheme.id, 3).slots_used == 1
        kept = [editions.edition(session, scheme.id, one).content["tiers"][2]["brands"] for one in (1, 2)]
        assert kept[0] == []
        assert [(one["code"], one["parent"], one["state"]) for one in kept[1]] == [
            ("lamb-house", "pastoral", "in_force")
        ]


@pytest.mark.parametrize(
    ("wanted", "code", "pointer"),
    [
        ({"code": "pastoral"}, "schemes.brand_taken", "/code"),
        ({"parent": "nothing"}, "schemes.parent", "/parent"),
        ({"parent": "own"}, "schemes.parent", "/parent"),
        ({"source": ""}, "input.invalid", "/source"),
    ],
)
def test_a_brand_that_cannot_be_proposed(
    database: Database, scheme: Scheme, wanted: dict[str, Any], code: str, pointer: str
) -> None:
    with database.writing() as session:
        make.a_brand(make.work(session), reading.tier(session, scheme.id, 3).id)
        asked = {"code": "other", "parent": ""} | NAMED | SAID | wanted
        error = refusal(lambda: scheme_changes.propose_brand(by(session, CLERK), scheme.id, 3, **asked))
        assert (error.code, [one.pointer for one in error.faults]) == (code, [pointer])
        assert reading.changes(session, scheme.id) == []
        nowhere = refusal(lambda: a_brand_proposed(session, scheme, "other", level=9))
        assert nowhere.kind is Kind.UNKNOWN


def test_a_code_taken_meanwhile_is_not_taken_twice(database: Database, scheme: Scheme) -> None:
    with database.writing() as session:
        change = a_brand_proposed(session, scheme, "own")
        make.a_brand(make.work(session), reading.tier(session, scheme.id, 3).id)
    with pytest.raises(AppError) as caught:
        agreed(database, change)
    assert caught.value.code == "scheme_changes.outdated"
    with database.reading() as session:
        assert reading.tier(session, scheme.id, 3).slots_used == 1


def test_a_brand_is_renamed_and_moved_below_another_by_two_persons(database: Database, scheme: Scheme) -> None:
    with database.writing() as session:
        own = make.a_brand(make.work(session), reading.tier(session, scheme.id, 3).id)
        asked = {"name": "示范新名", "name_en": "", "name_mn": "", "parent": "organic"} | SAID
        change = scheme_changes.propose_mark(by(session, CLERK), own.id, **asked)
        assert own.name == "示范"
        fields = [(one["field"], one["old"], one["new"]) for one in change.differences]
        assert fields[:2] == [("parent", "", "organic"), ("name", "示范", "示范新名")]
    assert agreed(database, change).edition == 2
    with database.writing() as session:
        own = session.get_one(Brand, own.id)
        above = schemes.brand_by_code(session, scheme.id, "organic")
        assert above is not None
        assert (own.name, own.parent_id, own.source) == ("示范新名", above.id, "示范文件第3行")
        low = refusal(lambda: scheme_changes.propose_mark(by(session, CLERK), above.id, **asked | {"parent": "own"}))
        assert low.code == "schemes.parent"
        own.state = "ended"
        session.flush()
        late = refusal(lambda: scheme_changes.propose_mark(by(session, CLERK), own.id, **asked | {"name": "示范"}))
        assert late.code == "scheme_changes.brand_ended"


def test_a_parent_that_ended_meanwhile_takes_nobody_under_it(database: Database, scheme: Scheme) -> None:
    with database.writing() as session:
        change = a_brand_proposed(session, scheme, "own", parent="pastoral")
        pastoral = schemes.brand_by_code(session, scheme.id, "pastoral")
        assert pastoral is not None
        pastoral.state = "ended"
    with pytest.raises(AppError) as caught:
        agreed(database, change)
    assert caught.value.code == "schemes.parent"


HEAD = {
    "name": "示范方案",
    "name_en": "Demo scheme",
    "owner": "示范旗人民政府",
    "owner_en": "",
    "county_code": "532302",
}


def test_the_head_of_a_scheme_changes_by_two_persons(database: Database, scheme: Scheme) -> None:
    with database.writing() as session:
        for code in ("532331", "999999", "15082x"):
            asked = HEAD | SAID | {"county_code": code}
            error = refusal(lambda: scheme_changes.propose_head(by(session, CLERK), scheme.id, **asked))  # noqa: B023
            assert (error.code, error.params) == ("presets.county_unknown", {"code": code})
        change = scheme_changes.propose_head(by(session, CLERK), scheme.id, **HEAD | SAID)
        assert session.get_one(Scheme, scheme.id).name == scheme.name != HEAD["name"]
    agreed(database, change)
    with database.reading() as session:
        now = session.get_one(Scheme, scheme.id)
        assert {name: getattr(now, name) for name in HEAD} == HEAD
        assert (now.edition, now.source) == ("2", "示范文件第3行")
        kept = [editions.edition(session, scheme.id, one).content["scheme"]["name"] for one in (1, 2)]
        assert kept == [scheme.name, "示范方案"]


def test_what_moved_meanwhile_is_not_overwritten(database: Database, scheme: Scheme) -> None:
    with database.writing() as session:
        pastoral = schemes.brand_by_code(session, scheme.id, "pastoral")
        assert pastoral is not None
        asked = {"name": "示范新名", "name_en": "", "name_mn": "", "parent": "region"} | SAID
        changes = [
            scheme_changes.propose_mark(by(session, CLERK), pastoral.id, **asked),
            scheme_changes.propose_head(by(session, CLERK), scheme.id, **HEAD | SAID),
        ]
        pastoral.name = "示范另名"
        session.get_one(Scheme, scheme.id).name = "示范另名"
    for change in changes:
        with pytest.raises(AppError) as caught:
            agreed(database, change)
        assert caught.value.code == "scheme_changes.outdated"


@pytest.mark.parametrize("person", CAST, ids=lambda one: one.username)
def test_only_those_who_may_propose_brands_names_and_heads(
    database: Database, scheme: Scheme, person: PersonOfTheCast
) -> None:
    with database.writing() as session:
        brand = schemes.brands(session, scheme.id)[0]
        work = by(session, person)
        asked = {"name": "示范新名", "name_en": "", "name_mn": "", "parent": ""} | SAID
        acts = (
            lambda: scheme_changes.propose_brand(work, scheme.id, 3, code="own", **asked),
            lambda: scheme_changes.propose_mark(work, brand.id, **asked),
            lambda: scheme_changes.propose_head(work, scheme.id, **HEAD | SAID),
        )
        for act in acts:
            if person in (ADMIN, CLERK):
                assert act().state == "open"
            else:
                assert refusal(act).kind is Kind.UNKNOWN
