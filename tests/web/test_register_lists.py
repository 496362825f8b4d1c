"""Brands and enterprises of the public register, what halted a licence, the search of the notice board."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlmodel import Session, col, select

from brand.kernel.db import Database
from brand.models.brand_moves import BrandMove
from brand.models.enterprises import Enterprise
from brand.models.licences import Licence
from brand.models.schemes import Brand
from brand.services import brand_moves, enterprises
from tests import make
from tests.people import APPROVER, CAST, CLERK

HOUSEHOLD, STALL = "示范牧民巴图", "示范小店苏和"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(make.MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def licence(database: Database) -> Licence:
    with database.writing() as session:
        return make.a_licence(make.work(session))


def moved(session: Session, brand: Brand, action: str) -> BrandMove:
    """The brand moved by two persons; the reason is the law's."""
    clerk, approver = (make.work(session, make.actor(session, one)) for one in (CLERK, APPROVER))
    reason = "" if action == "resume" else "law"
    words = {"reason_code": reason, "comment": "内部说明不公开"}
    move = brand_moves.propose(clerk, brand.id, action, version=brand.version, **words)
    return brand_moves.decide(approver, move.id, "approve", version=1)


def upper(session: Session, licence: Licence) -> Brand:
    brand = session.get_one(Brand, licence.brand_id)
    return session.get_one(Brand, brand.parent_id) if brand.parent_id else brand


def a_private(session: Session, kind: str, name: str) -> Enterprise:
    """A confirmed party whose name is a person's."""
    code = None if kind == "household" else make.NEW_CREDIT_CODE
    one = Enterprise(
        id=kind,
        kind=kind,
        name=name,
        credit_code=code,
        county_code="150824",
        township_code="150824203",
        contact_name=name,
        contact_phone="13900000009",
        state="confirmed",
        joined_at=make.MONDAY,
    )
    session.add(one)
    session.flush()
    return one


def test_every_brand_in_every_state_is_found(client: FlaskClient, database: Database, licence: Licence) -> None:
    everything = client.get("/api/v1/register/brands").json
    with database.reading() as session:
        assert everything["total"] == len(session.exec(select(Brand)).all()) > 3
        own = session.get_one(Brand, licence.brand_id)
    assert {one["code"]: one["licences"] for one in everything["rows"]}[own.code] == 1
    assert own.name in client.get("/register/brands").text
    with database.writing() as session:
        moved(session, session.get_one(Brand, own.id), "end")
    ended = client.get("/api/v1/register/brands?state=ended").json["rows"]
    assert [(one["code"], one["licences"]) for one in ended] == [(own.code, 0)]
    assert client.get("/api/v1/register/brands?state=in_force").json["total"] == everything["total"] - 1
    page = client.get(f"/register/brands/{own.id}?lang=en").text
    assert "ended" in page.lower()
    assert "内部说明不公开" not in page


def test_a_brand_under_a_suspended_one_counts_as_suspended(
    client: FlaskClient, database: Database, licence: Licence
) -> None:
    with database.writing() as session:
        above = upper(session, licence)
        assert above.id != licence.brand_id
        moved(session, above, "suspend")
        session.get_one(Brand, licence.brand_id).name_mn = "ᠴᠠᠢ"
        below = session.exec(select(Brand).where(col(Brand.parent_id) == above.id)).all()
    held = {one["code"] for one in client.get("/api/v1/register/brands?state=suspended").json["rows"]}
    assert held == {above.code, *(one.code for one in below)}
    page = client.get(f"/register/brands/{licence.brand_id}?lang=en").text
    assert "a brand above it is not" in page
    assert '<p class="bt-mongolian" lang="mn-Mong">ᠴᠠᠢ</p>' in page, "upright"
    whole = client.get(f"/api/v1/register/brands/{licence.brand_id}").json
    assert [(one["action"], one["reason_code"]) for one in whole["history"]] == [("suspend", "law")]
    assert whole["brand"]["state"] == "suspended"


@pytest.mark.parametrize(("wanted", "least"), [("产业", 0), ("cyxm", 1), ("乌拉特", 1), ("zzzz", 0)])
def test_brands_are_searched_like_licences(
    client: FlaskClient, database: Database, licence: Licence, wanted: str, least: int
) -> None:
    total = client.get(f"/api/v1/register/brands?q={wanted}").json["total"]
    with database.reading() as session:
        names = [one.name for one in session.exec(select(Brand))]
    assert total >= max(least, sum(wanted in one for one in names))
    assert wanted != "zzzz" or total == 0


def test_halts_of_brand_and_holder_stand_in_the_history_of_a_licence(
    client: FlaskClient, database: Database, licence: Licence, clock: time_machine.Traveller
) -> None:
    with database.writing() as session:
        above = upper(session, licence)
        moved(session, above, "suspend")
        moved(session, session.get_one(Brand, above.id), "resume")
        approver = make.work(session, make.actor(session, APPROVER), now=make.MONDAY + timedelta(days=1))
        words = {"reason_code": "food_safety", "comment": "内部说明不公开"}
        enterprises.step(approver, "cooperative", "suspend", version=1, **words)
        enterprises.step(approver, "cooperative", "resume", version=2, comment="示范")
    found = client.get(f"/api/v1/register/{licence.number}").json["halts"]
    assert [(one["subject"], one["action"]) for one in found] == [
        ("brand", "suspend"),
        ("brand", "resume"),
        ("enterprise", "suspend"),
        ("enterprise", "resume"),
    ]
    assert [one["reason_code"] for one in found] == ["law", "", "", ""]
    page = client.get(f"/register/{licence.number}").text
    places = [page.index(one) for one in ("恢复正常", "被办公室暂停", "恢复使用", "暂停使用")]
    assert places == sorted(places)
    for where in (f"/register/{licence.number}", "/register/enterprises/cooperative"):
        page = client.get(where).text
        assert "被办公室暂停" in page
        assert [one for one in ("内部说明不公开", "食品安全事故") if one in page] == []


