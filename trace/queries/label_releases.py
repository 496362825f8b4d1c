"""Reads to whom label orders were released."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from brand.models.accounts import Person
from trace.models.label_releases import LabelRelease


def of_order(session: Session, order_id: str) -> Sequence[tuple[LabelRelease, str]]:
    """Releases of an order, newest first, with the name of who released; for those whom the order concerns."""
    statement = (
        select(LabelRelease, Person.name)
        .join(Person, col(Person.id) == col(LabelRelease.released_by), isouter=True)
        .where(LabelRelease.order_id == order_id)
        .order_by(col(LabelRelease.released_at).desc(), col(LabelRelease.id))
    )
    return session.exec(statement).all()
