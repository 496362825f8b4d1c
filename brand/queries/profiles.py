"""Reads the public page of an enterprise: what it holds and where it works, nothing about persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from brand.kernel.errors import unknown
from brand.models.enterprises import Enterprise
from brand.models.licences import Licence
from brand.queries import assets, endorsements, halts, licences, merges, public_enterprises, public_parties
from brand.queries.assets import Held, Placed
from brand.queries.endorsements import Recognition, Statement
from brand.queries.halts import Halted
from brand.queries.licences import Entry
from brand.rules import enterprise_entries, places


@dataclass(frozen=True)
class Profile:
    """``name`` and ``credit_code`` are empty where the name is a person's; ``history`` tells its suspensions."""

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
    history: tuple[Halted, ...]


def profile(session: Session, enterprise_id: str, today: date) -> Profile:
    """The enterprise as the public may see it, under the id it has now; raises ``access.unknown``.

    Only what the office has confirmed is public; a suspended enterprise stays, and its state is told.
    """
    found = session.get_one(Enterprise, merges.resolve(session, enterprise_id))
    if found.state not in public_enterprises.STATES:
        raise unknown()
    seat = places.county(found.county_code, today)
    held = session.exec(
        select(Licence).where(Licence.enterprise_id == found.id).order_by(col(Licence.number).desc())
    ).all()
    private = not enterprise_entries.named_in_public(found.kind, licensed=bool(held))
    return Profile(
        id=found.id,
        kind=found.kind,
        name="" if private else found.name,
        name_en="" if private else found.name_en,
        credit_code="" if private else found.credit_code or "",
        county=seat.name if seat else "",
        township=public_parties.township(found),
        state=found.state,
        licences=tuple(licences.entries(session, held, today)),
        assets=tuple(assets.public(session, found.id, today)),
        # The place of such a party is a home: the township above says enough.
        sites=() if private else tuple(assets.sites(session, found.id)),
        recognitions=tuple(endorsements.recognitions(session, found.id, today)),
        endorsements=tuple(endorsements.of_enterprise(session, found.id, today)),
        history=tuple(halts.of_enterprises(session, [found.id])),
    )
