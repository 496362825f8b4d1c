"""Reads the public page of an enterprise: what it holds and where it works, nothing about persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from brand.kernel.errors import unknown
from brand.models.enterprises import Enterprise, EnterpriseKind, EnterpriseState
from brand.models.licences import Licence
from brand.queries import assets, endorsements, licences, merges
from brand.queries.assets import Held, Placed
from brand.queries.endorsements import Recognition, Statement
from brand.queries.licences import Entry
from brand.rules import places


@dataclass(frozen=True)
class Profile:
    """``name`` and ``credit_code`` are empty for a household, whose name is a person's."""

    id: str
    kind: str
    name: str
    name_en: str
    credit_code: str
    county: str
    township: str
    state: str
    licences: tuple[Entry, ...]
    assets: tuple[Held, ...]
    sites: tuple[Placed, ...]
    recognitions: tuple[Recognition, ...]
    endorsements: tuple[Statement, ...]


def profile(session: Session, enterprise_id: str, today: date) -> Profile:
    """The enterprise as the public may see it, under the id it has now; raises ``access.unknown``.

    Only what the office has confirmed is public; a suspended enterprise stays, and its state is told.
    """
    found = session.get_one(Enterprise, merges.resolve(session, enterprise_id))
    if found.state not in (EnterpriseState.CONFIRMED, EnterpriseState.SUSPENDED):
        raise unknown()
    private = found.kind == EnterpriseKind.HOUSEHOLD
    seat = places.county(found.county_code, today)
    towns = {one.code: one.name for one in places.townships(found.county_code)}
    held = session.exec(
        select(Licence).where(Licence.enterprise_id == found.id).order_by(col(Licence.number).desc())
    ).all()
    return Profile(
        id=found.id,
        kind=found.kind,
        name="" if private else found.name,
        name_en="" if private else found.name_en,
        credit_code="" if private else found.credit_code or "",
        county=seat.name if seat else "",
        township=towns.get(found.township_code, ""),
        state=found.state,
        licences=tuple(licences.entries(session, held, today)),
        assets=tuple(assets.public(session, found.id, today)),
        # The place of a household is its home: the township above says enough.
        sites=() if private else tuple(assets.sites(session, found.id)),
        recognitions=tuple(endorsements.recognitions(session, found.id, today)),
        endorsements=tuple(endorsements.of_enterprise(session, found.id, today)),
    )
