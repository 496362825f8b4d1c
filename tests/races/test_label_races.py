"""Many orders on one pack line, one allowance, one quarter's key: exactly what there is, never one label more.

The naive twins read, check and write; if they keep the limit in the same race, the race proves nothing.
"""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from sqlmodel import func, select

from brand.kernel.db import Database
from brand.kernel.work import Work
from brand.models.licences import LicenceYear
from tests import make
from tests.people import ABATTOIR, PRODUCER, STATION
from tests.races.harness import one_work, race
from trace.models.batches import PackLine
from trace.models.labels import Label, LabelOrder, SigningKey
from trace.services import labels
from trace.services.signer import LabelSigner

pytestmark = pytest.mark.packed
CLERKS = 100


@pytest.fixture
def signer(tmp_path) -> LabelSigner:
    return make.a_signer(tmp_path)


@pytest.fixture
def line(database: Database) -> PackLine:
    with database.writing() as session:
        return make.a_pack_line(make.work(session))


@pytest.fixture
def clerks(database: Database):
    with database.reading() as session:
        return [make.actor(session, one) for one in (PRODUCER, STATION)]


def counted(database: Database, line: PackLine) -> tuple[int, int, int]:
    """(labels stored, labels the line says, labels the allowance says)."""
    with database.reading() as session:
        stored = session.exec(select(func.count()).select_from(Label)).one()
        year = session.exec(select(LicenceYear).where(LicenceYear.year == 2026)).one()
        return stored, session.get_one(PackLine, line.id).ordered, year.labels


def test_a_hundred_orders_on_one_line_issue_exactly_its_packs(database, signer, line, clerks):
    def order(work: Work) -> None:
        labels.order(work, signer, pack_line_id=line.id, packs=7)

    outcome = race(CLERKS, lambda one: one_work(database, order, clerks[one % 2]))
    fitting = line.packs // 7
    assert (len(outcome.done), outcome.codes) == (fitting, {"labels.packs_exceeded"})
    assert counted(database, line) == (fitting * 7,) * 3
    rest = line.packs - fitting * 7
    one_work(database, lambda work: labels.order(work, signer, pack_line_id=line.id, packs=rest), clerks[0])
    assert counted(database, line) == (line.packs,) * 3


def test_a_hundred_orders_on_one_allowance_issue_exactly_the_quota(database, signer, line, clerks):
    with database.writing() as session:
        session.exec(select(LicenceYear).where(LicenceYear.year == 2026)).one().cap_kg = Decimal(100)

    def order(work: Work) -> None:
        labels.order(work, signer, pack_line_id=line.id, packs=3)

    outcome = race(CLERKS, lambda one: one_work(database, order, clerks[one % 2]))
    assert (len(outcome.done), outcome.codes) == (66, {"licences.cap_exceeded"})
    assert counted(database, line) == (198, 198, 198)
    with database.reading() as session:
        numbers = session.exec(select(LabelOrder.number)).all()
        assert sorted(numbers) == [f"B2026-{one:04d}" for one in range(1, 67)]
        assert len(session.exec(select(SigningKey)).all()) == 1
        serials = session.exec(select(Label.serial)).all()
    assert len(serials) == len(set(serials))
    assert len(list(signer.keeper.folder.glob("label-*.key"))) == 1


def test_the_naive_twin_over_issues_in_the_same_race(database, line):
    everybody_has_looked = threading.Barrier(CLERKS)

    def order(_: int) -> bool:
        with database.reading() as session:
            seen = session.get_one(PackLine, line.id)
            fits = seen.ordered + 7 <= seen.packs
        everybody_has_looked.wait(timeout=60)
        if not fits:
            return False
        with database.writing() as session:
            session.get_one(PackLine, line.id).ordered = seen.ordered + 7
        return True

    assert sum(race(CLERKS, order).done) * 7 > line.packs


def test_activation_and_voiding_at_once_leave_every_label_in_one_state(database, signer, clerks):
    with database.writing() as session:
        order = make.an_order(make.work(session), signer, packs=200, activated=False)
        packer = make.actor(session, ABATTOIR)

    def act(one: int) -> tuple[str, int]:
        first = 1 + one * 10
        if one % 2:
            done = one_work(
                database, lambda work: labels.activate(work, order.id, first=first, last=first + 19), packer
            )
            return "a", done.changed

        def void(work: Work) -> labels.Change:
            version = work.session.get_one(LabelOrder, order.id).version
            return labels.void(
                work, order.id, first=first, last=first + 9, reason=labels.VoidReason.LOST, version=version
            )

        return "v", one_work(database, void, clerks[0]).changed

    outcome = race(18, act)
    assert outcome.codes <= {"labels.stale"}
    with database.reading() as session:
        states = dict(session.exec(select(Label.state, func.count()).group_by(Label.state)).all())
    assert sum(states.values()) == 200
    assert states.get("void", 0) == sum(count for kind, count in outcome.done if kind == "v")
