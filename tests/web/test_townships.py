"""The township clerk on pages and over the API: sees the enterprises seated there, recommends, nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlmodel import select

from brand.kernel.db import Database
from brand.models.enterprises import Enterprise
from brand.models.licences import Application
from brand.models.schemes import PolicyValue
from tests import make
from tests.api.test_several import bearer
from tests.people import CLERK, PRODUCER, RIVAL, TOWNSHIP, PersonOfTheCast

As = Callable[[PersonOfTheCast], FlaskClient]
SAID = {"held_on": "2026-09-14", "opinion": "pass", "comment": "示范：核实住所与草场"}


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(make.MONDAY, tick=False):
        yield


@pytest.fixture
def asked(database: Database) -> tuple[Application, Application]:
    """Two applications under review where a recommendation is asked for: of an enterprise here, of one elsewhere."""
    with database.writing() as session:
        make.joins(session, TOWNSHIP)
        here = make.an_application(make.work(session))
        there = make.an_application(make.work(session), enterprise_id="rival")
        rule = session.exec(select(PolicyValue).where(PolicyValue.key == "review_recommendation")).one()
        session.add(PolicyValue(**rule.model_dump(exclude={"id"}) | {"value": 1, "edition": 2}))
        session.get_one(Enterprise, "rival").township_code = "150824101"
        for one, writer in ((here, PRODUCER), (there, RIVAL)):
            make.step(make.work(session), one, "submit", writer)
            make.step(make.work(session), one, "start_review", CLERK)
        return here, there


def test_on_pages(as_: As, database: Database, asked: tuple[Application, Application]) -> None:
    here, there = asked
    client = as_(TOWNSHIP)
    desk = client.get("/desk?lang=zh").text
    assert "· 海流图镇</span>" in desk.partition("bt-who")[2][:200], (
        "the frame names the township, not each enterprise seated there"
    )
    assert f"/applications/{here.id}" in desk
    assert there.number not in desk
    listed = client.get("/applications").text
    assert (here.number in listed, there.number in listed) == (True, False)
    page = client.get(f"/applications/{here.id}?lang=zh").text
    assert f"/applications/{here.id}/records/recommend" in page
    for action in ("records/review_desk", "publish_notice", "grant", "return"):
        assert f'href="/applications/{here.id}/{action}"' not in page
    where = f"/applications/{here.id}/records/recommend"
    assert 'name="comment"' in client.get(where).text
    bare = client.post(where, data={"version": here.version, **SAID, "comment": ""})
    assert (bare.status_code, 'id="f-comment-fault"' in bare.text) == (422, True)
    assert client.post(where, data={"version": here.version, **SAID}).status_code == 303
    assert client.post(where, data={"version": here.version, **SAID}).status_code == 409, "twice with one page"
    with database.reading() as session:
        assert session.get_one(Application, here.id).state == "recommended"
    told = as_(PRODUCER).get(f"/applications/{here.id}?lang=zh").text
    assert "示范：核实住所与草场" in told


def test_what_is_not_theirs_is_not_there(as_: As, asked: tuple[Application, Application]) -> None:
    here, there = asked
    client = as_(TOWNSHIP)
    for address in (
        f"/applications/{there.id}",
        f"/applications/{there.id}/records/recommend",
        f"/applications/{here.id}/records/review_desk",
        f"/applications/{here.id}/edit",
        "/enterprises/rival",
        "/complaints",
        "/licences",
        "/accounts",
        "/applications/new",
        "/audit",
    ):
        assert client.get(address).status_code == 404, address
    words = {"version": there.version, **SAID}
    assert client.post(f"/applications/{there.id}/records/recommend", data=words).status_code == 404
    ours = {"version": here.version, **SAID}
    assert client.post(f"/applications/{here.id}/records/hear_experts", data=ours).status_code == 404
    assert client.get("/enterprises/cooperative").status_code == 200


def test_over_the_api(client: FlaskClient, database: Database, asked: tuple[Application, Application]) -> None:
    here, there = asked
    headers = bearer(database, TOWNSHIP, "applications.read", "applications.recommend")
    listed = client.get("/api/v1/applications", headers=headers).json["rows"]
    assert [one["number"] for one in listed] == [here.number]
    assert [one["topic"] for one in client.get("/api/v1/desk", headers=headers).json["rows"]] == [
        "desk.application_to_recommend"
    ]
    said = {"version": here.version, **SAID}
    at = f"/api/v1/applications/{here.id}/records"
    assert client.post(f"{at}/review_desk", json=said, headers=headers).status_code == 404
    other = client.post(f"/api/v1/applications/{there.id}/records/recommend", json=said, headers=headers)
    assert other.status_code == 404
    reader = bearer(database, TOWNSHIP, "applications.read")
    assert client.post(f"{at}/recommend", json=said, headers=reader).status_code == 404, "no more than the token says"
    done = client.post(f"{at}/recommend", json=said, headers=headers)
    assert (done.status_code, done.json["state"]) == (200, "recommended")
    assert client.post(f"{at}/recommend", json=said, headers=headers).status_code == 409
    assert client.get("/api/v1/desk", headers=headers).json["rows"] == []


def test_whoever_moves_away_is_gone_at_once(
    as_: As, database: Database, asked: tuple[Application, Application]
) -> None:
    here, _ = asked
    client = as_(TOWNSHIP)
    with database.writing() as session:
        session.get_one(Enterprise, "cooperative").township_code = "150824101"
    assert client.get(f"/applications/{here.id}").status_code == 404
    assert (
        client.post(f"/applications/{here.id}/records/recommend", data={"version": here.version, **SAID}).status_code
        == 404
    )
