"""Answers kept for the length of one long act: its many rows ask the same of records that none of them changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlmodel import Session

P = ParamSpec("P")
T = TypeVar("T")
_KEY = "brandtrace.remembered"


@contextmanager
def remembering(session: Session) -> Iterator[None]:
    """Inside, what ``remembered`` functions answered in this session is not asked again; one within another is one."""
    if _KEY in session.info:
        yield
        return
    session.info[_KEY] = {}
    try:
        yield
    finally:
        del session.info[_KEY]


def remembered(ask: Callable[Concatenate[Session, P], T]) -> Callable[Concatenate[Session, P], T]:
    """For questions whose arguments are hashable and whose answer is a plain value, never a record of the session.

    A refusal is not kept. Outside ``remembering`` the question is asked each time.
    """

    def answer(session: Session, /, *args: P.args, **kwargs: P.kwargs) -> T:
        known: dict[Any, Any] | None = session.info.get(_KEY)
        if known is None:
            return ask(session, *args, **kwargs)
        key = (ask, args, tuple(sorted(kwargs.items())))
        if key not in known:
            known[key] = ask(session, *args, **kwargs)
        found: T = known[key]
        return found

    return update_wrapper(answer, ask)
