"""Reads places: for their enterprises and the office with their land, for the public without names and coordinates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, or_, select

from brand.kernel.actors import Actor
from brand.kernel.clock import local_day
from brand.kernel.errors import unknown
from brand.kernel.paging import Page, page
from brand.models.enterprises import Enterprise, EnterpriseKind
from brand.queries.lookups import by_id
from brand.queries.open_steps import OpenStep, open_steps
from brand.rules import places as counties
from trace.formats.geojson import kept
from trace.formats.sketches import Sketch, sketch
from trace.models.places import Place, PlaceOutline
from trace.rules.places import CLOSED, FLOW, TYPED


@dataclass(frozen=True)
class Held:
    """One place with its enterprise, the name of its township, and its outline of today."""

    place: Place
    enterprise: Enterprise
    county: str
    township: str
    outline: PlaceOutline | None


@dataclass(frozen=True)
class Whole:
    """One place with every outline it ever had, the newest first, and the picture of today's."""

    held: Held
    outlines: tuple[PlaceOutline, ...]
    sketch: Sketch | None


@dataclass(frozen=True)
class PublicPlace:
    """What everybody may read: no name, no person, nothing finer than the township; ``area_m2`` is rounded by rule."""

    code: str
    kind: str
    county: str
    township: str
    state: str
    opened_on: date
    closed_on: date | None
    enterprise_id: str
    enterprise: str
    enterprise_en: str
    area_m2: int | None
    outline_confirmed: bool
    sketch: Sketch | None


def facts(place: Place, actor: Actor, today: date) -> dict[str, Any]:
    """What the guards of the life cycle look at."""
    return {
        "person_id": actor.person_id,
        "written_by": place.written_by,
        "opened_on": place.opened_on,
        "today": today,
        "reason_code": "",
        "day": None,
    }


def listing(
    session: Session, actor: Actor, *, q: str = "", kind: str = "", state: str = "", number: int = 1, size: int = 25
) -> Page[Held]:
    """Places within reach, the last touched first; ``q`` is a piece of a name, an enterprise's name or a code."""
    statement = select(Place).join(Enterprise, col(Enterprise.id) == col(Place.enterprise_id))
    reach = actor.reach("enterprises.read")
    if reach is not None:
        statement = statement.where(col(Place.enterprise_id).in_(reach))
    if q:
        named = (Place.name, Place.name_en, Place.name_mn, Enterprise.name)
        found = [col(one).icontains(q, autoescape=True) for one in named]
        statement = statement.where(or_(*found, col(Place.code) == q.upper().replace(" ", "")))
    if kind:
        statement = statement.where(Place.kind == kind)
    if state:
        statement = statement.where(Place.state == state)
    held = page(session, statement.order_by(col(Place.updated_at).desc(), col(Place.id)), number, size)
    return Page(_held(session, held.rows), held.number, held.size, held.total)


def of(session: Session, actor: Actor, enterprise_id: str) -> list[Held]:
    """Every place of one enterprise, those in use first; raises ``access.unknown``."""
    actor.require("enterprises.read", enterprise_id)
    statement = select(Place).where(Place.enterprise_id == enterprise_id)
    return _held(session, session.exec(statement.order_by(col(Place.closed_on).is_not(None), Place.kind, Place.name)))


def usable(session: Session, enterprise_ids: Iterable[str], kinds: Iterable[str]) -> list[Place]:
    """Places of those enterprises that are in use and of one of the kinds, for a person to choose from."""
    statement = select(Place).where(
        col(Place.enterprise_id).in_(list(enterprise_ids)), Place.state != CLOSED, col(Place.kind).in_(list(kinds))
    )
    return list(session.exec(statement.order_by(Place.kind, Place.name)))


def to_confirm(session: Session, actor: Actor, most: int) -> list[Place]:
    """Places that wait for somebody who confirms them, oldest first."""
    statement = select(Place).where(Place.state == "declared")
    reach = actor.reach("places.confirm")
    if reach is not None:
        statement = statement.where(col(Place.enterprise_id).in_(reach))
    return list(session.exec(statement.order_by(col(Place.updated_at)).limit(most)))


def sent_back(session: Session, actor: Actor, most: int) -> list[Place]:
    """One's own places that the office sent back, oldest first."""
    statement = select(Place).where(Place.state == "returned")
    reach = actor.reach("enterprises.edit")
    if reach is not None:
        statement = statement.where(col(Place.enterprise_id).in_(reach))
    return list(session.exec(statement.order_by(col(Place.updated_at)).limit(most)))


