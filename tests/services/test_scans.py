"""The queue of scans: nothing accepted is silently lost, nobody waits for the database unless the queue is full."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlmodel import func, select

from brand.kernel.db import Database
from tests import make
from trace.models.scans import Scan
from trace.services.scan_rollups import Look
from trace.services.scans import ScanQueue


def looked(number: int) -> Look:
    return Look(make.MONDAY + timedelta(seconds=number), "AAAAAAAA", f"{number:016d}", True, "green", "verdicts.issued")


def kept(database: Database) -> int:
    with database.reading() as session:
        return session.exec(select(func.count()).select_from(Scan)).one()


@pytest.fixture
def queue(database: Database):
    found = ScanQueue(database, every=0.02)
    yield found
    found.close()


def until(condition, seconds=30.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "too late"
        time.sleep(0.01)


def test_looks_are_written_soon_and_in_full(database, queue):
    for number in range(2500):
        queue.put(looked(number))
    until(lambda: kept(database) == 2500)


def test_closing_writes_what_is_left(database):
    queue = ScanQueue(database, every=60)
    queue.put(looked(1))
    queue.close()
    assert kept(database) == 1


def test_a_full_queue_makes_the_caller_write(database):
    queue = ScanQueue(database, longest=2, every=60)
    for number in range(5):
        queue.put(looked(number))
    assert kept(database) == 3
    queue.close()
    assert kept(database) == 5


def test_from_many_threads_each_look_is_one_row(database, queue):
    def look_often(start):
        for number in range(start, start + 50):
            queue.put(looked(number))

    threads = [threading.Thread(target=look_often, args=(50 * one,)) for one in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert queue.flush()
    with database.reading() as session:
        serials = session.exec(select(Scan.serial)).all()
    assert len(serials) == len(set(serials)) == 400


class Failing:
    """A database that refuses until it is told to work."""

    def __init__(self, database: Database) -> None:
        self.database, self.broken, self.tries = database, True, 0

    @contextmanager
    def writing(self):
        self.tries += 1
        if self.broken:
            raise OSError("no space left")
        with self.database.writing() as session:
            yield session


def test_a_failing_database_is_logged_tried_again_and_nothing_is_lost_or_doubled(database, capsys):
    failing = Failing(database)
    queue = ScanQueue(failing, every=0.01)  # type: ignore[arg-type]
    for number in range(30):
        queue.put(looked(number))
    until(lambda: failing.tries >= 3)
    assert kept(database) == 0
    failing.broken = False
    until(lambda: kept(database) == 30)
    queue.close()
    assert kept(database) == 30
