"""Tries every sequence of events through the real services; states that are alike are looked at once.

A world says what may happen in it, which state it is in (all that decides what can happen next, so that two ways to it
need not both be followed) and what must hold where something was published. Each event is undone by a savepoint.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Protocol

from sqlmodel import Session

from brand.kernel.errors import AppError


class World(Protocol):
    """One thing that is written and approved, with the persons around it."""

    session: Session

    @property
    def events(self) -> Mapping[str, Callable[[], int]]:
        """What may happen, by name; each tells how many of its steps were not refused."""

    def state(self) -> Hashable:
        """Everything that decides what can happen next."""

    def published(self) -> tuple[set[str], str] | None:
        """Where something is published: the persons who had a hand in it before, and the one who said yes."""


@dataclass
class Seen:
    """How many states there were, in how many of them something was published, and what was tried and let through."""

    states: int
    published: int
    happened: set[str]


def explore(world: World, depth: int = 6) -> Seen:
    """Every sequence of so many events; raises ``AssertionError`` with the first that publishes with one person."""
    left_at: dict[Hashable, int] = {}
    published: set[Hashable] = set()
    happened: set[str] = set()

    def walk(left: int, way: tuple[str, ...]) -> None:
        found = world.published()
        state = (world.state(), found and found[1])  # who said yes is looked at on every way, not only on the first
        if left_at.get(state, -1) >= left:
            return
        left_at[state] = left
        if found is not None:
            hands, decider = found
            assert hands, way
            assert decider not in hands, way
            published.add(state)
            return  # nothing un-publishes it: what else may happen changes no yes
        for name, event in world.events.items() if left else ():
            with world.session.begin_nested() as trial:
                if event():
                    happened.add(name)
                    walk(left - 1, (*way, name))
                trial.rollback()

    walk(depth, ())
    return Seen(len(left_at), len(published), happened)


def tried(session: Session, *steps: Callable[[], object]) -> int:
    """The steps in order up to the first that is refused, which leaves nothing behind; how many were taken."""
    for taken, step in enumerate(steps):
        try:
            with session.begin_nested():
                step()
                session.flush()
        except AppError:
            return taken
    return len(steps)
