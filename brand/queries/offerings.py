"""Reads the product catalogue: for the public what is listed, for its owners and the office everything within reach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import defer
from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from brand.kernel.actors import Actor
from brand.kernel.errors import unknown
from brand.kernel.paging import Page, page
from brand.models.enterprises import Enterprise, EnterpriseKind, EnterpriseState
from brand.models.licences import Licence
from brand.models.offerings import Offering, OfferingPhoto
from brand.models.schemes import Brand, Product
from brand.queries import assets, licences
from brand.queries.assets import Held
from brand.queries.lookups import by_id
from brand.queries.name_search import by_initials, containing
from brand.queries.open_steps import OpenStep, open_steps
from brand.rules import offerings as rules
from brand.rules.offerings import FLOW, LISTED

_WORDS = (
    *(Offering.name, Offering.name_en, Offering.name_mn),
    *(Brand.name, Brand.name_en),
    *(Product.name, Product.name_en),
)
_NAMES = (
    (Offering.id, select(Offering.id, Offering.name).where(Offering.state == LISTED)),
    (
        Offering.enterprise_id,
        select(Enterprise.id, Enterprise.name).where(Enterprise.kind != EnterpriseKind.HOUSEHOLD.value),
    ),
    (Product.id, select(Product.id, Product.name)),
    (Brand.id, select(Brand.id, Brand.name)),
)


@dataclass(frozen=True)
class Shown:
    """One offering with its names and pictures; ``licence`` is the one under which it carries the brand today."""

    offering: Offering
    enterprise: Enterprise
    product: Product
    brand: Brand
    licence: Licence | None
    photos: tuple[OfferingPhoto, ...]
    missing: tuple[str, ...]

    @property
    def producer(self) -> str:
        """Empty for a household, whose name is a person's."""
        return "" if self.enterprise.kind == EnterpriseKind.HOUSEHOLD else self.enterprise.name

    @property
    def producer_en(self) -> str:
        return "" if self.enterprise.kind == EnterpriseKind.HOUSEHOLD else self.enterprise.name_en

    @property
    def licence_number(self) -> str:
        return self.licence.number if self.licence else ""


@dataclass(frozen=True)
class Whole:
    """One offering with the certificates it shows."""

    shown: Shown
    certificates: tuple[Held, ...]


def gate(offering: Offering, enterprise: Enterprise) -> dict[str, Any]:
    """What ``rules/offerings.missing`` looks at; a household is known by its entry, having no credit code."""
    known = bool(enterprise.credit_code) or enterprise.kind == EnterpriseKind.HOUSEHOLD
    return offering.model_dump(include=set(rules.GATE)) | {"producer": known}


def catalogue(
    session: Session,
    today: date,
    *,
    text: str = "",
    brand: str = "",
    product: str = "",
    number: int = 1,
    size: int = 24,
) -> Page[Shown]:
    """What the public may see, newest first; ``text`` is a piece of a name or its pinyin initials."""
    statement = _public().order_by(col(Offering.listed_at).desc(), col(Offering.id))
    if text:
        statement = statement.where(_search(session, text))
    if brand:
        statement = statement.where(Brand.code == brand)
    if product:
        statement = statement.where(Product.code == product)
    return _page(session, statement, today, number, size)


def everything_public(session: Session, today: date) -> list[Shown]:
    """The whole catalogue, for open data."""
    return _shown(session, session.exec(_public().order_by(col(Offering.id))), today)


def public(session: Session, offering_id: str, today: date) -> Whole:
    """One offering of the catalogue; raises ``access.unknown`` for what is not listed."""
    return _whole(session, _one_public(session, offering_id), today)


def public_photo(session: Session, offering_id: str, photo_id: str) -> OfferingPhoto:
    """A picture of a listed offering; raises ``access.unknown``."""
    return _photo(session, _one_public(session, offering_id).id, photo_id)


def pictured(session: Session, enterprise_id: str, product_id: str) -> OfferingPhoto | None:
    """The first picture of what the enterprise lists under the product, of the offering listed first; or none."""
    its = _public().where(Offering.enterprise_id == enterprise_id, Offering.product_id == product_id)
    of_these = its.with_only_columns(col(Offering.id)).subquery()
    statement = (
        select(OfferingPhoto)
        .join(Offering, col(Offering.id) == col(OfferingPhoto.offering_id))
        .where(col(OfferingPhoto.offering_id).in_(select(of_these.c.id)))
        .order_by(col(Offering.listed_at), col(OfferingPhoto.added_at), col(OfferingPhoto.id))
    )
    return session.exec(statement.limit(1)).first()


def listing(session: Session, actor: Actor, today: date, *, number: int = 1, size: int = 25) -> Page[Shown]:
    """Offerings in every state within reach, the last touched first."""
    statement = select(Offering).order_by(col(Offering.updated_at).desc(), col(Offering.id))
    reach = actor.reach("enterprises.read")
    if reach is not None:
        statement = statement.where(col(Offering.enterprise_id).in_(reach))
    return _page(session, statement, today, number, size)


