"""Reads enterprises: the list within a person's reach, one of them, and what its page may show of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_
from sqlmodel import Session, col, select

from brand.kernel.actors import Actor
from brand.kernel.errors import unknown
from brand.kernel.paging import PAGE_SIZE, Page, page
from brand.models.enterprises import Enterprise
from brand.queries import merges
from brand.queries.name_search import by_initials, containing
from brand.rules import enterprise_entries, places
from brand.rules.places import County, Township


@dataclass(frozen=True)
class EnterpriseView:
    """One enterprise as this reader may see it; ``contact`` None means the reader may not see how to reach it."""

    enterprise: Enterprise
    county: County | None
    township: Township | None
    contact: Mapping[str, str] | None
    warnings: tuple[str, ...]
    duplicates: tuple[Enterprise, ...] = ()


def listing(
    session: Session,
    actor: Actor,
    *,
    q: str = "",
    kind: str = "",
    state: str = "",
    number: int = 1,
    size: int = PAGE_SIZE,
) -> Page[Enterprise]:
    """Enterprises the actor may read, newest first; ``q`` is a piece of a name, its initials, or of the credit code."""
    statement = select(Enterprise).order_by(col(Enterprise.joined_at).desc(), col(Enterprise.id))
    reach = actor.reach("enterprises.read")
    if reach is not None:
        statement = statement.where(col(Enterprise.id).in_(reach))
    if q:
        columns = (Enterprise.name, Enterprise.name_en, Enterprise.name_mn, Enterprise.credit_code)
        spelled = ((Enterprise.id, select(Enterprise.id, Enterprise.name)),)
        statement = statement.where(or_(containing(q, columns), *by_initials(session, q, spelled)))
    if kind:
        statement = statement.where(Enterprise.kind == kind)
    if state:
        statement = statement.where(Enterprise.state == state)
    return page(session, statement, number, size)


def one(session: Session, actor: Actor, enterprise_id: str) -> Enterprise:
    """The enterprise; raises ``access.unknown`` for what does not exist or is somebody else's."""
    actor.require("enterprises.read", enterprise_id)
    found = session.get(Enterprise, enterprise_id)
    if found is None:
        raise unknown()
    return found


def view(session: Session, actor: Actor, enterprise_id: str, today: date) -> EnterpriseView:
    """What the page of one enterprise shows to this reader."""
    found = one(session, actor, enterprise_id)
    towns = {each.code: each for each in places.townships(found.county_code)}
    deciding = actor.may("enterprises.confirm", found.id)
    return EnterpriseView(
        found,
        places.county(found.county_code, today),
        towns.get(found.township_code),
        contact(found) if actor.may("enterprises.contact", found.id) else None,
        enterprise_entries.warnings(found.kind, found.credit_code, found.county_code) if deciding else (),
        tuple(merges.merged_into(session, found.id)),
    )


def contact(enterprise: Enterprise) -> dict[str, str]:
    return {name: getattr(enterprise, name) for name in ("address", "contact_name", "contact_phone")}


def names(session: Session) -> list[tuple[str, str]]:
    """(id, name) of every enterprise, for an administrator's choice."""
    return list(session.exec(select(Enterprise.id, Enterprise.name).order_by(Enterprise.name)))
