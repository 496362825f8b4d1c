"""Herds, animals, pastures, care, alarms and quarantine certificates over the API."""

from __future__ import annotations

import pytest
import time_machine
from sqlmodel import select

from brand.services import accounts
from tests import make
from tests.people import CLERK, INSPECTOR, PRODUCER, RIVAL
from trace.models.alarms import Alarm
from trace.rules.alarms import AlarmKind
from trace.services import alarms

API = "/api/v1"
TAGS = [f"3150824210{n:05}" for n in range(3)]
SCOPES = (
    "enterprises.read",
    "herds.read",
    "herds.write",
    "herds.oversee",
    "quarantine.read",
    "quarantine.write",
    "quarantine.confirm",
    "alarms.answer",
)
HERD = {"code": "A", "name": "示范群", "species": "sheep", "township_code": "150824100", "since": "2026-01-01"}


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY, tick=True):
        yield


@pytest.fixture
def bearer(database, app):
    def issue(person):
        with database.writing() as session:
            actor = make.actor(session, person)
            scopes = [one for one in SCOPES if actor.may(one)]
            _, text = accounts.issue_token(make.work(session, actor), label="t", scopes=scopes, days=9)
        return {"Authorization": f"Bearer {text}"}

    return issue


@pytest.fixture
def herd(client, bearer):
    own = bearer(PRODUCER)
    made = client.post(f"{API}/enterprises/cooperative/herds", json=HERD, headers=own).json
    body = {"coming": "recorded", "day": "2026-09-01", "animals": [{"ear_tag": one, "sex": "female"} for one in TAGS]}
    came = client.post(f"{API}/herds/{made['id']}/animals", json=body, headers=own)
    return {"id": made["id"], "animals": came.json["animals"]}


def test_a_herd_and_its_animals(client, bearer, herd):
    own, rival = bearer(PRODUCER), bearer(RIVAL)
    at = f"{API}/herds/{herd['id']}"
    assert client.get(at, headers=own).json["head"] == 3
    assert client.get(at, headers=rival).status_code == 404
    assert client.get(f"{at}/animals", headers=rival).status_code == 404
    again = {"coming": "recorded", "day": "2026-09-01", "animals": [{"ear_tag": TAGS[0], "sex": "female"}]}
    assert client.post(f"{at}/animals", json=again, headers=own).status_code == 422
    gone = {"day": "2026-09-13", "leaving": "death", "animals": herd["animals"][:1]}
    leave = f"{API}/enterprises/cooperative/animals/leave"
    assert client.post(leave, json=gone, headers=rival).status_code == 404
    assert client.post(leave, json=gone | {"animals": []}, headers=own).json["code"] == "animals.too_many"
    assert client.post(leave, json=gone, headers=own).json == {"head": 1}
    assert client.get(at, headers=own).json["head"] == 2
    life = client.get(f"{API}/animals/{herd['animals'][0]}", headers=own).json
    assert (life["state"], len(life["stays"])) == ("dead", 1)
    death = client.get(f"{at}/events", headers=own).json["rows"][0]
    assert (death["kind"], death["data"]["head"]) == ("death", 1)
    back = f"{at}/events/{death['id']}/withdrawals"
    assert client.post(back, json={"reason": "示范"}, headers=rival).status_code == 404
    assert client.post(back, json={}, headers=own).status_code == 422
    assert client.post(back, json={"reason": "示范"}, headers=own).json["head"] == 3
    assert client.post(back, json={"reason": "示范"}, headers=own).json["code"] == "events.withdrawn_already"
    assert client.get(f"{API}/animals/{herd['animals'][0]}", headers=rival).status_code == 404


def test_on_a_pasture(client, bearer, herd, database):
    with database.writing() as session:
        place = make.a_place(make.work(session)).id
    own = bearer(PRODUCER)
    at = f"{API}/herds/{herd['id']}/grazings"
    body = {"version": 1, "place_id": place, "day": "2026-09-10"}
    assert client.post(at, json=body, headers=bearer(RIVAL)).status_code == 404
    assert client.post(at, json=body | {"place_id": "x"}, headers=own).json["code"] == "grazings.place"
    made = client.post(at, json=body, headers=own | {"Idempotency-Key": "g"})
    assert (made.status_code, made.json["rows"][0]["until"]) == (201, None)
    assert client.post(at, json=body, headers=own | {"Idempotency-Key": "g"}).json == made.json
    found = client.get(f"{API}/places/{place}/grazings", headers=own).json["rows"]
    assert [(one["herd_id"], one["since"]) for one in found] == [(herd["id"], "2026-09-10")]
    assert client.get(at, headers=bearer(RIVAL)).status_code == 404