def find(session: Session, actor: Actor, offering_id: str, today: date) -> Whole:
    """One offering within reach; raises ``access.unknown``."""
    found = session.get(Offering, offering_id)
    if found is None:
        raise unknown()
    actor.require("enterprises.read", found.enterprise_id)
    return _whole(session, found, today)


def photo(session: Session, actor: Actor, offering_id: str, photo_id: str, today: date) -> OfferingPhoto:
    """A picture within reach; raises ``access.unknown``."""
    return _photo(session, find(session, actor, offering_id, today).shown.offering.id, photo_id)


def photos(session: Session, offering_ids: Iterable[str]) -> dict[str, list[OfferingPhoto]]:
    """Pictures of several offerings without their bytes, in the order they came."""
    found: dict[str, list[OfferingPhoto]] = defaultdict(list)
    statement = select(OfferingPhoto).where(col(OfferingPhoto.offering_id).in_(set(offering_ids)))
    light = statement.options(defer(col(OfferingPhoto.content)))  # type: ignore[arg-type]
    for one in session.exec(light.order_by(col(OfferingPhoto.added_at), col(OfferingPhoto.id))):
        found[one.offering_id].append(one)
    return found


def own_enterprises(session: Session, actor: Actor) -> list[Enterprise]:
    """The enterprises this person writes offerings for; none for the office."""
    reach = actor.reach("enterprises.edit")
    return sorted(by_id(session, Enterprise, reach or ()).values(), key=lambda one: one.name)


def choices(session: Session) -> list[tuple[Brand, Product]]:
    """Every product of every scheme with its brand."""
    joined = select(Brand, Product).join(Product, col(Product.brand_id) == col(Brand.id))
    return list(session.exec(joined.order_by(Brand.code, Product.code)))


def certificates(session: Session, enterprise_id: str, today: date) -> list[Held]:
    """What may be shown beside an offering."""
    return assets.public(session, enterprise_id, today)


def steps_open_to(one: Shown, actor: Actor) -> list[OpenStep]:
    """The steps this person could take now; what the person types with one is not judged before it is typed."""
    facts = gate(one.offering, one.enterprise) | {"reason_code": ""}
    steps = open_steps(FLOW, one.offering.state, actor, one.enterprise.id, facts, rules.TYPED)
    return list(steps)


def _public() -> SelectOfScalar[Offering]:
    return (
        select(Offering)
        .join(Enterprise, col(Enterprise.id) == col(Offering.enterprise_id))
        .join(Product, col(Product.id) == col(Offering.product_id))
        .join(Brand, col(Brand.id) == col(Product.brand_id))
        .where(Offering.state == LISTED, Enterprise.state == EnterpriseState.CONFIRMED)
    )


def _one_public(session: Session, offering_id: str) -> Offering:
    found = session.exec(_public().where(Offering.id == offering_id)).first()
    if found is None:
        raise unknown()
    return found


def _search(session: Session, text: str) -> ColumnElement[bool]:
    """Names in any language and their initials; a household's own name is never searched."""
    no_person = col(Enterprise.kind) != EnterpriseKind.HOUSEHOLD.value
    named = no_person & containing(text, (Enterprise.name,))
    return or_(containing(text, _WORDS), named, *by_initials(session, text, _NAMES))


def _page(session: Session, statement: Any, today: date, number: int, size: int) -> Page[Shown]:
    found = page(session, statement, number, size)
    return Page(_shown(session, found.rows, today), found.number, found.size, found.total)


def _shown(session: Session, rows: Iterable[Offering], today: date) -> list[Shown]:
    """The offerings with all that belongs to them, a handful of look-ups for any number of them."""
    found = list(rows)
    parties = by_id(session, Enterprise, {one.enterprise_id for one in found})
    goods = by_id(session, Product, {one.product_id for one in found})
    brands = by_id(session, Brand, {one.brand_id for one in goods.values()})
    pictures = photos(session, [one.id for one in found])
    held = licences.valid_pairs(session, parties, today)
    return [
        Shown(
            one,
            parties[one.enterprise_id],
            goods[one.product_id],
            brands[goods[one.product_id].brand_id],
            held.get((one.enterprise_id, one.product_id)),
            tuple(pictures[one.id]),
            rules.missing(gate(one, parties[one.enterprise_id])),
        )
        for one in found
    ]


def _whole(session: Session, found: Offering, today: date) -> Whole:
    held = assets.public(session, found.enterprise_id, today)
    return Whole(_shown(session, [found], today)[0], tuple(one for one in held if one.asset.id in found.certificates))


def _photo(session: Session, offering_id: str, photo_id: str) -> OfferingPhoto:
    found = session.get(OfferingPhoto, photo_id)
    if found is None or found.offering_id != offering_id:
        raise unknown()
    return found
