"""What each kind of goods must have: every profile can be met by real records, gate and verdict follow each of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from brand.kernel.errors import AppError
from brand.kernel.ids import random_text
from brand.models.schemes import Product
from brand.rules.product_rules import RuleKind, Stage, shipped
from tests import make
from tests.people import INSPECTOR, LABORATORY, PRODUCER
from trace.crypto.code_profiles import UnitCode
from trace.crypto.label_codes import path
from trace.crypto.readings import read_address
from trace.models.batches import Batch, PackLine
from trace.models.commitments import Commitment
from trace.models.labels import Label
from trace.models.quality import LabReport
from trace.queries import completeness
from trace.queries import gate as reads
from trace.queries.verification import verify
from trace.rules import gate
from trace.rules.events import EventKind
from trace.services import events, lab_reports, labels, quarantine, report_steps

pytestmark = pytest.mark.packed
GROWN = ("grain", "fruit", "tea", "honey")


@dataclass
class Goods:
    """A harvest and what was packed of it; the packs are those of the second batch."""

    work: make.Work
    root: Batch
    packed: Batch

    def missing(self, stage: Stage = Stage.LABEL) -> list[str]:
        found = reads.facts(self.work.session, self.packed, self.work.today)
        return [
            one.params["item"].removeprefix("chain.item.")
            for one in gate.reasons(found, stage)
            if one.code == "gate.missing"
        ]


def report_on(work, batch, number="DEMO-1", **changes):
    """A passing report on this batch by the demo laboratory."""
    item = {"name": "水分", "method": "示范方法", "result": "70", "unit": "%", "limit": "≤78"}
    said = {"kind": "laboratory", "number": number, "laboratory": "示范检测中心", "sample": ""}
    day = {"tested_on": make.MONDAY.date()}
    return lab_reports.record_one(make.by_abattoir(work), batch.id, said | day | {"items": [item]} | changes)


def promised(work, batch, state="valid"):
    row = Commitment(
        number=f"C-{batch.lot}",
        code=random_text(16),
        batch_id=batch.id,
        enterprise_id=batch.holder_id,
        style="producer",
        bases=["controlled"],
        product="示范产品",
        quantity_kg=batch.total_kg,
        origin="示范产地",
        party="示范主体",
        issued_on=make.MONDAY.date(),
        keep_until=make.MONDAY.date() + timedelta(days=200),
        state=state,
        digest="0" * 64,
        issued_at=make.MONDAY,
        issued_by=PRODUCER.username,
    )
    work.session.add(row)
    work.session.flush()
    return row


@pytest.fixture
def work(database):
    with database.writing() as session:
        yield make.work(session)


def called(session, code):
    """The licensed product bears this code from now on, and with it that profile."""
    for other in session.exec(select(Product).where(Product.code == code)):
        other.code = f"other-{code}"
    session.flush()
    session.get_one(Product, session.exec(select(Batch)).one().product_id).code = code
    session.flush()


def grown(work, code):
    """A harvest and goods made of it for the product, with nothing on record yet; the lamb's licence serves."""
    session = work.session
    called(session, code)
    root = make.a_batch_from(session, {}, lot="ROOT", holder_id="abattoir", kg="50")
    packed = make.a_batch_from(session, {root.id: "40"}, lot="PACKED", holder_id="abattoir", kg="38")
    for one in (root, packed):
        one.producer_id = one.licensee_id = "cooperative"
        one.kind = "split"
    session.flush()
    return Goods(work, root, packed)


def packing(goods):
    line = PackLine(
        batch_id=goods.packed.id,
        cut="示范包装",
        net_kg=Decimal("0.5"),
        packs=4,
        packed_on=make.MONDAY.date(),
        shelf_life_days=90,
        storage="常温",
    )
    goods.work.session.add(line)
    goods.packed.used_kg = Decimal(2)
    data = {"day": "2026-09-14", "packs": 4, "total_kg": "2"}
    events.record(make.by_abattoir(goods.work), goods.packed, EventKind.PACKING, event_time=make.MONDAY, data=data)
    return line


def colour(goods, line, signer):
    """The verdict on a pack of this line, bought and put on today."""
    doing = make.Work(goods.work.session, make.actor(goods.work.session, PRODUCER), make.MONDAY, "test")
    order = labels.order(doing, signer, pack_line_id=line.id, packs=1)
    make.a_release(doing, order)
    labels.activate(doing, order.id, first=1, last=1)
    label = goods.work.session.exec(select(Label).where(Label.order_id == order.id)).one()
    code = UnitCode(goods.packed.code, label.serial)
    return read_address(f"{path(code)}?s={order.kid}.{label.signature}")


