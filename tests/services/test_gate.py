"""The release gate on real records: packing, label orders and activation are refused with every reason, then open."""

import pytest

from brand.kernel.errors import AppError
from brand.rules.product_rules import RuleKind, Stage
from brand.services import scheme_changes
from tests import make
from tests.people import APPROVER, CLERK, PRODUCER
from trace.models.imports import SheetKind
from trace.queries import gate as reads
from trace.rules import gate
from trace.services import imports, labels

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
