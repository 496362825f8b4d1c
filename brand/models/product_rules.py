"""Editions of what a product must have before it carries its brand; rows are only ever added."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id


class ProductRule(SQLModel, table=True):
    """One rule of a product as two persons settled it; the edition in force on a day judges that day's acts."""

    __tablename__ = "product_rules"
    __table_args__ = (UniqueConstraint("product_id", "kind", "edition"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    product_id: str = Field(foreign_key="products.id")
    kind: str = Field(max_length=20, description="A value of rules.product_rules.RuleKind")
    edition: int
    content: dict[str, Any] = Field(sa_type=JSON)
    source: str
    source_en: str = ""
    confidence: str = Field(max_length=2)
    valid_from: date
    change_id: str = Field(foreign_key="scheme_changes.id", unique=True)
