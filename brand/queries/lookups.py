"""Fetches many rows by their ids at once, so that a list costs a handful of look-ups however long it is."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import bindparam, inspect
from sqlalchemy.orm.util import identity_key
from sqlmodel import Session, SQLModel, col, select

Record = TypeVar("Record", bound=SQLModel)


def by_id(session: Session, model: type[Record], ids: Iterable[str], *, key: str = "id") -> dict[str, Record]:
    """The rows of one table with these ids; missing ones are simply absent. ``key`` names the column of the id.

    Records that the session has in hand are not asked for again: within one snapshot they say the same.
    """
    wanted = set(ids)
    found = {one: row for one in wanted if (row := _in_hand(session, model, one)) is not None} if key == "id" else {}
    if len(found) < len(wanted):
        rows = session.exec(_some(model, key), params={"ids": wanted - found.keys()})
        found |= {getattr(row, key): row for row in rows}
    return found


def _in_hand(session: Session, model: type[Record], one: str) -> Record | None:
    row: Record | None = session.identity_map.get(identity_key(model, one))
    return row if row is not None and not inspect(row).expired else None


@cache
def _some(model: type[SQLModel], key: str) -> Any:
    return select(model).where(col(getattr(model, key)).in_(bindparam("ids", expanding=True)))
