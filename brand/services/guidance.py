"""Writes down guidance, norms and services given to an enterprise."""

from __future__ import annotations

from datetime import date

from brand.kernel import audit
from brand.kernel.errors import unknown
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from brand.models.guidance import Guidance
from brand.models.schemes import Brand, Tier
from brand.rules import guidance
from brand.rules.guidance import GuidanceKind


def record(
    work: Work, enterprise_id: str, *, kind: str, held_on: date, topic: str, words: str, brand_id: str | None = None
) -> Guidance:
    """One act; raises ``guidance.own_brand_needed`` or ``guidance.day_ahead``."""
    work.actor.require("guidance.write")
    brand = work.session.get(Brand, brand_id) if brand_id else None
    if work.session.get(Enterprise, enterprise_id) is None or (brand_id and brand is None):
        raise unknown()
    tier = work.session.get_one(Tier, brand.tier_id) if brand else None
    guidance.check(GuidanceKind(kind), tier.process if tier else None, held_on, work.today)
    row = Guidance(
        enterprise_id=enterprise_id,
        brand_id=brand_id or None,
        kind=kind,
        held_on=held_on,
        topic=topic,
        words=words,
        at=work.now,
        person_id=work.actor.person_id or "",
        person_name=work.actor.name,
    )
    work.session.add(row)
    work.session.flush()
    audit.record(work, "guidance.record", "guidance", row.id, enterprise_id=enterprise_id, kind=kind, topic=topic)
    return row
