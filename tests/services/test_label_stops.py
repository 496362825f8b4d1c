"""Stop switches and reprints: at once, by two persons, and never the same code twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, select

from brand.kernel.clock import local_day
from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.models.licences import Licence, LicenceYear
from tests import make
from tests.people import APPROVER, CLERK, PRODUCER, RIVAL, PersonOfTheCast
from trace.crypto.code_profiles import UnitCode
from trace.crypto.label_codes import path
from trace.crypto.readings import read_address
from trace.crypto.second_codes import SecondCodes
from trace.models.batches import Batch, PackLine
from trace.models.labels import Label, LabelOrder
from trace.queries import label_totals
from trace.queries.verification import verify
from trace.rules.labels import VoidReason
from trace.services import label_stops, labels, reprints

pytestmark = pytest.mark.packed
TODAY = local_day(make.MONDAY)


def by(session: Session, person: PersonOfTheCast) -> Any:
    return make.work(session, make.actor(session, person))


def refusal(code: str, act: Callable[[], Any]) -> AppError:
    with pytest.raises(AppError) as caught:
        act()
    assert caught.value.code == code, caught.value.code
    return caught.value


def amber(session: Session, order: LabelOrder, position: int = 1) -> list[str]:
    """The reasons of the verdict on one label."""
    row = session.exec(select(Label).where(Label.order_id == order.id, Label.position == position)).one()
    code = UnitCode(session.get_one(Batch, order.batch_id).code, row.serial)
    reading = read_address(f"{path(code)}?s={order.kid}.{row.signature}")
    return [one.code for one in verify(session, make.ORIGIN, reading, TODAY).verdict.reasons]


@pytest.mark.parametrize("scope", ["licence", "order", "key"])
def test_a_stop_counts_at_once_and_ends_on_another_persons_word(database: Database, tmp_path: Any, scope: str) -> None:
    signer = make.a_signer(tmp_path)
    with database.writing() as session:
        work = make.work(session)
        order = make.an_order(work, signer, packs=6, activated=False)
        labels.activate(work, order.id, first=1, last=2)
        licence = session.exec(select(Licence)).one()
        name = {"licence": licence.number, "order": order.number, "key": order.kid}[scope]
        refusal(
            "access.unknown",
            lambda: label_stops.place(by(session, RIVAL), scope=scope, name=name, reason_code="leaked"),
        )
        stop = label_stops.place(by(session, CLERK), scope=scope, name=name, reason_code="leaked")
        refusal(
            "label_stops.stopped_already",
            lambda: label_stops.place(by(session, CLERK), scope=scope, name=name, reason_code="other"),
        )
        assert "verdicts.stopped" in amber(session, order)
        refusal("label_stops.stopped", lambda: labels.activate(work, order.id, first=3, last=4))
        refusal("label_stops.stopped", lambda: labels.check_print(work, order.id, first=1, last=1))
        ask = {"pack_line_id": order.pack_line_id, "packs": 1}
        if scope == "order":
            labels.order(by(session, PRODUCER), signer, **ask)
        else:
            refusal("label_stops.stopped", lambda: labels.order(by(session, PRODUCER), signer, **ask))
        refusal("access.unknown", lambda: label_stops.lift(by(session, CLERK), stop.id, words="示范"))
        both = replace(by(session, APPROVER), actor=replace(make.actor(session, APPROVER), person_id=CLERK.username))
        refusal("label_stops.four_eyes", lambda: label_stops.lift(both, stop.id, words="示范"))
        label_stops.lift(by(session, APPROVER), stop.id, words="示范：文件已收回")
        refusal("label_stops.lifted_already", lambda: label_stops.lift(by(session, APPROVER), stop.id, words="示范"))
        assert "verdicts.stopped" not in amber(session, order)
        labels.activate(work, order.id, first=3, last=4)


def test_a_reprint_voids_the_old_costs_no_weight_and_repeats_no_code(database: Database, tmp_path: Any) -> None:
    signer = make.a_signer(tmp_path)
    with database.writing() as session:
        order = make.an_order(make.work(session), signer, packs=5, activated=False)
        mine = by(session, PRODUCER)
        labels.void(mine, order.id, first=1, last=1, reason=VoidReason.LOST, version=order.version)
        before = session.get_one(LicenceYear, order.licence_year_id).model_dump()
        line = session.get_one(PackLine, order.pack_line_id).ordered
        secrets = SecondCodes(b"seed", b"pepper")
        spoilt = {"first": 1, "last": 3, "reason": VoidReason.SPOILT, "second": secrets}
        refusal("labels.stale", lambda: reprints.reprint(mine, signer, order.id, **spoilt, version=1))
        refusal("access.unknown", lambda: reprints.reprint(by(session, RIVAL), signer, order.id, **spoilt, version=2))
        made = reprints.reprint(mine, signer, order.id, **spoilt, version=order.version)
        assert (made.packs, made.kg, made.replaces_id) == (2, Decimal(0), order.id)
        after = session.get_one(LicenceYear, order.licence_year_id)
        assert (after.used_kg, after.labels) == (before["used_kg"], before["labels"] + 2)
        assert session.get_one(PackLine, order.pack_line_id).ordered == line
        serials = session.exec(select(Label.serial)).all()
        assert len(set(serials)) == len(serials) == 7
        assert amber(session, order, 2)[0] == "verdicts.void"
        assert amber(session, made)[0] == "verdicts.not_activated"
        refusal(
            "labels.nothing_to_replace",
            lambda: reprints.reprint(mine, signer, order.id, **spoilt, version=order.version),
        )
        totals = label_totals.of_licence(session, session.exec(select(Licence.number)).one(), TODAY)
        assert (totals.all, totals.states["void"], totals.replacing) == (7, 3, 2)
        assert totals.reasons == {"lost": 1, "spoilt": 2}
