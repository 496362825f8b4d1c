"""Rows without records, for what every act writes and reads: building them costs several times the statement.

An INSERT is put into the database's words once per table and columns; values are bound as their columns bind them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Column, CursorResult, Dialect, Executable, Table, insert
from sqlmodel import Session, SQLModel

Bind = Callable[[Any], Any]


@dataclass(frozen=True)
class _Form:
    """An INSERT in one database's words, and by place the values that are not handed over as they are."""

    text: str
    names: tuple[str, ...]
    binds: tuple[tuple[int, Bind, bool], ...]
    positional: bool


_FORMS: dict[tuple[str, str, tuple[str, ...]], _Form] = {}


def add(session: Session, model: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all name the same columns; a column nobody names gets what the database gives it.

    Rows that rest on records still waiting in the session need a flush before. Raises what a flush would raise.
    """
    if not rows:
        return
    connection = session.connection()
    form = _form(connection.dialect, model.__table__, tuple(rows[0]))  # type: ignore[attr-defined]
    bound = list(_bound(form, rows))
    connection.exec_driver_sql(form.text, bound if len(bound) > 1 else bound[0])


def run(session: Session, statement: Executable, **values: Any) -> CursorResult[*tuple[Any, ...]]:
    """Plain rows of a kept statement that has a place for each of ``values``; what waits in the session goes first.

    Records in hand learn nothing of what an UPDATE did.
    """
    if session.autoflush:
        session.flush()
    return session.connection().execute(statement, values)


def _bound(form: _Form, rows: Iterable[Mapping[str, Any]]) -> Iterable[Any]:
    """The rows as the driver takes them. Rows of one act share moments and flags: each value is bound once."""
    known = [(place, bind, _Once(bind) if once else None) for place, bind, once in form.binds]
    for row in rows:
        if len(row) != len(form.names):
            raise ValueError("rows of one list name the same columns")
        values = [row[name] for name in form.names]
        for place, bind, once in known:
            value = values[place]
            values[place] = bind(value) if once is None else once[value]
        yield tuple(values) if form.positional else dict(zip(form.names, values, strict=True))


class _Once(dict[Any, Any]):
    """What each value was bound to."""

    def __init__(self, bind: Bind) -> None:
        super().__init__()
        self._bind = bind

    def __missing__(self, value: Any) -> Any:
        found = self[value] = self._bind(value)
        return found


def _form(dialect: Dialect, table: Table, names: tuple[str, ...]) -> _Form:
    key = (dialect.name, table.name, names)
    found = _FORMS.get(key)
    if found is None:
        found = _FORMS[key] = _compiled(dialect, table, names)
    return found


def _compiled(dialect: Dialect, table: Table, names: tuple[str, ...]) -> _Form:
    compiled = insert(table).inline().compile(dialect=dialect, column_keys=list(names))
    columns = compiled.positiontup or names
    bound = [(place, table.c[name]) for place, name in enumerate(columns)]
    binds = tuple(
        (place, bind, not isinstance(column.type, JSON)) for place, column in bound if (bind := _bind(dialect, column))
    )
    return _Form(compiled.string, tuple(columns), binds, compiled.positiontup is not None)


def _bind(dialect: Dialect, column: Column[Any]) -> Bind | None:
    bind: Bind | None = column.type.dialect_impl(dialect).bind_processor(dialect)
    return bind
