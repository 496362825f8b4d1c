"""What inspectors handed in from markets: the signed words and the photos, which only grow, and what became of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment


class FieldStatement(SQLModel, table=True):
    """A finding exactly as a device signed it; ``digest`` is what the device's next one builds on."""

    __tablename__ = "field_statements"
    __table_args__ = (UniqueConstraint("device_id", "sequence"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    device_id: str = Field(foreign_key="field_devices.id")
    sequence: int
    payload: str = Field(sa_type=Text)
    signature: str = Field(max_length=86)
    digest: str = Field(max_length=64)
    received_at: datetime = Field(sa_type=Moment)


class FieldFinding(SQLModel, table=True):
    """The same as the office reads it, and what became of it.

    ``colour`` and ``reasons`` are what the device told the inspector by list ``list_version``; ``registry_colour`` is
    what the registry said of the code when the finding arrived, empty where the text is no code.
    """

    __tablename__ = "field_findings"
    __table_args__ = (
        CheckConstraint("state IN ('received', 'taken_up', 'set_aside', 'reported')", name="state"),
        CheckConstraint("(state = 'taken_up') = (inspection_id IS NOT NULL)", name="taken_up_whole"),
        CheckConstraint("(state = 'reported') = (complaint_id IS NOT NULL)", name="reported_whole"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    number: str = Field(unique=True, max_length=30)
    statement_id: str = Field(foreign_key="field_statements.id", unique=True)
    found_by: str = Field(foreign_key="persons.id")
    found_by_name: str
    found_at: datetime = Field(sa_type=Moment, description="As the device states it")
    received_at: datetime = Field(sa_type=Moment, index=True)
    clock_doubtful: bool
    code: str = Field(max_length=400)
    licence_id: str | None = Field(default=None, foreign_key="licences.id", index=True)
    enterprise_id: str | None = Field(default=None, foreign_key="enterprises.id")
    colour: str = Field(max_length=6)
    reasons: list[str] = Field(sa_type=JSON)
    registry_colour: str = Field(max_length=6)
    list_version: int
    severity: str = Field(max_length=10, description="A value of brand.rules.inspections.Severity")
    reason_code: str = Field(default="", max_length=60)
    compared: dict[str, str] = Field(sa_type=JSON)
    market: str = Field(default="", max_length=120)
    words: str = Field(default="", max_length=1000)
    state: str = Field(default="received", max_length=10, index=True)
    version: int = 1
    inspection_id: str | None = Field(default=None, foreign_key="inspections.id")
    complaint_id: str | None = Field(default=None, foreign_key="complaints.id")
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    decided_by_name: str = ""
    decision_words: str = Field(default="", max_length=2000)


class FieldPhoto(SQLModel, table=True):
    """A photo, drawn anew here; ``original_digest``: of the file the camera wrote, ``sent_digest``: of what came."""

    __tablename__ = "field_photos"

    id: str = Field(default_factory=new_id, primary_key=True)
    finding_id: str = Field(foreign_key="field_findings.id", index=True)
    position: int
    original_digest: str = Field(max_length=64)
    sent_digest: str = Field(max_length=64)
    digest: str = Field(max_length=64)
    media_type: str = Field(max_length=40)
    size: int
    content: bytes = Field(sa_type=LargeBinary)