def test_care_closes_slaughter_until_the_office_strikes_it(client, bearer, herd):
    own, office = bearer(PRODUCER), bearer(CLERK)
    medicine = {
        "kind": "medicine", "name": "示范驱虫药", "species": "sheep", "withdrawal_days": 28, "source": "label",
        "source_note": "示范标签",
    }  # fmt: skip
    listed = f"{API}/enterprises/cooperative/medicines"
    assert client.post(listed, json=medicine, headers=bearer(RIVAL)).status_code == 404
    assert client.post(listed, json=medicine | {"withdrawal_days": -1}, headers=own).status_code == 422
    drug = client.post(listed, json=medicine, headers=own).json["id"]
    care = f"{API}/herds/{herd['id']}/care"
    body = {"medicine_id": drug, "lot": "1", "dose": "2", "unit": "ml", "route": "injection", "person": "示范员"}
    body |= {"given_on": "2026-09-10", "animals": herd["animals"][:1]}
    assert client.post(care, json=body, headers=bearer(RIVAL)).status_code == 404
    assert client.post(care, json=body | {"given_on": "2026-12-01"}, headers=own).status_code == 422
    made = client.post(care, json=body, headers=own)
    assert (made.status_code, made.json["closed_until"]) == (201, "2026-10-08")
    asked = f"{API}/herds/{herd['id']}/slaughter-answer?day=2026-09-20"
    assert sorted(one["may_go"] for one in client.get(asked, headers=own).json["rows"]) == [False, True, True]
    strike = f"{API}/care/{made.json['id']}/strike"
    assert client.post(strike, json={"reason": "示范"}, headers=own).status_code in (403, 404)
    assert client.post(strike, json={"reason": "示范"}, headers=office).json["struck"] is True
    assert all(one["may_go"] for one in client.get(asked, headers=own).json["rows"])


def test_alarms(client, bearer, database):
    with database.writing() as session:
        alarms.sound(make.work(session), AlarmKind.NOT_ALIVE, TAGS[0], "abattoir", {"tag": TAGS[0]})
        alarm = session.exec(select(Alarm.id)).one()
    inspector = bearer(INSPECTOR)
    assert client.get(f"{API}/alarms", headers=inspector).json["total"] == 1
    assert client.get(f"{API}/alarms", headers=bearer(PRODUCER)).status_code in (403, 404)
    at = f"{API}/alarms/{alarm}/answer"
    assert client.post(at, json={}, headers=inspector).status_code == 422
    assert client.post(at, json={"answer": "示范"}, headers=inspector).json["answer"] == "示范"
    assert client.post(at, json={"answer": "示范"}, headers=inspector).json["code"] == "alarms.answered"


def test_quarantine_certificates(client, bearer, herd):
    own, rival = bearer(PRODUCER), bearer(RIVAL)
    paper = {
        "form": "animal_b", "number": "示范1", "county_code": "150824", "issued_on": "2026-09-14", "valid_days": 1,
        "goods": "羊", "quantity": "3", "from_place": "示范", "to_place": "示范",
    }  # fmt: skip
    at = f"{API}/enterprises/cooperative/quarantine"
    assert client.post(at, json=paper, headers=rival).status_code == 404
    assert client.post(at, json=paper | {"valid_days": 9}, headers=own).json["code"] == "quarantine.days"
    made = client.post(at, json=paper, headers=own).json
    uses = f"{API}/quarantine/{made['id']}/uses"
    body = {"subject": "herd", "subject_id": herd["id"], "quantity": "4", "day": "2026-09-14"}
    refused = client.post(uses, json=body, headers=own).json
    figures = {"in": "3", "used": "0", "asked": "4", "left": "3"}
    assert (refused["code"], refused["params"]) == ("quarantine.used_up", figures)
    assert [one["pointer"] for one in refused["errors"]] == ["/quantity"]
    assert client.post(uses, json=body | {"quantity": "3"}, headers=own).status_code == 201
    assert client.get(f"{API}/quarantine/{made['id']}", headers=rival).status_code == 404
    see = {"version": 2, "verdict": "rejected"}
    seen = client.post(f"{API}/quarantine/{made['id']}/see", json=see, headers=bearer(INSPECTOR))
    assert seen.json["state"] == "rejected"
