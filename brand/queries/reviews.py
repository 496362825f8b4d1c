"""Reads the office's records of an application: what was seen and said, and which of them the policy asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from brand.models.licences import Application, ApplicationStep
from brand.models.materials import ApplicationFile
from brand.models.reviews import Review
from brand.models.schemes import Brand
from brand.queries import materials, schemes
from brand.rules import reviews
from brand.rules.reviews import ReviewKind
from brand.rules.terms import SITE_PHOTOS

PASS_MARK = "review_pass_percent"  # noqa: S105


@dataclass(frozen=True)
class Record:
    """One record with its pictures and papers; ``counts`` is false for what was said before the last sending."""

    review: Review
    files: tuple[ApplicationFile, ...]
    counts: bool


@dataclass(frozen=True)
class Ask:
    """One kind of record: whether the policy asks for it, where that comes from, and how many pictures belong to it."""

    kind: ReviewKind
    required: bool
    provenance: str
    provenance_en: str
    pictures: int = 0


def of(session: Session, application_id: str) -> list[Review]:
    statement = select(Review).where(Review.application_id == application_id)
    return list(session.exec(statement.order_by(col(Review.position))))


def records(session: Session, application_id: str) -> list[Record]:
    """Every record, oldest first."""
    files = materials.of_reviews(session, application_id)
    since = _last_sent(session, application_id)
    return [Record(one, tuple(files.get(one.id, ())), one.position > since) for one in of(session, application_id)]


def asks(session: Session, brand: Brand) -> list[Ask]:
    """What the scheme's policy asks for, in the order of the way."""
    held = {one.key: one for one in schemes.policies(session, brand.scheme_id)}
    found = []
    for kind in ReviewKind:
        policy = held.get(reviews.policy_key(kind))
        words = (policy.provenance, policy.provenance_en) if policy else ("", "")
        pictures = _pictures({one.key: one.value for one in held.values()}) if kind is ReviewKind.SITE else 0
        found.append(Ask(kind, bool(policy and policy.value), *words, pictures))
    return found


def facts(session: Session, application: Application, scheme_id: str) -> dict[str, Any]:
    """What the guards look at: what is required, what the last record of each kind since the last sending says."""
    policy = {one.key: one.value for one in schemes.policies(session, scheme_id)}
    since = _last_sent(session, application.id)
    return {
        "reviews_required": {kind for kind in ReviewKind if policy.get(reviews.policy_key(kind))},
        "reviews_done": {one.kind: one.opinion for one in of(session, application.id) if one.position > since},
        "pass_mark": policy.get(PASS_MARK, 0),
        "pictures_needed": _pictures(policy),
    }


def _pictures(policy: Mapping[str, int]) -> int:
    return min(policy.get(SITE_PHOTOS, 0), reviews.MOST_FILES)


def _last_sent(session: Session, application_id: str) -> int:
    """After a sending back everything is looked at anew."""
    statement = select(ApplicationStep.position).where(
        ApplicationStep.application_id == application_id, ApplicationStep.action == "submit"
    )
    return session.exec(statement.order_by(col(ApplicationStep.position).desc())).first() or 0
