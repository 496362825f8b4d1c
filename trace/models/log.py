"""The transparency log as rows: entries at their places, whole tiles, and the heads that were signed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.records import Moment

#: The leaf of an entry that was fetched back from a copy while its record stayed lost; its place follows.
LOST = "lost-"


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
    """The public half of a key that signs for the registry itself; ``role`` is log, receipt or trust.

    ``distrusted_from``: heads beyond this size, and receipts of this place or a later one, are not trusted.
    """

    __tablename__ = "log_keys"

    kid: str = Field(primary_key=True, max_length=20)
    thumbprint: str = Field(unique=True)
    public_key: str
    role: str = Field(default="log", max_length=12)
    created_at: datetime = Field(sa_type=Moment)
    not_before: datetime = Field(sa_type=Moment)
    not_after: datetime = Field(sa_type=Moment)
    state: str = Field(default="active", max_length=12, description="active, retired or distrusted")
    distrusted_from: int | None = Field(default=None, sa_type=BigInteger)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


class LogCosignature(SQLModel, table=True):
    """A line with which a witness vouches that the head of this size extends all it has seen. Nothing is changed."""

    __tablename__ = "log_cosignatures"

    size: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False}, foreign_key="log_heads.size")
    witness: str = Field(primary_key=True, max_length=300, description="The witness's verifier key, as text")
    line: str = Field(description="As it stands under the checkpoint, line feed included")
    at: datetime = Field(sa_type=Moment)


class LogWitnessed(SQLModel, table=True):
    """A head that enough witnesses had cosigned by the policy of that moment."""

    __tablename__ = "log_witnessed"

    size: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False}, foreign_key="log_heads.size")
    at: datetime = Field(sa_type=Moment)


class LogWitness(SQLModel, table=True):
    """How a witness answered last; ``code`` is empty when it cosigned, else why not."""

    __tablename__ = "log_witnesses"

    witness: str = Field(primary_key=True, max_length=300, description="The witness's verifier key, as text")
    code: str = Field(default="", max_length=60)
    detail: str = Field(default="", max_length=200, description="The size it says it knows, or the status it gave")
    asked_at: datetime = Field(sa_type=Moment)
    cosigned_at: datetime | None = Field(default=None, sa_type=Moment)
    size: int = Field(default=0, description="The largest size it cosigned")
