"""Fixtures: a private copy of a ready database per test, the application on it, and a client per person."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from sqlalchemy.engine import Dialect
from sqlalchemy.util import LRUCache

from brand.edge import requests
from brand.edge.requests import SEEN, SIGN_IN
from brand.kernel import clock
from brand.kernel.db import Database
from brand.kernel.settings import Settings
from brand.kernel.work import Work
from brand.models.accounts import Account, SignIn
from brand.start import claim_trace

claim_trace()

from tests import make  # noqa: E402
from tests.people import PersonOfTheCast  # noqa: E402
from tests.postgres import Server  # noqa: E402

_MEMORY = Path("/dev/shm")
# How fast a busy machine draws examples is no property of the code.
settings.register_profile("brandtrace", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("brandtrace")


T = TypeVar("T")


def tier(quick: T, full: T) -> T:
    """The first in an ordinary run, the second under ``make test-full``: how long a harness runs, never what it asks.

    ``make test-full`` sets ``BRANDTRACE_TEST_TIER=full``.
    """
    return full if os.environ.get("BRANDTRACE_TEST_TIER") == "full" else quick


@pytest.fixture(scope="session")
def scratch() -> Iterator[Path]:
    """A folder in memory where the machine has one: fsync costs nothing there, the code path is the real one."""
    memory = _MEMORY if _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="brandtrace-", dir=memory) as folder:
        yield Path(folder)


#: Per kind of database its first dialect and what was compiled for it, for every test of this process.
_COMPILED: dict[str, tuple[Dialect, LRUCache[Any, Any]]] = {}
#: Folders whose tests run on both databases.
_BOTH = ("services", "races")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "bare: no scheme is loaded yet")
    config.addinivalue_line("markers", "ready: the cast and the shipped scheme, as without a marker")
    config.addinivalue_line("markers", "licensed: the cooperative already has its licence for lamb")
    config.addinivalue_line("markers", "slaughtered: the database already holds the demo day's batch")
    config.addinivalue_line("markers", "packed: that batch is chilled, tested and packed")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        kinds = ["sqlite", "postgresql"] if metafunc.definition.path.parent.name in _BOTH else ["sqlite"]
        metafunc.parametrize("database", kinds, indirect=True)


@dataclass(frozen=True)
class Templates:
    """Ready databases, each the one before it and more; most tests begin with the cast and the shipped scheme."""

    bare: str
    ready: str
    licensed: str
    slaughtered: str
    packed: str

    def of(self, test: pytest.Item) -> str:
        """The one whose name a marker of the test says."""
        marked = next((one.name for one in test.iter_markers() if one.name in vars(self)), "ready")
        return str(vars(self)[marked])


def _templates(new: Callable[[str | None], str], address: Callable[[str], str]) -> Templates:
    """Fill them one after another; ``new`` copies the one it is given."""
    names: list[str] = []
    for fill in (
        _the_cast,
        _a_scheme,
        _on_monday(make.a_licence),
        _on_monday(make.a_batch),
        _on_monday(make.a_packed_batch),
    ):
        names.append(new(names[-1] if names else None))
        database = Database(address(names[-1]))
        fill(database)
        database.close()
    return Templates(*names)


def _the_cast(database: Database) -> None:
    from trace import schema

    schema.upgrade(database)
    with database.writing() as session:
        make.the_cast(session)


def _a_scheme(database: Database) -> None:
    with database.writing() as session:
        make.a_scheme(make.work(session, now=make.LONG_AGO))


def _on_monday(made: Callable[[Work], object]) -> Callable[[Database], None]:
    def fill(database: Database) -> None:
        with database.writing() as session:
            made(make.work(session))

    return fill


@pytest.fixture(scope="session")
def sqlite(scratch: Path) -> Templates:
    """Migrated SQLite files."""

    def new(of: str | None) -> str:
        path = scratch / f"template-{uuid4().hex}.db"
        if of is not None:
            shutil.copyfile(of, path)
        return str(path)

    return _templates(new, "sqlite:///{}".format)


@pytest.fixture(scope="session")
def postgres(scratch: Path) -> Iterator[Server]:
    """A PostgreSQL of this process's own."""
    server = Server(scratch / "postgres")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgresql(postgres: Server) -> Templates:
    """The same as databases of the PostgreSQL."""
    return _templates(lambda of: postgres.new(of or postgres.template), postgres.address)


