"""Reads which sheets a batch came from or was fed by."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from trace.models.imports import ImportState, SheetImport


def of_batch(session: Session, batch_id: str) -> Sequence[SheetImport]:
    """Sheets that were taken in for a batch and stand, oldest first; without their content, which is gone by then."""
    its = select(SheetImport).where(SheetImport.batch_id == batch_id, SheetImport.state == ImportState.DONE.value)
    return session.exec(its.order_by(col(SheetImport.at), col(SheetImport.id))).all()
