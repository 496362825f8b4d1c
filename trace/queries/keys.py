"""Reads the public halves of label keys as the world fetches them, each with the time it is published for."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from sqlmodel import Session, col, select

from trace.crypto import keys
from trace.crypto.published_keys import PublishedKey
from trace.models.batches import PackLine
from trace.models.labels import LabelOrder, SigningKey
from trace.rules.labels import kept_until, quarter_window


def published(session: Session) -> list[PublishedKey]:
    """Every key that may still speak for goods; a distrusted one is withdrawn from the list."""
    last_days = _last_good_days(session)
    rows = session.exec(select(SigningKey).where(SigningKey.state == "active").order_by(SigningKey.kid))
    return [
        PublishedKey(
            row.kid,
            keys.public_key(row.public_key),
            quarter_window(row.quarter)[0],
            kept_until(row.quarter, last_days.get(row.kid)),
        )
        for row in rows
    ]


def _last_good_days(session: Session) -> dict[str, date]:
    statement = (
        select(col(LabelOrder.kid), col(PackLine.packed_on), col(PackLine.shelf_life_days))
        .join(PackLine, col(PackLine.id) == col(LabelOrder.pack_line_id))
        .distinct()
    )
    ends: dict[str, list[date]] = defaultdict(list)
    for kid, packed_on, days in session.exec(statement):
        ends[kid].append(packed_on + timedelta(days=days))
    return {kid: max(found) for kid, found in ends.items()}
