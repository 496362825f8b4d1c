"""Fetches many rows by their ids at once, so that a list costs a handful of look-ups however long it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from sqlmodel import Session, SQLModel, col, select

Record = TypeVar("Record", bound=SQLModel)


def by_id(session: Session, model: type[Record], ids: Iterable[str], *, key: str = "id") -> dict[str, Record]:
    """The rows of one table with these ids; missing ones are simply absent. ``key`` names the column of the id."""
    column = col(getattr(model, key))
    return {getattr(row, key): row for row in session.exec(select(model).where(column.in_(set(ids))))}
