"""Reads the brands of the register: every brand in every state with its place, its marks and its licences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, or_, select

from brand.kernel.errors import unknown
from brand.kernel.paging import Page, page
from brand.models.schemes import Brand, Product, Scheme, Tier
from brand.queries import brand_chains, brand_marks, halts, licences
from brand.queries.brand_marks import Registered
from brand.queries.halts import Halted
from brand.queries.lookups import by_id
from brand.queries.name_search import by_initials, containing
from brand.rules.brand_flow import BrandState

_NAMES = ((Brand.id, select(Brand.id, Brand.name)), (Brand.scheme_id, select(Scheme.id, Scheme.name)))


@dataclass(frozen=True)
class ShownBrand:
    """A brand with its place. ``state`` is what it is worth today through the brands above it; ``valid`` counts
    the licences in force under it."""

    brand: Brand
    tier: Tier
    scheme: Scheme
    parent: Brand | None
    state: BrandState
    valid: int


@dataclass(frozen=True)
class WholePublicBrand:
    """One brand with its products, its trademarks, and what happened to it and to those above it."""

    shown: ShownBrand
    products: tuple[Product, ...]
    trademarks: tuple[Registered, ...]
    history: tuple[Halted, ...]


def listing(
    session: Session, today: date, *, text: str = "", state: str = "", number: int = 1, size: int = 25
) -> Page[ShownBrand]:
    """Brands by scheme, tier and code; ``text`` is a piece of a brand's or scheme's name, its initials, or a code."""
    statement = (
        select(Brand)
        .join(Tier, col(Tier.id) == col(Brand.tier_id))
        .join(Scheme, col(Scheme.id) == col(Brand.scheme_id))
        .order_by(col(Scheme.code), col(Tier.level), col(Brand.code))
    )
    if text:
        words = (Brand.code, Brand.name, Brand.name_en, Brand.name_mn, Scheme.name, Scheme.name_en)
        statement = statement.where(or_(containing(text, words), *by_initials(session, text, _NAMES)))
    if state:
        halted = brand_chains.halted(session)
        held = set().union(*halted.values()) if state == BrandState.IN_FORCE else halted[BrandState(state)]
        among = col(Brand.id).in_(held)
        statement = statement.where(~among if state == BrandState.IN_FORCE else among)
    found = page(session, statement, number, size)
    return Page(_shown(session, found.rows, today), found.number, found.size, found.total)


def everything(session: Session, today: date) -> list[ShownBrand]:
    """All of them, for open data."""
    return _shown(session, session.exec(select(Brand).order_by(Brand.scheme_id, Brand.code)), today)


def one(session: Session, brand_id: str, today: date) -> WholePublicBrand:
    """One brand; raises ``access.unknown``."""
    found = session.get(Brand, brand_id)
    if found is None:
        raise unknown()
    products = session.exec(select(Product).where(Product.brand_id == brand_id).order_by(Product.code))
    chain = [each.id for each in brand_chains.chain(session, brand_id)]
    return WholePublicBrand(
        _shown(session, [found], today)[0],
        tuple(products),
        tuple(brand_marks.registered(session, brand_id, today)),
        tuple(halts.of_brands(session, chain)),
    )


def _shown(session: Session, rows: Iterable[Brand], today: date) -> list[ShownBrand]:
    found = list(rows)
    tiers = by_id(session, Tier, {one.tier_id for one in found})
    schemes = by_id(session, Scheme, {one.scheme_id for one in found})
    parents = by_id(session, Brand, {one.parent_id for one in found if one.parent_id})
    halted = brand_chains.halted(session)
    valid = Counter(one.brand_id for one in licences.valid_under(session, [one.id for one in found], today))
    return [
        ShownBrand(
            one,
            tiers[one.tier_id],
            schemes[one.scheme_id],
            parents.get(one.parent_id or ""),
            next((state for state, ids in halted.items() if one.id in ids), BrandState.IN_FORCE),
            valid[one.id],
        )
        for one in found
    ]
