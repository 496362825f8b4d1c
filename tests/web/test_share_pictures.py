"""The picture of a shared pack: of goods its producer lists today, else the general one, and of no other's."""

from __future__ import annotations

from pathlib import Path

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlmodel import select

from brand.kernel.db import Database
from brand.models.offerings import Offering, OfferingPhoto
from brand.models.schemes import Product
from tests import make
from trace.models.batches import Batch

pytestmark = pytest.mark.packed
GENERAL = (Path(__file__).parents[2] / "static/img/share.png").read_bytes()


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY, tick=True):
        yield


@pytest.fixture
def photo(database: Database) -> bytes:
    """Of an offering the batch's licensee lists under the batch's product."""
    with database.writing() as session:
        batch = session.exec(select(Batch)).one()
        offering = make.an_offering(make.work(session))
        offering.product_id, offering.state, offering.listed_at = batch.product_id, "listed", make.MONDAY
        picture = make.a_picture()
        about = {"media_type": "image/png", "size": len(picture), "digest": "0" * 64, "added_by": offering.written_by}
        session.add(OfferingPhoto(offering_id=offering.id, alt="示范", content=picture, added_at=make.MONDAY, **about))
        return picture


def picture_of(client: FlaskClient, database: Database) -> bytes:
    with database.reading() as session:
        code = session.exec(select(Batch.code)).one()
    answer = client.get(f"/share/{code}")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=3600")
    return answer.data


def test_a_picture_of_the_producers_own_goods_while_it_is_listed(client, database, photo):
    assert client.get("/share/NOSUCH").data == GENERAL
    assert picture_of(client, database) == photo != GENERAL
    with database.writing() as session:
        session.exec(select(Offering)).one().state = "withdrawn"
    assert picture_of(client, database) == GENERAL


@pytest.mark.parametrize("other", ["product_id", "enterprise_id"])
def test_not_of_other_goods_nor_of_anothers(client, database, photo, other):
    with database.writing() as session:
        offering = session.exec(select(Offering)).one()
        if other == "product_id":
            offering.product_id = session.exec(select(Product.id).where(Product.id != offering.product_id)).first()
        else:
            offering.enterprise_id = "abattoir"
    assert picture_of(client, database) == GENERAL


def test_goods_without_the_brand_have_no_picture_of_it(client, database, photo):
    with database.writing() as session:
        session.exec(select(Batch)).one().licence_id = None
    assert picture_of(client, database) != photo