def verdict(goods, reading):
    found = verify(goods.work.session, make.ORIGIN, reading, goods.work.today).verdict
    return found.colour.value, [one.code for one in found.reasons if one.weight.value != "green"]


@pytest.mark.parametrize("code", GROWN)
def test_what_is_grown_opens_step_by_step_and_its_verdict_falls_with_what_it_lost(work, tmp_path, code):
    goods = grown(work, code)
    items = shipped(RuleKind.COMPLETENESS, code).content["items"]
    needed = {one for one, stage in items.items() if stage != "shown"}
    assert set(goods.missing()) == needed
    steps = {
        "harvest": lambda: setattr(goods.root, "kind", "harvest"),
        "processing": lambda: setattr(goods.packed, "kind", "made"),
        "laboratory_report": lambda: report_on(work, goods.packed),
        "commitment_certificate": lambda: promised(work, goods.packed),
    }
    line = packing(goods)
    needed -= {"packing"}
    for item, step in steps.items():
        step()
        work.session.flush()
        needed -= {item}
        assert set(goods.missing()) == needed
        assert set(goods.missing(Stage.PACK)) == {one for one in needed if items[one] == "pack"}
    reading = colour(goods, line, make.a_signer(tmp_path))
    assert verdict(goods, reading) == ("green", [])
    report = work.session.exec(select(LabReport).where(LabReport.batch_id == goods.packed.id)).one()
    issuer = make.work(work.session, make.actor(work.session, LABORATORY))
    report_steps.step(issuer, report.id, "contest", version=report.version, comment="示范：未出具")
    assert verdict(goods, reading) == ("amber", ["verdicts.chain_incomplete"])


@pytest.mark.parametrize("code", GROWN)
def test_every_item_of_a_grown_profile_can_be_there(work, code):
    goods = grown(work, code)
    goods.root.kind, goods.packed.kind = "harvest", "made"
    goods.root.place_id = make.a_place(work).id
    packing(goods)
    report_on(work, goods.root)
    promised(work, goods.packed)
    assert all(one.there for one in completeness.lines(work.session, goods.packed))


@pytest.mark.parametrize("code", ["lamb", "beef"])
def test_what_is_slaughtered_opens_step_by_step(work, tmp_path, code):
    session = work.session
    called(session, code)
    batch = session.exec(select(Batch)).one()
    items = shipped(RuleKind.COMPLETENESS, code).content["items"]
    goods = Goods(work, batch, batch)
    assert goods.missing() == []
    there = {one.item.value for one in completeness.lines(session, batch) if one.there}
    assert there == {one for one, stage in items.items() if stage != "shown"}
    for kind in (EventKind.ANTE_MORTEM, EventKind.PH, EventKind.AGEING):
        events.record(make.by_abattoir(work), batch, kind, event_time=make.MONDAY, data={})
    there |= {"ante_mortem", "ph", "ageing"}
    assert {one.item.value for one in completeness.lines(session, batch) if one.there} == there
    paper = quarantine.declare(
        make.work(session, make.actor(session, PRODUCER)),
        "cooperative",
        form="product_b",
        number="示范-1",
        valid_days=1,
        upload=None,
        county_code="150824",
        issued_on=make.MONDAY.date(),
        goods="示范胴体",
        quantity=Decimal(3000),
        from_place="示范厂",
        to_place="示范市",
    )
    own = make.work(session, make.actor(session, PRODUCER))
    before = batch.version
    quarantine.use(own, paper.id, "batch", batch.id, Decimal(100), make.MONDAY.date())
    session.refresh(batch)
    assert batch.version == before + 1
    there |= {"quarantine"}
    assert {one.item.value for one in completeness.lines(session, batch) if one.there} == there
    quarantine.see(
        make.work(session, make.actor(session, INSPECTOR)),
        paper.id,
        confirmed=False,
        note="示范",
        version=paper.version,
    )
    assert {one.item.value for one in completeness.lines(session, batch) if one.there} == there - {"quarantine"}
    line = session.exec(select(PackLine).where(PackLine.batch_id == batch.id).order_by(PackLine.id)).first()
    reading = colour(goods, line, make.a_signer(tmp_path))
    assert verdict(goods, reading) == ("green", [])
    report = session.exec(select(LabReport).where(LabReport.batch_id == batch.id)).one()
    issuer = make.work(session, make.actor(session, LABORATORY))
    report_steps.step(issuer, report.id, "contest", version=report.version, comment="示范：未出具")
    assert (goods.missing(), verdict(goods, reading)[0]) == (["laboratory_report"], "amber")
    with pytest.raises(AppError) as refused:
        labels.order(own, make.a_signer(tmp_path), pack_line_id=line.id, packs=1)
    assert [one.code for one in refused.value.faults] == ["gate.missing"]
