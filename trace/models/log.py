"""The transparency log as rows: entries at their places, whole tiles, and the heads that were signed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.records import Moment


class LogSize(SQLModel, table=True):
    """How many entries the log has: the one row by which two sequencers never use a place twice."""

    __tablename__ = "log_size"
    __table_args__ = (CheckConstraint("id = 1 AND size >= 0", name="one"),)

    id: int = Field(default=1, primary_key=True)
    size: int = 0


class LogEntry(SQLModel, table=True):
    """A leaf at its place for ever. ``data`` is the statement in canonical JSON, ``hash`` its leaf hash in hex."""

    __tablename__ = "log_entries"

    place: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False}, description="From 0, without gaps")
    leaf_id: str = Field(unique=True)
    subject: str = Field(max_length=80, index=True)
    data: str
    hash: str = Field(max_length=64)
    at: datetime = Field(sa_type=Moment, description="When it was given its place")


class LogTile(SQLModel, table=True):
    """A whole tile of 256 hashes (in hex, 16,384 figures) and the root over them."""

    __tablename__ = "log_tiles"

    level: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    place: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    hashes: str
    root: str = Field(max_length=64)


class LogHead(SQLModel, table=True):
    """The root of one size; ``note`` is the signed checkpoint, empty until the signer has signed exactly this root."""

    __tablename__ = "log_heads"

    size: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    root: str = Field(max_length=64)
    at: datetime = Field(sa_type=Moment)
    note: str = ""


class LogKey(SQLModel, table=True):
    """The public half of a key that signs for the log itself."""

    __tablename__ = "log_keys"

    kid: str = Field(primary_key=True, max_length=20)
    thumbprint: str = Field(unique=True)
    public_key: str
    created_at: datetime = Field(sa_type=Moment)
    retired_at: datetime | None = Field(default=None, sa_type=Moment)
