"""What the tags of cases, pallets and batches say while labels of packs behind them are stopped."""

from __future__ import annotations

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlmodel import select

from brand.kernel.db import Database
from brand.models.licences import Licence
from tests import make
from tests.people import ABATTOIR, APPROVER, CLERK
from tests.tagged import colour
from trace.models.batches import Batch
from trace.models.containers import Container
from trace.rules.containers import ContainerKind
from trace.services import batch_tags, container_tags, containers, holds, label_stops
from trace.services.container_labels import Range
from trace.services.containers import Filling

pytestmark = pytest.mark.packed
CASES = ("scanned", "others", "counted", "pallet")


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(make.MONDAY, tick=True):
        yield


@pytest.fixture
def orders(app, database: Database) -> tuple[str, str, str]:
    """Numbers of two orders for the same packs, and the key id of both."""
    signer = app.extensions["brandtrace.parts"].signer
    with database.writing() as session:
        first, second = (make.an_order(make.work(session), signer, packs=10) for _ in range(2))
        assert first.kid == second.kid
        return first.number, second.number, first.kid


@pytest.fixture
def codes(database: Database, orders: tuple[str, str, str]) -> dict[str, str]:
    """A case of scanned packs of either order, one whose packs were counted, and a pallet of the first two."""
    with database.writing() as session:
        mine = make.work(session, make.actor(session, ABATTOIR))

        def case(filling: Filling, kind: ContainerKind = ContainerKind.CASE) -> str:
            return containers.pack(mine, "abattoir", kind, filling).code

        scanned, others = (case(Filling(ranges=[Range(one, 1, 10)])) for one in orders[:2])
        counted = case(Filling({make.a_pack_line(mine).id: 4}))
        pallet = case(Filling(cases=[scanned, others]), ContainerKind.PALLET)
        return dict(zip(CASES, (scanned, others, counted, pallet), strict=True))


def stop(database: Database, scope: str, name: str) -> str:
    with database.writing() as session:
        mine = make.work(session, make.actor(session, CLERK))
        return label_stops.place(mine, scope=scope, name=name, reason_code="leaked").id


def told(client: FlaskClient, codes: dict[str, str]) -> dict[str, tuple[str, str]]:
    """State and colour of each over the API; the page's colour is the same."""
    found = {}
    for name, code in codes.items():
        one = client.get(f"/api/v1/codes/containers/{code}").json
        assert colour(client, f"/c/{code}") == one["colour"]
        found[name] = (one["state"], one["colour"])
    return found


def test_an_order_that_is_stopped_is_told_where_its_packs_lie_or_may_lie(client, database, codes, orders):
    whole = dict.fromkeys(CASES, ("packed", "green"))
    assert told(client, codes) == whole
    placed = stop(database, "order", orders[0])
    sure, perhaps = ("stopped", "amber"), ("perhaps_stopped", "amber")
    assert told(client, codes) == whole | {"scanned": sure, "pallet": sure, "counted": perhaps}
    assert "Labels inside or outside are stopped" in client.get(f"/c/{codes['pallet']}?lang=en").text
    assert "有标签已被叫停" in client.get(f"/c/{codes['scanned']}?lang=zh").text
    assert "Scan each pack" in client.get(f"/c/{codes['counted']}?lang=en").text
    with database.writing() as session:
        batch = session.exec(select(Batch)).one()
        clerk = make.work(session, make.actor(session, CLERK))
        holds.place(clerk, scope="batch", key=batch.id, reason_code="complaint", words="示范")
    assert told(client, codes)["scanned"] == ("held", "amber")
    assert client.get(f"/api/v1/codes/containers/{codes['scanned']}").json["states"] == ["held", "stopped"]
    page = client.get(f"/c/{codes['scanned']}?lang=en").text
    assert "Do not sell it until the check is over" in page
    assert "Labels inside or outside are stopped" in page, "one does not hide the other"
    with database.writing() as session:
        approver = make.work(session, make.actor(session, APPROVER))
        label_stops.lift(approver, placed, words="示范：文件已收回")
    assert "are stopped" not in client.get(f"/c/{codes['scanned']}?lang=en").text


@pytest.mark.parametrize("scope", ["licence", "key"])
def test_a_licence_is_told_wherever_its_goods_lie_and_a_key_where_its_labels_may(
    client, database, codes, orders, scope
):
    with database.reading() as session:
        licence = session.exec(select(Licence.number)).one()
    stop(database, scope, licence if scope == "licence" else orders[2])
    counted = "stopped" if scope == "licence" else "perhaps_stopped"
    states = {name: state for name, (state, _) in told(client, codes).items()}
    assert states == dict.fromkeys(CASES, "stopped") | {"counted": counted}


def test_the_key_that_signed_a_case_label_is_told_of_that_label_alone(app, client, database, codes):
    signer = app.extensions["brandtrace.parts"].signer
    with database.writing() as session:
        mine = make.work(session, make.actor(session, ABATTOIR))
        tag = container_tags.issue(mine, signer, codes["others"])
        signed = f"/c/{codes['others']}?s={tag.kid}.{tag.signature}"
    stop(database, "key", tag.kid)
    assert (colour(client, signed), colour(client, f"/c/{codes['others']}")) == ("amber", "green")
    assert "Labels inside or outside are stopped" in client.get(f"{signed}&lang=en").text


def test_an_opened_case_says_only_that_it_was_opened(client, database, codes, orders):
    stop(database, "order", orders[0])
    with database.writing() as session:
        mine = make.work(session, make.actor(session, ABATTOIR))
        version = session.exec(select(Container.version).where(Container.code == codes["counted"])).one()
        containers.unpack(mine, "abattoir", codes["counted"], version=version)
    assert told(client, codes)["counted"] == ("emptied", "amber")
    assert "stopped" not in client.get(f"/c/{codes['counted']}?lang=en").text


@pytest.mark.parametrize("which", ["order", "key"])
def test_the_tag_of_a_batch_tells_that_labels_of_its_packs_are_stopped(app, client, database, orders, which):
    signer = app.extensions["brandtrace.parts"].signer
    with database.writing() as session:
        batch = session.exec(select(Batch)).one()
        tag = batch_tags.issue(make.work(session), signer, batch.id)
        plain, signed = f"/b/{batch.code}", f"/b/{batch.code}?s={tag.kid}.{tag.signature}"
    assert (colour(client, signed), tag.kid) == ("green", orders[2])
    stop(database, which, orders[0] if which == "order" else orders[2])
    assert (colour(client, signed), colour(client, plain)) == ("amber", "amber")
    some = "Labels of packs of this batch are stopped"
    assert some in client.get(f"{plain}?lang=en").text, "of whoever signed the packs' labels, too"
    assert (some in client.get(f"{signed}&lang=en").text) is (which == "order"), "its own key says more"
