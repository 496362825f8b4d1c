"""Accounts, the persons behind them, what they may do, and their open sign-ins and tokens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment

#: What stands instead of a name that was erased on request.
ERASED = "—"


class Person(SQLModel, table=True):
    """A human being. Four-eyes rules compare persons, never accounts."""

    __tablename__ = "persons"

    id: str = Field(default_factory=new_id, primary_key=True)
    name: str = Field(description="«—» once it was erased on request")
    erased_at: datetime | None = Field(default=None, sa_type=Moment)


class Account(SQLModel, table=True):
    """A way to sign in; columns prefixed ``fs_``, ``tf_`` and ``mf_`` are the sign-in library's."""

    __tablename__ = "accounts"

    id: str = Field(default_factory=new_id, primary_key=True)
    person_id: str = Field(foreign_key="persons.id", index=True)
    username: str = Field(unique=True, max_length=64)
    phone: str | None = Field(default=None, unique=True, max_length=20)
    email: str | None = Field(default=None, unique=True, max_length=200)
    password: str
    active: bool = True
    must_change_password: bool = False
    fs_uniquifier: str = Field(default_factory=new_id, unique=True)
    tf_primary_method: str | None = None
    tf_totp_secret: str | None = None
    tf_last_counter: int | None = Field(default=None, description="Last one-time code used; a code counts once")
    mf_recovery_codes: list[str] | None = Field(default=None, sa_type=JSON)
    created_at: datetime = Field(sa_type=Moment)


class RoleGrant(SQLModel, table=True):
    """One role of one account, for one enterprise, for one township, or (neither) the whole county."""

    __tablename__ = "role_grants"
    __table_args__ = (
        UniqueConstraint("account_id", "role", "enterprise_id"),
        UniqueConstraint("account_id", "role", "township_code"),
        CheckConstraint("enterprise_id IS NULL OR township_code IS NULL", name="one_reach"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    account_id: str = Field(foreign_key="accounts.id", index=True)
    role: str = Field(max_length=20, description="A value of kernel.permissions.Role")
    enterprise_id: str | None = Field(default=None, foreign_key="enterprises.id", index=True)
    township_code: str | None = Field(default=None, max_length=9)


class SignIn(SQLModel, table=True):
    """One sign-in of one account; a cookie whose row is ended or too old is worth nothing."""

    __tablename__ = "sign_ins"

    id: str = Field(default_factory=new_id, primary_key=True)
    account_id: str = Field(foreign_key="accounts.id", index=True)
    started_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


class ApiToken(SQLModel, table=True):
    """A bearer token, kept as SHA-256 only; ``scopes`` are permissions of the permission table."""

    __tablename__ = "api_tokens"

    id: str = Field(default_factory=new_id, primary_key=True)
    account_id: str = Field(foreign_key="accounts.id", index=True)
    label: str
    digest: str = Field(unique=True)
    scopes: list[str] = Field(sa_type=JSON)
    created_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)


class IdempotencyKey(SQLModel, table=True):
    """What a creating API call answered, so that a repeated call is answered the same and acts once."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("account_id", "key"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    account_id: str = Field(foreign_key="accounts.id")
    key: str = Field(max_length=128)
    digest: str
    status: int = 0
    body: str = ""
    created_at: datetime = Field(sa_type=Moment)