def test_what_happened_before_the_grant_is_not_the_licences_history(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session))
        approver = make.work(session, make.actor(session, APPROVER), now=make.MONDAY - timedelta(days=60))
        words = {"reason_code": "food_safety", "comment": "示范"}
        enterprises.step(approver, "cooperative", "suspend", version=1, **words)
        enterprises.step(approver, "cooperative", "resume", version=2, comment="示范")
        number = make.a_licence(make.work(session)).number
    assert client.get(f"/api/v1/register/{number}").json["halts"] == []


def test_enterprises_are_found_without_a_licence(client: FlaskClient, licence: Licence) -> None:
    every = client.get("/api/v1/register/enterprises").json
    counted = {one["id"]: one["licences"] for one in every["rows"]}
    assert counted == {"cooperative": 1, "abattoir": 0, "rival": 0, "rival_abattoir": 0, "laboratory": 0}
    for wanted, ids in (
        ("邻社", {"rival"}),
        ("sfjczx", {"laboratory"}),
        ("91150824777777777R", {"laboratory"}),
        ("%25", set()),
    ):
        rows = client.get(f"/api/v1/register/enterprises?q={wanted}").json["rows"]
        assert {one["id"] for one in rows} == ids, wanted
    assert client.get("/api/v1/register/enterprises?kind=abattoir").json["total"] == 2
    page = client.get("/register/enterprises?q=检测").text
    assert "示范检测中心" in page
    assert "示范邻社" not in page


def test_those_who_wait_or_were_refused_are_nobodys_business(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        session.get_one(Enterprise, "rival").state = "refused"
        make.a_joined_enterprise(make.work(session))
    assert {one["id"] for one in client.get("/api/v1/register/enterprises").json["rows"]} == {
        "cooperative",
        "abattoir",
        "rival_abattoir",
        "laboratory",
    }
    assert client.get("/register/enterprises?state=pending").status_code == 422


@pytest.mark.parametrize(("kind", "name"), [("household", HOUSEHOLD), ("individual", STALL)])
def test_a_name_that_is_a_persons_is_told_by_kind_and_place(
    client: FlaskClient, database: Database, kind: str, name: str
) -> None:
    with database.writing() as session:
        a_private(session, kind, name)
    (row,) = client.get(f"/api/v1/register/enterprises?kind={kind}").json["rows"]
    assert row["township"] in row["name"]
    assert row["credit_code"] is None
    for wanted in (name, name[2:], "sf" if kind == "household" else "sfxd"):
        assert row["id"] not in {
            one["id"] for one in client.get(f"/api/v1/register/enterprises?q={wanted}").json["rows"]
        }
    for where in ("/register/enterprises", f"/register/enterprises/{kind}", "/open-data/enterprises.csv"):
        answer = client.get(where)
        assert answer.status_code == 200
        assert name not in answer.text


@pytest.mark.parametrize(("kind", "name", "told"), [("household", HOUSEHOLD, False), ("individual", STALL, True)])
def test_a_licence_names_an_individual_business_and_never_a_household(
    client: FlaskClient, database: Database, licence: Licence, kind: str, name: str, told: bool
) -> None:
    with database.writing() as session:
        holder = session.get_one(Enterprise, "cooperative")
        holder.kind, holder.name = kind, name
    for where in (
        "/register",
        f"/register/{licence.number}",
        f"/register/{licence.number}/badge",
        "/register/enterprises/cooperative",
        "/notices",
        "/open-data/licences.csv",
        "/open-data/notices.csv",
    ):
        assert (name in client.get(where).text) == told, where
    assert client.get(f"/api/v1/register?q={name[2:]}").json["total"] == told
    assert client.get(f"/api/v1/notices?q={name[2:]}").json["total"] == told


def test_the_notice_board_is_searched(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        make.on_notice(make.work(session))
        make.on_notice(make.work(session), enterprise_id="rival")
    for wanted, count in (("养羊", 1), ("lswd", 0), ("yyzy", 1), ("N2026-0002", 1), ("示范", 2), ("zzzz", 0)):
        assert client.get(f"/api/v1/notices?q={wanted}").json["total"] == count, wanted
    assert "邻社" not in client.get("/notices?q=养羊").text
    assert "没有找到" in client.get("/notices?q=zzzz").text


def test_no_person_in_the_lists(client: FlaskClient, database: Database, licence: Licence) -> None:
    private = {one.name for one in CAST} | {"13800000000", "示范联系人", "示范路1号"}
    pages = ["/register/brands", f"/register/brands/{licence.brand_id}", "/register/enterprises"]
    files = [f"/open-data/{name}.json" for name in ("brands", "enterprises", "halts", "notices")]
    for where in [*pages, *files]:
        page = client.get(where).text
        assert [one for one in private if one in page] == []
    assert client.get("/register/brands/nothing").status_code == 404
    assert client.get("/api/v1/register/brands/nothing").status_code == 404