def _opened(address: str) -> Database:
    """A database whose statements were compiled once for all tests: to compile each anew took a fifth of their time."""
    found = Database(address)
    own = found.engine.dialect
    first, compiled = _COMPILED.setdefault(own.name, (own, LRUCache(2000)))
    for engine in (found.engine, *found._modes.values()):
        engine.dialect = first
        engine.update_execution_options(compiled_cache=compiled)
    return found


@pytest.fixture
def database(request: pytest.FixtureRequest, scratch: Path) -> Iterator[Database]:
    """A private copy of a ready database; SQLite, or PostgreSQL where the folder asks for both."""
    templates: Templates = request.getfixturevalue(request.param)
    ready = templates.of(request.node)
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgres")
        name = server.new(ready)
        found = _opened(server.address(name))
        yield found
        found.close()
        server.drop(name)
        return
    path = scratch / f"{uuid4().hex}.db"
    shutil.copyfile(ready, path)
    found = _opened(f"sqlite:///{path}")
    yield found
    found.close()
    for one in path.parent.glob(path.name + "*"):
        one.unlink()


@pytest.fixture(scope="session")
def settings(scratch: Path) -> Settings:
    return Settings(
        data_dir=scratch / "data",
        keys_dir=scratch / "keys",
        limits_enabled=False,
        public_url="http://localhost",
        origin="registry.test.invalid/log",
        office_contact="示范品牌办公室",
    )


@pytest.fixture(scope="session")
def built(settings: Settings, sqlite: Templates) -> Flask:
    """The application, built once: its routes, templates and description take longer than most tests."""
    from trace.app import create_app

    database = Database(f"sqlite:///{sqlite.ready}")
    app = create_app(settings, database)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    app.extensions["brandtrace.parts"].close()
    database.close()
    return app


@pytest.fixture
def app(built: Flask, database: Database, settings: Settings, scratch: Path) -> Iterator[Flask]:
    """The application on this test's database, with its own scans, jobs, keys and log; settings as they were."""
    from trace import parts

    usual = dict(built.config)
    own = scratch / uuid4().hex
    settings = settings.model_copy(update={"data_dir": own, "keys_dir": own / "keys"})
    requests.serve(built, settings, database)
    parts.serve(built, settings, database)
    yield built
    built.extensions["brandtrace.parts"].close()
    built.config.clear()
    built.config.update(usual)


@pytest.fixture
def limited(database: Database, settings: Settings) -> Iterator[Flask]:
    """The application with its rate limits on, which the library keeps once for all applications."""
    from brand.edge.protection import limiter
    from trace.app import create_app

    app = create_app(settings.model_copy(update={"limits_enabled": True}), database)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    limiter.reset()
    yield app
    limiter.reset()
    limiter.enabled = False
    app.extensions["brandtrace.parts"].close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Nobody in particular."""
    return app.test_client()


@pytest.fixture
def as_(app: Flask, database: Database) -> Callable[[PersonOfTheCast], FlaskClient]:
    """A client signed in as a person of the cast."""

    def sign_in(person: PersonOfTheCast) -> FlaskClient:
        client = app.test_client()
        with database.writing() as session:
            row = SignIn(account_id=person.username, started_at=clock.now())
            session.add(row)
            account = session.get(Account, person.username)
        assert account is not None
        with client.session_transaction() as cookie:
            cookie[SIGN_IN], cookie[SEEN] = row.id, clock.now().timestamp()
            cookie["_user_id"], cookie["_fresh"] = account.fs_uniquifier, True
        return client

    return sign_in
