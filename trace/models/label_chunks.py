"""Pieces in which the labels of an order were signed and stored: how far a run is, and the roots over its units."""

from __future__ import annotations

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

#: Labels of a piece, the last one of an order aside: a power of two, so that each root is a node of the order's tree.
PIECE = 2048


class LabelChunk(SQLModel, table=True):
    """Piece ``number`` (from 0) of an order; stored in the transaction of its labels, so neither is there alone."""

    __tablename__ = "label_chunks"
    __table_args__ = (CheckConstraint("number >= 0 AND labels BETWEEN 1 AND 2048", name="piece"),)

    order_id: str = Field(primary_key=True, foreign_key="label_orders.id")
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    labels: int
    root: str = Field(max_length=64, description="Over the piece's units, in hexadecimal")
