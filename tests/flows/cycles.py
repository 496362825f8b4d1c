"""How life cycles are driven through their services; ``cycles_of_brands`` and ``cycles_of_goods`` name the doors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from brand.kernel.work import Work
from tests import make
from tests.people import PersonOfTheCast

#: One door: the work, the thing and the action; gives the thing as it stands then.
Door = Callable[[Work, Any, str], Any]

#: Words that satisfy most guards on what a person types.
SAID = {"reason_code": "law", "comment": "示范"}


@dataclass(frozen=True)
class Cycle:
    """A thing of one life cycle and the doors through which it moves.

    ``made``: one that nobody who tries its steps had a hand in; its column ``column`` holds the state. ``step``: the
    usual door; ``doors``: actions with one of their own. ``party``: the enterprise whose people act, ``parties``: where
    it is another for an action. ``beside``: what the database wants to stand beside a state. ``stopped``: the refusal
    of every step of the table that stays shut for this thing. ``alone``: actions no person takes.
    """

    made: Callable[[Session], Any]
    step: Door
    doors: Mapping[str, Door] = field(default_factory=dict)
    column: str = "state"
    party: str = "cooperative"
    parties: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    stopped: Mapping[tuple[str, str], str] = field(default_factory=dict)
    alone: frozenset[str] = frozenset()

    def take(self, work: Work, thing: Any, action: str) -> str:
        """The state after that step."""
        return str(getattr(self.doors.get(action, self.step)(work, thing, action), self.column))

    def put(self, thing: Any, state: str) -> None:
        """The thing in that state, whatever led there."""
        for name, value in {self.column: state, **self.beside.get(state, {})}.items():
            setattr(thing, name, value)


def through(service: Callable[..., Any], key: str = "id", /, **words: Any) -> Door:
    """The door of most services: the thing's key, the action, the version as it stands, and what is typed."""
    return lambda work, thing, action: service(
        work, getattr(thing, key), action, version=thing.version, **words.get(action, words.get("usual", {}))
    )


def by(session: Session, person: PersonOfTheCast) -> Work:
    return make.work(session, make.actor(session, person))
