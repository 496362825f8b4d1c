"""Puts brands into the tiers of a scheme, never beyond the places a tier has."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_
from sqlmodel import col, select, update

from brand.kernel import audit
from brand.kernel.errors import conflict, quota_exceeded, unknown
from brand.kernel.work import Work
from brand.models.schemes import Brand, Tier
from brand.rules.scheme_changes import Kind
from brand.services import exceptions


def add(work: Work, tier_id: str, entries: dict[str, Any]) -> Brand:
    """One more mark in a tier: ``code``, names, ``parent_id`` and where it is written.

    Called by whoever has asked for permission and looked at the brand above. It takes one slot, or where every slot is
    taken an approved place beyond the limit, which is used up. Raises ``schemes.tier_full`` with the figures, and
    ``scheme_changes.outdated`` where the code is taken meanwhile.
    """
    tier = work.session.get(Tier, tier_id)
    if tier is None:
        raise unknown()
    held = select(Brand.id).where(Brand.scheme_id == tier.scheme_id, Brand.code == entries["code"])
    if work.session.exec(held).first():
        raise conflict("scheme_changes.outdated")
    exception = _take_place(work, tier_id)
    brand = Brand(**entries, scheme_id=tier.scheme_id, tier_id=tier_id, exception_id=exception)
    work.session.add(brand)
    work.session.flush()
    audit.record(work, "schemes.add_brand", "brand", brand.id, tier=tier.level, code=brand.code)
    return brand


def _take_place(work: Work, tier_id: str) -> str | None:
    """One slot of the tier, by one statement that cannot overrun; beyond the limit the id of the exception used up."""
    free = or_(col(Tier.slots_max).is_(None), col(Tier.slots_used) + 1 <= col(Tier.slots_max))
    taken = work.session.exec(
        update(Tier).where(col(Tier.id) == tier_id, free).values(slots_used=col(Tier.slots_used) + 1)
    )
    tier = work.session.get_one(Tier, tier_id, populate_existing=True)
    if taken.rowcount == 1:
        return None
    exception = exceptions.use(work, tier, Kind.PLACE)
    if exception is None:
        raise full(tier)
    return exception


def full(tier: Tier) -> Exception:
    """The refusal of a tier without places, with its figures."""
    return quota_exceeded("schemes.tier_full", tier=tier.name, slots=tier.slots_max, used=tier.slots_used)
