"""What waits for a person in both halves; the desk shows it."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from brand.kernel.actors import Actor
from brand.queries import desk
from brand.queries.desk import Waiting


def waiting(session: Session, actor: Actor, today: date) -> list[Waiting]:
    """Everything that waits for this person, in no particular order."""
    return [*desk.enterprises_waiting(session, actor)]
