"""The release gate on real records: packing, label orders and activation are refused with every reason, then open."""

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from brand.kernel.errors import AppError
from brand.rules.product_rules import RuleKind, Stage
from brand.services import scheme_changes
from tests import make, make_herds
from tests.people import APPROVER, CLERK, INSPECTOR, PRODUCER, RIVAL
from trace.models.devices import LoggerDevice
from trace.models.herds import Animal, AnimalId
from trace.models.imports import SheetKind
from trace.models.places import Place
from trace.models.quality import LabReport
from trace.queries import completeness, herds, recall_sets, subjects
from trace.queries import gate as reads
from trace.rules import gate
from trace.rules.events import EventKind
from trace.rules.holds import lot_key
from trace.services import care, events, holds, imports, lab_reports, labels, quarantine, report_steps
from trace.services.batches import Plan

pytestmark = pytest.mark.licensed

SAID = {"source": "示范文件第1条", "source_en": "", "confidence": "D", "reason": "示范"}


@pytest.fixture
def work(database):
    with database.writing() as session:
        yield make.work(session)


def codes(work, batch, stage):
    return [one.code for one in gate.reasons(reads.facts(work.session, batch, work.today), stage)]


def take(work, batch, kind):
    sheet = imports.read(kind, make.DAY_SHEETS[kind], make.sample(make.DAY_SHEETS[kind]))
    return imports.take(make.by_abattoir(work), sheet, batch.id)


def by(work, person):
    return make.Work(work.session, make.actor(work.session, person), work.now, "test")


def settle(work, kind, content):
    """A rule of lamb by the clerk and the approver."""
    change = scheme_changes.propose_rule(
        by(work, CLERK), make.a_product(work.session).id, kind, content=content, **SAID
    )
    return scheme_changes.step(by(work, APPROVER), change.id, "approve", version=change.version)


def test_the_gate_opens_step_by_step(work):
    batch = make.a_batch(work)
    assert codes(work, batch, Stage.PACK) == ["gate.missing"]
    with pytest.raises(AppError) as raised:
        take(work, batch, SheetKind.PACKING)
    assert raised.value.params["item"] == "chain.item.chilling"
    take(work, batch, SheetKind.CHILLING)
    assert codes(work, batch, Stage.PACK) == ["gate.breach_open"]
    make.answer_breaches(work, batch)
    take(work, batch, SheetKind.PACKING)
    assert codes(work, batch, Stage.LABEL) == ["gate.missing"]
    take(work, batch, SheetKind.LAB_REPORT)
    assert codes(work, batch, Stage.LABEL) == []


def test_labels_are_neither_ordered_nor_activated_while_something_stands_open(work, tmp_path):
    signer = make.a_signer(tmp_path)
    order = make.an_order(work, signer, packs=3, activated=False)
    batch = work.session.get_one(make.Batch, order.batch_id)
    make.a_breach(work, batch)
    line = make.a_pack_line(work)
    for act in (
        lambda: labels.order(by(work, PRODUCER), signer, pack_line_id=line.id, packs=1),
        lambda: labels.activate(by(work, PRODUCER), order.id, first=1, last=3),
    ):
        with pytest.raises(AppError) as raised:
            act()
        assert raised.value.code == "gate.breach_open"
    make.answer_breaches(work, batch)
    assert labels.activate(by(work, PRODUCER), order.id, first=1, last=3).changed == 3


def test_a_failed_report_shuts_the_gate(work):
    batch = make.a_packed_batch(work)
    head = "报告编号,样品批号,检测项目,方法,结果,单位,限量,判定,检测日期,检测机构"
    row = "DEMO-BAD,20260912A,水分,示范方法,79,%,≤78,不合格,2026-09-13,示范检测中心"
    upload = imports.read(SheetKind.LAB_REPORT, "bad.csv", f"{head}\n{row}".encode())
    imports.take(make.by_abattoir(work), upload, batch.id)
    assert codes(work, batch, Stage.LABEL) == ["holds.held", "gate.test_failed"]


def test_a_grade_rule_bounds_the_packs_by_the_weight_of_the_grade(work):
    batch = make.a_batch(work)
    take(work, batch, SheetKind.CHILLING)
    make.answer_breaches(work, batch)
    settle(work, RuleKind.BRAND_GRADE, {"least": "special"})
    with pytest.raises(AppError) as raised:
        take(work, batch, SheetKind.PACKING)
    assert raised.value.code == "gate.grade_too_low"
    assert (raised.value.params["packed"], raised.value.params["asked"]) == ("0", "2485.5")
    assert batch.used_kg == 0, "a refusal takes nothing"


