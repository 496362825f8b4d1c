"""The signed files by which the world trusts our keys: every version as it was published."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, Text
from sqlmodel import Field, SQLModel

from brand.kernel.records import Moment


class TrustFile(SQLModel, table=True):
    """One version of one file; the database refuses UPDATE and DELETE. ``data`` is what the note names by digest."""

    __tablename__ = "trust_files"

    topic: str = Field(primary_key=True, max_length=20)
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    issued_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    note: str = Field(sa_type=Text)
    data: bytes = Field(default=b"", sa_type=LargeBinary)
