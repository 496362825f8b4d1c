"""Pages of a long list: the address is the state, and the next page never repeats a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func
from sqlmodel import Session, select

T = TypeVar("T")
PAGE_SIZE = 25
LARGEST_PAGE = 200


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of rows; ``number`` counts from 1."""

    rows: Sequence[T]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))


def page(session: Session, statement: Select[Any], number: int = 1, size: int = PAGE_SIZE) -> Page[Any]:
    """Run an ordered select for one page of single entities."""
    size = min(max(size, 1), LARGEST_PAGE)
    total = session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    number = min(max(number, 1), max(1, -(-total // size)))
    rows = session.scalars(statement.limit(size).offset((number - 1) * size)).all()
    return Page(rows, number, size, total)