def test_a_rule_needs_two_persons_and_judges_from_its_day(work):
    batch = make.a_packed_batch(work)
    wanted = {"items": {"quarantine": "label"}}
    lamb = make.a_product(work.session).id
    change = scheme_changes.propose_rule(by(work, CLERK), lamb, RuleKind.COMPLETENESS, content=wanted, **SAID)
    with pytest.raises(AppError):
        scheme_changes.step(by(work, CLERK), change.id, "approve", version=change.version)
    assert codes(work, batch, Stage.LABEL) == []
    scheme_changes.step(by(work, APPROVER), change.id, "approve", version=change.version)
    facts = reads.facts(work.session, batch, work.today)
    assert [(one.item.value, one.there) for one in facts.lines] == [("quarantine", False)]
    again = {"content": wanted, **SAID}
    with pytest.raises(AppError) as raised:
        scheme_changes.propose_rule(by(work, CLERK), lamb, RuleKind.COMPLETENESS, **again)
    assert raised.value.code == "scheme_changes.nothing"


def own_animals(work):
    """A batch of two carcasses of registered animals that grazed on a known place, and their herd."""
    own = by(work, PRODUCER)
    sheet = make.a_small_sheet(make.carcass_lines(2))
    make_herds.behind(own, list(sheet.sheet.rows))
    herd = herds.of_enterprise(work.session, "cooperative")[0]
    make_herds.grazes(own, herd, make.a_place(work).id, date(2026, 9, 3))
    make.a_licence(work)
    plan = Plan("abattoir", "cooperative", make.a_product(work.session).id, "20260912A")
    return imports.take(make.by_abattoir(work), sheet, plan), herd


def items(work, batch):
    return {one.value for one in completeness.there(work.session, batch.id)}


def test_animals_pastures_and_the_papers_of_their_herd_are_those_of_the_carcasses(work):
    batch, herd = own_animals(work)
    assert items(work, batch) == {"animals", "place", "slaughtering", "grading"}
    paper = quarantine.declare(
        by(work, PRODUCER),
        "cooperative",
        form="animal_b",
        number="示范-1",
        valid_days=1,
        upload=None,
        county_code="150824",
        issued_on=batch.made_on,
        goods="示范羊",
        quantity=Decimal(2),
        from_place="示范草场",
        to_place="示范厂",
    )
    quarantine.use(by(work, PRODUCER), paper.id, "herd", herd.id, Decimal(2), batch.made_on)
    assert "quarantine" in items(work, batch)
    part = make.a_batch_from(work.session, {batch.id: "5"}, lot="PART", holder_id="abattoir", kg="5")
    assert {"animals", "place", "quarantine", "slaughtering"} <= items(work, part)
    outside = make.a_batch_from(work.session, {}, lot="OUTSIDE", holder_id="abattoir", kg="5")
    mixed = {part.id: "2", outside.id: "2"}
    assert items(work, make.a_batch_from(work.session, mixed, lot="MIX", holder_id="abattoir", kg="4")) == {
        "processing"
    }, "goods without a history take that of the others away"


def test_a_treatment_told_after_the_slaughter_shuts_the_gate_of_everything_made_of_it(work):
    batch, herd = own_animals(work)
    part = make.a_batch_from(work.session, {batch.id: "5"}, lot="PART", holder_id="abattoir", kg="5")
    record = make_herds.treat(by(work, PRODUCER), herd, days=20, given_on=date(2026, 9, 5))
    for one in (batch, part):
        assert "gate.withdrawal" in codes(work, one, Stage.PACK)
    (found,) = reads.facts(work.session, part, work.today).withdrawals
    assert (found.head, found.medicine, found.last_day) == (2, "示范驱虫药", date(2026, 9, 25))
    care.strike(by(work, CLERK), record.id, reason="示范：写错了羊群")
    assert "gate.withdrawal" not in codes(work, part, Stage.PACK)


def test_what_failed_or_broke_its_limits_follows_into_every_part_until_somebody_answers(work):
    batch = make.a_packed_batch(work)
    part = make.a_batch_from(work.session, {batch.id: "5"}, lot="PART", holder_id="abattoir", kg="5")
    assert not set(codes(work, part, Stage.PACK)) & {"gate.breach_open", "gate.test_failed", "holds.held"}
    make.a_breach(work, batch)
    row = "DEMO-BAD,20260912A,水分,示范方法,79,%,≤78,不合格,2026-09-13,示范检测中心"
    head = "报告编号,样品批号,检测项目,方法,结果,单位,限量,判定,检测日期,检测机构"
    upload = imports.read(SheetKind.LAB_REPORT, "bad.csv", f"{head}\n{row}".encode())
    imports.take(make.by_abattoir(work), upload, batch.id)
    assert {"gate.breach_open", "gate.test_failed", "holds.held"} <= set(codes(work, part, Stage.PACK))
    make.answer_breaches(work, batch)
    report = work.session.exec(select(LabReport).where(LabReport.number == "DEMO-BAD")).one()
    report_steps.relieve(by(work, INSPECTOR), report.id, "ask_release", version=report.version, comment="示范：复查")
    report_steps.relieve(by(work, APPROVER), report.id, "release", version=report.version)
    assert not set(codes(work, part, Stage.PACK)) & {"gate.breach_open", "gate.test_failed", "holds.held"}


