"""Reads which sheets were brought: those of a batch, and those of an enterprise with what became of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from brand.kernel.actors import Actor
from brand.kernel.paging import Page, page
from brand.models.enterprises import Enterprise
from brand.queries.lookups import by_id
from trace.models.imports import ImportState, SheetImport, SheetKind

#: Whoever holds one of these for an enterprise has sheets to bring.
RIGHTS = ("batches.register", "flows.record", "herds.write")


def of_batch(session: Session, batch_id: str) -> Sequence[SheetImport]:
    """Sheets that were taken in for a batch and stand, oldest first; without their content, which is gone by then."""
    its = select(SheetImport).where(SheetImport.batch_id == batch_id, SheetImport.state == ImportState.DONE.value)
    return session.exec(its.order_by(col(SheetImport.at), col(SheetImport.id))).all()


def listing(
    session: Session, enterprise_id: str, kinds: Collection[SheetKind], *, number: int = 1, size: int = 25
) -> Page[SheetImport]:
    """Sheets of these kinds an enterprise brought, the newest first, without their content."""
    its = select(SheetImport).where(
        SheetImport.enterprise_id == enterprise_id, col(SheetImport.kind).in_([one.value for one in kinds])
    )
    ordered = its.order_by(col(SheetImport.at).desc(), col(SheetImport.id))
    return page(session, ordered.options(defer(SheetImport.content), defer(SheetImport.details)), number, size)  # type: ignore[arg-type]


def writers(session: Session, actor: Actor) -> list[Enterprise]:
    """Enterprises the actor brings sheets for, by name; none for the office, which brings none."""
    reach = {one for right in RIGHTS for one in actor.reach(right) or ()}
    return sorted(by_id(session, Enterprise, reach).values(), key=lambda one: one.name)
