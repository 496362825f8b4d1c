"""Signed codes of whole batches, as they stand on tags of carcasses, cases and lots."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment


class BatchTag(SQLModel, table=True):
    """The code of one batch under one key; every tag of the batch bears it. Rows only grow.

    With ``gtin`` the symbol names goods of the batch by GTIN and lot, for cases of just these; else the batch.
    """

    __tablename__ = "batch_tags"
    __table_args__ = (UniqueConstraint("batch_id", "kid", "gtin"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    batch_id: str = Field(foreign_key="batches.id")
    kid: str = Field(foreign_key="signing_keys.kid", max_length=3)
    gtin: str = Field(default="", max_length=14)
    signature: str = Field(max_length=86)
    issued_at: datetime = Field(sa_type=Moment)
    issued_by: str = Field(description="A person, or the operator at the machine")
