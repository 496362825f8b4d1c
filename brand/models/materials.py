"""Papers and pictures of an application: what the applicant proves, and what the office saw in its reviews."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, LargeBinary
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment


class ApplicationFile(SQLModel, table=True):
    """One file: ``kind`` is a value of MaterialKind, or of ReviewKind where ``review_id`` is set."""

    __tablename__ = "application_files"
    __table_args__ = (CheckConstraint("size > 0", name="not_empty"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    application_id: str = Field(foreign_key="applications.id", index=True)
    review_id: str | None = Field(default=None, foreign_key="reviews.id", index=True)
    kind: str = Field(max_length=20)
    name: str = Field(max_length=120, description="The sender's file name, for people to read only")
    media_type: str = Field(max_length=40)
    size: int
    digest: str = Field(max_length=64, description="SHA-256 of the bytes kept")
    content: bytes = Field(sa_type=LargeBinary)
    valid_until: date | None = None
    added_at: datetime = Field(sa_type=Moment)
    added_by: str = Field(foreign_key="persons.id")
    added_by_name: str
    removed_at: datetime | None = Field(default=None, sa_type=Moment)
