"""Appeals against decisions of the office, and the papers that came with them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, LargeBinary
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment


class Appeal(SQLModel, table=True):
    """One appeal and its answer; its life is ``brand/rules/appeals.py``.

    ``decision_id`` is the step that was taken: of an application, of a licence, or of a finding under a licence.
    """

    __tablename__ = "appeals"
    __table_args__ = (
        CheckConstraint("(application_id IS NULL) <> (licence_id IS NULL)", name="one_object"),
        CheckConstraint("(state = 'filed') = (answered_by IS NULL)", name="answered"),
        CheckConstraint(
            "answered_by IS NULL OR (answered_by <> decided_by AND answered_by <> filed_by)", name="another_person"
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    number: str = Field(unique=True, max_length=30)
    kind: str = Field(max_length=10, description="A value of rules.appeals.Decision")
    decision_id: str = Field(unique=True, max_length=20)
    decided_by: str = Field(foreign_key="persons.id")
    decided_at: datetime = Field(sa_type=Moment)
    application_id: str | None = Field(default=None, foreign_key="applications.id", index=True)
    licence_id: str | None = Field(default=None, foreign_key="licences.id", index=True)
    enterprise_id: str = Field(foreign_key="enterprises.id", index=True)
    words: str = Field(max_length=2000)
    state: str = Field(default="filed", max_length=10, index=True)
    version: int = 1
    filed_by: str = Field(foreign_key="persons.id")
    filed_by_name: str
    filed_at: datetime = Field(sa_type=Moment)
    answer_due: date
    due_provisional: bool = False
    answered_by: str | None = Field(default=None, foreign_key="persons.id")
    answered_by_name: str = ""
    answered_at: datetime | None = Field(default=None, sa_type=Moment)
    answer: str = Field(default="", max_length=2000)


class AppealFile(SQLModel, table=True):
    """A paper or picture that came with an appeal; rows are only ever added."""

    __tablename__ = "appeal_files"
    __table_args__ = (CheckConstraint("size > 0", name="not_empty"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    appeal_id: str = Field(foreign_key="appeals.id", index=True)
    name: str = Field(max_length=120)
    media_type: str = Field(max_length=40)
    size: int
    digest: str = Field(max_length=64)
    content: bytes = Field(sa_type=LargeBinary)
    added_at: datetime = Field(sa_type=Moment)
    added_by_name: str
