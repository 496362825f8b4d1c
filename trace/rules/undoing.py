"""Whether an act on goods may be taken back: while nobody has gone on with what it made, where it was done.

Source: issue 4 lines 2 and 3: nothing is edited or deleted, a withdrawal is a new act with the same figures below zero.
"""

from __future__ import annotations

from collections.abc import Sequence

from brand.kernel.errors import Fault, conflict
from trace.rules.flows import OperationKind

#: What is short on arrival is booked by the shipment's two parties and stays with it.
UNDOABLE = frozenset(set(OperationKind) - {OperationKind.UNDONE, OperationKind.SHORTAGE})


def check_kind(kind: str) -> None:
    """Raises ``undoing.kind``."""
    if kind not in UNDOABLE:
        raise conflict("undoing.kind", kind=f"flows.kind.{kind}")


def check_free(in_the_way: Sequence[Fault]) -> None:
    """Raises the first thing that stands in the way, with all of them as faults: each names lot and record."""
    if in_the_way:
        first = in_the_way[0]
        raise conflict(first.code, faults=list(in_the_way), **first.params)
