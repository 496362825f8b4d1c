"""The attacks of issue 4, each by every door it can come through: the same named refusal with figures, nothing changed.

Two sheets with one tag at the same moment run against a planted twin in ``tests/races/test_flow_races.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.work import Work
from brand.models.licences import Licence
from brand.services import accounts, licences
from tests import make
from tests.make_flows import DAY, leaf, tea
from tests.people import ABATTOIR, APPROVER, INSPECTOR, PRODUCER, RIVAL, RIVAL_ABATTOIR, PersonOfTheCast
from tests.races.harness import one_work, race
from trace.models.batches import Batch, Carcass, Flow, PackLine
from trace.models.events import Event
from trace.models.flows import Draw, FlowProposal, Operation
from trace.models.imports import SheetKind
from trace.models.shipments import Shipment, ShipmentLine
from trace.queries import lineage
from trace.services import flows, holds, imports, shipments
from trace.services.flow_parts import Output, Part
from trace.services.shipment_loads import Load
from trace.services.shipments import Found

#: Everything an attack could leave behind.
_GOODS: tuple[Any, ...] = (Batch, Carcass, PackLine, Flow, Event, Operation, Draw, FlowProposal, Shipment)
OURS, BEFORE = "/api/v1/enterprises/cooperative", DAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(make.MONDAY, tick=True):
        yield


@contextmanager
def nothing_changes(database: Database) -> Iterator[None]:
    """Every row of goods is afterwards what it was before."""

    def rows() -> list[set[str]]:
        with database.reading() as session:
            return [{repr(one.model_dump()) for one in session.exec(select(kind)).all()} for kind in _GOODS]

    before = rows()
    yield
    assert rows() == before


def leaf_of(database: Database, **options: Any) -> str:
    with database.writing() as session:
        return leaf(make.work(session), **options).id


def refused(
    database: Database, person: PersonOfTheCast, act: Callable[[Work], object], code: str, **figures: str
) -> AppError:
    """The service refuses that person under that code, with those figures, and nothing changed."""
    with nothing_changes(database), pytest.raises(AppError) as caught, database.writing() as session:
        act(make.work(session, make.actor(session, person)))
    assert caught.value.code == code
    assert figures.items() <= {name: str(value) for name, value in caught.value.params.items()}.items()
    return caught.value


@pytest.fixture
def page(as_: Callable[[PersonOfTheCast], FlaskClient], database: Database) -> Callable[..., None]:
    """A form sent by a person: refused, with these words on the page."""

    def send(person: PersonOfTheCast, path: str, words: str, status: int = 422, **given: Any) -> None:
        with nothing_changes(database):
            answer = as_(person).post(f"{path}{'&' if '?' in path else '?'}lang=en", data=given)
        assert answer.status_code == status, answer.text
        assert words in answer.text

    return send


@pytest.fixture
def api(client: FlaskClient, database: Database) -> Callable[..., None]:
    """A body or form sent by a program: refused under this code, with these figures."""

    def send(person: PersonOfTheCast, path: str, code: str, status: int = 422, **given: Any) -> None:
        figures = given.pop("figures", {})
        with database.writing() as session:
            work = make.work(session, make.actor(session, person))
            scopes = [one for one in _SCOPES if work.actor.may(one)]
            token = accounts.issue_token(work, label="t", scopes=scopes, days=9)[1]
        with nothing_changes(database):
            answer = client.post(path, headers={"Authorization": f"Bearer {token}"}, **given)
        assert (answer.status_code, answer.json["code"]) == (status, code), answer.json
        assert all(points_into(given["json"], one["pointer"]) for one in answer.json["errors"] if "json" in given)
        assert figures.items() <= answer.json["params"].items()

    return send


def points_into(body: Any, pointer: str) -> bool:
    """Whether a JSON pointer (RFC 6901) names a place of what was sent."""
    for part in pointer.split("/")[1:]:
        if isinstance(body, list) and part.isdigit() and int(part) < len(body):
            body = body[int(part)]
        elif isinstance(body, dict) and part in body:
            body = body[part]
        else:
            return False
    return True


PACKING_HEAD = "来源批号,分割产品,净含量(kg/袋),袋数,合计(kg),包装日期,保质期(天),贮存条件\n"
_SCOPES = (
    "batches.read", "batches.register", "events.record", "flows.record", "shipments.send", "shipments.receive",
    "labels.order",
)  # fmt: skip


def test_a_triple_split_of_25_kg(database: Database, page: Any, api: Any) -> None:
    batch = leaf_of(database, kg="25")
    with database.writing() as session:
        work = make.work(session, make.actor(session, PRODUCER))
        flows.split(work, "cooperative", batch, [Output("A1", Decimal(10)), Output("A2", Decimal(10))], DAY)
    figures = {"lot": "T1", "in": "25", "used": "20", "asked": "10", "left": "5"}
    third = [Output("A3", Decimal(10))]
    refused(
        database,
        PRODUCER,
        lambda work: flows.split(work, "cooperative", batch, third, DAY),
        "flows.more_than_left",
        **figures,
    )
    words = "in 25 kg, already used 20 kg, asked 10 kg"
    page(PRODUCER, f"/batches/{batch}/split", words, 409, lot="A3", kg="10", unit="kg", day=f"{DAY}")
    body = {"outputs": [{"lot": "A3", "kg": "10"}], "day": f"{DAY}"}
    api(PRODUCER, f"{OURS}/batches/{batch}/split", "flows.more_than_left", 409, json=body, figures=figures)


def test_1_kg_becomes_9999_kg(database: Database, page: Any, api: Any) -> None:
    batch = leaf_of(database, kg="1")
    asked = {"in": "1", "out": "9999", "loss": "0"}
    grown = tea(Batch(id=batch, lot="T1"), "9999", taken="1", loss="0", process="sorting")
    refused(
        database,
        PRODUCER,
        lambda work: flows.transform(work, "cooperative", grown),
        "flows.more_than_went_in",
        **asked,
    )
    given = {"process": "sorting", "taken_kg": "1", "kg": "9999", "loss_kg": "0", "lot": "M1", "day": f"{DAY}"}
    page(PRODUCER, f"/batches/{batch}/process", "In: 1 kg, out: 9999 kg", **given)
    body = {"process": "sorting", "inputs": [{"batch_id": batch, "kg": "1"}], "loss_kg": "0", "day": f"{DAY}"}
    body["outputs"] = [{"lot": "M1", "kg": "9999"}]
    api(PRODUCER, f"{OURS}/transformations", "flows.more_than_went_in", json=body, figures=asked)
    split = {"outputs": [{"lot": "M1", "kg": "9999"}], "day": f"{DAY}"}
    over = {"in": "1", "used": "0", "asked": "9999"}
    api(PRODUCER, f"{OURS}/batches/{batch}/split", "flows.more_than_left", 409, json=split, figures=over)


@pytest.mark.packed
def test_more_packs_than_the_batch_weighs_by_sheet(database: Database, as_: Any, api: Any) -> None:
    with database.reading() as session:
        batch = make.the_batch(session)
    data = f"{PACKING_HEAD}20260912A,羊腱,1,9999,9999,2026-09-14,365,冷藏".encode()
    upload = imports.read(SheetKind.PACKING, "p.csv", data)
    code = "mass_balance.packs_above_cold"
    told = refused(database, ABATTOIR, lambda work: imports.take(work, upload, batch.id), code)
    assert "9999" in {str(value) for value in told.params.values()}
    with nothing_changes(database):
        answer = _upload(as_(ABATTOIR), f"/batches/{batch.id}/sheets/packing", data)
    assert answer.status_code >= 400
    assert "9,999" in answer.text or "9999" in answer.text
    form = {"file": (BytesIO(data), "p.csv")}
    api(ABATTOIR, f"/api/v1/batches/{batch.id}/packing", code, 409, data=form)


def _upload(client: FlaskClient, path: str, data: bytes, **given: str) -> Any:
    form = given | {"file": (BytesIO(data), "day.csv")}
    return client.post(f"{path}?lang=en", data=form, content_type="multipart/form-data")


def licensed(database: Database) -> imports.Plan:
    with database.writing() as session:
        make.a_licence(make.work(session))
        return imports.Plan("abattoir", "cooperative", make.a_product(session).id, "A1")


def by_every_sheet_door(
    database: Database, as_: Any, api: Any, plan: imports.Plan, sheet: imports.Upload, code: str, *words: str
) -> None:
    """The sheet is refused by service, page and program with a fault at its row, in these words on the page."""
    error = refused(database, ABATTOIR, lambda work: imports.take(work, sheet, plan), "imports.faulty", count="1")
    assert [(one.code, one.row) for one in error.faults] == [(code, 2)]
    said = {"producer_id": plan.producer_id, "product_id": plan.product_id, "lot": plan.lot}
    with nothing_changes(database):
        answer = _upload(as_(ABATTOIR), "/batches/import", sheet.data, **said)
    assert answer.status_code == 422
    for one in words:
        assert one in answer.text
    form = said | {"file": (BytesIO(sheet.data), "day.csv")}
    api(ABATTOIR, "/api/v1/batches", "imports.faulty", data=form)


def test_one_tag_twice(database: Database, as_: Any, api: Any) -> None:
    plan = licensed(database)
    with database.writing() as session:
        imports.take(make.by_abattoir(make.work(session)), make.a_small_sheet(make.carcass_lines(1)), plan)
    again = imports.Plan("abattoir", "cooperative", plan.product_id, "A2")
    line = make.carcass_lines(1, remark="示范再次")
    tag = line[0].ear_tag
    by_every_sheet_door(database, as_, api, again, make.a_small_sheet(line), "batches.tag_slaughtered", tag)


def test_one_tag_on_two_sheets_at_the_same_moment_is_named(database: Database) -> None:
    plan = licensed(database)
    plans = [plan, imports.Plan("abattoir", "cooperative", plan.product_id, "A2")]
    sheets = [make.a_small_sheet(make.carcass_lines(1, remark=words)) for words in ("示范一", "示范二")]
    with database.reading() as session:
        clerk = make.actor(session, ABATTOIR)
    told = race(2, lambda at: one_work(database, lambda work: imports.take(work, sheets[at], plans[at]), clerk))
    assert len(told.done) == 1
    fault = told.refused[0].faults[0]
    assert (fault.code, fault.params["tag"]) == ("batches.tag_slaughtered", make.carcass_lines(1)[0].ear_tag)


def test_cold_above_hot(database: Database, as_: Any, api: Any) -> None:
    plan = licensed(database)
    heavy = make.a_small_sheet(make.carcass_lines(1, hot_kg=Decimal("18.00"), cold_kg=Decimal("18.50")))
    by_every_sheet_door(database, as_, api, plan, heavy, "mass_balance.cold_above_hot", "18.50 kg", "18.00 kg")


def test_back_dating(database: Database, page: Any, api: Any) -> None:
    batch = leaf_of(database)
    figures = {"lot": "T1", "made_on": f"{DAY}", "day": f"{BEFORE}"}
    early = [Output("A1", Decimal(1))]
    refused(
        database,
        PRODUCER,
        lambda work: flows.split(work, "cooperative", batch, early, BEFORE),
        "flows.before_input",
        **figures,
    )
    words = f"came to be on {DAY}"
    page(PRODUCER, f"/batches/{batch}/split", words, lot="A1", kg="1", unit="kg", day=f"{BEFORE}")
    body = {"outputs": [{"lot": "A1", "kg": "1"}], "day": f"{BEFORE}"}
    api(PRODUCER, f"{OURS}/batches/{batch}/split", "flows.before_input", json=body, figures=figures)
    gone = {"kind": "sell", "kg": "1", "day": f"{BEFORE}", "buyer": "示范市场"}
    api(PRODUCER, f"{OURS}/batches/{batch}/leave", "flows.before_input", json=gone, figures=figures)


def test_a_loop_in_the_genealogy(database: Database, page: Any, api: Any) -> None:
    """What an act makes is always new, so no door can name an ancestor as its output; the database knows no self."""
    batch = leaf_of(database)
    own = [Output("T1", Decimal(1))]
    code = "batches.lot_taken"
    refused(database, PRODUCER, lambda work: flows.split(work, "cooperative", batch, own, DAY), code, lot="T1")
    page(PRODUCER, f"/batches/{batch}/split", "T1 before", 409, lot="T1", kg="1", unit="kg", day=f"{DAY}")
    body = {"outputs": [{"lot": "T1", "kg": "1"}], "day": f"{DAY}"}
    api(PRODUCER, f"{OURS}/batches/{batch}/split", code, 409, json=body, figures={"lot": "T1"})
    twice = [Part(batch, Decimal(1)), Part(batch, Decimal(1))]
    refused(database, PRODUCER, lambda work: flows.merge(work, "cooperative", twice, "X1", DAY), "flows.twice")
    with database.writing() as session, pytest.raises(IntegrityError), session.begin_nested():
        _edge(session, batch, batch)


def test_a_loop_planted_under_the_services_is_walked_once(database: Database) -> None:
    batch = leaf_of(database)
    with database.writing() as session:
        work = make.work(session, make.actor(session, PRODUCER))
        child = flows.split(work, "cooperative", batch, [Output("A1", Decimal(1))], DAY)[0].id
        _edge(session, child, batch)
        assert lineage.back(session, [batch]) == lineage.onward(session, [batch]) == {batch, child}


def _edge(session: Session, source: str, target: str) -> None:
    event = session.exec(select(Event).where(Event.batch_id == source)).first()
    assert event is not None
    session.add(Flow(input_id=source, output_id=target, kg=Decimal(1), event_id=event.id))
    session.flush()


def test_a_foreign_batch_as_input(database: Database, page: Any, api: Any) -> None:
    batch = leaf_of(database)
    one = [Output("R1", Decimal(1))]
    for key in (batch, "nothing"):
        parts = [Part(key, Decimal(1)), Part("nothing else", Decimal(1))]
        refused(database, RIVAL, lambda work, key=key: flows.split(work, "rival", key, one, DAY), "flows.not_yours")
        refused(
            database, RIVAL, lambda work, parts=parts: flows.merge(work, "rival", parts, "R1", DAY), "flows.not_yours"
        )
        load = [Load(key)]
        refused(
            database,
            RIVAL,
            lambda work, load=load: shipments.send(work, "rival", to_id="abattoir", loads=load, planned_on=work.today),
            "shipments.not_yours",
        )
        body = {"outputs": [{"lot": "R1", "kg": "1"}], "day": f"{DAY}"}
        api(RIVAL, f"/api/v1/enterprises/rival/batches/{key}/split", "flows.not_yours", json=body)
        page(RIVAL, f"/batches/{key}/split", "", 404, lot="R1", kg="1", unit="kg", day=f"{DAY}")
    mixed = {"lot": "R1", "day": f"{DAY}", f"kg-{batch}": "1", "kg-nothing": "1"}
    page(RIVAL, "/batches/merge", "There is no such batch", **mixed)
    body = {"to_id": "abattoir", "planned_on": "2026-09-14", "batches": [{"batch_id": batch}]}
    api(RIVAL, "/api/v1/enterprises/rival/shipments", "shipments.not_yours", json=body)
    form = {"from_id": "rival", "to_id": "abattoir", "planned_on": "2026-09-14", "batches": batch}
    page(RIVAL, "/shipments/new", "There is no such batch", **form)


@pytest.mark.packed
def test_a_foreign_sheet_for_a_batch(database: Database, as_: Any, api: Any) -> None:
    with database.reading() as session:
        batch = make.the_batch(session)
    data = make.sample("packing.csv")
    upload = imports.read(SheetKind.PACKING, "p.csv", data)
    refused(database, RIVAL_ABATTOIR, lambda work: imports.take(work, upload, batch.id), "access.unknown")
    with nothing_changes(database):
        assert _upload(as_(RIVAL_ABATTOIR), f"/batches/{batch.id}/sheets/packing", data).status_code == 404
    form = {"file": (BytesIO(data), "p.csv")}
    api(RIVAL_ABATTOIR, f"/api/v1/batches/{batch.id}/packing", "access.unknown", 404, data=form)


def test_units_mixed_up(database: Database, page: Any, api: Any) -> None:
    """Three heads of lamb do not weigh 900 kg, and nobody has said what a box of it weighs."""
    batch = leaf_of(database, kg="1000")
    figures = {"quantity": "3", "kg": "900", "least": "24", "most": "240"}
    heads = [Output("A1", Decimal(900), Decimal(3), "head")]
    code = "flows.unit_mismatch"
    refused(database, PRODUCER, lambda work: flows.split(work, "cooperative", batch, heads, DAY), code, **figures)
    given = {"lot": "A1", "kg": "900", "quantity": "3", "day": f"{DAY}"}
    page(PRODUCER, f"/batches/{batch}/split", "24 to 240 kg for this product, not 900 kg", **given, unit="head")
    page(PRODUCER, f"/batches/{batch}/split", "", **given, unit="box")
    body = {"outputs": [{"lot": "A1", "kg": "900", "quantity": "3", "unit": "head"}], "day": f"{DAY}"}
    api(PRODUCER, f"{OURS}/batches/{batch}/split", code, json=body, figures=figures)
    boxes = [Output("A1", None, Decimal(3), "box")]
    refused(
        database,
        PRODUCER,
        lambda work: flows.split(work, "cooperative", batch, boxes, DAY),
        "flows.unit_unknown",
        unit="goods.unit.box",
    )


def test_shipping_what_is_held(database: Database, page: Any, api: Any) -> None:
    batch = leaf_of(database)
    with database.writing() as session:
        office = make.work(session, make.actor(session, INSPECTOR))
        holds.place(office, scope="batch", key=batch, reason_code="other", words="示范")
    figures = {"lot": "T1", "number": "H2026-0001"}

    def send(work: Work, by: str = "cooperative") -> object:
        return shipments.send(work, by, to_id="abattoir", loads=[Load(batch)], planned_on=work.today)

    refused(database, PRODUCER, send, "holds.held", **figures)
    form = {"from_id": "cooperative", "to_id": "abattoir", "planned_on": "2026-09-14", "batches": batch}
    page(PRODUCER, "/shipments/new", "H2026-0001", 403, **form)
    body = {"to_id": "abattoir", "planned_on": "2026-09-14", "batches": [{"batch_id": batch}]}
    api(PRODUCER, f"{OURS}/shipments", "holds.held", 403, json=body, figures=figures)
    # A stranger is not told that somebody else's goods are held.
    refused(database, RIVAL, lambda work: send(work, "rival"), "shipments.not_yours")
    sold = {"kind": "sell", "kg": "1", "day": f"{DAY}", "buyer": "示范市场"}
    page(PRODUCER, f"/batches/{batch}/leave", "H2026-0001", 403, **sold)
    api(PRODUCER, f"{OURS}/batches/{batch}/leave", "holds.held", 403, json=sold, figures=figures)


def test_receiving_more_than_was_sent_and_receiving_twice(database: Database, page: Any, api: Any) -> None:
    batch = leaf_of(database, kg="25")
    with database.writing() as session:
        work = make.work(session, make.actor(session, PRODUCER))
        way = shipments.send(work, "cooperative", to_id="rival", loads=[Load(batch)], planned_on=work.today)
        line = session.exec(select(ShipmentLine.id).where(ShipmentLine.shipment_id == way.id)).one()
        number, version = way.number, way.version

    def arrived(kg: str, version: int = version) -> dict[str, Any]:
        return {"version": version, "lines": [{"line_id": line, "received_kg": kg}]}

    at, figures = f"/api/v1/shipments/{number}/receive", {"sent": "25", "received": "9999"}
    api(RIVAL, at, "shipments.more_than_sent", json=arrived("9999"), figures=figures)
    with database.writing() as session:
        work = make.work(session, make.actor(session, RIVAL))
        shipments.receive(work, number, version=version, found={line: Found(Decimal(25))})
    api(RIVAL, at, "shipments.stale", 409, json=arrived("25"))
    api(RIVAL, at, "shipments.wrong_state", 409, json=arrived("25", version + 1))
    form = {"version": version + 1, f"{line}-kg": "25"}
    page(RIVAL, f"/shipments/{number}/receive", "cannot be done in the present state", 409, **form)


@pytest.mark.parametrize("text", ["-5", "0", "NaN", "1e30", "1e-9", "Infinity", "五", "5 kg", "5,5"])
def test_a_weight_that_is_none(database: Database, page: Any, api: Any, text: str) -> None:
    """What no scale shows is named at its field by either door."""
    batch = leaf_of(database, kg="25")
    page(PRODUCER, f"/batches/{batch}/split", 'id="f-kg-fault"', lot="A1", kg=text, unit="kg", day=f"{DAY}")
    body = {"outputs": [{"lot": "A1", "kg": text}], "day": f"{DAY}"}
    api(PRODUCER, f"{OURS}/batches/{batch}/split", "input.invalid", json=body)


def test_the_full_width_digits_of_a_chinese_keyboard_are_digits(database: Database, page: Any, api: Any) -> None:
    batch = leaf_of(database, kg="25")
    wide = "\uff12\uff16"  # 26
    page(PRODUCER, f"/batches/{batch}/split", "asked 26 kg", 409, lot="A1", kg=wide, unit="kg", day=f"{DAY}")
    body = {"outputs": [{"lot": "A1", "kg": wide}], "day": f"{DAY}"}
    api(PRODUCER, f"{OURS}/batches/{batch}/split", "flows.more_than_left", 409, json=body, figures={"asked": "26"})


@pytest.mark.packed
def test_labels_behind_an_open_breach_and_under_a_suspended_licence(database: Database, page: Any, api: Any) -> None:
    """Neither the goods nor the licence may be what they were when the batch was packed: it is asked again."""
    with database.writing() as session:
        work = make.work(session)
        batch, line = make.the_batch(session), make.a_pack_line(work).id
        make.a_breach(work, batch)
        licence = batch.licence_id
    ordered = {"pack_line_id": line, "packs": 2}
    api(PRODUCER, "/api/v1/label-orders", "gate.breach_open", 403, json=ordered)
    door = f"/labels/new?batch={batch.id}"
    page(PRODUCER, door, "of the chilling limits are not answered", 403, pack_line_id=line, packs="2")
    with database.writing() as session:
        make.answer_breaches(make.work(session), make.the_batch(session))
        sanction = {"reason_code": "sanction.accident", "comment": "示范"}
        licences.step(make.work(session, make.actor(session, APPROVER)), licence, "suspend", version=1, **sanction)
    figures = {"status": "licence.state.suspended"}
    api(PRODUCER, "/api/v1/label-orders", "labels.licence_not_valid", 403, json=ordered, figures=figures)
    page(PRODUCER, door, "so the mark cannot be used under it", 403, pack_line_id=line, packs="2")


@pytest.mark.packed
def test_labels_and_packs_under_an_expired_licence(database: Database, page: Any, api: Any, as_: Any) -> None:
    with database.writing() as session:
        batch, line = make.the_batch(session), make.a_pack_line(make.work(session)).id
        session.get_one(Licence, batch.licence_id).valid_until = make.MONDAY.date() - timedelta(days=1)
    figures = {"status": "licence.state.expired"}
    ordered = {"pack_line_id": line, "packs": 2}
    api(PRODUCER, "/api/v1/label-orders", "labels.licence_not_valid", 403, json=ordered, figures=figures)
    door = f"/labels/new?batch={batch.id}"
    page(PRODUCER, door, "so the mark cannot be used under it", 403, pack_line_id=line, packs="2")
    row = "20260912A,羊腱,0.001,1,0.001,2026-09-14,365,冷藏"
    sheet = imports.read(SheetKind.PACKING, "p.csv", f"{PACKING_HEAD}{row}".encode())
    code = "labels.licence_not_valid"
    refused(database, ABATTOIR, lambda work: imports.take(work, sheet, batch.id), code, **figures)
    with nothing_changes(database):
        answer = _upload(as_(ABATTOIR), f"/batches/{batch.id}/sheets/packing", sheet.data)
    assert (answer.status_code, "«Expired»" in answer.text) == (403, True)
    form = {"file": (BytesIO(sheet.data), "p.csv")}
    api(ABATTOIR, f"/api/v1/batches/{batch.id}/packing", code, 403, data=form)
