"""Rows without records, for what every act writes and reads: building them costs several times the statement.

An INSERT is put into the database's words once per table and columns, others once per statement; values are bound
and read as their columns do it.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, BindParameter, Connection, Dialect, Insert, Table, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import visitors
from sqlalchemy.sql.dml import ReturningUpdate
from sqlalchemy.sql.selectable import CompoundSelect, Select
from sqlalchemy.types import TypeEngine
from sqlmodel import Session, SQLModel

Bind = Callable[[Any], Any]
_Names = tuple[str, ...]
Question = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]] | ReturningUpdate[*tuple[Any, ...]]


@dataclass(frozen=True)
class _Form:
    """An INSERT in one database's words, and by place the values that are not handed over as they are."""

    text: str
    names: tuple[str, ...]
    binds: tuple[tuple[int, Bind, bool], ...]
    positional: bool


_MOST_QUESTIONS = 512
_FORMS: dict[tuple[str, str, _Names, _Names, _Names], _Form] = {}

_QUESTIONS: dict[tuple[Question, str, tuple[tuple[str, int], ...]], _Question] = {}  # emptied when full


def add(
    session: Session,
    model: type[SQLModel],
    rows: Sequence[Mapping[str, Any]],
    *,
    summed: Sequence[str] = (),
    replaced: Sequence[str] = (),
) -> None:
    """Insert rows that all name the same columns; a column nobody names gets what the database gives it.

    Where a row's key is there already, the columns ``summed`` are added to and those ``replaced`` overwritten; without
    either such a row is an error. Rows that rest on records still waiting in the session need a flush before, and
    records in hand learn nothing. Raises what a flush would raise.
    """
    if not rows:
        return
    connection = session.connection()
    table: Table = model.__table__  # type: ignore[attr-defined]
    form = _form(connection.dialect, table, tuple(rows[0]), tuple(summed), tuple(replaced))
    bound = list(_bound(form, rows))
    connection.exec_driver_sql(form.text, bound if len(bound) > 1 else bound[0])


def run(session: Session, statement: Question, **values: Any) -> list[Any]:
    """The same as ``ask`` for what takes locks or changes rows: raises what the engine raises.

    Records in hand learn nothing of what an UPDATE did.
    """
    if session.autoflush:
        session.flush()
    connection = session.connection()
    question = _question(statement, connection.dialect, values)
    return question.read(connection.exec_driver_sql(question.text, question.bound(values)).all())


def ask(session: Session, statement: Question, **values: Any) -> list[Any]:
    """Rows of a kept select, straight from the driver: named as its columns are, and read as they are.

    For what everybody opens and every act asks: the engine's own way to a row costs several times the query. A list
    fills a place that is ``expanding``, in which the last of it may stand several times. What waits in the session
    goes first.
    """
    if session.autoflush:
        session.flush()
    return asked(session.connection(), statement, **values)


def asked(connection: Connection, statement: Question, **values: Any) -> list[Any]:
    """The same for whoever has no session."""
    question = _question(statement, connection.dialect, values)
    cursor = connection.connection.cursor()
    try:
        cursor.execute(question.text, question.bound(values))
        found = cursor.fetchall()
    finally:
        cursor.close()
    return question.read(found)


