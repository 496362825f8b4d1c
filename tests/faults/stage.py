"""Eight writers and a sequencer at work while they are killed or the power fails; run as a program, prints JSON.

``python -m tests.faults.stage kill|power TEMPLATE FOLDER ROUNDS WAY``; WAY is ``sound`` or the planted bug: ``early``
(acknowledged before the commit) for kills, ``normal`` (``synchronous=NORMAL``) for power cuts.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import shutil
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from brand.start import claim_trace

claim_trace()

from sqlalchemy import event, text  # noqa: E402
from sqlmodel import select  # noqa: E402

from brand.kernel import audit, clock  # noqa: E402
from brand.kernel.actors import SYSTEM  # noqa: E402
from brand.kernel.audit import AuditEntry  # noqa: E402
from brand.kernel.db import Database  # noqa: E402
from brand.kernel.errors import AppError  # noqa: E402
from brand.kernel.work import Work  # noqa: E402
from tests.faults import power  # noqa: E402
from trace.crypto import checkpoints, merkle, notes  # noqa: E402
from trace.crypto.sealed_keys import WEAKEST  # noqa: E402
from trace.models.log import LogEntry  # noqa: E402
from trace.queries import log as reads  # noqa: E402
from trace.rules.standing import Standing  # noqa: E402
from trace.services import durable, log_files  # noqa: E402
from trace.services.key_files import KeyFiles  # noqa: E402
from trace.services.log_signer import LogSigner  # noqa: E402
from trace.services.sequencer import Sequencer  # noqa: E402
from trace.services.standing import compare  # noqa: E402

WRITERS, ORIGIN, WORDS = 8, "registry.test.invalid/log", "ein ganzer Satz"
_DETAIL = {"number": "L2026-0001", "valid_from": "", "valid_until": "", "cap_kg": ""}


def writer(database: Database, acknowledge: Callable[[str], None], stop: threading.Event, *, early: bool) -> None:
    """Public acts one after the other; each is acknowledged once it is durable, or too early."""
    while not stop.is_set():
        try:
            with database.writing() as session:
                work = Work(session, SYSTEM, clock.now(), "test")
                entry = audit.record(work, "licences.grant", "licence", "L1", **_DETAIL)
                if early:
                    acknowledge(entry)
                    time.sleep(0.02)  # a commit on a slow disk: without it a kill seldom falls in between
        except AppError:
            continue
        if not early:
            acknowledge(entry)


def at_work(folder: Path, acknowledge: Callable[[str], None], *, early: bool = False, mode: str = "FULL") -> Any:
    """Everybody at work on the installation in ``folder``; gives what ends it."""
    database = Database(f"sqlite:///{folder / 'brandtrace.db'}")
    if mode != "FULL":

        @event.listens_for(database.engine, "connect")
        def _weaken(connection: Any, _record: Any) -> None:
            connection.execute(f"PRAGMA synchronous={mode}")

    stop = threading.Event()
    log = sequencer(database, folder)

    def advance() -> None:
        while not stop.is_set():
            try:
                log.run_once()
            except AppError:
                time.sleep(0.01)

    def begin() -> threading.Thread:
        given = (database, acknowledge, stop)
        return threading.Thread(target=writer, args=given, kwargs={"early": early}, daemon=True)

    doers = [begin() for _ in range(WRITERS)]
    for thread in [*doers, threading.Thread(target=advance, daemon=True)]:
        thread.start()

    def end() -> None:
        stop.set()
        for thread in doers:
            thread.join()

    return end


def sequencer(database: Database, folder: Path) -> Sequencer:
    files = KeyFiles(folder / "keys", WORDS, cost=WEAKEST)
    return Sequencer(database, LogSigner(files), ORIGIN, folder / "log", clock.now)


def lost_and_wrong(folder: Path, acknowledged: set[str]) -> tuple[int, list[str]]:
    """After a start on what is left: acknowledged records that are not there, and whatever is wrong with the log."""
    database = Database(f"sqlite:///{folder / 'brandtrace.db'}")
    wrong: list[str] = []
    with database.reading() as session:
        if session.connection().execute(text("PRAGMA integrity_check")).scalar_one() != "ok":
            wrong.append("damaged")
        there = set(session.exec(select(AuditEntry.id)))
        found = compare(session, KeyFiles(folder / "keys", WORDS, cost=WEAKEST).state().head)
        if found.standing is not Standing.LIVE:
            wrong.append(found.standing.value)
    if not wrong:
        wrong += _log(database, folder)
    database.close()
    return len(acknowledged - there), wrong


def _log(database: Database, folder: Path) -> list[str]:
    """The log is brought up to date and worked out anew from its entries: places, head, files, every act once."""
    wrong = []
    size = sequencer(database, folder).run_once()
    if not size:
        return []  # the cut came before the first entry
    with database.reading() as session:
        rows = session.exec(select(LogEntry).order_by(LogEntry.place)).all()  # type: ignore[arg-type]
        head = reads.head(session)
        if [one.place for one in rows] != list(range(size)):
            wrong.append("places")
        if head is None or head.checkpoint.root != merkle.root([merkle.leaf_hash(one.data.encode()) for one in rows]):
            wrong.append("root")
        log_files.publish(session, folder / "anew")
    published = (folder / "log/checkpoint").read_text()
    if checkpoints.parse(notes.parse(published).text).size != size:
        wrong.append("checkpoint")
    for one in (one for one in (folder / "anew").rglob("*") if one.is_file()):
        mine = folder / "log" / one.relative_to(folder / "anew")
        if not mine.exists() or mine.read_bytes() != one.read_bytes():
            wrong.append(f"file {one.name}")
    return wrong


def kills(template: Path, folder: Path, rounds: int, way: str) -> dict[str, Any]:
    """A child at work is killed at a random moment, again and again, on one installation."""
    shutil.copyfile(template, folder / "brandtrace.db")
    chance, told = random.Random(rounds), bytearray()
    for _ in range(rounds):
        ours, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(ours)
            at_work(folder, partial(_tell, theirs), early=way == "early")
            threading.Event().wait()
        os.close(theirs)
        first = os.read(ours, 65_536)  # it has begun
        time.sleep(chance.uniform(0, 0.15))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        told += first + b"".join(iter(lambda: os.read(ours, 65_536), b""))  # noqa: B023 (read before the next round)
        os.close(ours)
    acknowledged = set(told.decode().split())
    lost, wrong = lost_and_wrong(folder, acknowledged)
    return {"rounds": rounds, "acknowledged": len(acknowledged), "lost": lost, "wrong": wrong}


def _tell(pipe: int, one: str) -> None:
    os.write(pipe, f"{one}\n".encode())


def cuts(template: Path, folder: Path, rounds: int, way: str) -> dict[str, Any]:
    """The power fails at random moments; each time the machine starts again from what was on the disk."""
    disk, chance = power.Disk(), random.Random(rounds)
    power.between(disk)
    live = folder / "live"
    live.mkdir()
    shutil.copyfile(template, live / "brandtrace.db")
    disk.whole(str(live / "brandtrace.db"), template.read_bytes())
    write = durable.write

    def told(path: Path, data: bytes, **options: Any) -> None:
        write(path, data, **options)
        disk.whole(str(path), data)

    durable.write = told
    acknowledged: list[str] = []
    end = at_work(live, acknowledged.append, mode="NORMAL" if way == "normal" else "FULL")
    images: list[tuple[Path, set[str]]] = []
    for number in range(rounds):
        before = len(acknowledged)
        for _ in itertools.takewhile(lambda _: len(acknowledged) < before + 5, range(2_000)):  # noqa: B023
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.1))
        image = folder / f"cut{number}"
        (known,) = disk.cut(image, chance, lambda: set(acknowledged))
        images.append((image / str(live).lstrip("/"), known))  # type: ignore[arg-type]
    end()
    durable.write = write
    lost, wrong = 0, []
    for image, known in images:
        for key in (live / "keys").glob("*.key"):  # made before the first cut; the rest is as the cut left it
            (image / "keys").mkdir(exist_ok=True, mode=0o700)
            shutil.copy2(key, image / "keys")
        (image / "keys").chmod(0o700)
        missing, found = lost_and_wrong(image, known)
        lost, wrong = lost + missing, wrong + found
    return {"rounds": rounds, "acknowledged": len(acknowledged), "lost": lost, "wrong": wrong, "syncs": disk.syncs}


if __name__ == "__main__":
    kind, template_, folder_, rounds_, way_ = sys.argv[1:]
    status = 1
    try:
        print(json.dumps((kills if kind == "kill" else cuts)(Path(template_), Path(folder_), int(rounds_), way_)))
        status = 0
    except Exception:
        traceback.print_exc()
    sys.stdout.flush()
    os._exit(status)  # threads of the layer below SQLite would meet an interpreter half gone
