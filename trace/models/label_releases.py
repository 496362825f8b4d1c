"""Releases of label orders to whoever prints them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment


class LabelRelease(SQLModel, table=True):
    """An order given to print: by whom, when, to whom. Rows only grow."""

    __tablename__ = "label_releases"
    __table_args__ = (
        CheckConstraint("printer IN ('own', 'house')", name="printer"),
        CheckConstraint("(printer = 'house') = (name <> '')", name="house_named"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    order_id: str = Field(foreign_key="label_orders.id", index=True)
    printer: str = Field(max_length=8, description="A value of rules.label_flow.PrinterKind")
    name: str = Field(default="", max_length=120, description="The printing house, in words")
    released_at: datetime = Field(sa_type=Moment)
    released_by: str = Field(description="A person, or the operator at the machine")
