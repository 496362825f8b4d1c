"""What the demo county tests and looks at: a sample under seal, a look at the goods, free tests, a limit that waits."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from sqlmodel import select

from brand.kernel import uploads
from brand.kernel.work import Work
from trace.cli.demo_papers import demo_paper
from trace.models.batches import Batch
from trace.models.free_tests import TestProgramme
from trace.rules.checklists import checklists
from trace.services import checks, free_tests, limits, samples

_LARGEST = 10_000
_SOURCE = "杭锦旗方案：项目期内免费提供网销农产品检测检验服务；名额为示范"


def sealed(work: Work) -> None:
    """The inspector takes a sample with a spare half."""
    samples.take(
        work,
        _batch(work).id,
        seal="示范封样-0001",
        where="示范冷库 2 号间",
        quantity=Decimal("0.5"),
        unit="kg",
        spare=True,
        taken_at=work.now - timedelta(minutes=20),
    )


def looked_at(work: Work) -> None:
    """The inspector looks at goods and packing, and finds nothing."""
    asked = checklists()["goods"]
    photo = uploads.take("示范-检查照片.pdf", demo_paper("demo check of goods"), most=_LARGEST)
    checks.record(
        work,
        _batch(work).id,
        checklist=asked.code,
        where="示范包装间",
        checked_on=work.today,
        answers={one.code: "yes" for one in asked.questions},
        words="实物与登记相符（示范）。",
        uploads=[photo],
    )


def programme(work: Work) -> None:
    """The clerk proposes this year's free tests."""
    free_tests.propose(
        work,
        name="网销农产品免费检测（示范）",
        name_en="Free tests of farm products sold online (demo)",
        opens_on=date(work.today.year, 1, 1),
        closes_on=date(work.today.year, 12, 31),
        quota=60,
        source=_SOURCE,
        source_en="Plan of Hanggin: free tests of farm products sold online; the quota is for show",
        confidence="D",
    )


def opened(work: Work) -> None:
    one = work.session.exec(select(TestProgramme)).one()
    free_tests.step_programme(work, one.id, "approve", version=one.version)


def asked_for(work: Work) -> None:
    """The cooperative asks for its batch."""
    one = work.session.exec(select(TestProgramme)).one()
    given = {"items": "兽药残留、挥发性盐基氮", "sold_at": "示范网店"}
    free_tests.ask(work, _batch(work).id, test_programme_id=one.id, **given)


def limit(work: Work) -> None:
    """The clerk enters a limit, which waits for the approver."""
    limits.propose(
        work,
        kind="lamb",
        item="示范检测项目",
        limit="10",
        unit="μg/kg",
        source="示范出处，演示用",
        source_en="A source for show",
        confidence="D",
        valid_from=work.today,
    )


def _batch(work: Work) -> Batch:
    """The batch of the slaughter day of lambs."""
    return work.session.exec(select(Batch).where(Batch.lot == "20260912A")).one()
