"""Keeps in mind what a signed-in person was refused, and has it written down once the refused transaction is undone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import structlog
from flask import Flask, Response, g, request
from sqlalchemy.exc import SQLAlchemyError

from brand.edge.requests import actor, request_id, writing
from brand.kernel.errors import AppError, Kind
from brand.services import refusals
from brand.services.several import Outcome

log = structlog.get_logger()

_ASKS_FOR_A_CHANGE = {"POST", "PUT", "PATCH", "DELETE"}
#: A refusal for want of a sign-in has no person; under load nothing more is written than must be.
_PASSING = {Kind.NOT_SIGNED_IN, Kind.TOO_MANY, Kind.UNAVAILABLE}
#: Parts of an address that name a record or a step; a secret link or a code of a pack is neither.
_RECORD, _STEP = re.compile(r"(_id|^number)$"), "action"
_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,40}")
#: Names of fields come from outside too: so many, and only those that look like names.
_MOST_POINTERS = 20
_POINTER = re.compile(r"[A-Za-z0-9_/-]{1,60}")


def init(app: Flask) -> None:
    app.after_request(_write_down)


def note(error: AppError, record_id: str = "") -> None:
    """Remember a refusal of this request; the one of several rows that was refused is named by its id."""
    if error.kind not in _PASSING and request.url_rule is not None and request.method in _ASKS_FOR_A_CHANGE:
        g.setdefault("refused", {}).setdefault((error.code, record_id), error)


def note_each(found: Iterable[Outcome]) -> None:
    """Remember each row of a step on several records that was refused."""
    for one in found:
        if one.refusal is not None:
            note(one.refusal, one.id)


def _write_down(response: Response) -> Response:
    """One short transaction of its own, after the refused one is undone; the answer stands even where it fails."""
    noted: dict[tuple[str, str], AppError] = g.pop("refused", {})
    if noted:
        try:
            _write(noted)
        except (AppError, SQLAlchemyError) as error:
            log.warning("refusal_not_written", request_id=request_id(), why=type(error).__name__)
    return response


def _write(noted: Mapping[tuple[str, str], AppError]) -> None:
    if not actor().signed_in:
        return
    topic = (request.blueprint or "").removeprefix("api_")
    with writing() as work:
        for (code, record_id), error in noted.items():
            about: dict[str, Any] = {"code": code, "step": _step(), "topic": topic, **_wrong(error)}
            if not refusals.record(work, **about, record_id=_plain(record_id) or _record()):
                return


def _step() -> str:
    """The door that was tried, with the step named in its address."""
    named = _plain((request.view_args or {}).get(_STEP, ""))
    return f"{request.endpoint} {named}".strip()


def _record() -> str:
    """The innermost record the address names; what cannot be an id of ours is left out."""
    named = [value for name, value in (request.view_args or {}).items() if _RECORD.search(name)]
    return _plain(named[-1]) if named else ""


def _plain(value: object) -> str:
    return value if isinstance(value, str) and _PLAIN.fullmatch(value) else ""


def _wrong(error: AppError) -> dict[str, list[str]]:
    """Which places of the input were wrong and by which rules; what stood there is not for the trail."""
    pointers = dict.fromkeys(one.pointer for one in error.faults if _POINTER.fullmatch(one.pointer))
    rules = dict.fromkeys(one.code for one in error.faults)
    return {"pointers": list(pointers)[:_MOST_POINTERS], "rules": list(rules)[:_MOST_POINTERS]}
