"""A label run whose serving process is killed goes on when the service is started again, and nobody has to call."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from brand.kernel.db import Database
from brand.kernel.settings import Settings
from tests import make
from tests.flows.cycles import by
from tests.people import PRODUCER
from trace.models.jobs import Job
from trace.models.label_chunks import LabelChunk
from trace.models.labels import Label
from trace.parts import label_tools
from trace.services import label_jobs, labels

pytestmark = pytest.mark.packed
PACKS, PIECE, ENOUGH = 390, 10, 4
#: A process that serves, as the server's worker begins it: no request ever comes.
SERVES = """
import sys, time
import time_machine
from datetime import datetime
time_machine.travel(datetime.fromisoformat(sys.argv[1])).start()
from brand.start import claim_trace, create_service
claim_trace()
from trace.services import label_issues, label_jobs
label_issues.PIECE = label_jobs.PIECE = int(sys.argv[2])
signing = label_issues.sign_piece
def slowly(*given):
    time.sleep(float(sys.argv[3]))
    return signing(*given)
label_issues.sign_piece = slowly
app = create_service()
while True:
    time.sleep(1)
"""


def until(what: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.05)


def serving(settings: Settings, database: Database, moment: object, pause: float) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "DATABASE_URL": database.engine.url.render_as_string(hide_password=False),
        "BRANDTRACE_DATA_DIR": str(settings.data_dir),
        "BRANDTRACE_KEYS_DIR": str(settings.keys_dir),
        "BRANDTRACE_ORIGIN": settings.origin,
    }
    words = [sys.executable, "-c", SERVES, str(moment), str(PIECE), str(pause)]
    return subprocess.Popen(words, env=environment, cwd=Path(__file__).parents[2], stderr=subprocess.DEVNULL)


def test_a_run_goes_on_after_a_kill_without_any_call(database: Database, settings: Settings, tmp_path: Path) -> None:
    settings = settings.model_copy(update={"data_dir": tmp_path / "data", "keys_dir": tmp_path / "keys"})
    tools = label_tools(settings)
    with database.writing() as session:
        line = make.a_pack_line(make.work(session))
        mine = by(session, PRODUCER)
        order_id = labels.reserve(mine, tools.signer, pack_line_id=line.id, packs=PACKS).id
        label_jobs.begin_sign(mine, session.get_one(labels.LabelOrder, order_id))

    def pieces() -> int:
        with database.reading() as session:
            return session.exec(select(func.count()).where(col(LabelChunk.order_id) == order_id)).one()

    def state() -> str:
        with database.reading() as session:
            return session.exec(select(Job.state)).one()

    first = serving(settings, database, make.MONDAY, 0.1)
    try:
        until(lambda: pieces() >= ENOUGH)
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait()
    before = pieces()
    assert (state(), before * PIECE < PACKS) == ("running", True)
    again = serving(settings, database, make.MONDAY + timedelta(hours=1), 0.0)
    try:
        until(lambda: state() != "running")
    finally:
        again.kill()
        again.wait()
    assert (state(), pieces()) == ("done", PACKS // PIECE)
    with database.reading() as session:
        rows = session.exec(select(Label).where(Label.order_id == order_id).order_by(col(Label.position))).all()
    assert [one.position for one in rows] == list(range(1, PACKS + 1))
    assert len({one.serial for one in rows}) == PACKS
