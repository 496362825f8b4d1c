"""Open data from which the totals can be added up, the search by letters, and the badge for other sites."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlmodel import select

from brand.kernel import texts
from brand.kernel.db import Database
from brand.models.enterprises import Enterprise
from brand.models.licences import Licence
from brand.models.schemes import Brand
from brand.queries.open_data import files
from brand.schemas.open_data import FILES, Column, as_csv
from brand.services import brand_moves, enterprises, licences, offerings
from tests import make
from tests.people import ADMIN, APPROVER, CAST, CLERK, PRODUCER, PersonOfTheCast


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(make.MONDAY, tick=False):
        yield


@pytest.fixture
def held(database: Database) -> Licence:
    """Two licences, the second suspended; labels in two years of the first; goods that are listed."""
    with database.writing() as session:
        work = make.work(session)
        goods = make.an_offering(work)
        offerings.step(make.work(session, make.actor(session, PRODUCER)), goods.id, "list", version=1)
        first, second = make.a_licence(work), make.a_licence(work, enterprise_id="rival")
        licences.spend(work, first.id, 2026, kg=Decimal("1234.5"), labels=2469)
        licences.spend(work, first.id, 2027, kg=Decimal("0.5"), labels=1)
        licences.spend(work, second.id, 2026, kg=Decimal(10), labels=20)
        approver = make.work(session, make.actor(session, APPROVER))
        words = {"reason_code": "sanction.accident", "comment": "内部说明不公开"}
        licences.step(approver, second.id, "suspend", version=1, **words)
        halt = {"reason_code": "food_safety", "comment": "内部说明不公开"}
        enterprises.step(approver, "abattoir", "suspend", version=1, **halt)
        return first


def read(client: FlaskClient, name: str) -> list[dict[str, str]]:
    answer = client.get(f"/open-data/{name}.csv")
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_counts_and_label_totals_are_recomputed_from_the_files_alone(client: FlaskClient, held: Licence) -> None:
    rows, years = read(client, "licences"), read(client, "allowances")
    assert Counter(one["status"] for one in rows) == {"valid": 1, "suspended": 1}
    for one in rows:
        mine = [each for each in years if each["licence"] == one["number"]]
        assert int(one["labels"]) == sum(int(each["labels"]) for each in mine)
        assert Decimal(one["used_kg"]) == sum(Decimal(each["used_kg"]) for each in mine)
        api = client.get(f"/api/v1/register/{one['number']}").json
        assert (api["labels"], api["used_kg"], api["status"]) == (int(one["labels"]), one["used_kg"], one["status"])
    assert sum(int(one["labels"]) for one in rows) == 2490
    assert "2,490" in client.get("/open-data?lang=en").text
    assert {one["status"]: one["reason"] for one in rows} == {"valid": "", "suspended": "sanction.accident"}
    (sanction,) = read(client, "sanctions")
    assert (sanction["action"], sanction["reason_code"]) == ("suspend", "sanction.accident")


def test_the_reason_names_brand_and_holder(client: FlaskClient, held: Licence, database: Database) -> None:
    with database.writing() as session:
        approver, clerk = (make.work(session, make.actor(session, one)) for one in (APPROVER, CLERK))
        enterprises.step(approver, "cooperative", "suspend", version=1, reason_code="food_safety", comment="示范")
        assert {one["number"]: one["reason"] for one in files(session, approver.today)["licences"]}[held.number] == (
            "holder_suspended"
        )
        brand = session.get_one(Brand, held.brand_id)
        words = {"reason_code": "law", "comment": "示范"}
        move = brand_moves.propose(clerk, brand.id, "suspend", version=brand.version, **words)
        brand_moves.decide(approver, move.id, "approve", version=1)
    assert {one["reason"] for one in read(client, "licences")} >= {"sanction.accident"}


def test_brands_enterprises_and_licences_agree_between_the_files(client: FlaskClient, held: Licence) -> None:
    valid = [one for one in read(client, "licences") if one["status"] == "valid"]
    by_brand = Counter(one["brand_code"] for one in valid)
    assert {one["code"]: int(one["licences"]) for one in read(client, "brands") if int(one["licences"])} == by_brand
    parties = read(client, "enterprises")
    assert sum(int(one["licences"]) for one in parties) == len(valid)
    assert sum(int(one["licences_ever"]) for one in parties) == len(read(client, "licences"))
    assert {one["name"] for one in parties if one["state"] == "suspended"} == {
        one["name"] for one in read(client, "halts") if one["state"] == "suspended"
    }
    granted = [one for one in read(client, "notices") if one["application_state"] == "granted"]
    assert {one["enterprise"] for one in granted} == {one["enterprise"] for one in read(client, "licences")}


@pytest.mark.parametrize("name", FILES)
def test_both_forms_hold_the_same_and_the_dictionary_explains_every_column(
    client: FlaskClient, held: Licence, name: str
) -> None:
    as_json = client.get(f"/open-data/{name}.json").json
    assert as_json["count"] == len(as_json["rows"])
    plain = [{key: "" if value is None else str(value) for key, value in row.items()} for row in as_json["rows"]]
    assert plain == read(client, name)
    explained = client.get("/open-data/dictionary.json").json[name]
    assert {one["name"] for one in explained} == set(as_json["rows"][0])
    for one in FILES[name]:
        for language in texts.LANGUAGES:
            assert texts.has(language, f"open_data.{name}.{one.name}")
            assert texts.has(language, f"open_data.kind.{one.kind}")


def test_no_person_in_open_data(client: FlaskClient, held: Licence) -> None:
    private = {one.name for one in CAST} | {"13800000000", "示范联系人", "示范路1号", "内部说明不公开"}
    pages = [f"/open-data/{name}.{form}" for name in FILES for form in ("csv", "json")]
    for where in [*pages, "/open-data", f"/register/{held.number}/badge"]:
        page = client.get(where).data.decode()
        assert [one for one in private if one in page or json.dumps(one)[1:-1] in page] == []


@pytest.mark.bare
def test_an_empty_registry_has_empty_files_with_headings(client: FlaskClient, database: Database) -> None:
    with database.writing() as session:
        for one in session.exec(select(Enterprise)):
            one.state = "pending"
    for name, columns in FILES.items():
        lines = client.get(f"/open-data/{name}.csv").data.decode("utf-8-sig").split("\r\n")
        assert lines == [",".join(one.name for one in columns), ""]
    assert client.get("/open-data").status_code == 200
    assert client.get("/open-data/secrets.csv").status_code == 404


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", " =1", "\u200b=1", "＝1"])
def test_a_cell_like_a_formula_stays_text(text: str) -> None:
    assert as_csv([{"name": text}], (Column("name"),)).decode("utf-8-sig").splitlines()[1].strip('"') == f"'{text}"


def test_the_register_is_searched_by_two_characters_and_by_initials(client: FlaskClient, held: Licence) -> None:
    assert client.get("/api/v1/register").json["total"] == 2
    for wanted, count in (
        ("养羊", 1),
        ("邻社", 1),
        ("示范", 2),
        ("yyzy", 1),
        ("SFLS", 1),
        ("cyxm", 2),
        ("yr", 2),
        ("zzzz", 0),
    ):
        assert client.get(f"/api/v1/register?q={wanted}").json["total"] == count, wanted
    assert held.number in client.get("/register?q=yyzy").text


def test_the_badge_may_be_framed_and_nothing_else_may(
    client: FlaskClient, held: Licence, as_: Callable[[PersonOfTheCast], FlaskClient]
) -> None:
    answer = client.get(f"/register/{held.number}/badge?lang=en")
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "script" not in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    assert "<script" not in answer.text
    assert "Valid" in answer.text
    assert f'href="http://localhost/register/{held.number}"' in answer.text
    for where in ("/register", f"/register/{held.number}", "/open-data"):
        assert "frame-ancestors 'none'" in client.get(where).headers["Content-Security-Policy"]
    assert client.get("/register/L2026-9999/badge").status_code == 404
    assert "frame-ancestors 'none'" in client.get("/register/L2026-9999/badge").headers["Content-Security-Policy"]
    signed = as_(ADMIN).get(f"/register/{held.number}/badge")
    assert ADMIN.name not in signed.text
    shown = client.get(f"/register/{held.number}").text
    assert f"http://localhost/register/{held.number}/badge" in shown
