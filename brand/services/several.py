"""Takes one and the same step on several records: each by its own guarded step, one refusal undoes no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from brand.kernel.errors import AppError
from brand.kernel.work import Work


@dataclass(frozen=True)
class Outcome:
    """What became of one of them; ``refusal`` None means it is done."""

    id: str
    refusal: AppError | None


def step_each(work: Work, chosen: Mapping[str, int], take: Callable[[str, int], object]) -> list[Outcome]:
    """``take(id, version)`` for each inside a savepoint of its own; the step writes its line of the audit trail.

    ``chosen`` gives the version of each record that the person saw. A refusal with a name is an outcome and undoes that
    one alone; anything else ends the work and undoes all of it. Rows are locked in the order of their ids, so that two
    such works cannot wait for each other.
    """
    found = {one: _outcome(work, one, chosen[one], take) for one in sorted(chosen)}
    return [found[one] for one in chosen]


def _outcome(work: Work, record_id: str, version: int, take: Callable[[str, int], object]) -> Outcome:
    try:
        with work.session.begin_nested():
            take(record_id, version)
            work.session.flush()
    except AppError as refusal:
        return Outcome(record_id, refusal)
    return Outcome(record_id, None)
