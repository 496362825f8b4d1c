"""Hold what a chain has against what its product must have: there or missing, and until when it is needed.

Source: the product's completeness rule (``brand/rules/product_rules``), an edition with its own source; certificates
anew after mixing by domain notes B5.1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from graphlib import TopologicalSorter
from typing import Any, NamedTuple

from brand.rules.product_rules import Item, Stage

#: Which needs count at a stage: what packing needs, labels need too.
_DUE = {Stage.SHOWN: frozenset(Stage), Stage.PACK: {Stage.PACK}, Stage.LABEL: {Stage.PACK, Stage.LABEL}}
#: Packs are of one batch; whoever mixes goods promises anew.
_NOT_CARRIED, _NOT_MIXED = frozenset({Item.PACKING}), frozenset({Item.COMMITMENT_CERTIFICATE})
#: The day of records that speak for goods whenever they were made: a test of a lot, the place it grew on.
ALWAYS = date.min

#: What a batch has of itself: each item with the first day it was there.
Found = Mapping[Item, date]
#: What each batch was made from, with the day those goods left for it.
MadeOf = Mapping[str, Sequence[tuple[str, date]]]


class Line(NamedTuple):
    """One step or paper the product asks for."""

    item: Item
    stage: Stage
    there: bool

    @property
    def needed(self) -> bool:
        """Whether its absence stops something, rather than only being said."""
        return self.stage is not Stage.SHOWN


def evaluate(content: Mapping[str, Any], there: Iterable[Item]) -> tuple[Line, ...]:
    """Every item of the rule, in the order of the way."""
    found = frozenset(there)
    return tuple(Line(Item(item), Stage(stage), Item(item) in found) for item, stage in content["items"].items())


def missing(lines: Iterable[Line], stage: Stage) -> tuple[Item, ...]:
    """What must be there at this stage and is not; for ``shown`` everything that is not there."""
    return tuple(one.item for one in lines if not one.there and one.stage in _DUE[stage])


def carried(batch_id: str, own: Mapping[str, Found], made_of: MadeOf) -> frozenset[Item]:
    """What is there for a batch: its own records, and what every batch it was made from brought along.

    Goods without a history bring none into a mixture, and what was done to a batch after goods had left it was not
    done to these. ``own`` and ``made_of`` reach back to the beginnings.
    """
    order = TopologicalSorter({one: [each for each, _ in inputs] for one, inputs in made_of.items()})
    order.add(batch_id)
    settled: dict[str, Found] = {}
    for one in order.static_order():
        settled[one] = {**_brought(settled, made_of.get(one, ())), **own.get(one, {})}
    return frozenset(settled[batch_id])


def _brought(settled: Mapping[str, Found], inputs: Sequence[tuple[str, date]]) -> dict[Item, date]:
    parts = [{item: day for item, day in settled[one].items() if day <= left} for one, left in inputs]
    if not parts:
        return {}
    lost = _NOT_CARRIED | (_NOT_MIXED if len(parts) > 1 else frozenset())
    common = frozenset.intersection(*(frozenset(one) for one in parts)) - lost
    return {item: max(one[item] for one in parts) for item in common}


def left_on(batch_id: str, made_of: MadeOf) -> dict[str, date]:
    """The last day goods left each earlier batch on their way to this one; of the batch itself: not yet."""
    found = {batch_id: date.max}
    order = TopologicalSorter({one: [each for each, _ in inputs] for one, inputs in made_of.items()})
    for one in reversed([*order.static_order()]):
        for earlier, left in made_of.get(one, ()):
            if one in found:
                found[earlier] = max(found.get(earlier, date.min), min(left, found[one]))
    return found
