"""Which language this request is answered in, and the words for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from flask import Flask, Response, g, has_request_context, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header, parse_cookie

from brand.edge.requests import house
from brand.kernel import texts
from brand.kernel.errors import AppError, Fault

COOKIE = "lang"
_told: ContextVar[str | None] = ContextVar("told", default=None)
#: Longer lists of languages than browsers send are read each time and not remembered.
_LONGEST_REMEMBERED = 200


@contextmanager
def telling(told: str) -> Iterator[None]:
    """Inside, words are in that language, whatever any request asks for."""
    before = _told.set(told)
    try:
        yield
    finally:
        _told.reset(before)


def language() -> str:
    """``?lang=`` wins, then the cookie, then the browser's list, then the setting."""
    told = _told.get()
    if told is not None:
        return told
    try:
        found: str = g.language  # a page asks hundreds of times
    except (AttributeError, RuntimeError):
        if not has_request_context():
            return "zh"
        found = g.language = chosen(request.environ, request.args.get("lang", ""), house().settings.language)
    return found


def chosen(environ: Mapping[str, Any], asked: str, default: str) -> str:
    """The same for whoever has the request as the server handed it over; ``asked`` is what its address names."""
    kept = parse_cookie(environ["HTTP_COOKIE"]).get(COOKIE, "") if "HTTP_COOKIE" in environ else ""
    accepted = environ.get("HTTP_ACCEPT_LANGUAGE", "")
    read = _remembered if len(accepted) <= _LONGEST_REMEMBERED else _accepted
    return texts.choose([asked, kept, *read(accepted)], default)


def _accepted(header: str) -> tuple[str, ...]:
    return tuple(parse_accept_header(header, LanguageAccept).values())


_remembered = lru_cache(maxsize=1024)(_accepted)


def say(message: str, /, **params: Any) -> str:
    return texts.say(language(), message, **params)


def explain(error: AppError | Fault) -> str:
    """The sentence of an error or fault; parameters that are codes themselves are put into words too."""
    return texts.explain(language(), error.code, error.params)


def init(app: Flask) -> None:
    app.jinja_env.globals.update(_=say, language=language, explain=explain)
    app.after_request(remember)


def remember(response: Response) -> Response:
    """Keep a language asked for in a cookie, and say in which one this answer is."""
    wanted = request.args.get("lang", "")
    if wanted in texts.LANGUAGES:
        response.set_cookie(
            COOKIE, wanted, max_age=31_536_000, samesite="Lax", httponly=True, secure=house().settings.secure
        )
    response.headers.setdefault("Content-Language", "zh-CN" if language() == "zh" else "en")
    if "Vary" in response.headers:
        response.vary.update(("Accept-Language", "Cookie"))
    else:
        response.headers.add("Vary", "Accept-Language, Cookie")
    return response
