"""Reads the audit trail: of everything, or of one object."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, func, select

from brand.kernel.audit import AuditEntry
from brand.kernel.paging import Page, page

#: The act of being refused: nothing was changed, and who asked for what is kept.
REFUSED = "access.refused"


def trail(
    session: Session,
    *,
    object_id: str | tuple[str, ...] = "",
    action: str = "",
    person_id: str = "",
    number: int = 1,
    refusals: bool = False,
) -> Page[AuditEntry]:
    """Entries newest first; ``action`` matches from its start, so ``licences.`` finds all about licences.

    What somebody was refused stands in a record's own history only where asked for: it changed nothing, and may have
    been tried by people who are strangers to those who read that history.
    """
    statement = select(AuditEntry).order_by(col(AuditEntry.at).desc(), col(AuditEntry.id))
    if object_id:
        wanted = (object_id,) if isinstance(object_id, str) else object_id
        statement = statement.where(col(AuditEntry.object_id).in_(wanted))
    if person_id:
        statement = statement.where(AuditEntry.person_id == person_id)
    if action:
        statement = statement.where(col(AuditEntry.action).startswith(action, autoescape=True))
    if not refusals:
        statement = statement.where(AuditEntry.action != REFUSED)
    return page(session, statement, number, size=50)


def refusals_since(session: Session, person_id: str, since: datetime) -> int:
    """How many refusals of this person are written down since that moment."""
    statement = select(func.count()).where(AuditEntry.action == REFUSED, AuditEntry.person_id == person_id)
    return session.exec(statement.where(AuditEntry.at > since)).one()
