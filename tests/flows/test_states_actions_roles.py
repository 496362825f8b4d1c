"""Every state, action and role of a life cycle through its service: the role decides first, then the table.

A step the role does not hold answers as if there were nothing, in whatever state; one the table does not know is
refused as the wrong state; all others are taken or stopped by a guard with a name of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, select

from brand.kernel.actors import Actor, Grant
from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.permissions import ENTERPRISE_BOUND, PERMISSIONS, Role
from brand.kernel.work import Work
from brand.kernel.workflow import Workflow
from brand.models.enterprises import Enterprise
from brand.models.rulebooks import Rulebook
from brand.rules import asset_flow, enterprise_flow, inspections, licence_flow, offerings, rulebooks, sanctions
from brand.rules.reviews import ACTIONS
from brand.services import applications as application_services
from brand.services import assets as asset_services
from brand.services import enterprises as enterprise_services
from brand.services import inspections as inspection_services
from brand.services import licences as licence_services
from brand.services import offerings as offering_services
from brand.services import rulebooks as rulebook_services
from tests import make
from tests.people import INSPECTOR, PRODUCER

REASONED = {"reason_code": "sanction.accident", "comment": "示范"}


@dataclass
class Cycle:
    """A life cycle, how its thing is made, how a step is taken, and the actions that have doors of their own."""

    flow: Workflow
    made: Callable[[Session], SQLModel]
    step: Callable[..., Any]
    words: dict[str, str]
    apart: frozenset[str] = frozenset()


def _finding(session: Session) -> SQLModel:
    licence = make.a_licence(make.work(session))
    work = make.work(session, make.actor(session, INSPECTOR))
    said: dict[str, Any] = {"kind": "visit", "severity": "minor", "reason_code": "sanction.standard", "words": "示范"}
    return inspection_services.record(work, licence.id, visited_on=make.MONDAY.date(), **said)


def _rulebook(session: Session) -> SQLModel:
    scheme = make.a_scheme(make.work(session))
    rulebook_services.draft(make.work(session), scheme.id)
    return session.exec(select(Rulebook).where(Rulebook.edition == 2)).one()


CYCLES = {
    "application": Cycle(
        licence_flow.APPLICATION,
        lambda session: make.on_notice(make.work(session)),
        application_services.step,
        {"reason_code": "refusal.origin", "comment": "示范"},
        frozenset({"draft", "edit", *ACTIONS}),
    ),
    "licence": Cycle(
        sanctions.LICENCE, lambda session: make.a_licence(make.work(session)), licence_services.step, REASONED
    ),
    "finding": Cycle(inspections.FLOW, _finding, inspection_services.step, {"comment": "示范"}),
    "rulebook": Cycle(rulebooks.FLOW, _rulebook, rulebook_services.step, {"comment": "示范"}, frozenset({"edit"})),
    "offering": Cycle(
        offerings.FLOW,
        lambda session: make.an_offering(make.work(session)),
        offering_services.step,
        {"reason_code": "law", "comment": "示范"},
        frozenset({"write", "edit"}),
    ),
    "asset": Cycle(
        asset_flow.FLOW,
        lambda session: asset_services.declare(
            make.work(session, make.actor(session, PRODUCER)), "cooperative", **make.AN_ASSET
        ),
        asset_services.step,
        {"reason_code": "law", "comment": "示范"},
        frozenset({"declare"}),
    ),
    "enterprise": Cycle(
        enterprise_flow.FLOW,
        lambda session: session.get_one(Enterprise, "cooperative"),
        enterprise_services.step,
        {"reason_code": "law", "comment": "示范"},
        frozenset({"join"}),
    ),
}


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as opened:
        yield opened


def _attempt(work: Work, cycle: Cycle, thing: Any, state: str, action: str) -> str:
    """What became of the step: the state reached, or the code of the refusal; undone in any case."""
    with work.session.begin_nested() as trial:
        thing.state = state
        work.session.flush()
        try:
            reached = str(cycle.step(work, thing.id, action, version=thing.version, **cycle.words).state)
        except AppError as error:
            reached = error.code
        trial.rollback()
    work.session.refresh(thing)
    return reached


@pytest.mark.parametrize("name", CYCLES)
def test_every_state_action_and_role(session: Session, name: str) -> None:
    cycle = CYCLES[name]
    thing: Any = cycle.made(session)
    table = {(one.state, one.action): one for one in cycle.flow.steps}
    states = [one for one in cycle.flow.states if one != "new"]
    taken = 0
    for role in Role:
        bound = "cooperative" if role in ENTERPRISE_BOUND else None
        work = Work(session, Actor("auditor", "auditor", "x", (Grant(role, bound),)), make.MONDAY, "test")
        for action in sorted(set(cycle.flow.actions) - cycle.apart):
            needed = {one.permission for one in cycle.flow.steps if one.action == action}
            for state in states:
                found = _attempt(work, cycle, thing, state, action)
                if not needed & PERMISSIONS[role]:
                    assert found == "access.unknown", (role, state, action)
                elif (state, action) in table:
                    assert found not in ("access.unknown", f"{cycle.flow.name}.wrong_state"), (role, state, action)
                    taken += found == table[state, action].next_state
                else:
                    assert found == f"{cycle.flow.name}.wrong_state", (role, state, action)
    assert taken, "a table of which no step is ever taken proves nothing"
