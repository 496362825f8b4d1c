"""What an authority says of goods beside the brand: quality endorsements by two persons, and designation marks."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment


class Endorsement(SQLModel, table=True):
    """A dated statement on one product of an enterprise or one batch; its life is ``brand/rules/endorsements.py``."""

    __tablename__ = "endorsements"
    __table_args__ = (
        CheckConstraint("valid_until >= valid_from", name="term"),
        CheckConstraint(
            "state IN ('draft', 'dropped') OR (issued_by IS NOT NULL AND issued_by <> written_by)", name="two_persons"
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    number: str = Field(unique=True, max_length=30)
    subject: str = Field(index=True, max_length=60, description="batch:<public code> or product:<enterprise>:<product>")
    enterprise_id: str | None = Field(default=None, foreign_key="enterprises.id", index=True)
    product_id: str | None = Field(default=None, foreign_key="products.id")
    authority: str = Field(max_length=120)
    scope: str = Field(max_length=300)
    statement: str = Field(max_length=600)
    valid_from: date
    valid_until: date
    digest: str = Field(max_length=64, description="SHA-256 of the statement as canonical JSON")
    kid: str = Field(default="", max_length=3, description="The office's key that signed it when it was issued")
    signature: str = Field(default="", max_length=86, description="Base64url over the canonical statement")
    state: str = Field(max_length=20)
    version: int = 1
    written_by: str = Field(foreign_key="persons.id")
    written_at: datetime = Field(sa_type=Moment)
    issued_by: str | None = Field(default=None, foreign_key="persons.id")
    issued_at: datetime | None = Field(default=None, sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)
    reason_code: str = Field(default="", max_length=40)
    reason: str = Field(default="", max_length=500)


class Designation(SQLModel, table=True):
    """One designation mark held by an enterprise; the mark itself is data of ``brand/rules/designations.py``."""

    __tablename__ = "designations"
    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR valid_until >= granted_on", name="term"),
        Index(
            "uq_designations_one_held",
            "enterprise_id",
            "mark_code",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    enterprise_id: str = Field(foreign_key="enterprises.id")
    mark_code: str = Field(max_length=40)
    scope: str = Field(default="", max_length=300)
    document: str = Field(max_length=120, description="The authority's paper: title or number")
    granted_on: date
    valid_until: date | None = None
    version: int = 1
    recorded_by: str = Field(foreign_key="persons.id")
    recorded_at: datetime = Field(sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)
    revoked_by: str | None = Field(default=None, foreign_key="persons.id")
    reason: str = Field(default="", max_length=500)