def test_a_rapid_test_is_no_laboratory_report(work):
    batch = make.a_batch(work)
    item = {"name": "克伦特罗", "method": "胶体金", "result": "阴性", "unit": "", "limit": ""}
    said = {"kind": "rapid", "number": "K-1", "laboratory": "示范检测中心", "sample": "", "items": [item]}
    report = lab_reports.record_one(make.by_abattoir(work), batch.id, said | {"tested_at": make.MONDAY})
    assert report.passed
    assert "laboratory_report" not in items(work, batch)


def test_a_lot_of_medicine_and_a_pasture_hold_what_came_of_their_animals(work):
    batch, herd = own_animals(work)
    part = make.a_batch_from(work.session, {batch.id: "5"}, lot="PART", holder_id="abattoir", kg="5")
    given = make_herds.treat(by(work, PRODUCER), herd, days=0, given_on=date(2026, 9, 5))
    key = lot_key(given.medicine_id, given.lot)
    assert subjects.lots(work.session, ["cooperative"]) == [(key, "示范驱虫药 示范批号01")]
    assert subjects.lots(work.session, ["rival"]) == []
    place = work.session.exec(select(Place)).one()
    for scope, at in (("medicine", key), ("place", place.id)):
        held = holds.place(by(work, PRODUCER), scope=scope, key=at, reason_code="other", words="示范")
        for one in (batch, part):
            assert "holds.held" in codes(work, one, Stage.PACK)
        holds.lift(by(work, PRODUCER), held.number, words="示范：已核")
        assert "holds.held" not in codes(work, part, Stage.PACK)
    with pytest.raises(AppError) as raised:
        holds.place(by(work, RIVAL), scope="medicine", key=key, reason_code="other", words="示范")
    assert raised.value.code == "access.unknown"
    theirs = make_herds.a_herd(by(work, RIVAL), enterprise="rival")
    make_herds.lambs(by(work, RIVAL), theirs, ["315082400000999"])
    make_herds.treat(by(work, RIVAL), theirs, days=0, given_on=date(2026, 9, 5))
    for person in (PRODUCER, RIVAL):
        with pytest.raises(AppError) as raised:
            holds.place(by(work, person), scope="medicine", key=key, reason_code="other", words="示范")
        assert raised.value.code == "access.unknown", "what others gave too only the office holds"
    assert holds.place(by(work, CLERK), scope="medicine", key=key, reason_code="other", words="示范").number


def test_recalls_begin_from_lots_recorders_and_any_number_of_an_animal(work):
    batch, _ = own_animals(work)
    animal = work.session.exec(select(Animal)).first()
    tag = work.session.exec(select(AnimalId).where(AnimalId.animal_id == animal.id)).one()
    older = {"animal_id": animal.id, "since": date(2026, 9, 1), "until": date(2026, 9, 2)}
    work.session.add(AnimalId(kind=tag.kind, value="315082400000999", **older))
    work.session.add(AnimalId(kind="own", scope="cooperative", value="A-17", **older))
    herd = herds.of_enterprise(work.session, "cooperative")[0]
    make_herds.treat(by(work, PRODUCER), herd, days=0, given_on=date(2026, 9, 5))
    work.session.add(
        LoggerDevice(enterprise_id="abattoir", serial="T-01", columns={}, used_at=make.MONDAY, used_by="abattoir")
    )
    data = {"device": "T-01"}
    events.record(make.by_abattoir(work), batch, EventKind.CHILLING, event_time=make.MONDAY, data=data)
    texts = [tag.value, "315082400000999", "牲畜 a-17", "animal: A-17", "兽药批号：示范批号01", "medicine 示范批号01"]
    starts = recall_sets.read_starts([*texts, "记录仪 T-01", "Recorder T-01"], ())
    named = recall_sets.named(work.session, starts)
    assert [one.key for one, found in zip(starts, named, strict=True) if found != {batch.id}] == []
    nothing = recall_sets.read_starts(["animal B-1", "medicine 无", "recorder X"], ())
    assert recall_sets.named(work.session, nothing) == [frozenset()] * 3
