"""What the sweeps walk with: a reader of pages that knows forms and links, and hands that mark every stored text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import JSON, Column, Connection, String, Table, and_, select, text, update
from sqlmodel import AutoString
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from brand.edge.policies import PUBLIC, policy_of
from brand.kernel.db import Database
from brand.kernel.records import metadata

#: Breaks out of text, of an attribute and of a script, wherever it stands unescaped.
MARK = "<b id=pwned>\"'&"
#: Columns that hold something of a person.
PERSONAL = re.compile(
    r"\.(contact|contact_name|contact_phone|\w*person_name|\w+_by_name|given_by)$|^(persons|complaint_contacts)\.name$"
)
CANARY = "CANARY"
_WORDS = re.compile(r"[一-鿿]| \w")
_FEW = 2
_STAYS = re.compile(r"^/(static|sign|password|second-factor|tf-|api/openapi)")


@dataclass
class Form:
    """A form as a page shows it: where it goes, what it asks, and one plain value for each field."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """The forms that write, and the addresses a page leads to."""

    def __init__(self, here: str, words: str) -> None:
        super().__init__()
        self._here = here
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._open: Form | None = None
        self._select = ""
        self.feed(words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "a" and "lang=" not in found.get("href", ""):
            self.links.append(found.get("href", ""))
        elif tag == "form" and found.get("method", "").lower() == "post":
            self._open = Form(found.get("action") or self._here)
            self.forms.append(self._open)
        elif self._open is not None:
            self._enter(self._open, tag, found)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None

    def _enter(self, form: Form, tag: str, found: dict[str, str]) -> None:
        name, kind = found.get("name", ""), found.get("type", "text")
        if tag == "select":
            self._select = name
        elif tag == "option" and found.get("value"):
            form.fields.setdefault(self._select, found["value"])
        elif tag == "input" and kind == "file":
            form.files.append(name)
        elif tag == "textarea" or (tag == "input" and kind in ("text", "search", "email", "tel", "password")):
            form.fields[name] = found.get("value") or "示范"
            form.typed.append(name)
        elif tag in ("input", "button") and name and name != "csrf_token":
            plain = {"date": "2026-11-20", "number": "1"}.get(kind, "")
            form.fields.setdefault(name, found.get("value") or plain)


@dataclass
class Walk:
    """What one person found: the forms they were shown, and each page's words by its address."""

    forms: list[Form]
    pages: dict[str, str]


def walk(app: Flask, client: FlaskClient, begin: Iterable[str], *, public: bool) -> Walk:
    """Every page to be reached by pressing links, a few of each kind; none may break. Public pages only if asked."""
    waiting, counted = [*begin], {}
    forms: dict[tuple[str, ...], Form] = {}
    pages: dict[str, str] = {}
    while waiting:
        address = waiting.pop(0).partition("#")[0]
        kind, open_to_all = kind_of(app, address)
        if open_to_all and not public:
            continue
        if address in pages or counted.get(kind, 0) >= _FEW or not address.startswith("/") or _STAYS.match(address):
            continue
        counted[kind] = counted.get(kind, 0) + 1
        answer = client.get(address)
        assert answer.status_code < 500, address
        binary = (
            answer.mimetype.startswith("image/")
            or answer.mimetype in ("application/pdf",)
            or "sheet" in answer.mimetype
        )
        pages[address] = "" if binary else answer.text
        if answer.mimetype == "text/html":
            page = Page(address.partition("?")[0], answer.text)
            waiting += page.links
            for form in page.forms:
                forms.setdefault((kind_of(app, form.action, "POST")[0], *sorted(form.fields)), form)
    return Walk(list(forms.values()), pages)


def kind_of(app: Flask, address: str, method: str = "GET") -> tuple[str, bool]:
    """The door an address leads to, with the step it takes and what it asks for, not which record; is it public?"""
    path, _, query = address.partition("?")
    try:
        endpoint, values = app.url_map.bind("localhost").match(path, method)
    except (NotFound, MethodNotAllowed, RequestRedirect):
        return path, False
    named = values.get("action") or values.get("name") or values.get("kind") or ""
    asked = sorted(one.partition("=")[0] for one in query.split("&"))
    return f"{endpoint} {named} {asked}", policy_of(app, endpoint) == PUBLIC


def mark_all(database: Database) -> int:
    """Put the mark into every text people once wrote, and a canary where something of a person stands."""
    marked = 0
    with database.engine.begin() as connection:
        for (name,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.execute(text(f'DROP TRIGGER "{name}"'))
        for table in metadata.sorted_tables:
            marked += sum(_mark(connection, table, column) for column in table.columns if _is_written(column))
    return marked


#: Lines the service writes for itself and reads back, with blanks as words have them (``rules/scans.write_signals``).
_OWN_LINES = frozenset({"signals", "warning", "jumps"})


def _is_written(column: Column[Any]) -> bool:
    """Whether people's words may stand there: no key, nothing that must be unique, no line of our own."""
    if column.name in _OWN_LINES:
        return False
    keyed = column.primary_key or column.foreign_keys or column.unique
    indexed = any(column.name in one.columns for one in column.table.indexes if one.unique)
    return isinstance(column.type, AutoString | String | JSON) and not keyed and not indexed


def _mark(connection: Connection, table: Table, column: Column[Any]) -> bool:
    if PERSONAL.search(f"{table.name}.{column.name}"):
        canary = {column.name: f"{CANARY} {table.name}.{column.name}"}
        connection.execute(update(table).where(column != "").values(canary))
        return True
    keys = [*table.primary_key.columns]
    marked = False
    for row in connection.execute(select(column, *keys)).all():
        changed = _marked(row[0])
        if changed != row[0]:
            this = and_(*(key == value for key, value in zip(keys, row[1:], strict=True)))
            connection.execute(update(table).where(this).values({column.name: changed}))
            marked = True
    return marked


def _marked(value: Any) -> Any:
    """The value with the mark after every text that reads like words; JSON in a text keeps its form."""
    if isinstance(value, dict):
        return {key: _marked(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_marked(one) for one in value]
    if not isinstance(value, str) or not _WORDS.search(value):
        return value
    if value[0] in "{[":
        return json.dumps(_marked(json.loads(value)), ensure_ascii=False)
    return value + MARK
