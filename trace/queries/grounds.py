"""Reads the land behind packed goods for the public: pastures the animals grazed, plots the harvest came from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, CompoundSelect, bindparam, func, literal, select, union_all
from sqlmodel import Session, col

from brand.kernel import rows
from trace.models.batches import Batch, Carcass
from trace.models.herds import Grazing, Stay
from trace.queries import places
from trace.queries.places import PublicPlace

#: More pictures of land than these would push the rest of the page away.
MOST = 2

_BATCHES: BindParameter[Any] = bindparam("batches", expanding=True)
_GRAZED = (
    select(col(Grazing.place_id), func.count(func.distinct(Carcass.animal_id)).label("animals"))
    .join(Stay, col(Stay.herd_id) == col(Grazing.herd_id))
    .join(Carcass, col(Carcass.animal_id) == col(Stay.animal_id))
    .where(
        col(Carcass.batch_id).in_(_BATCHES),
        func.coalesce(Grazing.until, Stay.until, Grazing.since) >= col(Stay.since),
        func.coalesce(Stay.until, Grazing.since) >= col(Grazing.since),
    )
    .group_by(col(Grazing.place_id))
)
_GROWN = select(col(Batch.place_id), literal(0)).where(col(Batch.id).in_(_BATCHES), col(Batch.place_id).is_not(None))
#: Land a herd was on while one of the animals stood in it, with the number of them, and land on which the goods grew.
_LAND: CompoundSelect[Any, Any] = union_all(_GRAZED, _GROWN)


def of(session: Session, batch_ids: Sequence[str]) -> tuple[PublicPlace, ...]:
    """Land with a drawn outline, what most of the goods came from first; nothing finer than places show anyway."""
    by_animals = sorted(rows.ask(session, _LAND, batches=list(batch_ids)), key=lambda one: (-one.animals, one.place_id))
    ids = list(dict.fromkeys(one.place_id for one in by_animals))[: 2 * MOST]
    found = places.for_everybody(session, ids) if ids else []
    return tuple(one for one in found if one.sketch is not None)[:MOST]
