"""What the public start page shows: whose brand this is, the totals, and the newest notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, func, select

from brand.models.enterprises import Enterprise, EnterpriseState
from brand.models.licences import Licence, LicenceYear
from brand.models.schemes import Brand, Scheme, Tier
from brand.queries import brand_chains, notices
from brand.queries.notices import Posted
from brand.rules import places
from brand.rules.licence_terms import HOLDER_HALTED


@dataclass(frozen=True)
class Front:
    """``scheme`` and ``brand`` are None before a scheme is loaded; ``notices`` are those that still run."""

    scheme: Scheme | None
    county: str
    brand: Brand | None
    enterprises: int
    licences: int
    labels: int
    notices: list[Posted]


def front(session: Session, today: date) -> Front:
    halted = select(Enterprise.id).where(col(Enterprise.state).in_(HOLDER_HALTED))
    brands = set().union(*brand_chains.halted(session).values())
    valid = select(func.count()).where(
        Licence.state == "valid",
        Licence.valid_from <= today,
        Licence.valid_until >= today,
        col(Licence.enterprise_id).not_in(halted),
        col(Licence.brand_id).not_in(brands),
    )
    confirmed = select(func.count()).where(Enterprise.state == EnterpriseState.CONFIRMED.value)
    scheme = session.exec(select(Scheme).order_by(col(Scheme.loaded_at))).first()
    county = places.county(scheme.county_code, today) if scheme else None
    return Front(
        scheme=scheme,
        county=county.name if county else "",
        brand=_regional(session, scheme) if scheme else None,
        enterprises=session.scalar(confirmed) or 0,
        licences=session.scalar(valid) or 0,
        labels=session.scalar(select(func.sum(LicenceYear.labels))) or 0,
        notices=[one for one in notices.board(session, today, size=5).rows if one.end.end >= today],
    )


def _regional(session: Session, scheme: Scheme) -> Brand | None:
    statement = select(Brand).join(Tier, col(Brand.tier_id) == col(Tier.id))
    return session.exec(statement.where(Tier.scheme_id == scheme.id, Tier.level == 1).order_by(Brand.code)).first()
