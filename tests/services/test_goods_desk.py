"""What waits on the desks of those who hold goods, what a purchase says of a harvest, and what may be made of goods."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, select

from brand.kernel.db import Database
from brand.models.enterprises import Enterprise
from brand.rules.product_rules import Item
from tests import make
from tests.make_crops import by
from tests.make_flows import a_garden, beginning, leaf
from tests.people import ABATTOIR, INSPECTOR, PRODUCER, RIVAL_ABATTOIR
from trace.crypto.code_profiles import UnitCode
from trace.crypto.label_codes import ScannedCode
from trace.crypto.readings import Reading
from trace.models.batches import Batch, Carcass, PackLine
from trace.models.labels import Label
from trace.queries import cold_ways, completeness, flows, packs
from trace.queries import goods_desk as desk
from trace.queries.verification import verify
from trace.rules.containers import ContainerKind
from trace.rules.goods import BatchKind
from trace.services import axes, containers, grading, purchases, shipments
from trace.services.containers import Filling
from trace.services.purchases import Papers


def topics(session: Session, person: make.PersonOfTheCast) -> dict[str, str]:
    found = desk.waiting(session, make.actor(session, person), make.MONDAY.date())
    return {one.topic: one.detail for one in found}


def test_disputed_grades_and_batches_at_the_gate_stand_on_their_holder_s_desk(database: Database) -> None:
    with database.writing() as session:
        work = make.work(session)
        batch = make.a_batch(work)
        assert "desk.batch_at_gate" in topics(session, ABATTOIR)
        numbers = session.exec(
            select(Carcass.carcass_no).where(Carcass.batch_id == batch.id, Carcass.grade == "good").limit(2)
        ).all()
        session.refresh(batch)
        own = make.by_abattoir(work)
        said = {"grade": "usable", "method": "eye", "reason": "示范"}
        grading.grade(own, batch.id, grading.Said(version=batch.version, carcasses=numbers, **said))
        assert topics(session, ABATTOIR)["desk.grade_disputed"] == "2"
        assert topics(session, RIVAL_ABATTOIR) == {}
        assert topics(session, INSPECTOR)["desk.grade_disputed"] == "2", "who may be the third hand sees it too"


@pytest.mark.packed
def test_a_packed_batch_waits_at_no_gate(database: Database) -> None:
    with database.writing() as session:
        assert topics(session, ABATTOIR) == {}


@pytest.mark.parametrize(("kind", "said"), [("household", True), ("cooperative", True), ("company", False)])
def test_a_purchase_from_a_grower_says_that_it_was_harvested(database: Database, kind: str, said: bool) -> None:
    with database.writing() as session:
        a_garden(make.work(session))
        session.get_one(Enterprise, "rival").kind = kind
        session.flush()
        one = beginning(make.work(session), lot="C1", kind=BatchKind.COLLECTED, producer_id="rival", place_id="x")
        one = replace(one, place_id=None, form="other")
        batch = purchases.buy(by(session, PRODUCER), "cooperative", one, Papers("示范单 1", "签字"))
        assert (Item.HARVEST in completeness.there(session, batch.id)) is said


def test_only_what_the_product_knows_is_offered_to_be_made(database: Database) -> None:
    with database.writing() as session:
        batch = leaf(make.work(session))
        # Lamb knows no making of tea: of leaf under that product at least what its stage allows is offered.
        assert flows.processes(session, batch, date(2026, 9, 14)) == ("sorting",)
        batch.form = "carcass"
        assert flows.processes(session, batch, date(2026, 9, 14)) == ("cutting",)
        batch.form = "raw_honey"
        assert flows.processes(session, batch, date(2026, 9, 14)) == ("filtering",)


@pytest.mark.packed
def test_what_was_stated_on_an_axis_stands_on_the_page_of_the_pack(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        order = make.an_order(make.work(session), make.a_signer(tmp_path), packs=1)
        label = session.exec(select(Label).where(Label.order_id == order.id)).one()
        batch = make.the_batch(session)
        before = batch.version
        axes.state(by(session, ABATTOIR), batch.id, axis="rearing", value="示范放牧六个月", method="eye", reason="")
        typed = Reading(ScannedCode(UnitCode(batch.code, label.serial), None, None), typed=True)
        pack = verify(session, make.ORIGIN, typed, make.MONDAY.date()).pack
        assert pack is not None
        story = packs.story(session, pack, make.MONDAY.date())
        assert dict(story.past().axes) == {"rearing": "示范放牧六个月"}
        session.refresh(batch)
        assert batch.version > before


@pytest.mark.packed
def test_a_journey_of_cases_only_knows_its_goods(database: Database) -> None:
    with database.writing() as session:
        batch = session.exec(select(Batch)).one()
        line = session.exec(select(PackLine)).first()
        assert line is not None
        own = by(session, ABATTOIR)
        case = containers.pack(own, "abattoir", ContainerKind.CASE.value, Filling(packs={line.id: 3}))
        sent = shipments.send(
            own, "abattoir", to_id="rival", loads=[], boxes=[case.code], planned_on=date(2026, 9, 15), seal="S"
        )
        assert [one.id for one in cold_ways.aboard(session, sent.id)] == [batch.id]
        spans = cold_ways.spans(session, cold_ways.ColdStep.COLD_TRANSPORT, batch.id)
        assert [one.key for one in spans] == [sent.id]
