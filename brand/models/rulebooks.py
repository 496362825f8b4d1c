"""Editions of the office's rulebook and every step they took; a published edition is followed, never changed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment
from brand.rules.rulebooks import Clause, RulebookState


class Rulebook(SQLModel, table=True):
    """One edition; ``codes`` names the clause each reason rests on, ``digest`` is of what was submitted."""

    __tablename__ = "rulebooks"
    __table_args__ = (UniqueConstraint("scheme_id", "edition"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    scheme_id: str = Field(foreign_key="schemes.id", index=True)
    edition: int
    title: str = Field(max_length=120)
    effective_on: date
    content: list[dict[str, str]] = Field(sa_type=JSON, description="Clauses: number, title, text")
    codes: dict[str, str] = Field(sa_type=JSON)
    source: str = ""
    source_en: str = ""
    confidence: str = Field(default="D", max_length=2)
    state: str = Field(default=RulebookState.DRAFT.value, max_length=12)
    version: int = 1
    digest: str = Field(default="", max_length=64)
    published_at: datetime | None = Field(default=None, sa_type=Moment)

    @property
    def clauses(self) -> list[Clause]:
        return [Clause(**one) for one in self.content]

    def clause(self, code: str) -> str:
        """The number of the clause a reason rests on."""
        return self.codes.get(code, "")


class RulebookStep(SQLModel, table=True):
    """One step of an edition's life; rows are only ever added."""

    __tablename__ = "rulebook_steps"
    __table_args__ = (UniqueConstraint("rulebook_id", "position"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    rulebook_id: str = Field(foreign_key="rulebooks.id")
    position: int = Field(description="The edition's version after this step")
    action: str
    at: datetime = Field(sa_type=Moment)
    person_id: str
    person_name: str
    comment: str = Field(default="", max_length=1000)
