"""Standards with their editions: every wording, every step, the documents, who adopted and who came to learn."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment


class Standard(SQLModel, table=True):
    """A standard as products cite it, e.g. ``NY/T 630-2002``; what it says stands in its editions."""

    __tablename__ = "standards"

    id: str = Field(default_factory=new_id, primary_key=True)
    code: str = Field(unique=True, max_length=60)
    slug: str = Field(unique=True, max_length=60, description="The code as it stands in an address")
    created_at: datetime = Field(sa_type=Moment)


class StandardEdition(SQLModel, table=True):
    """One edition; its life is ``brand/rules/standards.py``. ``revision`` is the position of its latest wording."""

    __tablename__ = "standard_editions"
    __table_args__ = (UniqueConstraint("standard_id", "label"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    standard_id: str = Field(foreign_key="standards.id")
    label: str = Field(max_length=40)
    state: str = Field(index=True, max_length=20)
    version: int = 1
    revision: int = 0
    created_at: datetime = Field(sa_type=Moment)
    updated_at: datetime = Field(sa_type=Moment)


class StandardRevision(SQLModel, table=True):
    """One wording of an edition; rows are only ever added, so what was approved can never change under its approval.

    ``person_id`` None is the service itself, loading what is shipped.
    """

    __tablename__ = "standard_revisions"
    __table_args__ = (UniqueConstraint("edition_id", "position"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    edition_id: str = Field(foreign_key="standard_editions.id")
    position: int
    content: dict[str, Any] = Field(sa_type=JSON)
    digest: str = Field(max_length=64)
    at: datetime = Field(sa_type=Moment)
    person_id: str | None = Field(default=None, foreign_key="persons.id")
    person_name: str


class StandardStep(SQLModel, table=True):
    """One step of an edition's life; rows are only ever added. ``digest`` is that of the wording the step was about."""

    __tablename__ = "standard_steps"
    __table_args__ = (UniqueConstraint("edition_id", "position"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    edition_id: str = Field(foreign_key="standard_editions.id")
    position: int = Field(description="The edition's version after this step")
    action: str
    from_state: str
    to_state: str
    digest: str = Field(max_length=64)
    effective_on: date | None = None
    at: datetime = Field(sa_type=Moment)
    person_id: str | None = Field(default=None, foreign_key="persons.id")
    person_name: str
    comment: str = Field(default="", max_length=1000)


class StandardFile(SQLModel, table=True):
    """A document of an edition, kept under the SHA-256 of its bytes; rows are only ever added."""

    __tablename__ = "standard_files"

    sha256: str = Field(primary_key=True, max_length=64)
    media_type: str = Field(max_length=60)
    size: int
    data: bytes = Field(sa_type=LargeBinary)
    at: datetime = Field(sa_type=Moment)


class Enrolment(SQLModel, table=True):
    """A batch of enterprises that adopt one edition together (A2.4); open between its two days, both included."""

    __tablename__ = "enrolments"
    __table_args__ = (
        UniqueConstraint("edition_id", "name"),
        CheckConstraint("closes_on >= opens_on", name="days"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    edition_id: str = Field(foreign_key="standard_editions.id")
    name: str = Field(max_length=60)
    opens_on: date
    closes_on: date
    at: datetime = Field(sa_type=Moment)
    by: str = Field(foreign_key="persons.id")


class Adoption(SQLModel, table=True):
    """One enterprise works by one edition from a day on; rows are only ever added."""

    __tablename__ = "adoptions"
    __table_args__ = (UniqueConstraint("edition_id", "enterprise_id"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    edition_id: str = Field(foreign_key="standard_editions.id")
    enrolment_id: str = Field(foreign_key="enrolments.id", index=True)
    enterprise_id: str = Field(foreign_key="enterprises.id", index=True)
    adopted_on: date
    at: datetime = Field(sa_type=Moment)
    by: str = Field(foreign_key="persons.id")


class Training(SQLModel, table=True):
    """A training meeting on a standard."""

    __tablename__ = "trainings"

    id: str = Field(default_factory=new_id, primary_key=True)
    standard_id: str = Field(foreign_key="standards.id", index=True)
    title: str = Field(max_length=120)
    held_on: date
    place: str = Field(max_length=120)
    trainer: str = Field(max_length=60)
    at: datetime = Field(sa_type=Moment)
    by: str = Field(foreign_key="persons.id")


class Attendance(SQLModel, table=True):
    """How many people of one enterprise came to a training; no names are kept."""

    __tablename__ = "attendances"
    __table_args__ = (UniqueConstraint("training_id", "enterprise_id"), CheckConstraint("people > 0", name="people"))

    id: str = Field(default_factory=new_id, primary_key=True)
    training_id: str = Field(foreign_key="trainings.id")
    enterprise_id: str = Field(foreign_key="enterprises.id", index=True)
    people: int
    at: datetime = Field(sa_type=Moment)
    by: str = Field(foreign_key="persons.id")
