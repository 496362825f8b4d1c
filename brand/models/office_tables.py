"""Editions of the tables a scheme works by: its measures and its score sheets; rows are only ever added."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id


class SchemeTable(SQLModel, table=True):
    """One table as two persons settled it; the newest judges what is written down from its day on."""

    __tablename__ = "scheme_tables"
    __table_args__ = (UniqueConstraint("scheme_id", "kind", "edition"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    scheme_id: str = Field(foreign_key="schemes.id")
    kind: str = Field(max_length=20, description="A value of rules.office_tables.Table")
    edition: int
    content: dict[str, Any] = Field(sa_type=JSON)
    source: str
    source_en: str = ""
    confidence: str = Field(max_length=2)
    valid_from: date
    change_id: str = Field(foreign_key="scheme_changes.id", unique=True)
