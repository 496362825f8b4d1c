"""Keeps every edition of a brand scheme as it stood, so that an old one can be read word for word."""

from __future__ import annotations

from sqlmodel import select

from brand.kernel.work import Work
from brand.models.scheme_changes import SchemeEdition
from brand.models.schemes import Scheme
from brand.queries import editions, schemes


def record(work: Work, scheme: Scheme, change_id: str | None) -> SchemeEdition:
    """The scheme as it stands now as its next edition, valid from today."""
    work.session.flush()
    number = editions.newest_number(work.session, scheme.id) + 1
    edition = SchemeEdition(
        scheme_id=scheme.id,
        number=number,
        valid_from=work.today,
        made_at=work.now,
        change_id=change_id,
        content=editions.content(schemes.whole(work.session, scheme.id)),
    )
    work.session.add(edition)
    work.session.flush()
    return edition


def advance(work: Work, scheme_id: str, change_id: str | None = None) -> int:
    """The number of the edition that something two persons agreed to has led to; the scheme is locked meanwhile."""
    locked = select(Scheme).where(Scheme.id == scheme_id).with_for_update()
    scheme = work.session.exec(locked, execution_options={"populate_existing": True}).one()
    scheme.edition = str(editions.newest_number(work.session, scheme_id) + 1)
    return record(work, scheme, change_id).number
