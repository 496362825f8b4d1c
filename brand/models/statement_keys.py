"""The public halves of the keys the office signs its statements with, one per year; no private half."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from brand.kernel.records import Moment


class StatementKey(SQLModel, table=True):
    """A key as its statements are checked with it; rows are only ever added."""

    __tablename__ = "statement_keys"

    kid: str = Field(primary_key=True, max_length=3)
    year: int = Field(unique=True, description="The calendar year in China in which it signs")
    thumbprint: str = Field(unique=True, max_length=43)
    algorithm: str = Field(default="Ed25519", max_length=20)
    public_key: str = Field(max_length=43)
    origin: str = Field(max_length=200, description="The registry its messages name")
    created_at: datetime = Field(sa_type=Moment)
