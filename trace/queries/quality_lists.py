"""Lists test reports: those within reach, those of one batch, and those that could answer a retest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, or_, select

from brand.kernel.actors import Actor
from brand.kernel.paging import Page, page
from brand.queries.lookups import by_id
from trace.models.batches import Batch
from trace.models.quality import LabReport
from trace.queries.batches import HANDS
from trace.queries.quality import names_of_laboratories
from trace.rules.lab_reports import Relief, Status, TestKind
from trace.rules.look_alikes import one_spelling


@dataclass(frozen=True)
class Row:
    """A report with the batch it is on."""

    report: LabReport
    batch: Batch


def listing(
    session: Session, actor: Actor, *, text: str = "", state: str = "", number: int = 1, size: int = 25
) -> Page[Row]:
    """Reports within reach, the latest first; ``state`` is declared, contested or failing; empty for all."""
    statement = select(LabReport).join(Batch, col(Batch.id) == col(LabReport.batch_id))
    reach = actor.reach("quality.read")
    if reach is not None:
        named = col(LabReport.laboratory_key).in_(names_of_laboratories(session, actor))
        own = col(LabReport.enterprise_id).in_(reach)
        statement = statement.where(or_(own, named, *(hand.in_(reach) for hand in HANDS)))
    if text:
        key = one_spelling(text)
        written = (col(LabReport.number_key).contains(key), col(LabReport.laboratory_key).contains(key))
        statement = statement.where(or_(*written, col(Batch.lot).contains(text, autoescape=True)))
    if state:
        statement = statement.where(*_in_state(state))
    ordered = statement.order_by(col(LabReport.received_at).desc(), col(LabReport.id))
    found = page(session, ordered, number, size)
    batches = by_id(session, Batch, {one.batch_id for one in found.rows})
    rows = [Row(one, batches[one.batch_id]) for one in found.rows]
    return Page(rows, found.number, found.size, found.total)


def _in_state(state: str) -> tuple[Any, ...]:
    if state != "failing":
        return (LabReport.status == state,)
    holding = col(LabReport.relief).in_([Relief.NONE, Relief.ASKED])
    return (col(LabReport.passed).is_(False), LabReport.status != Status.REJECTED, holding)


def of_batch(session: Session, batch_id: str) -> Sequence[LabReport]:
    """The reports on a batch in the order of testing; whoever asks has been let in to the batch."""
    held = select(LabReport).where(LabReport.batch_id == batch_id)
    return session.exec(held.order_by(col(LabReport.tested_on), col(LabReport.number))).all()


def retest_candidates(session: Session, report: LabReport) -> list[LabReport]:
    """Laboratory reports on the same batch that are not older than this one, by another laboratory."""
    return [
        one
        for one in of_batch(session, report.batch_id)
        if one.kind == TestKind.LABORATORY
        and one.laboratory_key != report.laboratory_key
        and one.tested_on >= report.tested_on
    ]
