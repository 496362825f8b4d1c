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
    "INSERT INTO number_series (kind, year, last) VALUES (:kind, :year, 1) "
    "ON CONFLICT (kind, year) DO UPDATE SET last = number_series.last + 1 RETURNING last"
)


class NumberSeries(SQLModel, table=True):
    """The last number given out for one kind of paper in one year."""

    __tablename__ = "number_series"

    kind: str = Field(primary_key=True, max_length=20)
    year: int = Field(primary_key=True)
    last: int


def next_number(work: Work, kind: str) -> str:
    """The next number of this kind in the running year, e.g. ``L2026-0007``; ``kind`` is a topic of PREFIXES."""
    year = work.today.year
    last = work.session.connection().execute(_NEXT, {"kind": kind, "year": year}).scalar_one()
    return f"{PREFIXES[kind]}{year}-{last:04d}"


def count_up(work: Work, kind: str) -> int:
    """The next whole number of a kind that is counted for ever, from 1."""
    last: int = work.session.connection().execute(_NEXT, {"kind": kind, "year": 0}).scalar_one()
    return last
