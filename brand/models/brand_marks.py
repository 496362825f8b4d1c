"""What protects and shows a brand: its registered trademarks, its files for licensees, and who took them when."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment


class Trademark(SQLModel, table=True):
    """One registration of a brand in one class; ``valid_until`` is the last day of its term."""

    __tablename__ = "trademarks"
    __table_args__ = (
        UniqueConstraint("number", "nice_class"),
        CheckConstraint("valid_until > registered_on", name="term"),
        CheckConstraint("nice_class BETWEEN 1 AND 45", name="nice_class"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    brand_id: str = Field(foreign_key="brands.id", index=True)
    number: str = Field(max_length=10)
    nice_class: int
    kind: str = Field(max_length=20)
    holder: str = Field(max_length=120)
    registered_on: date
    valid_until: date = Field(index=True)
    version: int = 1
    entered_at: datetime = Field(sa_type=Moment)


class BrandFile(SQLModel, table=True):
    """A logo or manual of a brand; a new file of a kind is its next edition, old ones stay. Rows are only added."""

    __tablename__ = "brand_files"
    __table_args__ = (UniqueConstraint("brand_id", "kind", "edition"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    brand_id: str = Field(foreign_key="brands.id", index=True)
    kind: str = Field(max_length=10)
    edition: int
    title: str = Field(max_length=120)
    licensees: bool = Field(description="Whether holders of a licence in force may take it")
    name: str = Field(max_length=120, description="The sender's file name, for people to read only")
    media_type: str = Field(max_length=40)
    size: int
    digest: str = Field(max_length=64, description="SHA-256 of the bytes kept")
    content: bytes = Field(sa_type=LargeBinary)
    added_at: datetime = Field(sa_type=Moment)
    added_by: str = Field(foreign_key="persons.id")
    added_by_name: str


class BrandFileTaking(SQLModel, table=True):
    """Who took which file, when and for which use; rows are only ever added."""

    __tablename__ = "brand_file_takings"

    id: str = Field(default_factory=new_id, primary_key=True)
    file_id: str = Field(foreign_key="brand_files.id", index=True)
    use: str = Field(max_length=20)
    person_id: str = Field(foreign_key="persons.id")
    person_name: str
    enterprise_id: str | None = Field(default=None, foreign_key="enterprises.id")
    licence_number: str = ""
    taken_at: datetime = Field(sa_type=Moment)
