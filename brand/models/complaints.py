"""Complaints, reports, comments and objections: what was sent, who sent it (apart), words that followed, every step."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment


class Complaint(SQLModel, table=True):
    """What was sent. The secret of its link is kept as a digest only; ``due_on`` is the last day of the term that runs.

    ``due_start`` and ``due_days`` are what that day is counted from, so that a page counts by today's calendar.
    """

    __tablename__ = "complaints"

    id: str = Field(default_factory=new_id, primary_key=True)
    number: str = Field(unique=True, max_length=30)
    secret_digest: str = Field(unique=True, max_length=64)
    kind: str = Field(max_length=10, description="A value of rules.complaint_flow.Kind")
    state: str = Field(index=True, max_length=10)
    version: int = 1
    what: str = Field(max_length=2000)
    place: str = Field(default="", max_length=200)
    happened_on: date | None = None
    code: str = Field(default="", max_length=300, description="The code of a pack as the person gave it")
    origin: str = Field(default="", max_length=30, description="Number of the finding from a market it was made of")
    notice_id: str | None = Field(default=None, foreign_key="notices.id", index=True)
    received_at: datetime = Field(sa_type=Moment)
    received_on: date
    accepted_on: date | None = None
    due_policy: str = Field(default="", max_length=60)
    due_start: date | None = None
    due_days: int | None = None
    due_on: date | None = Field(default=None, index=True)
    handler_role: str = Field(max_length=20, description="The role that works on it")
    handler_id: str | None = Field(default=None, foreign_key="persons.id")
    escalated: bool = False
    unread: bool = Field(default=False, description="The complainant wrote after the office's last step")
    changed_at: datetime = Field(sa_type=Moment)
    erased_at: datetime | None = Field(
        default=None, sa_type=Moment, description="Since then nothing of the sender is left"
    )


class ComplaintContact(SQLModel, table=True):
    """Who sent it and how to reach them; a table of its own, read only with ``complaints.contact``."""

    __tablename__ = "complaint_contacts"

    complaint_id: str = Field(primary_key=True, foreign_key="complaints.id")
    name: str = Field(default="", max_length=60)
    contact: str = Field(default="", max_length=100)


class ComplaintMessage(SQLModel, table=True):
    """What the complainant wrote afterwards through the secret link."""

    __tablename__ = "complaint_messages"

    id: str = Field(default_factory=new_id, primary_key=True)
    complaint_id: str = Field(foreign_key="complaints.id", index=True)
    at: datetime = Field(sa_type=Moment)
    words: str = Field(max_length=2000)


class ComplaintPicture(SQLModel, table=True):
    """A photograph that came with it, drawn anew without place and device; for the office only."""

    __tablename__ = "complaint_pictures"

    id: str = Field(default_factory=new_id, primary_key=True)
    complaint_id: str = Field(foreign_key="complaints.id", index=True)
    position: int
    media_type: str = Field(max_length=40)
    size: int
    digest: str = Field(max_length=64, description="SHA-256 of the bytes kept")
    content: bytes = Field(sa_type=LargeBinary)


class ComplaintStep(SQLModel, table=True):
    """One step of the office; rows are only ever added. ``comment`` of an answering step is read by the complainant."""

    __tablename__ = "complaint_steps"
    __table_args__ = (UniqueConstraint("complaint_id", "position"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    complaint_id: str = Field(foreign_key="complaints.id")
    position: int = Field(description="Counts the steps of one complaint from 1")
    action: str
    from_state: str
    to_state: str
    at: datetime = Field(sa_type=Moment)
    person_id: str | None = Field(default=None, foreign_key="persons.id")
    person_name: str = ""
    reason_code: str = ""
    handler: str = Field(default="", description="Routed to: a role, or the id of a person")
    comment: str = Field(default="", max_length=2000)
