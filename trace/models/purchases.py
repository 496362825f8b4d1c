"""What stations and companies bought up: from whom, on which paper of sale; rows only grow."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary
from sqlmodel import Field, SQLModel

from brand.kernel.ids import new_id
from brand.kernel.records import Moment


class Purchase(SQLModel, table=True):
    """One purchase, one batch. Seller, consent and paper are for both parties and the office, never public.

    The seller's commitment certificate is kept beside it (``CommitmentTaken``).
    """

    __tablename__ = "purchases"
    __table_args__ = (CheckConstraint("seller_id <> buyer_id", name="two_parties"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    batch_id: str = Field(foreign_key="batches.id", unique=True)
    buyer_id: str = Field(foreign_key="enterprises.id", index=True)
    seller_id: str = Field(foreign_key="enterprises.id", index=True)
    paper_number: str = Field(max_length=40, description="Of the paper of sale, as written on it")
    consent: str = Field(default="", max_length=200, description="How a household agreed that its sale is kept here")
    name: str = Field(default="", max_length=120)
    media_type: str = Field(default="", max_length=40)
    digest: str = Field(default="", max_length=64, description="SHA-256 of the picture of the paper of sale")
    content: bytes | None = Field(default=None, sa_type=LargeBinary)
    recorded_at: datetime = Field(sa_type=Moment)
    recorded_by: str = Field(foreign_key="persons.id")
