"""Hands out the numbers an office writes on its papers: counted per kind and year, without gaps or twins."""

from __future__ import annotations

from sqlalchemy import text
from sqlmodel import Field, SQLModel

from brand.kernel.work import Work

#: The letter in front tells an application from a notice, a licence, a label order or a complaint at a glance.
PREFIXES = {
    "applications": "A",
    "notices": "N",
    "licences": "L",
    "labels": "B",
    "complaints": "C",
    "endorsements": "E",
    "holds": "H",
    "appeals": "S",
    "commitments": "Q",
    "free_tests": "T",
    "recalls": "R",
    "drills": "D",
    "shipments": "W",
    "field_findings": "F",
}

# One statement on both databases; it holds the row until commit, so a number is never given twice and a rolled-back
# transaction gives its number back.
_NEXT = text(
    "INSERT INTO number_series (kind, year, last) VALUES (:kind, :year, :count) "
    "ON CONFLICT (kind, year) DO UPDATE SET last = number_series.last + :count RETURNING last"
)


class NumberSeries(SQLModel, table=True):
    """The last number given out for one kind of paper in one year."""

    __tablename__ = "number_series"

    kind: str = Field(primary_key=True, max_length=20)
    year: int = Field(primary_key=True)
    last: int


def next_number(work: Work, kind: str) -> str:
    """The next number of this kind in the running year, e.g. ``L2026-0007``; ``kind`` is a topic of PREFIXES."""
    return next_numbers(work, kind, 1)[0]


def next_numbers(work: Work, kind: str, count: int) -> list[str]:
    """So many of them, one behind the other."""
    year = work.today.year
    last = _counted(work, kind, year, count)
    return [f"{PREFIXES[kind]}{year}-{number:04d}" for number in range(last - count + 1, last + 1)]


def count_up(work: Work, kind: str) -> int:
    """The next whole number of a kind that is counted for ever, from 1."""
    return _counted(work, kind, 0, 1)


def _counted(work: Work, kind: str, year: int, count: int) -> int:
    last: int = work.session.connection().execute(_NEXT, {"kind": kind, "year": year, "count": count}).scalar_one()
    return last
