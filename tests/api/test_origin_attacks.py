"""A neighbour's herd, animal, place, medicine or paper beside one's own: it is not there, and nothing is written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from sqlmodel import func, select

from brand.kernel.audit import AuditEntry
from brand.services import accounts
from tests import make, make_herds
from tests.make_flows import leaf
from tests.people import PRODUCER, RIVAL
from trace.models.places import Place
from trace.services import places, quarantine

API = "/api/v1"
TAG, OWN_TAG = "315082421000001", "315082421000002"
SCOPES = ("herds.read", "herds.write", "quarantine.write", "enterprises.edit", "flows.record", "shipments.send")
DAY = "2026-09-12"


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY, tick=True):
        yield


@pytest.fixture
def mine(database, app):
    """Headers of the neighbour's person."""
    with database.writing() as session:
        actor = make.actor(session, RIVAL)
        scopes = [one for one in SCOPES if actor.may(one)]
        _, text = accounts.issue_token(make.work(session, actor), label="t", scopes=scopes, days=9)
    return {"Authorization": f"Bearer {text}"}


@pytest.fixture
def known(database):
    """Ids of the cooperative's things, and of the neighbour's own (``ours_…``)."""
    with database.writing() as session:
        own = make.work(session, make.actor(session, PRODUCER))
        rival = make.work(session, make.actor(session, RIVAL))
        herd, ours = make_herds.a_herd(own), make_herds.a_herd(rival, enterprise="rival", code="R")
        batch = leaf(make.work(session))
        paper = quarantine.declare(
            rival, "rival", upload=None, form="animal_b", number="示范9", county_code="150824",
            issued_on=date(2026, 9, 14), valid_days=1, goods="羊", quantity=Decimal(9), from_place="示范",
            to_place="示范",
        )  # fmt: skip
        ours_place = places.write(rival, "rival", **make.place_entries(kind="tea_garden", name="示范邻园"))
        return {
            "herd": herd.id,
            "animal": make_herds.lambs(own, herd, [TAG])[0],
            "medicine": make_herds.a_medicine(own).id,
            "place": session.exec(select(Place.id).where(Place.kind == "tea_garden", Place.name == "示范茶园")).one(),
            "batch": batch.id,
            "product": batch.product_id,
            "ours": ours.id,
            "ours_animal": make_herds.lambs(rival, ours, [OWN_TAG])[0],
            "ours_place": ours_place.id,
            "paper": paper.id,
        }


def attacks(k):
    """(address, body, refusal): each names one thing of the cooperative's beside what is the neighbour's own."""
    care = {"lot": "L1", "dose": "1", "unit": "ml", "route": "injection", "given_on": DAY, "person": "示范员"}
    season = {
        "season_from": "2026-01-01",
        "season_to": "2026-12-31",
        "unit": "kg",
        "declared": "9",
        "basis": "contract",
    }
    season |= {"source": "示范", "product_id": k["product"]}
    put_on = {"kind": "pesticide", "name": "示范药", "approval": "PD1", "lot": "L", "dose": "1", "unit": "ml"}
    put_on |= {"used_on": DAY, "safe_days": 7, "person": "示范员"}
    harvest = {"kind": "harvest", "product_id": k["product"], "form": "fresh_leaf", "day": DAY}
    harvest |= {"output": {"lot": "H1", "kg": "1"}}
    paper = {"quantity": "1", "day": "2026-09-14"}
    way = {"to_id": "cooperative", "planned_on": "2026-09-20"}
    return (
        ("animals/move", {"day": DAY, "to_herd_id": k["ours"], "animals": [k["animal"]]}, "animals.not_here"),
        ("animals/move", {"day": DAY, "to_herd_id": k["herd"], "animals": [k["ours_animal"]]}, "access.unknown"),
        (
            "enterprises/rival/animals/leave",
            {"day": DAY, "leaving": "death", "animals": [k["animal"]]},
            "animals.not_here",
        ),
        (f"animals/{k['animal']}/numbers", {"version": 1, "kind": "own", "value": "X", "day": DAY}, "access.unknown"),
        (f"animals/{k['animal']}/found", {"herd_id": k["ours"], "day": DAY}, "access.unknown"),
        (f"animals/{k['ours_animal']}/found", {"herd_id": k["herd"], "day": DAY}, "access.unknown"),
        (f"herds/{k['ours']}/care", care | {"medicine_id": k["medicine"]}, "medicines.unknown"),
        (f"herds/{k['ours']}/grazings", {"version": 1, "place_id": k["place"], "day": DAY}, "grazings.place"),
        ("enterprises/rival/capacities", season | {"place_id": k["place"]}, "capacities.place"),
        (f"places/{k['place']}/care", put_on, "access.unknown"),
        ("enterprises/rival/batches", harvest | {"place_id": k["place"]}, "flows.place"),
        (
            "enterprises/rival/batches",
            harvest | {"place_id": k["ours_place"], "producer_id": "cooperative"},
            "flows.producer",
        ),
        (f"quarantine/{k['paper']}/uses", paper | {"subject": "herd", "subject_id": k["herd"]}, "access.unknown"),
        (f"quarantine/{k['paper']}/uses", paper | {"subject": "batch", "subject_id": k["batch"]}, "access.unknown"),
        ("enterprises/rival/shipments", way | {"batches": [{"batch_id": k["batch"]}]}, "shipments.not_yours"),
        # A tag is given once in the whole country, whoever gives it.
        (
            f"herds/{k['ours']}/animals",
            {"coming": "recorded", "day": DAY, "animals": [{"ear_tag": TAG, "sex": "female"}]},
            "animals.tag_taken",
        ),
        (
            f"animals/{k['ours_animal']}/numbers",
            {"version": 1, "kind": "ear_tag_15", "value": TAG, "day": DAY},
            "animals.tag_taken",
        ),
        # Nothing happened to an animal before it was there.
        (
            "animals/move",
            {"day": "2020-01-01", "to_herd_id": k["ours"], "animals": [k["ours_animal"]]},
            "animals.before_coming",
        ),
    )


def written(database):
    with database.reading() as session:
        told = select(func.count()).select_from(AuditEntry).where(AuditEntry.action != "access.refused")
        return session.exec(told).one()


def test_what_is_a_neighbour_s_is_not_there_wherever_it_is_named(client, database, mine, known):
    before, wrong = written(database), []
    for at, body, code in attacks(known):
        answer = client.post(f"{API}/{at}", json=body, headers=mine)
        told = {answer.json.get("code"), *(one["code"] for one in answer.json.get("errors", ()))}
        if not 400 <= answer.status_code < 500 or code not in told:
            wrong.append((at, code, answer.status_code, answer.json))
    assert not wrong, "\n".join(map(str, wrong))
    assert written(database) == before
