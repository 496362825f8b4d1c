"""Turns at the one writer of SQLite: in order, patient behind many short ones, not behind a long one."""

from __future__ import annotations

import threading
from time import perf_counter, sleep

import pytest

from brand.kernel.db import Database, FairLock
from brand.kernel.errors import AppError, Kind

SHORT, LONG = 0.02, 0.1


def test_whoever_waits_is_served_in_order_and_whoever_gave_up_is_passed_over() -> None:
    lock, served = FairLock(), list[int]()
    assert lock.take()

    def wait(number: int, patience: float | None) -> None:
        if lock.take(patience):
            served.append(number)
            lock.give()

    waiting = [threading.Thread(target=wait, args=(at, SHORT if at == 1 else None)) for at in range(3)]
    for one in waiting:
        before = set(map(id, lock._waiting))
        one.start()
        while one.is_alive() and set(map(id, lock._waiting)) <= before:  # on a slow machine the second gave up already
            sleep(0.001)
    waiting[1].join()
    lock.give()
    for one in waiting:
        one.join()
    assert served == [0, 2]
    assert lock.take(0)  # nobody has it any more


def test_behind_many_short_turns_one_waits_as_long_as_it_takes() -> None:
    """Patience is for one turn of others, not for the whole wait."""
    lock, got = FairLock(), list[bool]()
    lock.take()
    others = [threading.Thread(target=lock.take) for _ in range(6)]
    for at, one in enumerate(others, 1):
        one.start()
        while len(lock._waiting) < at:
            sleep(0.001)
    last = threading.Thread(target=lambda: got.append(lock.take(LONG)))
    begun = perf_counter()
    last.start()
    for _ in range(len(others) + 1):
        sleep(LONG / 4)
        lock.give()
    last.join()
    assert got == [True]
    assert perf_counter() - begun > LONG


def test_in_a_hurry_a_long_act_is_a_refusal_and_without_one_a_wait(database: Database) -> None:
    database.patience = SHORT
    with database.writing():
        for way in (database.writing, database.rehearsing):
            with pytest.raises(AppError) as caught, way(hurried=True):
                pass
            assert (caught.value.kind, caught.value.code) == (Kind.UNAVAILABLE, "service.long_work")
    with database.writing(hurried=True):
        pass