def find(session: Session, actor: Actor, place_id: str) -> Whole:
    """One place within reach; raises ``access.unknown``."""
    found = session.get(Place, place_id)
    if found is None:
        raise unknown()
    actor.require("enterprises.read", found.enterprise_id)
    outlines = _outlines(session, place_id)
    held = _held(session, [found])[0]
    return Whole(held, outlines, sketch(kept(held.outline.geometry)) if held.outline else None)


def drawn(session: Session, actor: Actor, place_id: str, position: int) -> tuple[Place, PlaceOutline]:
    """One outline with its exact corners, for those who may see where people live; raises ``access.unknown``."""
    found = session.get(Place, place_id)
    if found is None:
        raise unknown()
    actor.require("enterprises.contact", found.enterprise_id)
    wanted = select(PlaceOutline).where(PlaceOutline.place_id == place_id, PlaceOutline.position == position)
    outline = session.exec(wanted).first()
    if outline is None:
        raise unknown()
    return found, outline


def public(session: Session, code: str) -> PublicPlace:
    """A place by its public code; raises ``access.unknown``."""
    found = session.exec(select(Place).where(Place.code == code)).first()
    if found is None:
        raise unknown()
    return shown(_held(session, [found])[0])


def for_everybody(session: Session, place_ids: Sequence[str]) -> list[PublicPlace]:
    """These places as everybody may read them, in the order asked for."""
    found = {one.place.id: shown(one) for one in _held(session, by_id(session, Place, set(place_ids)).values())}
    return [found[one] for one in place_ids]


def shown(held: Held) -> PublicPlace:
    """What of a place everybody may read; a household's name is a person's and is left out."""
    place, enterprise, outline = held.place, held.enterprise, held.outline
    person = enterprise.kind == EnterpriseKind.HOUSEHOLD
    return PublicPlace(
        place.code,
        place.kind,
        held.county,
        held.township,
        "closed" if place.state == CLOSED else ("confirmed" if place.state == "confirmed" else "declared"),
        place.opened_on,
        place.closed_on,
        enterprise.id,
        "" if person else enterprise.name,
        "" if person else enterprise.name_en,
        outline.area_m2 if outline else None,
        outline is not None and outline.confirmed_at is not None,
        sketch(kept(outline.geometry)) if outline else None,
    )


def outline(session: Session, place_id: str) -> PlaceOutline | None:
    """The outline a place has now."""
    statement = select(PlaceOutline).where(PlaceOutline.place_id == place_id)
    return session.exec(statement.order_by(col(PlaceOutline.position).desc()).limit(1)).first()


def steps_open_to(place: Place, actor: Actor, today: date) -> dict[str, OpenStep]:
    """The steps this person could take now, by action; what the person types with one is not judged before."""
    found = open_steps(FLOW, place.state, actor, place.enterprise_id, facts(place, actor, today), TYPED)
    return {one.step.action: one for one in found}


def _outlines(session: Session, place_id: str) -> tuple[PlaceOutline, ...]:
    statement = select(PlaceOutline).where(PlaceOutline.place_id == place_id)
    return tuple(session.exec(statement.order_by(col(PlaceOutline.position).desc())))


def _held(session: Session, rows: Iterable[Place]) -> list[Held]:
    """The places with what belongs beside them, two look-ups for any number of them."""
    found = list(rows)
    parties = by_id(session, Enterprise, {one.enterprise_id for one in found})
    now = _outlines_now(session, [one.id for one in found])
    return [
        Held(one, parties[one.enterprise_id], *_where(one, local_day(one.updated_at)), now.get(one.id)) for one in found
    ]


def _outlines_now(session: Session, place_ids: Sequence[str]) -> Mapping[str, PlaceOutline]:
    current = select(PlaceOutline).where(
        col(PlaceOutline.place_id).in_(place_ids), col(PlaceOutline.valid_until).is_(None)
    )
    return {one.place_id: one for one in session.exec(current)}


def _where(place: Place, day: date) -> tuple[str, str]:
    county = counties.county(place.county_code, day)
    towns = {one.code: one.name for one in counties.townships(place.county_code)}
    return county.name if county else "", towns.get(place.township_code, "")
