"""Reads what a product must have before it carries its brand: the edition in force, else what comes with us."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from brand.kernel.errors import unknown
from brand.models.product_rules import ProductRule
from brand.models.scheme_changes import SchemeEdition
from brand.models.schemes import Product
from brand.rules.product_rules import Rule, RuleKind, shipped


def product(session: Session, product_id: str) -> Product:
    """A product; raises ``access.unknown``."""
    found = session.get(Product, product_id)
    if found is None:
        raise unknown()
    return found


def in_force(session: Session, product_id: str, kind: RuleKind, on: date | None = None) -> Rule:
    """The rule that judges a day (without one: the newest)."""
    statement = select(ProductRule).where(ProductRule.product_id == product_id, ProductRule.kind == kind.value)
    if on is not None:
        statement = statement.where(col(ProductRule.valid_from) <= on)
    found = session.exec(statement.order_by(col(ProductRule.edition).desc()).limit(1)).first()
    if found is None:
        return shipped(kind, product(session, product_id).code)
    return Rule(kind, found.content, found.source, found.source_en, found.confidence, found.edition)


def worded(session: Session, product_id: str, kind: RuleKind) -> dict[str, Any]:
    """The newest rule as a change of it reads: its content and where it comes from, on one level."""
    now = in_force(session, product_id, kind)
    return {**now.content, "source": now.source, "source_en": now.source_en, "confidence": now.confidence}


def settled(session: Session, scheme_id: str, number: int) -> list[tuple[ProductRule, Product]]:
    """The rules two persons settled that the scheme's edition ``number`` carries: of each product and kind the last."""
    statement = (
        select(ProductRule, Product)
        .join(Product, col(Product.id) == col(ProductRule.product_id))
        .join(SchemeEdition, col(SchemeEdition.change_id) == col(ProductRule.change_id))
        .where(SchemeEdition.scheme_id == scheme_id, col(SchemeEdition.number) <= number)
        .order_by(Product.name, ProductRule.kind, col(ProductRule.edition))
    )
    return list({(rule.product_id, rule.kind): (rule, its) for rule, its in session.exec(statement)}.values())


def editions(session: Session, product_id: str, kind: RuleKind) -> list[ProductRule]:
    """Every edition two persons settled, the newest first."""
    statement = select(ProductRule).where(ProductRule.product_id == product_id, ProductRule.kind == kind.value)
    return list(session.exec(statement.order_by(col(ProductRule.edition).desc())))
