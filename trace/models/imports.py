"""Uploaded sheets: what was looked at, what was taken in, and by whom."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment


class SheetKind(StrEnum):
    """What a sheet tells of; carcasses begin a batch, others belong to one or to an enterprise."""

    CARCASSES = "carcasses"
    CHILLING = "chilling"
    PACKING = "packing"
    LAB_REPORT = "lab_report"
    RAPID_TESTS = "rapid_tests"
    PLACES = "places"
    ANIMALS = "animals"
    CARE = "care"
    HERD_MOVES = "herd_moves"
    HARVESTS = "harvests"
    SALES = "sales"
    PURCHASES = "purchases"
    CAPACITIES = "capacities"
    PLOT_CARE = "plot_care"
    OUTLINES = "outlines"
    HERDS = "herds"
    CERTIFICATES = "certificates"
    PH = "ph"
    SAMPLES = "samples"
    GRADES = "grades"
    SHIPMENTS = "shipments"
    ARRIVALS = "arrivals"
    GTINS = "gtins"
    SUPPLY = "supply"


class ImportState(StrEnum):
    PREVIEWED = "previewed"
    DONE = "done"
    UNDONE = "undone"
    CHECKING = "checking"
    TAKING = "taking"


class SheetImport(SQLModel, table=True):
    """A faultless sheet waiting for its owner's yes (``previewed``), taken in (``done``) or taken back (``undone``).

    Faulty ones are not kept, except large ones while a job looks at them (``checking``) or takes them in (``taking``).

    ``details`` is what the person said beside the file (producer, product, lot); ``content`` goes once it is taken in.
    """

    __tablename__ = "sheet_imports"
    __table_args__ = (UniqueConstraint("kind", "target_id", "digest"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    kind: str = Field(max_length=20, description="A value of SheetKind")
    target_id: str = Field(description="Abattoir for carcasses, else the batch or enterprise it belongs to")
    enterprise_id: str = Field(foreign_key="enterprises.id", index=True)
    file_name: str = Field(max_length=200)
    digest: str = Field(max_length=64)
    content: bytes | None = Field(default=None, sa_type=LargeBinary)
    details: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    state: str = Field(default=ImportState.PREVIEWED.value, max_length=10)
    version: int = 1
    batch_id: str | None = Field(default=None, foreign_key="batches.id")
    rows: int
    at: datetime = Field(sa_type=Moment)
    by: str = Field(foreign_key="persons.id")
