"""Opens fresh counties for harnesses that need many: one cooperative with a licence, two abattoirs, an open gate."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from uuid import uuid4

from sqlmodel import Session

from brand.kernel.db import Database
from brand.rules.product_rules import RuleKind
from brand.services import scheme_changes
from tests import make
from tests.people import APPROVER, CLERK
from tests.postgres import Server

County = Callable[[], AbstractContextManager[Database]]
_SAID = {"source": "示范文件第1条", "source_en": "", "confidence": "D", "reason": "示范"}


def prepare(session: Session) -> None:
    """A licence for lamb, and lamb needs no step before packing: what is tried here is weight, not papers."""
    work = make.work(session)
    make.a_licence(work)
    lamb, content = make.a_product(session).id, {"items": {}}
    clerk, approver = (make.work(session, make.actor(session, one)) for one in (CLERK, APPROVER))
    change = scheme_changes.propose_rule(clerk, lamb, RuleKind.COMPLETENESS, content=content, **_SAID)
    scheme_changes.step(approver, change.id, "approve", version=change.version)


def on_sqlite(template: str, folder: Path) -> County:
    """Counties as files copied from one that is prepared once."""
    ready = folder / f"{uuid4().hex}-county.db"
    shutil.copyfile(template, ready)
    _prepare(Database(f"sqlite:///{ready}"))

    @contextmanager
    def county() -> Iterator[Database]:
        path = folder / f"{uuid4().hex}.db"
        shutil.copyfile(ready, path)
        database = Database(f"sqlite:///{path}")
        yield database
        database.close()
        for one in folder.glob(path.name + "*"):
            one.unlink()

    return county


def on_postgres(template: str, server: Server) -> County:
    """The same as databases of the PostgreSQL."""
    ready = server.new(template)
    _prepare(Database(server.address(ready)))

    @contextmanager
    def county() -> Iterator[Database]:
        name = server.new(ready)
        database = Database(server.address(name))
        yield database
        database.close()
        server.drop(name)

    return county


def _prepare(database: Database) -> None:
    with database.writing() as session:
        prepare(session)
    database.close()
