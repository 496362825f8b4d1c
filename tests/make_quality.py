"""Makes programmes of free tests, requests and reports for tests, through the services."""

from __future__ import annotations

from datetime import date
from typing import Any

from brand.kernel.work import Work
from tests import make
from tests.people import APPROVER, CLERK, PRODUCER
from trace.models.free_tests import FreeTest, TestProgramme

#: A programme as the office writes it.
PROGRAMME: dict[str, Any] = {
    "name": "示范免费检测项目",
    "name_en": "Demo programme",
    "opens_on": date(2026, 9, 1),
    "closes_on": date(2026, 12, 31),
    "quota": 2,
    "source": "示范方案：项目期内网销农产品免费检测",
    "confidence": "D",
}
ASKED = {"items": "兽药残留", "sold_at": "示范网店"}


def a_programme(work: Work, *, approved: bool = True, **changes: Any) -> TestProgramme:
    """Proposed by the clerk and, unless told otherwise, opened by the approver."""
    from trace.services import free_tests

    clerk = Work(work.session, make.actor(work.session, CLERK), work.now, "test")
    made = free_tests.propose(clerk, **PROGRAMME | changes)
    if approved:
        second = Work(work.session, make.actor(work.session, APPROVER), work.now, "test")
        free_tests.step_programme(second, made.id, "approve", version=1)
    return made


def a_request(work: Work, batch_id: str, programme: TestProgramme, **changes: Any) -> FreeTest:
    """Asked for by the cooperative's clerk, for a batch of hers."""
    from trace.services import free_tests

    producer = Work(work.session, make.actor(work.session, PRODUCER), work.now, "test")
    return free_tests.ask(producer, batch_id, test_programme_id=programme.id, **ASKED | changes)
