"""Entries fetched back from a copy while their records stayed lost: the log says so, and how many, or it is wrong.

A registry that says in public «forty records are gone» has nothing hidden; one that marks records as lost and says
nothing, or another number, has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trace.models.log import LOST
from trace.queries.log_audit_rows import Wrong

#: The statement that tells of a recovery, and the code under which a told loss is named.
KIND, TOLD = "log.recover", "log_audit.lost"


class Losses:
    """Runs of lost entries in the order of their places, and what the log says of them."""

    def __init__(self) -> None:
        self._runs: list[list[int]] = []
        self._told: list[tuple[int, int, int, int]] = []

    def lost(self, place: int, leaf: str) -> bool:
        """Whether the entry bears the mark of a lost one; it is kept until the whole log was read."""
        if leaf != f"{LOST}{place}":
            return False
        if self._runs and self._runs[-1][1] == place:
            self._runs[-1][1] = place + 1
        else:
            self._runs.append([place, place + 1])
        return True

    def told(self, place: int, figures: Mapping[str, Any]) -> None:
        """An entry that tells of a recovery, with its figures."""
        found = [figures.get(name) for name in ("from_index", "to_index", "lost")]
        if all(isinstance(one, int) for one in found):
            self._told.append((place, *found))  # type: ignore[arg-type]

    def findings(self) -> Iterator[Wrong]:
        """Each recovery whose number is right, as told; every other run of lost entries as missing."""
        for place, start, end, count in self._told:
            inside = [run for run in self._runs if start <= run[0] and run[1] <= end]
            if sum(run[1] - run[0] for run in inside) == count:
                self._runs = [run for run in self._runs if run not in inside]
                if count:
                    yield TOLD, place, {"from_index": start, "to_index": end, "lost": count}
        for start, end in self._runs:
            for place in range(start, end):
                yield "log_audit.leaf_missing", place, {}
