"""Puts products under brands and counts the hero products of each tier, never beyond its limit."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_
from sqlmodel import col, select, update

from brand.kernel.errors import conflict, quota_exceeded
from brand.kernel.work import Work
from brand.models.schemes import Brand, Product, Tier
from brand.rules.scheme_changes import Kind
from brand.services import exceptions


def add(work: Work, brand_id: str, entries: dict[str, Any]) -> Product:
    """One more product of a brand; ``hero`` among the entries takes a place as ``flag`` does.

    Called by whoever has asked for permission. Raises ``scheme_changes.outdated`` where the code is taken meanwhile.
    """
    held = select(Product.id).where(Product.brand_id == brand_id, Product.code == entries["code"])
    if work.session.exec(held).first():
        raise conflict("scheme_changes.outdated")
    product = Product(**entries | {"brand_id": brand_id, "hero": False})
    work.session.add(product)
    work.session.flush()
    if entries["hero"]:
        flag(work, product)
    return product


def flag(work: Work, product: Product) -> None:
    """Make it a hero product, by one statement that cannot overrun; beyond the limit an approved exception is used up.

    Raises ``schemes.heroes_full`` with the figures.
    """
    tier_id = work.session.get_one(Brand, product.brand_id).tier_id
    free = or_(col(Tier.heroes_max).is_(None), col(Tier.heroes_used) + 1 <= col(Tier.heroes_max))
    taken = work.session.exec(
        update(Tier).where(col(Tier.id) == tier_id, free).values(heroes_used=col(Tier.heroes_used) + 1)
    )
    tier = work.session.get_one(Tier, tier_id, populate_existing=True)
    if taken.rowcount != 1:
        product.hero_exception_id = exceptions.use(work, tier, Kind.HERO_PLACE)
        if product.hero_exception_id is None:
            raise quota_exceeded("schemes.heroes_full", tier=tier.name, most=tier.heroes_max, used=tier.heroes_used)
    product.hero = True
    work.session.flush()


def unflag(work: Work, product: Product) -> None:
    """No longer a hero product: its place in the tier is free again; an exception stays used up."""
    its_tier = work.session.get_one(Brand, product.brand_id).tier_id
    exceptional = product.hero_exception_id is not None
    product.hero, product.hero_exception_id = False, None
    work.session.flush()
    if not exceptional:
        less = update(Tier).where(col(Tier.id) == its_tier, col(Tier.heroes_used) > 0)
        work.session.exec(less.values(heroes_used=col(Tier.heroes_used) - 1))
        work.session.get(Tier, its_tier, populate_existing=True)


def unflag_all(work: Work, brand_id: str) -> None:
    """An ended brand has no hero products."""
    for one in work.session.exec(select(Product).where(Product.brand_id == brand_id, col(Product.hero))).all():
        unflag(work, one)
