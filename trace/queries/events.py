"""Says which events still count: one that was withdrawn stays on record and means nothing more."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists
from sqlalchemy.orm import aliased
from sqlmodel import col

from trace.models.events import Event
from trace.rules.events import EventKind


def counts() -> Any:
    """The condition on events of batches that nobody has withdrawn."""
    later = aliased(Event)
    same = col(later.batch_id) == col(Event.batch_id)
    withdrawn = (col(later.corrects_id) == col(Event.id)) & (col(later.kind) == EventKind.WITHDRAWN.value)
    return ~exists().where(same, withdrawn)
