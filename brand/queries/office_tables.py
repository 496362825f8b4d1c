"""Reads the tables a scheme works by: the edition in force, else the one that comes with us."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, select

from brand.models.office_tables import SchemeTable
from brand.models.scheme_changes import SchemeEdition
from brand.rules import office_tables
from brand.rules.inspections import SanctionTable
from brand.rules.office_tables import OfficeTable, Table
from brand.rules.reviews import ReviewKind, Sheet


def in_force(session: Session, scheme_id: str, table: Table, number: int | None = None) -> OfficeTable:
    """The table of the scheme's edition ``number``, without one the newest."""
    statement = select(SchemeTable).where(SchemeTable.scheme_id == scheme_id, SchemeTable.kind == table.value)
    if number is not None:
        carried = select(SchemeEdition.change_id).where(
            SchemeEdition.scheme_id == scheme_id,
            col(SchemeEdition.number) <= number,
            col(SchemeEdition.change_id).is_not(None),
        )
        statement = statement.where(col(SchemeTable.change_id).in_(carried))
    found = session.exec(statement.order_by(col(SchemeTable.edition).desc()).limit(1)).first()
    if found is None:
        return office_tables.shipped(table)
    return OfficeTable(table, found.content, found.source, found.source_en, found.confidence, found.edition)


def every(session: Session, scheme_id: str, number: int | None = None) -> list[OfficeTable]:
    return [in_force(session, scheme_id, one, number) for one in Table]


def worded(session: Session, scheme_id: str, table: Table) -> dict[str, Any]:
    """The table as a change of it reads: its content and where it comes from, on one level."""
    now = in_force(session, scheme_id, table)
    return {**now.content, "source": now.source, "source_en": now.source_en, "confidence": now.confidence}


def sanctions(session: Session, scheme_id: str) -> SanctionTable:
    """What a finding under this scheme leads to."""
    return office_tables.sanctions(in_force(session, scheme_id, Table.SANCTIONS).content)


def sheet(session: Session, scheme_id: str, kind: ReviewKind) -> Sheet | None:
    """The score sheet of this kind of record; None where it carries an opinion only."""
    table = office_tables.sheet_kind(kind)
    return office_tables.sheet(in_force(session, scheme_id, table)) if table else None
