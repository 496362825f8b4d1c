"""A life cycle as a frozen table: (state, action) → next state, who may, which guards, which audit word."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from brand.kernel.errors import conflict

Facts = Mapping[str, Any]
#: A guard looks at plain facts and raises an AppError when the step may not be taken.
Guard = Callable[[Facts], None]


@dataclass(frozen=True)
class Step:
    """One permitted move. ``permission`` is checked by the service; ``reason``: must a reason code be given?"""

    state: str
    action: str
    next_state: str
    permission: str
    audit: str
    guards: tuple[Guard, ...] = ()
    reason: bool = False


class Workflow:
    """The table of one kind of object."""

    def __init__(self, name: str, steps: Iterable[Step]) -> None:
        self.name = name
        self.steps = tuple(steps)
        self._table = {(step.state, step.action): step for step in self.steps}
        if len(self._table) != len(self.steps):
            raise ValueError(f"workflow {name} has two steps for one state and action")

    @property
    def states(self) -> tuple[str, ...]:
        found = dict.fromkeys(state for step in self.steps for state in (step.state, step.next_state))
        return tuple(found)

    @property
    def actions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(step.action for step in self.steps))

    def step(self, state: str, action: str) -> Step:
        """The move asked for; raises ``<name>.wrong_state`` where the table has none."""
        found = self._table.get((state, action))
        if found is None:
            raise conflict(f"{self.name}.wrong_state", state=state, action=action)
        return found

    def apply(self, state: str, action: str, facts: Facts) -> Step:
        """The move asked for, with every guard satisfied; raises the first guard's refusal."""
        step = self.step(state, action)
        for guard in step.guards:
            guard(facts)
        return step

    def open_actions(self, state: str) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.state == state)

    def diagram(self) -> str:
        """The table as a Mermaid state diagram, for the docs."""
        lines = ["stateDiagram-v2"]
        lines += [f"    {step.state} --> {step.next_state}: {step.action}" for step in self.steps]
        return "\n".join(lines) + "\n"
