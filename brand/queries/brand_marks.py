"""Reads what protects and shows a brand: trademarks with their phase, files within reach, and the log of takings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import defer
from sqlmodel import Session, col, func, select

from brand.kernel.actors import Actor
from brand.kernel.errors import unknown
from brand.models.brand_marks import BrandFile, BrandFileTaking, Trademark
from brand.models.enterprises import Enterprise
from brand.models.licences import Licence
from brand.models.schemes import Brand, Scheme, Tier
from brand.queries import licences
from brand.queries.desk import MOST, Waiting
from brand.queries.lookups import by_id
from brand.rules import trademarks
from brand.rules.licence_terms import LicenceStatus
from brand.rules.trademarks import Phase


@dataclass(frozen=True)
class Registered:
    """A trademark and where it stands today; ``due`` is the day by which it must be renewed, while it can be."""

    trademark: Trademark
    phase: Phase
    due: date | None


@dataclass(frozen=True)
class Taking:
    row: BrandFileTaking
    file: BrandFile
    enterprise: Enterprise | None


@dataclass(frozen=True)
class WholeBrand:
    """A brand with its place in the scheme, and the files this reader may take."""

    brand: Brand
    tier: Tier
    scheme: Scheme
    parent: Brand | None
    trademarks: list[Registered]
    files: list[BrandFile]
    licences: list[Licence]
    uses: list[str]


def whole(session: Session, actor: Actor, brand_id: str, today: date) -> WholeBrand:
    """One brand as this person sees it; raises ``access.unknown``."""
    brand = session.get(Brand, brand_id)
    if brand is None:
        raise unknown()
    held = licences_under(session, actor, brand_id, today)
    parent = session.get(Brand, brand.parent_id) if brand.parent_id else None
    tier, scheme = session.get_one(Tier, brand.tier_id), session.get_one(Scheme, brand.scheme_id)
    files = [one for one in _files(session, brand_id) if may_take(actor, one, held)]
    return WholeBrand(
        brand, tier, scheme, parent, registered(session, brand_id, today), files, held, uses_open(actor, tier, held)
    )


def registered(session: Session, brand_id: str, today: date) -> list[Registered]:
    """The trademarks of a brand; raises ``access.unknown`` where there is no such brand."""
    if session.get(Brand, brand_id) is None:
        raise unknown()
    statement = select(Trademark).where(Trademark.brand_id == brand_id).order_by(Trademark.number)
    return [standing(one, today) for one in session.exec(statement)]


def standing(one: Trademark, today: date) -> Registered:
    """Where a registration stands on that day."""
    return Registered(one, trademarks.phase(one.valid_until, today), trademarks.due(one.valid_until, today))


def _files(session: Session, brand_id: str) -> list[BrandFile]:
    statement = select(BrandFile).where(BrandFile.brand_id == brand_id).options(defer(col(BrandFile.content)))  # type: ignore[arg-type]
    return list(session.exec(statement.order_by(BrandFile.kind, col(BrandFile.edition).desc())))


def newest_edition(session: Session, brand_id: str, kind: str) -> int:
    statement = select(func.max(BrandFile.edition)).where(BrandFile.brand_id == brand_id, BrandFile.kind == kind)
    return session.scalar(statement) or 0


def is_office(actor: Actor) -> bool:
    """Whether the person reads brands for the whole county, not for one enterprise."""
    return actor.reach("brands.read") is None


def licences_under(session: Session, actor: Actor, brand_id: str, today: date) -> list[Licence]:
    """Licences in force today that one of the person's enterprises holds under this brand or one below it."""
    reach = actor.reach("brands.read")
    if not reach:
        return []
    below = select(Brand.id).where((col(Brand.id) == brand_id) | (col(Brand.parent_id) == brand_id))
    statement = select(Licence).where(col(Licence.enterprise_id).in_(reach), col(Licence.brand_id).in_(below))
    found = session.exec(statement.order_by(Licence.number))
    return [one for one in found if licences.status_on(session, one, today) is LicenceStatus.VALID]


def may_take(actor: Actor, file: BrandFile, held: list[Licence]) -> bool:
    return is_office(actor) or (file.licensees and bool(held))


def uses_open(actor: Actor, tier: Tier, held: list[Licence]) -> list[str]:
    """What the person may take a file for: the tier's uses for the office, those of its licences for a licensee."""
    licensed = {use for one in held for use in one.uses}
    return [one for one in tier.allowed_uses if is_office(actor) or one in licensed]


def takings(session: Session, brand_id: str) -> list[Taking]:
    """The log of a brand's files, the newest first."""
    files = {one.id: one for one in _files(session, brand_id)}
    statement = select(BrandFileTaking).where(col(BrandFileTaking.file_id).in_(files))
    rows = list(session.exec(statement.order_by(col(BrandFileTaking.taken_at).desc()).limit(200)))
    parties = by_id(session, Enterprise, {one.enterprise_id for one in rows if one.enterprise_id})
    return [Taking(one, files[one.file_id], parties.get(one.enterprise_id or "")) for one in rows]


def waiting(session: Session, actor: Actor, today: date) -> list[Waiting]:
    """Trademarks to renew, for those who keep the brands; due while a renewal is possible."""
    if not actor.may("brands.manage"):
        return []
    statement = select(Trademark, Brand).join(Brand, col(Brand.id) == col(Trademark.brand_id))
    found = session.exec(statement.order_by(col(Trademark.valid_until)))
    return [
        Waiting(
            "desk.trademark",
            brand.name,
            "brand_marks.show",
            {"brand_id": brand.id},
            one.number,
            trademarks.due(one.valid_until, today),
        )
        for one, brand in found
        if trademarks.due(one.valid_until, today)
    ][:MOST]
