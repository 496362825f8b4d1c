"""Keeps every edition of a brand scheme as it stood, so that an old one can be read word for word."""

from __future__ import annotations

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
