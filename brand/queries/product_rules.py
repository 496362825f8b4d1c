"""Reads what a product must have before it carries its brand: the edition in force, else what comes with us."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy
from sqlalchemy import and_, bindparam
from sqlmodel import Session, col, select

from brand.kernel import rows
from brand.kernel.errors import unknown
from brand.kernel.remembered import remembered
from brand.models.product_rules import ProductRule
from brand.models.scheme_changes import SchemeEdition
from brand.models.schemes import Product
from brand.rules.product_rules import Rule, RuleKind, shipped

#: The product's code, and the newest rule that has begun, if the office set any.
_IN_FORCE = (
    sqlalchemy.select(
        col(Product.code),
        col(ProductRule.content),
        col(ProductRule.source),
        col(ProductRule.source_en),
        col(ProductRule.confidence),
        col(ProductRule.edition),
    )
    .select_from(Product)
    .outerjoin(
        ProductRule,
        and_(
            col(ProductRule.product_id) == col(Product.id),
            col(ProductRule.kind) == bindparam("kind"),
            col(ProductRule.valid_from) <= bindparam("on"),
        ),
    )
    .where(col(Product.id) == bindparam("product"))
    .order_by(col(ProductRule.edition).desc())
    .limit(1)
)


def product(session: Session, product_id: str) -> Product:
    """A product; raises ``access.unknown``."""
    found = session.get(Product, product_id)
    if found is None:
        raise unknown()
    return found


@remembered
def in_force(session: Session, product_id: str, kind: RuleKind, on: date | None = None) -> Rule:
    """The rule that judges a day (without one: the newest)."""
    found = rows.ask(session, _IN_FORCE, product=product_id, kind=kind.value, on=on or date.max)
    if not found:
        raise unknown()
    code, content, *said = found[0]
    return shipped(kind, code) if content is None else Rule(kind, content, *said)


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
