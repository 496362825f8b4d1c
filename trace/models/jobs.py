"""Long work that goes on while its person does something else."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"


class Job(SQLModel, table=True):
    """One piece of work on one kept sheet (to look at it, or to take it in) or on one label order (to sign, to print).

    A runner that dies leaves it ``running`` with an old ``beat_at``; the next one begins a sheet anew, which is
    harmless: looking changes nothing, and taking in and ``done`` are one transaction. On labels it goes on behind what
    is there. ``done_rows`` of ``rows`` is how far it is; ``wanted`` says what to print.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("done_rows >= 0 AND done_rows <= rows", name="done_rows"),
        CheckConstraint("(import_id IS NULL) <> (order_id IS NULL)", name="one_subject"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    kind: str = Field(max_length=10, description="look, take, sign or print")
    import_id: str | None = Field(default=None, foreign_key="sheet_imports.id", index=True)
    order_id: str | None = Field(default=None, foreign_key="label_orders.id", index=True)
    wanted: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    enterprise_id: str = Field(foreign_key="enterprises.id", index=True)
    account_id: str = Field(
        foreign_key="accounts.id", description="With whose rights it runs, asked again when it does"
    )
    state: str = Field(default=JobState.WAITING.value, max_length=10, index=True)
    rows: int
    done_rows: int = 0
    made_at: datetime = Field(sa_type=Moment)
    beat_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    result: dict[str, Any] = Field(
        default_factory=dict, sa_type=JSON, description="What came of it: figures, or a refusal"
    )
