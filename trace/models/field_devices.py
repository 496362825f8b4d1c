"""Telephones of inspectors: offered by a code that is read once, in use under a key of their own, or revoked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment


class FieldDevice(SQLModel, table=True):
    """One device of one account.

    ``counter`` is that of its last call: a call with the same or a smaller one is a repetition. ``findings`` and
    ``head`` are number and digest of the last finding, on which the next one builds. ``days`` and ``licences`` choose
    the packs whose facts it carries; no licence named means all.
    """

    __tablename__ = "field_devices"
    __table_args__ = (
        CheckConstraint("state IN ('offered', 'active', 'revoked')", name="state"),
        CheckConstraint("state <> 'active' OR public_key IS NOT NULL", name="active_has_key"),
        CheckConstraint("(state = 'revoked') = (revoked_at IS NOT NULL)", name="revoked_whole"),
        CheckConstraint("counter >= 0 AND findings >= 0", name="counted"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    account_id: str = Field(foreign_key="accounts.id", index=True)
    name: str = Field(max_length=60)
    state: str = Field(default="offered", max_length=10, description="A value of rules.field_devices.DeviceState")
    version: int = 1
    days: int
    licences: list[str] = Field(sa_type=JSON)
    offered_at: datetime = Field(sa_type=Moment)
    offer_digest: str = Field(unique=True, max_length=64)
    public_key: str | None = Field(default=None, unique=True, max_length=87)
    enrolled_at: datetime | None = Field(default=None, sa_type=Moment)
    seen_at: datetime | None = Field(default=None, sa_type=Moment)
    counter: int = Field(default=0, sa_type=BigInteger)
    findings: int = 0
    head: str = Field(default="", max_length=64)
    list_version: int = Field(default=0, description="The list it asked for last")
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)
    revoked_by: str | None = Field(default=None, foreign_key="persons.id")
    revoke_words: str = Field(default="", max_length=500)
