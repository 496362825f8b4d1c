"""Finds rows by a piece of a name or by the first letters of its syllables; every list that is searched asks here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col

from brand.rules import pinyin


def containing(text: str, columns: Iterable[Any]) -> ColumnElement[bool]:
    """Whether one of the columns holds the text, in any case."""
    return or_(*(col(one).icontains(text, autoescape=True) for one in columns))


def by_initials(session: Session, text: str, names: Iterable[tuple[Any, Any]]) -> list[ColumnElement[bool]]:
    """One condition per (key column, select of key and name) on names whose syllables begin with these letters.

    None where the text is no row of letters. Read from the names themselves, so nothing can go stale.
    """
    letters = pinyin.wanted(text)
    if letters is None:
        return []
    return [
        col(key).in_([one for one, name in session.execute(rows) if pinyin.matches(name, letters)])
        for key, rows in names
    ]
