"""Finds an enterprise by what people write of it: its registered name or its credit code."""

from __future__ import annotations

from sqlmodel import Session, col, or_, select

from brand.models.enterprises import Enterprise, EnterpriseState


def named(session: Session, text: str) -> Enterprise | None:
    """The confirmed enterprise with exactly this name or credit code, if there is just one."""
    said = or_(col(Enterprise.name) == text, col(Enterprise.credit_code) == text)
    confirmed = select(Enterprise).where(Enterprise.state == EnterpriseState.CONFIRMED, said)
    found = session.exec(confirmed.limit(2)).all()
    return found[0] if len(found) == 1 else None
