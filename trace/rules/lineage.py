"""Follows what was made from what: everything a start leads to, and the whole past of each of many batches.

Source: product plan, T3 (genealogy); outputs are always new batches, so there are no loops, and one met is walked once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

#: For each batch those one step further on, in one direction.
Edges = Mapping[str, Collection[str]]


def reach(edges: Edges, start: Iterable[str]) -> frozenset[str]:
    """``start`` and everything the edges lead to from there; each edge is looked at once."""
    found = set(start)
    level = list(found)
    while level:
        met = {further for one in level for further in edges.get(one, ())}
        met -= found
        found |= met
        level = list(met)
    return frozenset(found)
