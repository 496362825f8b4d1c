"""Says which steps of a life cycle a person could take now, and what still stands in the way of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from brand.kernel.actors import Actor
from brand.kernel.errors import AppError
from brand.kernel.workflow import Facts, Guard, Step, Workflow

#: Ways that open after an appeal alone: before it nobody waits for them, and no page speaks of them.
_UNSPOKEN = frozenset({"appeals.not_changed"})


@dataclass(frozen=True)
class OpenStep:
    """A step the person's role allows in this state; ``refusal`` is the rule that says not yet."""

    step: Step
    refusal: AppError | None = None


def open_steps(
    workflow: Workflow, state: str, actor: Actor, enterprise_id: str | None, facts: Facts, typed: Iterable[Guard]
) -> Iterator[OpenStep]:
    """``typed`` are guards on what the person still has to type; they are not judged before."""
    later = set(typed)
    for step in workflow.open_actions(state):
        if not actor.may(step.permission, enterprise_id):
            continue
        try:
            for guard in step.guards:
                if guard not in later:
                    guard(facts)
        except AppError as error:
            if error.code not in _UNSPOKEN:
                yield OpenStep(step, error)
        else:
            yield OpenStep(step)


def passes(guard: Guard, facts: Facts) -> bool:
    """Whether the guard lets these facts through."""
    try:
        guard(facts)
    except AppError:
        return False
    return True
