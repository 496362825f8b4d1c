"""What a witness remembers, in an SQLite file of its own: the logs it knows and the last head of each it vouched for.

These tables are not the registry's: a witness runs at another body, on another machine, and shares no row with it.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Integer, MetaData, String, Table

metadata = MetaData()

#: ``vkeys``: the log's verifier keys, one a line. ``note``: the checkpoint as last cosigned, empty before the first.
LOGS = Table(
    "logs",
    metadata,
    Column("origin", String, primary_key=True),
    Column("vkeys", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("root", String(64), nullable=False),
    Column("note", String, nullable=False),
    Column("at", Integer, nullable=False),
    CheckConstraint("size >= 0"),
)

#: Two heads of one size, both signed by the log: the proof of a fork, never removed.
EVIDENCE = Table(
    "evidence",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("origin", String, nullable=False),
    Column("at", Integer, nullable=False),
    Column("before", String, nullable=False),
    Column("note", String, nullable=False, unique=True),
)
