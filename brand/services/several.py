"""Takes one and the same step on several records: each by its own guarded service, one refusal undoes no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from brand.kernel.errors import AppError
from brand.kernel.work import Work
from brand.rules.several import SeveralStep
from brand.services import applications, complaints, enterprises


@dataclass(frozen=True)
class Outcome:
    """What became of one of them; ``refusal`` None means it is done."""

    id: str
    refusal: AppError | None


_STEPS: Mapping[SeveralStep, Callable[[Work, str, int], object]] = {
    SeveralStep.CONFIRM: lambda work, one, seen: enterprises.step(work, one, "confirm", version=seen),
    SeveralStep.START_REVIEW: lambda work, one, seen: applications.step(work, one, "start_review", version=seen),
    SeveralStep.ACCEPT: lambda work, one, seen: complaints.step(work, one, "accept", version=seen),
}


def step_each(work: Work, step: SeveralStep, chosen: Mapping[str, int]) -> list[Outcome]:
    """The step on each inside a savepoint of its own; it writes its own line of the audit trail.

    ``chosen`` gives the version of each record that the person saw. A refusal with a name is an outcome and undoes that
    one alone; anything else ends the work and undoes all of it. Rows are locked in the order of their ids, so that two
    such works cannot wait for each other. Whoever may take the step nowhere gets ``access.unknown``.
    """
    work.actor.require(step.permission)
    found = {one: _outcome(work, step, one, chosen[one]) for one in sorted(chosen)}
    return [found[one] for one in chosen]


def _outcome(work: Work, step: SeveralStep, record_id: str, version: int) -> Outcome:
    try:
        with work.session.begin_nested():
            _STEPS[step](work, record_id, version)
            work.session.flush()
    except AppError as refusal:
        return Outcome(record_id, refusal)
    return Outcome(record_id, None)
