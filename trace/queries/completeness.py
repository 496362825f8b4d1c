"""Reads which steps and papers a chain has, the way back to its beginnings included."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import Session, col, select

from brand.queries import product_rules
from brand.rules.product_rules import Item, RuleKind, Stage
from trace.models.batches import Batch
from trace.models.events import Event
from trace.models.quality import LabReport
from trace.rules.completeness import Line, evaluate, missing
from trace.rules.events import EventKind

_OF_EVENTS: Mapping[EventKind, Item] = {
    EventKind.ANTE_MORTEM: Item.ANTE_MORTEM,
    EventKind.SLAUGHTERING: Item.SLAUGHTERING,
    EventKind.GRADING: Item.GRADING,
    EventKind.CHILLING: Item.CHILLING,
    EventKind.AGEING: Item.AGEING,
    EventKind.PH: Item.PH,
    EventKind.CUTTING: Item.CUTTING,
    EventKind.PACKING: Item.PACKING,
}


def lines(session: Session, batch: Batch) -> tuple[Line, ...]:
    """What the batch's product asks for today, there or missing."""
    rule = product_rules.in_force(session, batch.product_id, RuleKind.COMPLETENESS)
    return evaluate(rule.content, there(session, batch.id))


def needed_missing(session: Session, batch: Batch) -> int:
    """How many steps and papers are missing that labels need."""
    return len(missing(lines(session, batch), Stage.LABEL))


def there(session: Session, batch_id: str) -> frozenset[Item]:
    """Steps and papers on record for the batch."""
    history = [batch_id]
    kinds = session.exec(select(Event.kind).where(col(Event.batch_id).in_(history)).distinct()).all()
    found = {_OF_EVENTS[EventKind(kind)] for kind in kinds if kind in _OF_EVENTS}
    passed = select(LabReport.id).where(col(LabReport.batch_id).in_(history), col(LabReport.passed)).limit(1)
    if session.exec(passed).first() is not None:
        found.add(Item.LABORATORY_REPORT)
    return frozenset(found)
