"""Batches over the API: register, add the day's sheets, read; once however often sent; dry runs change nothing."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
import time_machine
from sqlmodel import select

from brand.kernel.permissions import Role
from brand.services import accounts
from tests import make
from tests.people import ABATTOIR, CLERK, PRODUCER, RIVAL_ABATTOIR, PersonOfTheCast
from trace.models.batches import Batch, Carcass
from trace.models.imports import SheetImport
from trace.models.places import Place

pytestmark = pytest.mark.licensed

SECOND = PersonOfTheCast("second-grader", "示范复评员", Role.ABATTOIR_CLERK, "abattoir")
ALL = ["batches.read", "batches.register", "events.record"]
PACKING = make.sample("packing.csv").split(b"\n")[0] + b"\n20260912A,"


@pytest.fixture(autouse=True)
def clock():
    """Monday morning: every file of the demo day lies behind."""
    with time_machine.travel(make.MONDAY, tick=False):
        yield


@pytest.fixture
def product(database):
    with database.writing() as session:
        make.a_licence(make.work(session))
        return make.a_product(session).id


@pytest.fixture
def bearer(database, client):
    """Calls the API as a person with a token of those scopes."""

    def call(person, scopes=ALL):
        with database.writing() as session:
            held = make.work(session, make.actor(session, person))
            _, text = accounts.issue_token(held, label="test", scopes=list(scopes), days=1)

        def send(method, path, **options):
            headers = {"Authorization": f"Bearer {text}"} | options.pop("headers", {})
            return client.open(f"/api/v1/batches{path}", method=method, headers=headers, **options)

        return send

    return call


@pytest.fixture
def abattoir(bearer, product):
    return bearer(ABATTOIR)


def form(data, name="day.csv", **said):
    return said | {"file": (io.BytesIO(data), name)}


def plan(product, data=None, **other):
    usual = {"producer_id": "cooperative", "product_id": product, "lot": "20260912A"}
    return form(make.a_small_sheet(make.carcass_lines(3)).data if data is None else data, **usual | other)


def stored(database, model):
    with database.reading() as session:
        return session.exec(select(model)).all()


def test_register_and_read(abattoir, product):
    made = abattoir("POST", "", data=plan(product, make.sample("carcasses.xlsx")))
    assert made.status_code == 201, made.text
    batch = made.json
    assert (batch["head"], batch["live_kg"], Decimal(batch["cold_kg"])) == (160, "6390.500", Decimal("2917.29"))
    assert batch["registered_at"].endswith("+00:00")
    whole = abattoir("GET", f"/{batch['id']}").json
    assert [(one["grade"], one["head"]) for one in whole["grades"]] == [
        ("special", 3),
        ("prime", 48),
        ("good", 63),
        ("usable", 30),
        ("manual", 16),
    ]
    assert whole["left_kg"] == whole["cold_kg"]
    listed = abattoir("GET", "?lacks=chilling&size=1").json
    assert (listed["total"], listed["rows"][0]["lot"]) == (1, "20260912A")
    carcasses = abattoir("GET", f"/{batch['id']}/carcasses?grade=special").json
    assert carcasses["total"] == 3
    assert "grader" not in carcasses["rows"][0]
    assert carcasses["rows"][0]["decided_by"] == "carcass_kg"
    chain = abattoir("GET", f"/{batch['id']}/events").json["rows"]
    assert {one["place"] for one in chain} == {""}, "no record says where"
    assert [one["kind"] for one in chain] == ["slaughtering", "grading"]
    assert not {key for one in chain for key in one if "person" in key}


def test_a_dry_run_answers_the_preview_and_changes_nothing(abattoir, database, product):
    answer = abattoir("POST", "?dry_run=true", data=plan(product))
    assert answer.status_code == 200, answer.text
    assert (answer.json["kind"], answer.json["head"], answer.json["rows"]) == ("carcasses", 3, 3)
    assert sum(answer.json["grades"].values()) == 3
    assert stored(database, Batch) == []
    assert stored(database, SheetImport) == []


def test_a_repeated_call_acts_once(abattoir, database, product):
    key = {"Idempotency-Key": "day-1"}
    first = abattoir("POST", "", data=plan(product), headers=key)
    again = abattoir("POST", "", data=plan(product), headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json == first.json
    assert len(stored(database, Batch)) == 1
    other = abattoir("POST", "", data=plan(product, lot="B2"), headers=key)
    assert (other.status_code, other.json["code"]) == (422, "idempotency.key_reused")
    changed = abattoir("POST", "", data=plan(product, make.a_small_sheet(make.carcass_lines(2)).data), headers=key)
    assert changed.json["code"] == "idempotency.key_reused"
    without = abattoir("POST", "", data=plan(product))
    assert (without.status_code, without.json["code"]) == (409, "imports.already_taken")


def test_faults_are_a_problem_document_with_rows_and_columns(abattoir, database, product):
    answer = abattoir("POST", "", data=plan(product, make.sample("carcasses-with-faults.xlsx")))
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert answer.json["code"] == "imports.faulty"
    assert len(answer.json["errors"]) == 12
    assert {"pointer": "G15", "row": 15, "column": "热胴体重(kg)", "code": "imports.not_a_number"}.items() <= (
        next(one for one in answer.json["errors"] if one["row"] == 15).items()
    )
    assert stored(database, SheetImport) == []


def test_everything_done_to_a_batch_happens_where_its_people_say(abattoir, bearer, database, product):
    with database.writing() as session:
        make.joins(session, SECOND)
        work = make.work(session)
        named = {"here": "abattoir", "line": "workshop", "late": "abattoir", "foreign": "abattoir", "land": "pasture"}
        at = {}
        for name, kind in named.items():
            opened = {"opened_on": make.MONDAY.date()} if name == "late" else {}
            place = make.a_place(work, kind=kind, name=f"示范{name}", **opened)
            place.enterprise_id, at[name] = "rival" if name == "foreign" else "abattoir", place.id
    wrong = (("foreign", "events.place"), ("land", "events.place_kind"), ("late", "events.place_not_open"))
    for name, code in wrong:
        refused = abattoir("POST", "?dry_run=true", data=plan(product, place_id=at[name]))
        assert (refused.status_code, refused.json["code"]) == (422, code)
        assert [one["pointer"] for one in refused.json["errors"]] == ["/place_id"]
    batch = abattoir("POST", "", data=plan(product, place_id=at["here"])).json["id"]
    sheets = ("chilling", "cold-room.csv"), ("lab-reports", "lab-report.csv")
    for path, name in sheets:
        for place, code in wrong[:2]:
            refused = abattoir("POST", f"/{batch}/{path}", data=form(make.sample(name), name, place_id=at[place]))
            assert refused.json["code"] == code
        added = abattoir("POST", f"/{batch}/{path}", data=form(make.sample(name), name, place_id=at["here"]))
        assert added.status_code == 201, added.text
    with database.reading() as session:
        number = session.exec(select(Carcass.carcass_no).where(Carcass.grade != "manual")).first()
    said = {"version": added.json["version"], "carcasses": [number]}
    second = bearer(SECOND)
    for place, status in (("foreign", 422), ("line", 201)):
        given = second("POST", f"/{batch}/grade-decisions", json=said | {"place_id": at[place]})
        assert given.status_code == status, given.text
    with database.writing() as session:
        make.answer_breaches(make.work(session), session.get_one(Batch, batch))
    packed = form(PACKING + "法式羊肋脊排,0.5,4,2.0,2026-09-14,365,≤-18℃".encode(), "packing.csv", place_id=at["line"])
    answer = abattoir("POST", f"/{batch}/packing", data=packed)
    assert answer.status_code == 201, answer.text
    events = abattoir("GET", f"/{batch}/events").json["rows"]
    with database.reading() as session:
        codes = {session.get_one(Place, place).code: name for name, place in at.items()}
    assert {(one["kind"], codes[one["place"]]) for one in events} == {
        *((kind, "here") for kind in ("slaughtering", "grading", "chilling", "testing")),
        *((kind, "line") for kind in ("regrading", "cutting", "packing")),
    }


def test_fields_are_named(abattoir, product):
    def fault(**other):
        answer = abattoir("POST", "", data=plan(product, **other))
        return answer.status_code, [(one["pointer"], one["code"]) for one in answer.json["errors"]]

    assert fault(lot="") == (422, [("/lot", "input.required")])
    assert fault(surprise="x") == (422, [("/surprise", "input.unknown_field")])
    assert fault(producer_id="rival") == (403, [("/producer_id", "batches.no_licence")])
    missing = abattoir("POST", "", data={"producer_id": "cooperative", "product_id": product, "lot": "A"})
    assert [(one["pointer"], one["code"]) for one in missing.json["errors"]] == [("/file", "input.required")]


def test_the_sheets_of_the_day(abattoir, product):
    batch = abattoir("POST", "", data=plan(product)).json["id"]
    look = abattoir("POST", f"/{batch}/chilling?dry_run=true", data=form(make.sample("cold-room.csv")))
    assert (look.json["breaches"], look.json["hours"], look.json["final_core_c"]) == (1, "23.9", "2.0")
    assert abattoir("POST", f"/{batch}/chilling", data=form(make.sample("cold-room.csv"))).status_code == 201
    tested = abattoir("POST", f"/{batch}/lab-reports", data=form(make.sample("lab-report.csv"))).json
    assert (tested["lab_reports"][0]["number"], len(tested["lab_reports"][0]["items"])) == ("DEMO-2026-0913", 6)
    packing = PACKING + "羊腿,1,10,10,2026-09-13,365,冷藏".encode()
    shut = abattoir("POST", f"/{batch}/packing", data=form(packing))
    assert (shut.status_code, shut.json["code"]) == (403, "gate.breach_open")
    release = abattoir("GET", f"/{batch}/release").json
    assert [[one["code"] for one in release[stage]] for stage in ("pack", "label")] == [
        ["gate.breach_open"],
        ["gate.breach_open", "gate.missing", "gate.missing"],
    ]
    chilled = next(one for one in abattoir("GET", f"/{batch}/events").json["rows"] if one["kind"] == "chilling")
    said = {"version": abattoir("GET", f"/{batch}").json["version"], "cause": "示范", "measure": "示范"}
    assert abattoir("POST", f"/{batch}/events/{chilled['id']}/answers", json=said).status_code == 201
    packed = abattoir("POST", f"/{batch}/packing", data=form(packing)).json
    assert (packed["packed_kg"], packed["pack_lines"][0]["cut"]) == ("10.000", "羊腿")
    too_much = abattoir("POST", f"/{batch}/packing", data=form(packing.replace(b",1,10,10,", b",1,999,999,")))
    assert (too_much.status_code, too_much.json["code"]) == (422, "imports.faulty")  # the same cut and day again
    beyond = PACKING + "羊排,1,999,999,2026-09-13,365,冷藏".encode()
    refused = abattoir("POST", f"/{batch}/packing", data=form(beyond))
    assert (refused.status_code, refused.json["code"]) == (409, "mass_balance.packs_above_cold")
    assert (refused.json["params"]["used"], refused.json["params"]["asked"]) == ("10", "999")


def test_a_correction(abattoir, product):
    batch = abattoir("POST", "", data=plan(product)).json
    rows = abattoir("GET", f"/{batch['id']}/events").json["rows"]
    assert [(one["kind"], one["late"], one["on_behalf_of"]) for one in rows][1][0] == "grading"
    event = rows[1]["id"]
    path = f"/{batch['id']}/events/{event}/corrections"
    version = abattoir("GET", f"/{batch['id']}").json["version"]
    good = {"version": version, "name": "table", "value": "NY/T 630", "reason": "表名抄错"}
    figure = abattoir("POST", f"/{batch['id']}/events/{rows[0]['id']}/corrections", json=good | {"name": "head"})
    assert (figure.status_code, figure.json["code"]) == (422, "events.figure")
    made = abattoir("POST", path, json=good)
    assert (made.status_code, made.json["kind"]) == (201, "correction"), made.text
    assert abattoir("POST", path, json=good).json["code"] == "batches.stale"
    assert abattoir("POST", f"/other/events/{event}/corrections", json=good).status_code == 404
    (_, graded) = abattoir("GET", f"/{batch['id']}/events").json["rows"]
    assert graded["corrections"][0]["data"]["changes"]["table"] == {"was": "NY/T 630-2002", "is": "NY/T 630"}


def test_a_withdrawal(abattoir, product):
    batch = abattoir("POST", "", data=plan(product)).json["id"]
    sheet = "时间,库温(℃),胴体中心温度(℃)\n2026-09-12 18:00,2.0,8.0\n2026-09-12 18:05,2.0,7.0\n".encode()
    assert abattoir("POST", f"/{batch}/chilling", data=form(sheet)).status_code in (200, 201)
    rows = abattoir("GET", f"/{batch}/events").json["rows"]
    said = {"version": abattoir("GET", f"/{batch}").json["version"], "reason": "传错文件"}
    (slaughtered,) = (one["id"] for one in rows if one["kind"] == "slaughtering")
    there = abattoir("POST", f"/{batch}/events/{slaughtered}/withdrawals", json=said)
    assert (there.status_code, there.json["code"]) == (409, "events.withdraw_there")
    (chilled,) = (one["id"] for one in rows if one["kind"] == "chilling")
    made = abattoir("POST", f"/{batch}/events/{chilled}/withdrawals", json=said)
    assert (made.status_code, made.json["kind"]) == (201, "withdrawn"), made.text
    asked = abattoir("GET", f"/{batch}/release").json["asked"]
    assert [one["there"] for one in asked if one["item"] == "chilling"] == [False]


def test_strangers_and_short_tokens_find_nothing(abattoir, bearer, product, client):
    batch = abattoir("POST", "", data=plan(product)).json["id"]
    rival = bearer(RIVAL_ABATTOIR)
    for method, path, options in (
        ("GET", f"/{batch}", {}),
        ("GET", f"/{batch}/carcasses", {}),
        ("GET", f"/{batch}/events", {}),
        ("POST", f"/{batch}/chilling", {"data": form(make.sample("cold-room.csv"))}),
        ("POST", "", {"data": plan(product, abattoir_id="abattoir", lot="B2")}),
    ):
        assert rival(method, path, **options).status_code == 404, path
    assert bearer(PRODUCER, ["batches.read"])("GET", f"/{batch}").status_code == 200
    assert bearer(CLERK, ["batches.read"])("POST", f"/{batch}/chilling", data=form(b"x")).status_code == 404
    assert bearer(ABATTOIR, ["labels.read"])("GET", f"/{batch}").status_code == 404
    assert client.get(f"/api/v1/batches/{batch}").status_code == 401
