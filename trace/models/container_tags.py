"""Signed codes of cases and pallets, as they stand on their labels."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment


class ContainerTag(SQLModel, table=True):
    """The code of one case or pallet under one key of whoever packed it; every label of it bears it. Rows only grow."""

    __tablename__ = "container_tags"
    __table_args__ = (UniqueConstraint("container_id", "kid"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    container_id: str = Field(foreign_key="containers.id")
    kid: str = Field(foreign_key="signing_keys.kid", max_length=3)
    signature: str = Field(max_length=86)
    issued_at: datetime = Field(sa_type=Moment)
    issued_by: str = Field(description="A person, or the operator at the machine")
