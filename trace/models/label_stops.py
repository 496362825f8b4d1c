"""Stop switches: labels of a licence, an order or a key that nobody is to order, activate or rely on for the moment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment

_OPEN = text("lifted_at IS NULL")


class LabelStop(SQLModel, table=True):
    """One stop; it counts from the moment it is placed until another person lifts it."""

    __tablename__ = "label_stops"
    __table_args__ = (
        CheckConstraint("scope IN ('licence', 'order', 'key')", name="scope"),
        CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL)", name="lifted_whole"),
        CheckConstraint("lifted_by IS NULL OR lifted_by <> placed_by", name="two"),
        Index("uq_label_stops_open", "scope", "key", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    scope: str = Field(max_length=8, description="A value of rules.label_stops.StopScope")
    key: str = Field(max_length=40, description="Licence, order or key id")
    enterprise_id: str = Field(foreign_key="enterprises.id", index=True)
    name: str = Field(max_length=40, description="Number of the licence or order, or the key id, for whoever reads")
    reason_code: str = Field(max_length=20, description="A value of rules.label_stops.StopReason")
    words: str = Field(default="", max_length=500)
    placed_by: str = Field(foreign_key="persons.id")
    placed_at: datetime = Field(sa_type=Moment)
    lifted_by: str | None = Field(default=None, foreign_key="persons.id")
    lifted_at: datetime | None = Field(default=None, sa_type=Moment)
    lift_words: str = Field(default="", max_length=500)
