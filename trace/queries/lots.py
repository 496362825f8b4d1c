"""Finds the lots of a maker that stand in the books."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, text
from sqlmodel import Session, col, select

from brand.kernel import rows
from trace.models.batches import Batch
from trace.queries.lineage import portions

#: In the words of the index on standing lots: SQLite uses it for no others, and would read every batch of the maker.
STANDING = text("NOT batches.withdrawn")
LOTS = select(Batch.lot).where(
    col(Batch.maker_id) == bindparam("maker"), col(Batch.lot).in_(bindparam("lots", expanding=True)), STANDING
)


def standing(session: Session, maker_id: str, lots: Iterable[str]) -> set[str]:
    """Which of these lots a standing batch of that maker bears."""
    found = (rows.ask(session, LOTS, maker=maker_id, lots=list(some)) for some in portions(lots))
    return {one.lot for some in found for one in some}
