"""Pages of the product catalogue: written and listed by the enterprise, read by anybody, taken off by the office."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlmodel import select

from brand.kernel.db import Database
from brand.models.offerings import Offering, OfferingPhoto
from tests import make
from tests.people import ABATTOIR, ADMIN, CLERK, PRODUCER, RIVAL, PersonOfTheCast

pytestmark = pytest.mark.licensed

As = Callable[[PersonOfTheCast], FlaskClient]
NEW = "/enterprises/cooperative/offerings/new"


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(make.MONDAY, tick=False):
        yield


@pytest.fixture
def entries(database: Database) -> dict[str, Any]:
    with database.writing() as session:
        make.a_licence(make.work(session))
        return {name: value for name, value in make.offering_entries(session).items() if value}


def the_one(database: Database) -> Offering:
    with database.reading() as session:
        return session.exec(select(Offering)).one()


def photo(version: int, **changes: Any) -> dict[str, Any]:
    return {"version": version, "alt": "示范照片：羊肉卷", "file": (BytesIO(make.a_picture()), "../x.png")} | changes


def test_from_draft_to_listed_to_taken_off(
    as_: As, client: FlaskClient, database: Database, entries: dict[str, Any]
) -> None:
    own, office = as_(PRODUCER), as_(CLERK)
    assert own.get(NEW).status_code == 200
    assert own.post(NEW, data=entries | {"packaging": ""}).status_code == 303
    at = f"/offerings/{the_one(database).id}"
    public = f"/catalogue/{the_one(database).id}"
    assert "缺包装" in own.get(f"{at}?lang=zh").text
    lacking = own.post(f"{at}/list?lang=zh", data={"version": 1})
    assert lacking.status_code == 422
    assert "缺包装" in lacking.text
    assert client.get(public).status_code == 404
    assert own.post(f"{at}/edit", data=entries | {"version": 1, "name_mn": "ᠴᠠᠢ"}).status_code == 303
    sent = own.post(f"{at}/photos", data=photo(2), content_type="multipart/form-data")
    assert sent.status_code == 303
    with database.reading() as session:
        kept = session.exec(select(OfferingPhoto)).one()
        assert kept.digest == hashlib.sha256(kept.content).hexdigest()
    assert client.get(f"{public}/photos/{kept.id}").status_code == 404
    assert own.get(f"{at}/photos/{kept.id}").data == kept.content
    assert as_(RIVAL).get(f"{at}/photos/{kept.id}").status_code == 404
    assert own.post(f"{at}/list", data={"version": 3}).status_code == 303
    assert own.post(f"{at}/list", data={"version": 3}).status_code == 409
    shown = client.get(f"{public}?lang=zh").text
    assert "使用品牌" in shown
    assert '<p class="bt-mongolian" lang="mn-Mong">ᠴᠠᠢ</p>' in shown, "upright"
    assert 'alt="示范照片：羊肉卷"' in shown
    picture = client.get(f"{public}/photos/{kept.id}")
    assert (picture.status_code, picture.mimetype) == (200, "image/png")
    assert picture.headers["Content-Disposition"].startswith("attachment")
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert office.post(f"{at}/list", data={"version": 4}).status_code == 404
    wrong = office.post(f"{at}/hold", data={"version": 4})
    assert wrong.status_code == 422
    assert 'id="f-reason_code-fault"' in wrong.text
    words = {"version": 4, "reason_code": "picture", "comment": "示范：照片不清"}
    assert office.post(f"{at}/hold", data=words).status_code == 303
    assert "示范：照片不清" in own.get(at).text
    assert client.get(public).status_code == 404
    assert client.get(f"{public}/photos/{kept.id}").status_code == 404
    assert own.post(f"{at}/release", data={"version": 5}).status_code == 404
    assert office.post(f"{at}/release", data={"version": 5}).status_code == 303
    assert own.post(f"{at}/photos/{kept.id}/remove", data={"version": 6}).status_code == 303
    assert "还没有照片" in own.get(f"{at}?lang=zh").text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"product_id": "nothing"}, "product_id"),
        ({"certificates": "of-somebody"}, "certificates"),
        ({"packaging": "袋" * 201}, "packaging"),
    ],
)
def test_bad_input_names_the_field(
    as_: As, database: Database, entries: dict[str, Any], change: dict[str, str], field: str
) -> None:
    answer = as_(PRODUCER).post(NEW, data=entries | change)
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text
    with database.reading() as session:
        assert session.exec(select(Offering)).first() is None


def test_other_people_meet_nothing(as_: As, client: FlaskClient, database: Database, entries: dict[str, Any]) -> None:
    as_(PRODUCER).post(NEW, data=entries)
    at = f"/offerings/{the_one(database).id}"
    for person in (RIVAL, ABATTOIR):
        assert as_(person).get(at).status_code == 404
        assert as_(person).get(f"{at}/edit").status_code == 404
        assert as_(person).get(NEW).status_code == 404
        assert as_(person).post(f"{at}/list", data={"version": 1}).status_code == 404
        assert as_(person).post(f"{at}/photos", data=photo(1)).status_code == 404
        assert "示范草原羊肉卷" not in as_(person).get("/offerings").text
    assert "示范草原羊肉卷" in as_(CLERK).get("/offerings").text
    assert as_(ADMIN).get(at).status_code == 200
    assert client.get("/catalogue").status_code == 200
    assert client.get("/offerings").status_code == 302


def test_a_picture_is_told_by_its_content(as_: As, database: Database, entries: dict[str, Any]) -> None:
    own = as_(PRODUCER)
    own.post(NEW, data=entries)
    at = f"/offerings/{the_one(database).id}/photos"
    for data in (b"<svg onload=alert(1)>", b"", b"%PDF-1.4\n%%EOF\n"):
        answer = own.post(at, data=photo(1, file=(BytesIO(data), "x.png")), content_type="multipart/form-data")
        assert answer.status_code == 422
        assert 'href="#f-file"' in answer.text
    assert own.post(at, data=photo(1, alt=""), content_type="multipart/form-data").status_code == 422
    assert own.post(at, data=photo(7), content_type="multipart/form-data").status_code == 409


def test_the_public_searches_and_takes_it_as_open_data(
    as_: As, client: FlaskClient, database: Database, entries: dict[str, Any]
) -> None:
    own = as_(PRODUCER)
    own.post(NEW, data=entries)
    own.post(f"/offerings/{the_one(database).id}/list", data={"version": 1})
    for wanted in ("羊肉", "yrj", "养羊"):
        assert "示范草原羊肉卷" in client.get(f"/catalogue?q={wanted}").text, wanted
    assert "示范草原羊肉卷" not in client.get("/catalogue?q=zzzz").text
    assert "<script" not in client.get("/catalogue").text
    (row,) = client.get("/open-data/offerings.json").json["rows"]
    assert (row["name"], row["producer"]) == ("示范草原羊肉卷", "乌拉特中旗示范养羊专业合作社")
    assert row["licence"].startswith("L2026")
    assert "示范草原羊肉卷" in client.get("/open-data/offerings.csv").data.decode("utf-8-sig")
