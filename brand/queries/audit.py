"""Reads the audit trail: of everything, or of one object."""

from __future__ import annotations

from sqlmodel import Session, col, select

from brand.kernel.audit import AuditEntry
from brand.kernel.paging import Page, page


def trail(
    session: Session, *, object_id: str | tuple[str, ...] = "", action: str = "", person_id: str = "", number: int = 1
) -> Page[AuditEntry]:
    """Entries newest first; ``action`` matches from its start, so ``licences.`` finds all about licences."""
    statement = select(AuditEntry).order_by(col(AuditEntry.at).desc(), col(AuditEntry.id))
    if object_id:
        wanted = (object_id,) if isinstance(object_id, str) else object_id
        statement = statement.where(col(AuditEntry.object_id).in_(wanted))
    if person_id:
        statement = statement.where(AuditEntry.person_id == person_id)
    if action:
        statement = statement.where(col(AuditEntry.action).startswith(action, autoescape=True))
    return page(session, statement, number, size=50)
