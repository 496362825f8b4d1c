"""Who acts for an enterprise: invitations to its people, and its consents to a station's agent acting on its behalf."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment


class Invitation(SQLModel, table=True):
    """A link with a secret, kept as SHA-256 only; good for one use until it expires or is withdrawn."""

    __tablename__ = "invitations"

    id: str = Field(default_factory=new_id, primary_key=True)
    enterprise_id: str = Field(foreign_key="enterprises.id", index=True)
    role: str = Field(max_length=20, description="A value of kernel.permissions.Role that is bound to an enterprise")
    scope: list[str] = Field(sa_type=JSON, description="For a station's agent: what the consent will cover")
    until: date | None = Field(default=None, description="For a station's agent: last day of the consent")
    name: str = Field(max_length=60, description="Whom it is meant for, in the inviter's words")
    digest: str = Field(unique=True)
    invited_by: str = Field(foreign_key="persons.id")
    created_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)
    accepted_at: datetime | None = Field(default=None, sa_type=Moment)
    accepted_by: str | None = Field(default=None, foreign_key="accounts.id")


class Consent(SQLModel, table=True):
    """An enterprise lets one agent of a station do certain things for it until a day; one in force per agent."""

    __tablename__ = "consents"
    __table_args__ = (
        CheckConstraint("until >= valid_from", name="term"),
        Index(
            "uq_consents_one_open",
            "enterprise_id",
            "account_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    enterprise_id: str = Field(foreign_key="enterprises.id")
    account_id: str = Field(foreign_key="accounts.id", index=True)
    scope: list[str] = Field(sa_type=JSON, description="Permissions beyond reading")
    valid_from: date
    until: date
    given_by: str = Field(max_length=60, description="Name of the person who consented for the enterprise")
    paper: str = Field(default="", max_length=120, description="Where a consent given on paper is kept; else empty")
    recorded_by: str = Field(foreign_key="persons.id")
    recorded_at: datetime = Field(sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)
    revoked_by: str | None = Field(default=None, foreign_key="persons.id")
