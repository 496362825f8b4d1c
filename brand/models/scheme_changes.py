"""Changes of a brand scheme that need two persons, and the editions they led to."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment

_OPEN = text("state = 'open'")


class SchemeChange(SQLModel, table=True):
    """One proposed change of a scheme and what became of it; its life is ``brand/rules/scheme_changes.py``.

    ``kind`` is a ``rules/scheme_changes.Kind`` and says what ``key`` names: a ``policy`` by its key, a ``tier`` by its
    level, a new ``brand`` by level and code, or an additional ``place`` in a full tier, which never changes the scheme
    and is used up by one brand.
    """

    __tablename__ = "scheme_changes"
    __table_args__ = (
        CheckConstraint("decided_by IS NULL OR decided_by <> written_by", name="two_persons"),
        CheckConstraint("state NOT IN ('approved', 'used') OR decided_by IS NOT NULL", name="decided"),
        Index(
            "uq_scheme_changes_one_open",
            "scheme_id",
            "kind",
            "key",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    scheme_id: str = Field(foreign_key="schemes.id", index=True)
    kind: str = Field(max_length=10)
    key: str = Field(max_length=60)
    differences: list[dict[str, Any]] = Field(sa_type=JSON, description="[{field, old, new}]")
    reason: str = Field(max_length=1000)
    state: str = Field(default="open", max_length=10)
    version: int = 1
    written_by: str = Field(foreign_key="persons.id")
    written_by_name: str
    written_at: datetime = Field(sa_type=Moment)
    decided_by: str | None = Field(default=None, foreign_key="persons.id")
    decided_by_name: str = ""
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    comment: str = Field(default="", max_length=1000)
    edition: int | None = Field(default=None, description="The edition this change led to")


class SchemeEdition(SQLModel, table=True):
    """A scheme as it stood from one day on; rows are only ever added."""

    __tablename__ = "scheme_editions"
    __table_args__ = (UniqueConstraint("scheme_id", "number"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    scheme_id: str = Field(foreign_key="schemes.id")
    number: int
    valid_from: date
    made_at: datetime = Field(sa_type=Moment)
    change_id: str | None = Field(default=None, foreign_key="scheme_changes.id")
    content: dict[str, Any] = Field(sa_type=JSON, description="The whole scheme as readers saw it")
