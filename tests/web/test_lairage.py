"""Pages before slaughter: announce, read tags, examine; differences in words, the producer reads along."""

from __future__ import annotations

import pytest
import time_machine
from sqlmodel import select, update

from brand.models.schemes import Product
from tests import make, make_herds
from tests.people import ABATTOIR, CLERK, PRODUCER, RIVAL, RIVAL_ABATTOIR
from trace.models.lairage import Lairage

pytestmark = pytest.mark.licensed


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(make.MONDAY, tick=False):
        yield


@pytest.fixture
def product(database):
    with database.writing() as session:
        make.a_licence(make.work(session))
        return make.a_product(session).id


def lot(database):
    with database.reading() as session:
        return session.exec(select(Lairage)).one()


def test_from_the_announcement_to_the_closed_lot(as_, database, product):
    tags = [one.ear_tag for one in make.carcass_lines(2)]
    client = as_(ABATTOIR)
    assert "登记待宰批次" in client.get("/lairage").text
    said = {"producer_id": "cooperative", "product_id": product, "lot": "L1", "expected_on": "2026-09-14", "head": "3"}
    wrong = client.post("/enterprises/abattoir/lairage/new", data=said | {"certificate": "没有这张"})
    assert wrong.status_code == 422
    assert "没有登记过编号为 没有这张" in wrong.text
    assert client.post("/enterprises/abattoir/lairage/new", data=said).status_code == 303
    one = lot(database)
    sent = {"version": one.version, "tags": "\n".join(tags)}
    assert client.post(f"/lairage/{one.id}/tags", data=sent).status_code == 303
    words = client.get(f"/lairage/{one.id}").text
    for told in ("申报 3 头，实际读到 2 个耳标", f"耳标 {tags[0]} 没有养殖档案", "没有检疫证明"):
        assert told in words
    assert client.post(f"/lairage/{one.id}/tags", data=sent).status_code == 409
    version = lot(database).version
    refused = client.post(f"/lairage/{one.id}/examination", data={"version": version})
    assert refused.status_code == 422
    assert "请写明情况" in refused.text
    noted = {"version": version, "unfit": tags[1], "note": "一头跛行"}
    assert client.post(f"/lairage/{one.id}/examination", data=noted).status_code == 303
    closed = client.get(f"/lairage/{one.id}").text
    sheet = f"/batches/import?producer_id=cooperative&amp;product_id={product}&amp;lot=L1&amp;abattoir_id=abattoir"
    assert f'href="{sheet}"' in closed, "what is known of the lot need not be typed again"
    assert 'value="L1"' in client.get(sheet.replace("&amp;", "&")).text
    assert "暂不屠宰" in closed
    assert 'action="/lairage/' not in closed


def test_producer_and_office_read_along_strangers_find_nothing(as_, database, product):
    with database.writing() as session:
        from trace.services import lairage

        work = make.by_abattoir(make.work(session))
        said = {"producer_id": "cooperative", "product_id": product, "lot": "L1", "head": 2, "tags": []}
        one = lairage.announce(work, "abattoir", expected_on=work.today, certificate="", **said).id
    for person, status in ((PRODUCER, 200), (CLERK, 200), (RIVAL, 404), (RIVAL_ABATTOIR, 404)):
        assert as_(person).get(f"/lairage/{one}").status_code == status, person.username
    assert f"/lairage/{one}" in as_(PRODUCER).get("/lairage").text
    assert f"/lairage/{one}" not in as_(RIVAL_ABATTOIR).get("/lairage").text
    sent = {"version": 1, "tags": make.carcass_lines(1)[0].ear_tag}
    assert as_(RIVAL_ABATTOIR).post(f"/lairage/{one}/tags", data=sent).status_code == 404
    assert as_(RIVAL_ABATTOIR).get("/enterprises/abattoir/lairage/new").status_code == 404


def test_what_stands_against_an_animal_begins_with_its_tag(as_, database, product):
    (tag,) = (one.ear_tag for one in make.carcass_lines(1))
    with database.writing() as session:
        work = make.work(session, make.actor(session, PRODUCER))
        herd = make_herds.a_herd(work)
        make_herds.lambs(work, herd, [tag])
        make_herds.treat(work, herd)
    client = as_(ABATTOIR)
    said = {"producer_id": "cooperative", "product_id": product, "lot": "L1", "expected_on": "2026-09-14", "head": "1"}
    client.post("/enterprises/abattoir/lairage/new", data=said)
    one = lot(database)
    client.post(f"/lairage/{one.id}/tags", data={"version": one.version, "tags": tag})
    assert f"耳标 {tag}：用过" in client.get(f"/lairage/{one.id}").text


def test_only_goods_that_are_slaughtered_are_offered(as_, database, product):
    form = "/enterprises/abattoir/lairage/new"
    assert product in as_(ABATTOIR).get(form).text
    with database.writing() as session:
        session.exec(update(Product).where(Product.id == product).values(code="tea"))
    assert product not in as_(ABATTOIR).get(form).text


def test_a_lot_that_did_not_come_is_called_off_on_its_page(as_, database, product):
    client = as_(ABATTOIR)
    said = {"producer_id": "cooperative", "product_id": product, "lot": "L1", "expected_on": "2026-09-14", "head": "3"}
    client.post("/enterprises/abattoir/lairage/new", data=said)
    one = lot(database)
    at = f"/lairage/{one.id}"
    assert "取消这一待宰批次" in client.get(at).text
    assert "取消这一待宰批次" not in as_(PRODUCER).get(at).text
    empty = client.post(f"{at}/calling-off", data={"version": one.version, "reason": ""})
    assert (empty.status_code, "必填" in empty.text) == (422, True)
    sent = {"version": one.version, "reason": "封路，改期再报"}
    assert client.post(f"{at}/calling-off", data=sent).status_code == 303
    page = client.get(at).text
    for told in ("已取消，没有来", "取消原因", "封路，改期再报"):
        assert told in page
    assert "录入耳标" not in page
    late = client.post(f"{at}/tags", data={"version": one.version + 1, "tags": make.carcass_lines(1)[0].ear_tag})
    assert (late.status_code, "已取消" in late.text) == (409, True)
    assert client.post("/enterprises/abattoir/lairage/new", data=said).status_code == 303, "the number is free again"
