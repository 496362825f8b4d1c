"""The demo county, told into a private database and served on a free port, for browser tests and screenshots."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlmodel import select
from werkzeug.serving import WSGIRequestHandler, make_server

from brand.edge.requests import SEEN, SIGN_IN, signs_statements
from brand.kernel import clock
from brand.kernel.db import Database
from brand.kernel.settings import Settings
from brand.models.accounts import Account, SignIn
from trace import schema
from trace.app import create_app
from trace.cli import demo_county
from trace.cli.demo_telling import Telling, Told
from trace.crypto.sealed_keys import WEAKEST
from trace.parts import statement_signer
from trace.services.signer import KeyFiles, LabelSigner


@dataclass(frozen=True)
class County:
    """A served service: its address, its application, its database, and what the story told."""

    address: str
    app: Flask
    database: Database
    told: Told

    def cookie(self, username: str) -> dict[str, str]:
        """A cookie as Chromium takes it, of somebody who has just signed in."""
        with self.database.writing() as session:
            account = session.exec(select(Account).where(Account.username == username)).one()
            row = SignIn(account_id=account.id, started_at=clock.now())
            session.add(row)
        serializer: Any = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        inside = {
            SIGN_IN: row.id,
            SEEN: clock.now().timestamp(),
            "_user_id": account.fs_uniquifier,
            "_fresh": True,
        }
        return {"name": "brandtrace", "value": serializer.dumps(inside), "url": self.address}


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        """A line per request says nothing here."""


@contextmanager
def served(folder: Path, *, tell: bool = True) -> Iterator[County]:
    """The county at work; ``tell`` False leaves it empty but for its tables."""
    database = Database(f"sqlite:///{folder / 'county.db'}")
    schema.upgrade(database)
    server_settings = Settings(
        data_dir=folder, keys_dir=folder / "keys", public_url="http://127.0.0.1:1", limits_enabled=False,
        origin="demo.test.invalid/log", office_contact="乌拉特中旗品牌办公室（示范），电话 0000-0000000",
    )  # fmt: skip
    files = KeyFiles(server_settings.keys_dir, server_settings.secret("key-passphrase"), cost=WEAKEST)
    signer = LabelSigner(files, server_settings.origin)
    told = demo_county.tell(Telling(database, signer, lambda _words: None), clock.now()) if tell else Told([], [])
    app = create_app(server_settings, database)
    signs_statements(app, statement_signer(signer))  # the story's keys are sealed more cheaply than a real one opens
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache()
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield County(f"http://127.0.0.1:{server.server_port}", app, database, told)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        app.extensions["brandtrace.parts"].close()
        database.close()
