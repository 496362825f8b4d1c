"""Reads which goods grew on which plot: own harvests, and what was bought of a contracted household's plot."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Subquery, union_all
from sqlmodel import col, select

from trace.models.batches import Batch
from trace.models.supply import SupplyUse
from trace.rules.goods import BatchKind


def grown() -> Subquery:
    """(``batch_id``, ``place_id``, ``day`` of the harvest) of all goods whose plot is known."""
    own: Any = (col(Batch.id).label("batch_id"), col(Batch.place_id).label("place_id"), col(Batch.made_on).label("day"))
    bought: Any = (SupplyUse.batch_id, SupplyUse.place_id, SupplyUse.harvested_on)
    return union_all(
        select(*own).where(Batch.kind == BatchKind.HARVEST.value, col(Batch.place_id).is_not(None)),
        select(*bought).where(SupplyUse.kg > 0, col(SupplyUse.place_id).is_not(None)),
    ).subquery("grown")