class Glance(Session):
    """A session over a connection at hand, for acts that ``ask`` much and seldom need a record; it ends nothing."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, autoflush=False)
        self._at_hand = connection

    def connection(self, *_options: Any, **_more: Any) -> Connection:
        return self._at_hand

    def close(self) -> None:
        """Let records go; what ``looking`` rests on, or began for them, ends with the connection."""
        self.expunge_all()


@dataclass(frozen=True)
class _Question:
    """A statement in one database's own words.

    ``places``: where each parameter comes from: a name, the place in its list or None, and how it is bound; in the
    order of the text, or by the names in it (``named``). ``reads``: columns that are not taken as the driver gave them.
    """

    text: str
    named: Sequence[str] | None
    places: Sequence[tuple[str, int | None, Bind | None]]
    fixed: Mapping[str, Any]
    reads: Sequence[tuple[int, Bind]]
    row: Any

    def bound(self, values: Mapping[str, Any]) -> Any:
        given = {**self.fixed, **values}
        found = [
            bind(value) if bind is not None else value
            for name, place, bind in self.places
            for value in (given[name] if place is None else given[name][min(place, len(given[name]) - 1)],)
        ]
        return tuple(found) if self.named is None else dict(zip(self.named, found, strict=True))

    def read(self, found: Sequence[Any]) -> list[Any]:
        if not self.reads:
            return [self.row(*one) for one in found]
        told = []
        for one in found:
            row = list(one)
            for place, read in self.reads:
                row[place] = read(row[place])
            told.append(self.row(*row))
        return told


def _question(statement: Question, dialect: Dialect, values: Mapping[str, Any]) -> _Question:
    """Its words for lists of about these lengths: those of one power of two share them."""
    lists = tuple((name, _room(len(value))) for name, value in values.items() if type(value) is list)
    key = (statement, dialect.name, lists)
    found = _QUESTIONS.get(key)
    if found is None:
        if len(_QUESTIONS) >= _MOST_QUESTIONS:
            _QUESTIONS.clear()
        found = _QUESTIONS[key] = _worded(statement, dialect, lists)
    return found


def _room(length: int) -> int:
    return 1 << (length - 1).bit_length() if length else 0


def _worded(statement: Question, dialect: Dialect, lists: tuple[tuple[str, int], ...]) -> _Question:
    # A constant that is bound makes SQLite plan the statement anew at every use, where a LIMIT or an index of some
    # rows only may hang on it: that cost three times the query.
    told: Any = visitors.replacement_traverse(statement, {}, _said)
    compiled = told.compile(dialect=dialect)
    blank: dict[str, Any] = {name: None for name, one in compiled.binds.items() if one.required}
    blank |= {name: [None] * size for name, size in lists if compiled.binds[name].expanding}
    filled = compiled.construct_expanded_state(blank)
    places: dict[str, tuple[str, int | None]] = {}
    kinds = {name: one.type for name, one in compiled.binds.items()}
    for name, expanded in filled.parameter_expansion.items():
        kinds |= dict.fromkeys(expanded, kinds[name])
        if name in blank:
            places |= {one: (name, place) for place, one in enumerate(expanded)}
    positional = filled.positiontup is not None
    names: list[Any] = list(filled.positiontup or filled.parameters)
    columns: list[Any] = list(statement.exported_columns)
    reads = [(place, _reader(dialect, one.type)) for place, one in enumerate(columns)]
    return _Question(
        filled.statement,
        None if positional else names,
        [(*places.get(one, (one, None)), _binder(dialect, kinds[one])) for one in names],
        {name: value for name, value in filled.parameters.items() if name not in blank and name not in places},
        [(place, read) for place, read in reads if read is not None],
        namedtuple("_row", [one.key for one in columns], rename=True),
    )


def _said(element: Any, **_options: Any) -> Any:
    """A constant of the statement as part of its words; None for all else."""
    constant = isinstance(element, BindParameter) and not element.required and isinstance(element.value, str | int)
    return element.render_literal_execute() if constant else None


def _reader(dialect: Dialect, kind: TypeEngine[Any]) -> Bind | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _binder(dialect: Dialect, kind: TypeEngine[Any]) -> Bind | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


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


def _form(dialect: Dialect, table: Table, names: _Names, summed: _Names, replaced: _Names) -> _Form:
    key = (dialect.name, table.name, names, summed, replaced)
    found = _FORMS.get(key)
    if found is None:
        found = _FORMS[key] = _compiled(dialect, table, names, summed, replaced)
    return found


def _compiled(dialect: Dialect, table: Table, names: _Names, summed: _Names, replaced: _Names) -> _Form:
    compiled = _insert(dialect, table, summed, replaced).compile(dialect=dialect, column_keys=list(names))
    columns = compiled.positiontup or names
    bound = [(place, table.c[name]) for place, name in enumerate(columns)]
    binds = tuple(
        (place, bind, not isinstance(column.type, JSON))
        for place, column in bound
        if (bind := _binder(dialect, column.type))
    )
    return _Form(compiled.string, tuple(columns), binds, compiled.positiontup is not None)


def _insert(dialect: Dialect, table: Table, summed: _Names, replaced: _Names) -> Insert:
    if not summed and not replaced:
        return insert(table).inline()
    statement: Any = (sqlite if dialect.name == "sqlite" else postgresql).insert(table)
    changes = {name: table.c[name] + statement.excluded[name] for name in summed}
    changes |= {name: statement.excluded[name] for name in replaced}
    told: Insert = statement.on_conflict_do_update(index_elements=table.primary_key.columns, set_=changes)
    return told.inline()
