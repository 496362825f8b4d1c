"""Checking codes over the API: public, readable from any page, in two languages."""

from __future__ import annotations

import pytest
import time_machine
from sqlmodel import select

from tests import make
from trace.crypto.code_profiles import UnitCode
from trace.crypto.typed_codes import human_readable
from trace.models.batches import Batch
from trace.models.labels import Label
from trace.models.scans import Scan

pytestmark = pytest.mark.packed
ADDRESS = "/api/v1/codes/verify"


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY, tick=True):
        yield


@pytest.fixture
def pack(database, tmp_path):
    """Address and code of an activated label."""
    with database.writing() as session:
        order = make.an_order(make.work(session), make.a_signer(tmp_path), packs=2)
        row = session.exec(select(Label).where(Label.order_id == order.id, Label.position == 1)).one()
        batch = session.get_one(Batch, order.batch_id)
        make.a_breach(make.work(session), batch)
        code = UnitCode(batch.code, row.serial)
    return f"http://localhost/u/{code.batch}/{code.serial}?s={order.kid}.{row.signature}", code


def test_an_address(client, pack, app, database):
    answer = client.get(ADDRESS, query_string={"text": pack[0], "lang": "en"})
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    found = answer.json
    assert (found["colour"], found["signature"], found["typed"]) == ("amber", "ok", human_readable(pack[1]))
    assert found["headline"] == "A cold-chain breach is still open"
    assert [one["code"] for one in found["reasons"]] == [
        "verdicts.breach_open",
        "verdicts.issued",
        "verdicts.first_scan",
        "verdicts.can_be_copied",
    ]
    assert found["pack"]["cut"] == "法式羊肋脊排"
    assert found["pack"]["net_kg"] == "0.500"
    assert found["pack"]["best_before"] == "2027-09-14"
    app.extensions["brandtrace.parts"].scans.flush()
    with database.reading() as session:
        assert session.exec(select(Scan)).one().serial == pack[1].serial


def test_a_typed_line_and_an_unknown_one(client, pack):
    typed = client.get(ADDRESS, query_string={"text": human_readable(pack[1])}).json
    assert typed["signature"] == "typed"
    unknown = client.get(ADDRESS, query_string={"text": human_readable(UnitCode(pack[1].batch, "0" * 16))})
    assert (unknown.status_code, unknown.json["colour"], unknown.json["pack"]) == (200, "red", None)


@pytest.mark.parametrize(
    ("text", "code"), [("nonsense", "codes.typed_length"), ("https://evil.test/u/a/b", "codes.other_host")]
)
def test_what_is_no_code_is_refused(client, text, code):
    answer = client.get(ADDRESS, query_string={"text": text})
    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert answer.json["errors"][0]["pointer"] == "/text"
    assert client.get(ADDRESS).status_code == 422
