"""Weights of the pages people meet on a weak network: consumer page 14 KB, first console visit 180 KB, compressed."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from brand.kernel.db import Database
from tests import make
from tests.people import APPROVER, CLERK, PersonOfTheCast
from trace.models.batches import Batch
from trace.models.labels import Label
from trace.services import labels

ROOT = Path(__file__).parents[2]
CONSUMER_BYTES = 14 * 1024
CONSOLE_BYTES = 180 * 1024
ASSET = re.compile(r'<(?:link rel="stylesheet"|script)[^>]*(?:href|src)="(/static/[^"]+)"')
As = Callable[[PersonOfTheCast], FlaskClient]


def weight(data: bytes) -> int:
    return len(gzip.compress(data, 9))


def assets(html: str) -> list[Path]:
    return [ROOT / address.lstrip("/") for address in ASSET.findall(html)]


def total(html: str) -> int:
    return weight(html.encode()) + sum(weight(path.read_bytes()) for path in assets(html))


@pytest.fixture
def packs(database: Database, tmp_path: Path) -> dict[str, str]:
    """Addresses of a pack in a shop, a label never put on one, a forgery and a code of nobody."""
    with database.writing() as session:
        work = make.work(session)
        order = make.an_order(work, make.a_signer(tmp_path), activated=False)
        labels.activate(work, order.id, first=1, last=1)
        first, second = session.exec(select(Label).where(Label.order_id == order.id).order_by(Label.position)).all()[:2]
        code = session.get_one(Batch, order.batch_id).code
        signed = [f"/u/{code}/{one.serial}?s={order.kid}.{one.signature}" for one in (first, second)]
    forged = signed[0][:-20] + ("A" if signed[0][-20] != "A" else "B") + signed[0][-19:]
    return {"sold": signed[0], "unused": signed[1], "forged": forged, "nobody": "/u/7K3M9Q2X/0000000000000000"}


@pytest.mark.packed
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("pack", ["sold", "unused", "forged", "nobody"])
def test_the_consumer_page_is_light(client: FlaskClient, packs: dict[str, str], pack: str, lang: str) -> None:
    page = client.get(packs[pack], headers={"Accept-Language": lang})
    assert page.status_code == 200
    assert total(page.text) <= CONSUMER_BYTES, total(page.text)
    assert 1 + len(assets(page.text)) <= 3, "requests before the verdict can be read"
    assert not re.search(r'<script(?! type="application/ld\+json")', page.text), "data, never a script"
    assert "<img" not in page.text


@pytest.mark.parametrize(("person", "path"), [(CLERK, "/desk"), (APPROVER, "/applications"), (CLERK, "/schemes")])
def test_the_first_visit_of_the_console_is_light_enough(as_: As, person: PersonOfTheCast, path: str) -> None:
    page = as_(person).get(path)
    assert page.status_code == 200
    assert total(page.text) <= CONSOLE_BYTES


def test_the_scale_weighs_sheets_too(as_: As) -> None:
    html = as_(CLERK).get("/desk").text
    assert total(html) > weight(html.encode()) + 50 * 1024
