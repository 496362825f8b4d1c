"""The public halves of the keys the office signs its statements with, one per year; no private half."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.records import Moment


class StatementKey(SQLModel, table=True):
    """A key as its statements are checked with it, the ``number``-th of its year; the key itself never changes.

    ``distrusted_from`` is a place in the log; what was issued from ``ended_at`` on is not trusted then.
    """

    __tablename__ = "statement_keys"
    __table_args__ = (UniqueConstraint("year", "number"),)

    kid: str = Field(primary_key=True, max_length=3)
    year: int = Field(description="The calendar year in China in which it signs")
    thumbprint: str = Field(unique=True, max_length=43)
    algorithm: str = Field(default="Ed25519", max_length=20)
    public_key: str = Field(max_length=43)
    origin: str = Field(max_length=200, description="The registry its messages name")
    created_at: datetime = Field(sa_type=Moment)
    number: int = 1
    state: str = Field(default="active", max_length=12, description="active, retired or distrusted")
    distrusted_from: int | None = Field(default=None, sa_type=BigInteger)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
