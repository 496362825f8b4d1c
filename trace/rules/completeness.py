"""Hold what a chain has against what its product must have: there or missing, and until when it is needed.

Source: the product's completeness rule (``brand/rules/product_rules``), an edition with its own source.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from brand.rules.product_rules import Item, Stage

#: Which needs count at a stage: what packing needs, labels need too.
_DUE = {Stage.SHOWN: frozenset(Stage), Stage.PACK: {Stage.PACK}, Stage.LABEL: {Stage.PACK, Stage.LABEL}}


@dataclass(frozen=True)
class Line:
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
