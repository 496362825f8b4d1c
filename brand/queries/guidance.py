"""Reads the log of guidance, norms and services of one enterprise."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from brand.kernel.actors import Actor
from brand.kernel.errors import unknown
from brand.kernel.paging import Page, page
from brand.models.enterprises import Enterprise
from brand.models.guidance import Guidance
from brand.models.schemes import Brand
from brand.queries.lookups import by_id


@dataclass(frozen=True)
class Given:
    """One act with the brand it was about."""

    guidance: Guidance
    brand: Brand | None


def log(session: Session, actor: Actor, enterprise_id: str, *, number: int = 1, size: int = 25) -> Page[Given]:
    """What was given to an enterprise within reach, newest first; raises ``access.unknown``."""
    enterprise(session, actor, enterprise_id)
    statement = select(Guidance).where(Guidance.enterprise_id == enterprise_id)
    found = page(session, statement.order_by(col(Guidance.held_on).desc(), col(Guidance.at).desc()), number, size)
    brands = by_id(session, Brand, {one.brand_id for one in found.rows if one.brand_id})
    return Page(
        [Given(one, brands.get(one.brand_id or "")) for one in found.rows], found.number, found.size, found.total
    )


def enterprise(session: Session, actor: Actor, enterprise_id: str) -> Enterprise:
    """The enterprise, if it is within reach; raises ``access.unknown``."""
    found = session.get(Enterprise, enterprise_id)
    if found is None or not actor.may("enterprises.read", enterprise_id):
        raise unknown()
    return found


def brands(session: Session) -> list[Brand]:
    """Every brand, for the choice on the form."""
    return list(session.exec(select(Brand).order_by(Brand.scheme_id, Brand.code)))
