"""The books of goods: every act with its sums, what it took from which batch, and acts that wait for another's yes."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Grams, Moment

_OPEN = text("state = 'open'")


class Operation(SQLModel, table=True):
    """One act and its sums in kg: taken = made + gone + declared lost. Rows are only ever added.

    ``out_kg`` is in new batches or packs, ``gone_kg`` was sold, destroyed or lost. What takes an act back has the same
    figures below zero.
    """

    __tablename__ = "operations"
    __table_args__ = (
        CheckConstraint(
            "in_kg = out_kg + gone_kg + loss_kg"
            " OR (kind IN ('commission', 'undone') AND in_kg = 0 AND gone_kg = 0 AND loss_kg = 0)",
            name="balance",
        ),
        CheckConstraint(
            "(kind <> 'undone' AND in_kg >= 0 AND out_kg >= 0 AND gone_kg >= 0 AND loss_kg >= 0)"
            " OR (kind = 'undone' AND in_kg <= 0 AND out_kg <= 0 AND gone_kg <= 0 AND loss_kg <= 0)",
            name="direction",
        ),
        CheckConstraint("kind NOT IN ('split', 'merge', 'pack') OR (loss_kg = 0 AND gone_kg = 0)", name="nothing_lost"),
        CheckConstraint("(kind = 'undone') = (undoes_id IS NOT NULL)", name="undoes"),
        CheckConstraint("agreed_by IS NULL OR agreed_by <> person_id", name="two_persons"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    kind: str = Field(max_length=12, description="A value of rules.flows.OperationKind")
    process: str = Field(default="", max_length=20, description="Of a transformation, a key of rules/data/flows.json")
    enterprise_id: str = Field(foreign_key="enterprises.id", index=True)
    at: datetime = Field(sa_type=Moment)
    recorded_at: datetime = Field(sa_type=Moment)
    person_id: str = Field(foreign_key="persons.id")
    agreed_by: str | None = Field(default=None, foreign_key="persons.id")
    in_kg: Decimal = Field(default=Decimal(0), sa_type=Grams)
    out_kg: Decimal = Field(default=Decimal(0), sa_type=Grams)
    gone_kg: Decimal = Field(default=Decimal(0), sa_type=Grams)
    loss_kg: Decimal = Field(default=Decimal(0), sa_type=Grams)
    buyer: str = Field(default="", max_length=120, description="For those who may see the batch; never public")
    words: str = Field(default="", max_length=500)
    undoes_id: str | None = Field(default=None, foreign_key="operations.id", unique=True)


class Draw(SQLModel, table=True):
    """What an act took out of a batch, kg; below zero what came back. Rows only grow and sum up to ``used_kg``."""

    __tablename__ = "draws"
    __table_args__ = (CheckConstraint("kg <> 0", name="something"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    operation_id: str = Field(foreign_key="operations.id", index=True)
    batch_id: str = Field(foreign_key="batches.id", index=True)
    kg: Decimal = Field(sa_type=Grams)


class FlowProposal(SQLModel, table=True):
    """An act with an unusual yield as it was stated; nothing of it is done until another person agrees.

    ``content`` is what the act's service takes, as JSON. ``shares`` are what is unusual:
    {what, percent, least, most, possible_least, possible_most}.
    """

    __tablename__ = "flow_proposals"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'agreed', 'refused', 'withdrawn')", name="state"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("state NOT IN ('agreed', 'refused') OR decided_by <> proposed_by", name="two_persons"),
        Index("uq_flow_proposals_open", "digest", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    kind: str = Field(max_length=12, description="A value of rules.flows.OperationKind")
    enterprise_id: str = Field(foreign_key="enterprises.id", index=True)
    batch_id: str | None = Field(default=None, foreign_key="batches.id", index=True)
    content: dict[str, Any] = Field(sa_type=JSON)
    digest: str = Field(max_length=64, description="SHA-256 of what is proposed; the same waits once")
    shares: list[Any] = Field(sa_type=JSON)
    state: str = Field(default="open", max_length=10, index=True)
    version: int = 1
    proposed_by: str = Field(foreign_key="persons.id")
    proposed_at: datetime = Field(sa_type=Moment)
    decided_by: str | None = Field(default=None, foreign_key="persons.id")
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    words: str = Field(default="", max_length=500)
    operation_id: str | None = Field(default=None, foreign_key="operations.id")


class BatchStay(SQLModel, table=True):
    """Where a batch lies: a cold store, a barn. It lies at one place at a time."""

    __tablename__ = "batch_stays"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", name="forward"),
        Index(
            "uq_batch_stays_here",
            "batch_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    batch_id: str = Field(foreign_key="batches.id", index=True)
    place_id: str = Field(foreign_key="places.id", index=True)
    since: datetime = Field(sa_type=Moment)
    until: datetime | None = Field(default=None, sa_type=Moment)
    event_id: str = Field(foreign_key="events.id")
