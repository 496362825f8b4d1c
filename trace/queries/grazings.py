"""Reads which herd was on which pasture or barn, from when until when."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from brand.kernel.actors import Actor
from trace.models.herds import Grazing, Herd
from trace.models.places import Place
from trace.queries import herds, places
from trace.rules.places import GRAZED

MOST = 200


@dataclass(frozen=True)
class Entry:
    """One time of a herd on one place."""

    grazing: Grazing
    herd: Herd
    place: Place


def of_herd(session: Session, actor: Actor, herd_id: str) -> list[Entry]:
    """Where the herd was, the latest first; raises ``access.unknown``."""
    herds.find(session, actor, herd_id)
    return _entries(session, Grazing.herd_id == herd_id)


def of_place(session: Session, actor: Actor, place_id: str) -> list[Entry]:
    """Which herds were on the place, the latest first; herds are read by those who may read the keeper's."""
    place = places.find(session, actor, place_id).held.place
    return _entries(session, Grazing.place_id == place_id) if actor.may("herds.read", place.enterprise_id) else []


def grounds(session: Session, enterprise_id: str) -> list[Place]:
    """Pastures and barns of an enterprise in use, for a person to choose from."""
    return places.usable(session, [enterprise_id], GRAZED)


def _entries(session: Session, condition: bool) -> list[Entry]:
    statement = (
        select(Grazing, Herd, Place)
        .join(Herd, col(Herd.id) == col(Grazing.herd_id))
        .join(Place, col(Place.id) == col(Grazing.place_id))
        .where(condition)
        .order_by(col(Grazing.since).desc(), col(Grazing.id).desc())
    )
    return [Entry(*one) for one in session.exec(statement.limit(MOST))]
