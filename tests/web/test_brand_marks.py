"""A brand's page: trademarks, logo and manual, and the log of who took what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
import time_machine
from flask.testing import FlaskClient
from PIL import Image
from sqlmodel import select

from brand.kernel.db import Database
from brand.models.schemes import Brand
from tests import make
from tests.people import ABATTOIR, CLERK, PRODUCER, RIVAL, PersonOfTheCast

As = Callable[[PersonOfTheCast], FlaskClient]
MARK = {"number": "12345678", "nice_class": "29", "kind": "collective", "holder": "示范", "registered_on": "2017-03-14"}


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(make.MONDAY, tick=False):
        yield


@pytest.fixture
def brand(database: Database) -> str:
    with database.writing() as session:
        make.a_licence(make.work(session))
        return session.exec(select(Brand).where(Brand.code == "pastoral")).one().id


def picture() -> BytesIO:
    data = BytesIO()
    Image.new("RGB", (8, 8), "green").save(data, "PNG")
    data.seek(0)
    return data


def sent(**changes: object) -> dict[str, object]:
    return {"file_kind": "logo", "title": "示范标识", "licensees": "yes", "file": (picture(), "标识.png")} | changes


def test_a_trademark_is_entered_reminded_of_and_renewed(as_: As, brand: str) -> None:
    clerk = as_(CLERK)
    bad = clerk.post(f"/brands/{brand}/trademarks", data=MARK | {"nice_class": "46"})
    assert bad.status_code == 422
    assert 'href="#f-nice_class"' in bad.text
    assert clerk.post(f"/brands/{brand}/trademarks", data=MARK).status_code == 303
    assert clerk.post(f"/brands/{brand}/trademarks", data=MARK).status_code == 422
    page = clerk.get(f"/brands/{brand}?lang=en").text
    assert "Renew 12345678 by 2027-03-13" in page
    assert "Trademarks to renew" in clerk.get("/desk?lang=en").text
    mark_id = page.split("/trademarks/")[1].split("/renew")[0]
    assert clerk.post(f"/brands/{brand}/trademarks/{mark_id}/renew", data={"version": "1"}).status_code == 303
    assert clerk.post(f"/brands/{brand}/trademarks/{mark_id}/renew", data={"version": "1"}).status_code == 409
    assert "2037-03-13" in clerk.get(f"/brands/{brand}").text


def test_a_logo_goes_to_licensees_as_an_attachment_and_into_the_log(as_: As, brand: str) -> None:
    clerk, producer = as_(CLERK), as_(PRODUCER)
    assert clerk.post(f"/brands/{brand}/files", data=sent()).status_code == 303
    page = producer.get(f"/brands/{brand}?lang=en").text
    assert "示范标识" in page
    assert "Who took which file" not in page
    where = f"/brands/{brand}/files/" + page.split(f"/brands/{brand}/files/")[1].split('"')[0]
    assert producer.get(where).status_code == 405
    assert producer.post(where, data={"use": "investment"}).status_code == 422
    taken = producer.post(where, data={"use": "packaging"})
    assert taken.status_code == 200
    assert taken.headers["Content-Disposition"] == "attachment; filename=logo-1.png"
    assert taken.headers["X-Content-Type-Options"] == "nosniff"
    assert Image.open(BytesIO(taken.data)).size == (8, 8)
    log = clerk.get(f"/brands/{brand}?lang=en").text
    assert PRODUCER.name in log
    assert "Demo Sheep Cooperative" in log
    rival = as_(RIVAL)
    assert "Files are for licensees" in rival.get(f"/brands/{brand}?lang=en").text
    assert rival.post(where, data={"use": "packaging"}).status_code == 404
    assert as_(ABATTOIR).get(f"/brands/{brand}").status_code == 404


def test_what_is_no_picture_is_refused_by_its_content(as_: As, brand: str) -> None:
    clerk = as_(CLERK)
    for data, name in ((b"<svg onload=x>", "logo.png"), (b"", "empty.pdf"), (b"MZ program", "manual.pdf")):
        answer = clerk.post(f"/brands/{brand}/files", data=sent(file=(BytesIO(data), name)))
        assert answer.status_code == 422
        assert 'href="#f-file"' in answer.text
    assert clerk.post(f"/brands/{brand}/files", data={"file_kind": "logo", "title": "x"}).status_code == 422
    assert as_(PRODUCER).post(f"/brands/{brand}/files", data=sent()).status_code == 404
    assert clerk.get("/brands/NOTHING").status_code == 404
