"""Lets many threads do one thing at the same moment, on whichever database the fixture gives."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from brand.kernel.actors import SYSTEM, Actor
from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.work import Work
from tests import make

T = TypeVar("T")


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """What the racers got: results of those who did it, refusals of those who did not."""

    done: list[T]
    refused: list[AppError]

    @property
    def codes(self) -> set[str]:
        return {one.code for one in self.refused}


def race(count: int, act: Callable[[int], T]) -> Outcome[T]:
    """``act(0) … act(count - 1)`` in threads released by one barrier. Anything but an AppError fails the test."""
    gate = threading.Barrier(count)

    def run(position: int) -> T | AppError:
        gate.wait(timeout=60)
        try:
            return act(position)
        except AppError as error:
            return error

    with ThreadPoolExecutor(count) as threads:
        results = list(threads.map(run, range(count)))
    return Outcome(
        [one for one in results if not isinstance(one, AppError)],
        [one for one in results if isinstance(one, AppError)],
    )


def one_work(database: Database, act: Callable[[Work], T], actor: Actor = SYSTEM, **options: Any) -> T:
    """``act`` in a transaction of its own, as a door would do it."""
    with database.writing() as session:
        return act(make.work(session, actor, **options))
