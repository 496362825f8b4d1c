"""Reads brand schemes: their tiers, brands, products and the policy values the procedures rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from brand.kernel.errors import refused, unknown
from brand.models.schemes import Brand, PolicyValue, Product, Scheme, Tier
from brand.rules.brand_flow import BrandState
from brand.rules.presets import Process


@dataclass(frozen=True)
class BrandInTier:
    """A brand with the products it may carry."""

    brand: Brand
    parent: Brand | None
    products: Sequence[Product]


@dataclass(frozen=True)
class TierInScheme:
    tier: Tier
    brands: Sequence[BrandInTier]

    @property
    def slots_left(self) -> int | None:
        return None if self.tier.slots_max is None else self.tier.slots_max - self.tier.slots_used

    @property
    def exceptional(self) -> int:
        """Brands beyond the limit, each by a recorded exception."""
        return sum(item.brand.exception_id is not None and item.brand.state != "ended" for item in self.brands)

    @property
    def slots_missing(self) -> int:
        """How many brands the scheme still owes this tier."""
        return max(self.tier.slots_min - self.tier.slots_used, 0)

    @property
    def heroes(self) -> int:
        return sum(product.hero for item in self.brands for product in item.products)

    @property
    def heroes_missing(self) -> int:
        return max(self.tier.heroes_min - self.heroes, 0)


@dataclass(frozen=True)
class WholeScheme:
    """Everything a reader of the scheme page sees."""

    scheme: Scheme
    tiers: Sequence[TierInScheme]
    policies: Sequence[PolicyValue]


def schemes(session: Session) -> list[Scheme]:
    return list(session.exec(select(Scheme).order_by(Scheme.county_code, Scheme.code)))


def scheme(session: Session, scheme_id: str) -> Scheme:
    """One scheme by its id; raises ``access.unknown``."""
    found = session.get(Scheme, scheme_id)
    if found is None:
        raise unknown()
    return found


def whole(session: Session, scheme_id: str) -> WholeScheme:
    """The scheme with all it holds; raises ``access.unknown``."""
    its = scheme(session, scheme_id)
    every = brands(session, scheme_id)
    by_id = {one.id: one for one in every}
    held = products(session, scheme_id)
    shown = [
        BrandInTier(one, by_id.get(one.parent_id or ""), [each for each in held if each.brand_id == one.id])
        for one in every
    ]
    return WholeScheme(
        its,
        [
            TierInScheme(tier, [one for one in shown if one.brand.tier_id == tier.id])
            for tier in tiers(session, scheme_id)
        ],
        policies(session, scheme_id),
    )


@dataclass(frozen=True)
class BrandOfScheme:
    """A brand with its scheme and tier."""

    brand: Brand
    scheme: Scheme
    tier: Tier


def brand(session: Session, brand_id: str) -> BrandOfScheme:
    """One brand by its id; raises ``access.unknown``."""
    found = session.get(Brand, brand_id)
    if found is None:
        raise unknown()
    return BrandOfScheme(found, session.get_one(Scheme, found.scheme_id), session.get_one(Tier, found.tier_id))


def brand_by_code(session: Session, scheme_id: str, code: str) -> Brand | None:
    return session.exec(select(Brand).where(Brand.scheme_id == scheme_id, Brand.code == code)).first()


def product(session: Session, product_id: str) -> Product:
    """One product by its id; raises ``access.unknown``."""
    found = session.get(Product, product_id)
    if found is None:
        raise unknown()
    return found


def tiers(session: Session, scheme_id: str) -> list[Tier]:
    return list(session.exec(select(Tier).where(Tier.scheme_id == scheme_id).order_by(col(Tier.level))))


def brands(session: Session, scheme_id: str) -> list[Brand]:
    return list(session.exec(select(Brand).where(Brand.scheme_id == scheme_id).order_by(Brand.code)))


def products(session: Session, scheme_id: str) -> list[Product]:
    statement = select(Product).join(Brand, col(Product.brand_id) == col(Brand.id))
    return list(session.exec(statement.where(Brand.scheme_id == scheme_id).order_by(Brand.code, Product.code)))


def policies(session: Session, scheme_id: str) -> list[PolicyValue]:
    """The values in force, by key."""
    statement = select(PolicyValue).where(PolicyValue.scheme_id == scheme_id)
    found = {one.key: one for one in session.exec(statement.order_by(col(PolicyValue.edition)))}
    return [found[key] for key in sorted(found)]


def policy_row(session: Session, scheme_id: str, key: str, on: date | None = None) -> PolicyValue | None:
    """The value in force now, or the one in force at the end of an earlier day."""
    statement = select(PolicyValue).where(PolicyValue.scheme_id == scheme_id, PolicyValue.key == key)
    if on is not None:
        statement = statement.where(PolicyValue.valid_from <= on)
    return session.exec(statement.order_by(col(PolicyValue.edition).desc())).first()


def values_in_force(session: Session, key: str) -> list[int]:
    """The number every scheme that sets this policy value has in force."""
    statement = select(PolicyValue).where(PolicyValue.key == key).order_by(col(PolicyValue.edition))
    return list({one.scheme_id: one.value for one in session.exec(statement)}.values())


def policy_of_product(session: Session, product_id: str, key: str, on: date) -> PolicyValue | None:
    """The value in force for the scheme of a product, if the scheme sets one."""
    scheme = (
        select(Brand.scheme_id).join(Product, col(Product.brand_id) == col(Brand.id)).where(Product.id == product_id)
    )
    found = session.exec(scheme).first()
    return policy_row(session, found, key, on) if found else None


def policy(session: Session, scheme_id: str, key: str, on: date | None = None) -> int:
    """A number of the scheme's policy; raises ``schemes.policy_missing`` rather than guessing one."""
    found = policy_row(session, scheme_id, key, on)
    if found is None:
        raise refused("schemes.policy_missing", policy=f"policy.{key}", key=key)
    return found.value


def scheme_of_product(session: Session, product_id: str) -> Scheme:
    """The scheme whose brand may carry the product; raises ``access.unknown``."""
    statement = (
        select(Scheme)
        .join(Brand, col(Brand.scheme_id) == col(Scheme.id))
        .join(Product, col(Product.brand_id) == col(Brand.id))
        .where(Product.id == product_id)
    )
    found = session.exec(statement).first()
    if found is None:
        raise unknown()
    return found


def licensable_brands(session: Session) -> list[tuple[Tier, Brand]]:
    """Every brand in force that may be licensed without goods, the higher tiers first."""
    statement = select(Tier, Brand).join(Brand, col(Brand.tier_id) == col(Tier.id))
    its = statement.where(Tier.process == Process.LICENCE, Brand.state == BrandState.IN_FORCE.value)
    return list(session.exec(its.order_by(col(Tier.level), Brand.code)))


def licensable(session: Session) -> list[tuple[Tier, Brand, Product]]:
    """Every product an enterprise may ask a licence for, with the brand and tier it belongs to."""
    statement = (
        select(Tier, Brand, Product)
        .join(Brand, col(Brand.tier_id) == col(Tier.id))
        .join(Product, col(Product.brand_id) == col(Brand.id))
        .where(Tier.process == Process.LICENCE)
        .order_by(Brand.code, Product.code)
    )
    return list(session.exec(statement))
