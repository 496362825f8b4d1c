"""Who asks, and in which transaction: the door's way to the database."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask, current_app, g, has_request_context, request, session
from sqlmodel import Session

from brand.kernel import clock, leaves
from brand.kernel.actors import ANONYMOUS, Actor
from brand.kernel.db import Database
from brand.kernel.errors import not_signed_in
from brand.kernel.ids import new_id
from brand.kernel.settings import Settings
from brand.kernel.statements import StatementSigner
from brand.kernel.work import Work
from brand.queries import accounts

#: Where the sign-in's row id lives inside the signed cookie, and when it was last used.
SIGN_IN, SEEN = "sign_in", "seen"
#: Which enterprise a station's agent has chosen to act for.
ACTING = "acting_for"
#: The last calls of this browser by which something was done that the log tells of: pairs of call and seconds.
CAPTURES, MOST_CAPTURES = "captures", 12


@dataclass(frozen=True)
class House:
    """What every request needs from the running service."""

    settings: Settings
    database: Database


def house() -> House:
    return house_of(current_app)


def house_of(app: Flask) -> House:
    """The same for whoever answers without a request."""
    found: House = app.extensions["brandtrace"]
    return found


def is_api() -> bool:
    return has_request_context() and request.path.startswith("/api/")


def actor() -> Actor:
    """The one who asks, looked up once per request."""
    if "actor" not in g:
        g.actor = _from_bearer() if is_api() else _from_cookie()
    found: Actor = g.actor
    return found


def request_id() -> str:
    if "request_id" not in g:
        g.request_id = new_id()
    found: str = g.request_id
    return found


@contextmanager
def reading() -> Iterator[Work]:
    """A read-only snapshot for the asker."""
    who = actor()
    with house().database.reading() as database_session:
        yield _work(database_session, who)


@contextmanager
def writing() -> Iterator[Work]:
    """One transaction for the asker; committed when the block ends well."""
    who = actor()
    with house().database.writing(hurried=True) as database_session:
        work = _work(database_session, who)
        yield work
    if leaves.TOLD in database_session.info and who.signed_in and not is_api():
        _remember(work)


def _remember(work: Work) -> None:
    """So that the next page tells a telephone that keeps receipts what to ask for."""
    one = (request_id(), int(work.now.timestamp()))
    kept = [tuple(each) for each in session.get(CAPTURES, ()) if each[0] != one[0]]
    session[CAPTURES] = [*kept, one][-MOST_CAPTURES:]


@contextmanager
def rehearsing() -> Iterator[Work]:
    """A transaction for the asker that is always undone: what would happen, told by doing it."""
    who = actor()
    with house().database.rehearsing(hurried=True) as database_session:
        yield _work(database_session, who)


def _work(database_session: object, who: Actor) -> Work:
    via = "api" if is_api() else "web"
    return Work(database_session, who, clock.now(), via, request_id())  # type: ignore[arg-type]


def _from_cookie() -> Actor:
    sign_in = session.get(SIGN_IN)
    if not sign_in:
        return ANONYMOUS
    settings, now = house().settings, clock.now()
    if now.timestamp() - session.get(SEEN, 0) > settings.session_idle_minutes * 60:
        return ANONYMOUS
    with house().database.reading() as database_session:
        found = accounts.actor_of_sign_in(database_session, sign_in, now, settings.session_hours)
    return found.acting_for(session.get(ACTING)) if found else ANONYMOUS


def _from_bearer() -> Actor:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return ANONYMOUS
    digest = hashlib.sha256(token.encode()).hexdigest()
    with house().database.reading() as database_session:
        found = accounts.actor_of_token(database_session, digest, clock.now())
    if found is None:
        raise not_signed_in("access.token_unknown")
    return found


def serve(app: Flask, settings: Settings, database: Database) -> None:
    """From now on requests work on this database."""
    app.extensions["brandtrace"] = House(settings, database)


def signs_statements(app: Flask, signer: StatementSigner) -> None:
    """Fill the slot of whoever keeps the office's keys; the half that holds keys does it at start."""
    app.extensions["brandtrace.statements"] = signer


def statement_signer() -> StatementSigner | None:
    """Who signs for the office; None where nobody was put there, and then nothing is issued."""
    found: StatementSigner | None = current_app.extensions.get("brandtrace.statements")
    return found


def knows_batches(app: Flask, known: Callable[[Session, str], bool]) -> None:
    """Fill the slot of whoever keeps the batches: whether a public code is one of theirs."""
    app.extensions["brandtrace.batches"] = known


def batch_register() -> Callable[[Session, str], bool]:
    """Who knows the batches; where nobody was put there, there are none."""
    found: Callable[[Session, str], bool] = current_app.extensions.get("brandtrace.batches", lambda *_: False)
    return found


def init(app: Flask, settings: Settings, database: Database) -> None:
    serve(app, settings, database)

    @app.after_request
    def _keep_awake(response):  # type: ignore[no-untyped-def]
        """Note the last use in the cookie (not in the database: a GET never writes), at most once a minute."""
        now = clock.now().timestamp()
        if session.get(SIGN_IN) and now - session.get(SEEN, 0) > 60 and actor().signed_in:
            session[SEEN] = now
        return response
