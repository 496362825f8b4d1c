"""Every state, action and role of every life cycle through its service: the role decides first, then the table.

A step the role does not hold answers as if there were nothing, in whatever state, and so does one on what belongs to
others; one the table does not know is refused as the wrong state; all others are taken, or stopped by a guard that is
named here. A life cycle of the docs without its doors in ``cycles_of_brands`` or ``cycles_of_goods`` fails by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import Session

from brand.kernel.actors import Actor, Grant
from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.permissions import ENTERPRISE_BOUND, PERMISSIONS, TOWNSHIP_BOUND, Role
from brand.kernel.work import Work
from brand.kernel.workflow import Workflow
from tests import make
from tests.flows.cycles import Cycle
from tests.flows.cycles_of_brands import OF_BRANDS
from tests.flows.cycles_of_goods import OF_GOODS
from tests.house.workflows import LIFE_CYCLES
from trace.rules import limits

CYCLES = OF_BRANDS | OF_GOODS
#: An enterprise that has nothing to do with any of the things.
STRANGER = "rival_abattoir"
BOUND = ENTERPRISE_BOUND | TOWNSHIP_BOUND


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as opened:
        yield opened


def _as(session: Session, role: Role, party: str) -> Work:
    """Somebody with that role alone, who had no hand in anything."""
    grant = Grant(role, party if role in BOUND else None)
    return Work(session, Actor("auditor", "auditor", "x", (grant,)), make.MONDAY, "test")


def _attempt(work: Work, cycle: Cycle, thing: Any, action: str) -> str:
    """What became of the step: the state reached, or the code of the refusal; undone in any case."""
    with work.session.begin_nested() as trial:
        try:
            reached = cycle.take(work, thing, action)
        except AppError as error:
            reached = error.code
        trial.rollback()
    work.session.expire_all()
    return reached


def _pairs(flow: Workflow) -> Iterator[tuple[str, str]]:
    """Every state with every action; what begins a thing is tried where there is none yet, and nothing else is."""
    first = {one.action for one in flow.steps if one.state == "new"}
    for state in flow.states:
        for action in flow.actions:
            if (action in first) == (state == "new"):
                yield state, action


def _walk(session: Session, flow: Workflow, cycle: Cycle) -> dict[tuple[str, str], set[str]]:
    """Try everything; the steps of the table that some holder of the permission could not take, and why."""
    table = {(one.state, one.action): one for one in flow.steps}
    thing: Any = cycle.made(session)
    shut: dict[tuple[str, str], set[str]] = {}
    for state, action in _pairs(flow):
        needed = {one.permission for one in flow.steps if one.action == action}
        with session.begin_nested() as there:
            if state != "new":
                cycle.put(thing, state)
                session.flush()
            for role in Role:
                here = (flow.name, state, action, role)
                found = _attempt(_as(session, role, cycle.parties.get(action, cycle.party)), cycle, thing, action)
                if action in cycle.alone or not needed & PERMISSIONS[role]:
                    assert found == "access.unknown", here
                elif (state, action) not in table:
                    assert found == f"{flow.name}.wrong_state", here
                elif found != table[state, action].next_state:
                    assert found not in ("access.unknown", f"{flow.name}.wrong_state"), here
                    shut.setdefault((state, action), set()).add(found)
                if role in BOUND:
                    assert _attempt(_as(session, role, STRANGER), cycle, thing, action) == "access.unknown", here
            there.rollback()
        session.expire_all()
    return shut


@pytest.mark.parametrize("title", LIFE_CYCLES)
def test_every_state_action_and_role(session: Session, title: str) -> None:
    cycle = CYCLES[title]
    assert _walk(session, LIFE_CYCLES[title], cycle) == {pair: {code} for pair, code in cycle.stopped.items()}


def _any_role(cycle: Cycle) -> Cycle:
    """A service that forgets to ask who comes."""
    anybody = Actor("auditor", "auditor", "x", tuple(Grant(role) for role in Role))
    return replace(cycle, step=lambda work, thing, action: cycle.step(make.work(work.session, anybody), thing, action))


def _any_state(cycle: Cycle) -> Cycle:
    """A service that forgets to ask its table."""

    def step(work: Work, thing: Any, action: str) -> Any:
        move = next(one for one in limits.FLOW.steps if one.action == action)
        work.actor.require(move.permission)
        thing.state = move.next_state
        return thing

    return replace(cycle, step=step)


def _any_party(cycle: Cycle) -> Cycle:
    """A service that asks for the role and not for whom it is held: every enterprise comes as the one it is about."""

    def step(work: Work, thing: Any, action: str) -> Any:
        role = work.actor.grants[0].role
        return cycle.step(_as(work.session, role, cycle.party), thing, action)

    return replace(cycle, step=step)


@pytest.mark.parametrize(
    ("title", "planted"),
    [
        ("A limit of a tested item", _any_role),
        ("A limit of a tested item", _any_state),
        ("A request for a free test", _any_party),
    ],
)
def test_a_planted_hole_is_found(session: Session, title: str, planted: Callable[[Cycle], Cycle]) -> None:
    with pytest.raises(AssertionError, match=r"access\.unknown|wrong_state"):
        _walk(session, LIFE_CYCLES[title], planted(CYCLES[title]))
