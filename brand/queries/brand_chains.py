"""Reads what a brand and the brands above it are worth on any day; licences ask here at every read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from sqlmodel import Session, col, select

from brand.kernel import rows
from brand.kernel.clock import local_day
from brand.models.brand_moves import BrandStep
from brand.models.schemes import Brand
from brand.rules.brand_flow import BrandState
from brand.rules.licence_terms import BrandLife

_STEPS = select(BrandStep.brand_id, BrandStep.at, BrandStep.to_state).order_by(col(BrandStep.position))


def lives(session: Session) -> dict[str, tuple[BrandLife, ...]]:
    """For each brand its own life and those above it, from below upwards; brands whose chain never moved are left out.

    One look-up where no brand ever moved, two otherwise.
    """
    moved: dict[str, list[tuple[date, str]]] = defaultdict(list)
    for brand_id, at, state in rows.ask(session, _STEPS):
        moved[brand_id].append((local_day(at), state))
    if not moved:
        return {}
    every = {one.id: one for one in session.exec(select(Brand))}
    found = {}
    for brand_id in every:
        above = [one for one in _upwards(every, brand_id) if one.id in moved]
        if above:
            found[brand_id] = tuple(BrandLife(one.name, one.name_en, tuple(moved[one.id])) for one in above)
    return found


def halted(session: Session) -> dict[BrandState, set[str]]:
    """The brands that are suspended or ended today because they, or one above them, are."""
    every = {one.id: one for one in session.exec(select(Brand))}
    found: dict[BrandState, set[str]] = {BrandState.SUSPENDED: set(), BrandState.ENDED: set()}
    for brand_id in every:
        states = {one.state for one in _upwards(every, brand_id)}
        for state in (BrandState.ENDED, BrandState.SUSPENDED):
            if state in states:
                found[state].add(brand_id)
                break
    return found


def state_of(session: Session, brand: Brand) -> BrandState:
    """The state a brand has today through its chain: ended outweighs suspended."""
    found = halted(session)
    return next(
        (state for state in (BrandState.ENDED, BrandState.SUSPENDED) if brand.id in found[state]), BrandState.IN_FORCE
    )


def chain(session: Session, brand_id: str) -> list[Brand]:
    """The brand and those above it, from below upwards."""
    return list(_upwards({one.id: one for one in session.exec(select(Brand))}, brand_id))


def _upwards(every: Mapping[str, Brand], brand_id: str) -> Iterator[Brand]:
    """The brand, then the one above it, and so on; a parent is always on a higher tier, so this ends."""
    one = every.get(brand_id)
    while one is not None:
        yield one
        one = every.get(one.parent_id or "")
