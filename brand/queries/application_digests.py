"""Reads what exactly is decided about an application, and the digests under which it was sent and put on notice."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session, col, select

from brand.models.licences import Application, ApplicationStep
from brand.models.materials import ApplicationFile
from brand.queries import materials, reviews
from brand.rules import applications
from brand.rules.applications import Asked, Digests, Paper, Seen


def of(session: Session, application: Application) -> Digests:
    """The digests as they were written down, and as the rows give them now."""
    return Digests(
        _written(session, application.id, "submit"),
        _written(session, application.id, "publish_notice"),
        now(session, application, seen=False),
        now(session, application, seen=True),
    )


def now(session: Session, application: Application, *, seen: bool) -> str:
    """The digest of the rows as they stand; ``seen`` takes the office's records that count along."""
    asked = Asked(
        application.enterprise_id,
        application.brand_id,
        application.product_id,
        application.cap_kg,
        tuple(application.uses),
        application.capacity,
        application.promise,
        application.renews_id,
    )
    papers = _papers(materials.files(session, application.id))
    records = [one for one in reviews.records(session, application.id) if one.counts] if seen else []
    return applications.digest(asked, papers, [_seen(one) for one in records])


def _seen(record: reviews.Record) -> Seen:
    one = record.review
    said = (one.kind, one.position, one.held_on, one.opinion, one.scores, one.sheet, one.comment)
    return Seen(*said, tuple(_papers(record.files)))


def _papers(files: Iterable[ApplicationFile]) -> list[Paper]:
    return [Paper(one.kind, one.digest, one.valid_until) for one in files]


def _written(session: Session, application_id: str, action: str) -> str:
    """The digest of the last such step; "" where there is none, or it is older than digests."""
    statement = select(ApplicationStep.digest).where(
        ApplicationStep.application_id == application_id, ApplicationStep.action == action
    )
    return session.exec(statement.order_by(col(ApplicationStep.position).desc())).first() or ""
