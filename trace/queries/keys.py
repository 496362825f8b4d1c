"""Reads the public halves of all keys as the world fetches them, each with its state and how long it is published."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from sqlmodel import Session, col, select

from brand.models.statement_keys import StatementKey
from brand.queries import statement_keys
from trace.crypto import keys
from trace.crypto.published_keys import PublishedKey
from trace.models.batches import PackLine
from trace.models.labels import LabelOrder, SigningKey
from trace.rules.labels import kept_from, kept_until, quarter_window, year_window


def published(session: Session) -> list[PublishedKey]:
    """Every key that ever spoke for goods or for the office, each with its state.

    A distrusted one stays in the list, because what the log tells of before its cut is still checked with it.
    """
    last_days = _last_good_days(session)
    rows = session.exec(select(SigningKey).order_by(SigningKey.kid))
    return [*_of_the_office(session), *(_of_labels(row, last_days.get(row.kid)) for row in rows)]


def of_quarter(session: Session, enterprise_id: str, quarter: str) -> SigningKey | None:
    """The newest key of an enterprise in a quarter, whatever its state."""
    mine = select(SigningKey).where(SigningKey.enterprise_id == enterprise_id, SigningKey.quarter == quarter)
    return session.exec(mine.order_by(col(SigningKey.number).desc()).limit(1)).first()


def of_year(session: Session, year: int) -> StatementKey | None:
    """The newest key of the office in a year, whatever its state."""
    mine = select(StatementKey).where(StatementKey.year == year)
    return session.exec(mine.order_by(col(StatementKey.number).desc()).limit(1)).first()


def signing(session: Session, quarter: str) -> list[str]:
    """Enterprises whose key of a quarter is in use."""
    mine = select(SigningKey.enterprise_id).where(SigningKey.quarter == quarter, SigningKey.state == "active")
    return sorted(set(session.exec(mine)))


def _of_labels(row: SigningKey, last_good_day: date | None) -> PublishedKey:
    public = keys.public_key(row.public_key)
    window = quarter_window(row.quarter)[0], kept_until(row.quarter, last_good_day)
    return PublishedKey(row.kid, public, *window, row.state, row.distrusted_from)


def _of_the_office(session: Session) -> list[PublishedKey]:
    last_days = statement_keys.last_days(session)
    rows = session.exec(select(StatementKey).order_by(StatementKey.kid))
    return [
        PublishedKey(
            row.kid,
            keys.public_key(row.public_key),
            year_window(row.year)[0],
            kept_from(year_window(row.year)[1], last_days.get(row.kid)),
            row.state,
            row.distrusted_from,
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
