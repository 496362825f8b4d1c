"""Reads programmes of free tests and the requests under them, who may ask for which batch, and what is open to whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from brand.kernel.actors import Actor
from brand.kernel.clock import local_day
from brand.kernel.errors import unknown
from brand.kernel.paging import Page, page
from brand.models.enterprises import Enterprise
from brand.models.schemes import Product
from brand.queries.lookups import by_id
from brand.queries.open_steps import OpenStep, open_steps
from trace.models.batches import Batch
from trace.models.free_tests import FreeTest, TestProgramme
from trace.models.quality import LabReport
from trace.queries import quality_lists
from trace.rules.free_tests import FLOW, PROGRAMME
from trace.rules.lab_reports import Status, TestKind


@dataclass(frozen=True)
class Entry:
    """One request with what it is about."""

    test: FreeTest
    programme: TestProgramme
    enterprise: Enterprise
    batch: Batch
    product: Product


def party(actor: Actor, batch: Batch) -> str | None:
    """For which of a batch's enterprises this person may ask; None where for none.

    Any of them may be the one who sells the goods online: who grew them, has them, bears the licence, or made them.
    """
    parties = (batch.producer_id, batch.holder_id, batch.licensee_id, batch.maker_id)
    return next((one for one in parties if actor.may("free_tests.ask", one)), None)


def programmes(session: Session) -> Sequence[TestProgramme]:
    """Every programme, the latest first."""
    return session.exec(select(TestProgramme).order_by(col(TestProgramme.opens_on).desc(), TestProgramme.id)).all()


def running(session: Session, today: date) -> list[TestProgramme]:
    """Programmes under which one may ask today."""
    within = (TestProgramme.state == "open", TestProgramme.opens_on <= today, TestProgramme.closes_on >= today)
    return list(session.exec(select(TestProgramme).where(*within).order_by(TestProgramme.name)))


def programme_steps(one: TestProgramme, actor: Actor) -> list[OpenStep]:
    """What this person could do with a programme now."""
    known = {"person_id": actor.person_id, "written_by": one.written_by}
    return list(open_steps(PROGRAMME, one.state, actor, None, known, ()))


def listing(session: Session, actor: Actor, *, state: str = "", number: int = 1, size: int = 25) -> Page[Entry]:
    """Requests within reach, the latest first; ``state`` empty for all."""
    statement = _within_reach(actor)
    if state:
        statement = statement.where(FreeTest.state == state)
    found = page(session, statement.order_by(col(FreeTest.asked_at).desc(), col(FreeTest.id)), number, size)
    return Page(_entries(session, found.rows), found.number, found.size, found.total)


def find(session: Session, actor: Actor, free_test_id: str) -> Entry:
    """One request; raises ``access.unknown``."""
    found = session.exec(_within_reach(actor).where(FreeTest.id == free_test_id)).first()
    if found is None:
        raise unknown()
    return _entries(session, [found])[0]


def of_batch(session: Session, batch_id: str) -> Sequence[FreeTest]:
    """The requests for a batch, the latest first; whoever asks has been let in to the batch."""
    return session.exec(
        select(FreeTest).where(FreeTest.batch_id == batch_id).order_by(col(FreeTest.asked_at).desc())
    ).all()


def steps(entry: Entry, actor: Actor, today: date) -> list[OpenStep]:
    """What this person could do with a request now; reason and report are still to be typed."""
    test, programme = entry.test, entry.programme
    known = {
        "person_id": actor.person_id,
        "asked_by": test.asked_by,
        "opens_on": programme.opens_on,
        "closes_on": programme.closes_on,
        "today": today,
    }
    typed = [guard for step in FLOW.steps if step.action in ("refuse", "finish") for guard in step.guards]
    return list(open_steps(FLOW, test.state, actor, test.enterprise_id, known, typed))


def finishing_reports(session: Session, test: FreeTest) -> list[LabReport]:
    """Reports on its batch that a request can end with."""
    return [one for one in quality_lists.of_batch(session, test.batch_id) if finishes(one, test)]


def finishes(report: LabReport, test: FreeTest) -> bool:
    """A laboratory's report that nobody contests, of a test made since it was asked for: what was tested before is not
    what the programme pays for. Whether it passes does not matter.
    """
    uncontested = report.status in (Status.DECLARED, Status.CONFIRMED)
    return report.kind == TestKind.LABORATORY and uncontested and report.tested_on >= local_day(test.asked_at)


def waiting(session: Session, states: Collection[str], most: int) -> Sequence[tuple[FreeTest, TestProgramme]]:
    """Requests in these states with their programme, oldest first."""
    joined = select(FreeTest, TestProgramme).join(TestProgramme, col(TestProgramme.id) == col(FreeTest.programme_id))
    chosen = joined.where(col(FreeTest.state).in_(states))
    return session.exec(chosen.order_by(col(FreeTest.asked_at)).limit(most)).all()


def _entries(session: Session, rows: Collection[FreeTest]) -> list[Entry]:
    batches = by_id(session, Batch, {one.batch_id for one in rows})
    products = by_id(session, Product, {one.product_id for one in batches.values()})
    enterprises = by_id(session, Enterprise, {one.enterprise_id for one in rows})
    opened = by_id(session, TestProgramme, {one.programme_id for one in rows})
    return [
        Entry(
            one,
            opened[one.programme_id],
            enterprises[one.enterprise_id],
            batches[one.batch_id],
            products[batches[one.batch_id].product_id],
        )
        for one in rows
    ]


def _within_reach(actor: Actor) -> SelectOfScalar[FreeTest]:
    reach = actor.reach("quality.read")
    statement = select(FreeTest)
    return statement if reach is None else statement.where(col(FreeTest.enterprise_id).in_(reach))
