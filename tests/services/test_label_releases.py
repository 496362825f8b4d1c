"""The step before any file of an order leaves the house: who prints, on record, and nothing before it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, select, update

from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.kernel.errors import AppError
from tests import make
from tests.flows.cycles import by
from tests.people import ABATTOIR, CLERK, PRODUCER, RIVAL
from trace.models.label_releases import LabelRelease
from trace.models.labels import LabelOrder
from trace.queries import label_releases as reads
from trace.services import label_releases, label_stops, labels

pytestmark = pytest.mark.packed
HOUSE = "包头示范印刷厂"


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as opened:
        yield opened


@pytest.fixture
def order(session: Session, tmp_path: Path) -> LabelOrder:
    return make.an_order(make.work(session), make.a_signer(tmp_path), packs=4, activated=False, released=False)


def refusal(code: str, call: Callable[[], Any]) -> AppError:
    with pytest.raises(AppError) as caught:
        call()
    assert caught.value.code == code
    return caught.value


def test_nothing_is_printed_or_activated_before_the_order_is_released(session: Session, order: LabelOrder) -> None:
    mine = by(session, PRODUCER)
    assert order.state == "signed"
    refusal("labels.not_released", lambda: labels.check_print(mine, order.id, first=1, last=4))
    refusal("labels.not_released", lambda: labels.record_print(mine, order.id, first=1, last=4, layout="a4-24"))
    refusal("labels.not_released", lambda: labels.activate(mine, order.id, first=1, last=4))
    assert labels.check_look(mine, order.id, first=1, last=1).id == order.id
    made = label_releases.release(mine, order.id, printer="house", name=HOUSE, version=order.version)
    assert (made.state, made.version) == ("released", 2)
    assert labels.check_print(mine, order.id, first=1, last=4).id == order.id
    assert labels.activate(mine, order.id, first=1, last=2).changed == 2
    (row, name), *more = reads.of_order(session, order.id)
    assert not more
    assert (row.printer, row.name, row.released_at, name) == ("house", HOUSE, make.MONDAY, PRODUCER.name)
    told = session.exec(select(AuditEntry).where(AuditEntry.action == "labels.release")).one()
    assert (told.object_id, told.person_id, json.loads(told.detail)["name"]) == (row.id, "producer", HOUSE)


def test_a_second_house_is_added_and_a_release_is_never_rewritten(session: Session, order: LabelOrder) -> None:
    mine = by(session, PRODUCER)
    label_releases.release(mine, order.id, printer="own", version=1)
    label_releases.release(mine, order.id, printer="house", name=HOUSE, version=2)
    assert len(reads.of_order(session, order.id)) == 2
    with pytest.raises(DatabaseError, match="only grows"), session.begin_nested():
        session.exec(update(LabelRelease).values(name="另一家"))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"printer": "house"}, "labels.printer_missing"),
        ({"printer": "own", "name": HOUSE}, "labels.printer_own"),
        ({"printer": "own", "version": 9}, "labels.stale"),
    ],
)
def test_what_is_no_release(session: Session, order: LabelOrder, said: dict[str, Any], code: str) -> None:
    refusal(code, lambda: label_releases.release(by(session, PRODUCER), order.id, **{"version": 1, **said}))
    assert session.get_one(LabelOrder, order.id).state == "signed"
    assert not reads.of_order(session, order.id)


def test_others_release_nothing_and_a_stopped_order_stays(session: Session, order: LabelOrder) -> None:
    for person in (RIVAL, ABATTOIR, CLERK):
        refusal(
            "access.unknown",
            lambda: label_releases.release(by(session, person), order.id, printer="own", version=1),  # noqa: B023
        )
    label_stops.place(by(session, CLERK), scope="order", name=order.number, reason_code="leak")
    refusal(
        "label_stops.stopped", lambda: label_releases.release(by(session, PRODUCER), order.id, printer="own", version=1)
    )
