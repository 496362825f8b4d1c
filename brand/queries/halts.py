"""Reads what held licences back from outside: suspended or ended brands, suspended or merged holders, by date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, or_, select

from brand.models.brand_moves import BrandStep
from brand.models.enterprises import Enterprise, EnterpriseStep
from brand.models.schemes import Brand
from brand.queries import brand_chains, public_parties
from brand.queries.licences import Entry
from brand.queries.lookups import by_id
from brand.rules.licence_terms import HOLDER_HALTED


@dataclass(frozen=True)
class Halted:
    """One step of a brand or an enterprise that stopped licences or let them go on; names as the public reads them.

    ``subject`` is brand or enterprise, ``key`` the brand's code or the enterprise's id. Why an enterprise was halted is
    left out: an inquiry is no finding.
    """

    subject: str
    key: str
    name: str
    name_en: str
    action: str
    state: str
    at: datetime
    reason_code: str = ""


def of_brands(session: Session, brand_ids: Iterable[str]) -> list[Halted]:
    """Every step of these brands, the oldest first."""
    brands = by_id(session, Brand, brand_ids)
    statement = (
        select(BrandStep)
        .where(col(BrandStep.brand_id).in_(brands))
        .order_by(col(BrandStep.at), col(BrandStep.position))
    )
    return [
        Halted("brand", of.code, of.name, of.name_en, one.action, one.to_state, one.at, one.reason_code)
        for one in session.exec(statement)
        for of in (brands[one.brand_id],)
    ]


def of_enterprises(session: Session, enterprise_ids: Iterable[str]) -> list[Halted]:
    """Their suspensions, the ends of these, and their closing as duplicates, the oldest first."""
    parties = by_id(session, Enterprise, enterprise_ids)
    halts = or_(col(EnterpriseStep.to_state).in_(HOLDER_HALTED), col(EnterpriseStep.from_state).in_(HOLDER_HALTED))
    statement = select(EnterpriseStep).where(col(EnterpriseStep.enterprise_id).in_(parties), halts)
    return [
        Halted("enterprise", of.id, of.name, of.name_en, one.action, one.to_state, one.at)
        for one in session.exec(statement.order_by(col(EnterpriseStep.at), col(EnterpriseStep.position)))
        for of in (public_parties.shown(parties[one.enterprise_id]),)
    ]


def over(session: Session, entry: Entry) -> list[Halted]:
    """What happened above one licence since it was granted: to its brand, the brands above it, and its holder."""
    chain = [one.id for one in brand_chains.chain(session, entry.brand.id)]
    found = [*of_brands(session, chain), *of_enterprises(session, [entry.enterprise.id])]
    return sorted((one for one in found if one.at >= entry.licence.granted_at), key=lambda one: one.at)
