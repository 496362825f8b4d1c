"""Reads whose goods may be taken in today, for forms that begin a lot or a batch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from brand.kernel.actors import Actor
from brand.models.enterprises import Enterprise
from brand.models.schemes import Product
from brand.queries import licences, product_rules, schemes
from brand.queries.lookups import by_id
from brand.rules.product_rules import Making, RuleKind


@dataclass(frozen=True)
class Choices:
    """What the person may choose; the licence of the slaughter day decides in the end."""

    abattoirs: list[Enterprise]
    producers: list[Enterprise]
    products: list[Product]


def choices(session: Session, actor: Actor, today: date) -> Choices:
    """Own abattoirs; every enterprise licensed today for goods that are slaughtered, and what they are licensed for."""
    products: list[Product] = []
    producers: dict[str, Enterprise] = {}
    for _tier, _brand, product in schemes.licensable(session):
        if (
            Making.DRESSING
            not in product_rules.in_force(session, product.id, RuleKind.YIELDS, today).content["processes"]
        ):
            continue
        held = licences.licensed_producers(session, product.id, today)
        producers |= {enterprise.id: enterprise for enterprise, _licence in held}
        products += [product] if held else []
    own = by_id(session, Enterprise, actor.reach("batches.register") or ())
    named = sorted(producers.values(), key=lambda one: (one.name, one.id))
    return Choices(list(own.values()), named, products)
