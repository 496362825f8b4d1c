"""Reads the public register: every licence in every state with its totals, and nothing about persons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, or_, select

from brand.kernel.errors import unknown
from brand.kernel.paging import Page, page
from brand.models.enterprises import Enterprise
from brand.models.licences import Licence
from brand.models.schemes import Brand, Product
from brand.queries import brand_chains, halts, licences, public_parties
from brand.queries.halts import Halted
from brand.queries.licences import Entry
from brand.queries.name_search import by_initials, containing
from brand.rules.brand_flow import BrandState
from brand.rules.licence_terms import HOLDER_HALTED, LicenceStatus
from brand.rules.sanctions import LicenceState

_WORDS = (
    Licence.number,
    *(Brand.name, Brand.name_en),
    *(Product.name, Product.name_en),
)
_NAMES = (
    (
        Licence.enterprise_id,
        select(Enterprise.id, Enterprise.name).where(public_parties.never_hidden()),
    ),
    (Licence.product_id, select(Product.id, Product.name)),
    (Licence.brand_id, select(Brand.id, Brand.name)),
)


def listing(
    session: Session, today: date, *, text: str = "", status: str = "", number: int = 1, size: int = 25
) -> Page[Entry]:
    """Licences, newest first; ``text`` is a piece of a licence number or of a name in it."""
    statement = (
        select(Licence)
        .join(Enterprise, col(Enterprise.id) == col(Licence.enterprise_id))
        .join(Brand, col(Brand.id) == col(Licence.brand_id))
        .join(Product, col(Product.id) == col(Licence.product_id), isouter=True)
        .order_by(col(Licence.number).desc())
    )
    if text:
        named = public_parties.never_hidden() & containing(text, (Enterprise.name, Enterprise.name_en))
        statement = statement.where(or_(containing(text, _WORDS), named, *by_initials(session, text, _NAMES)))
    if status:
        statement = statement.where(_has_status(session, LicenceStatus(status), today))
    found = page(session, statement, number, size)
    return Page(entries(session, found.rows, today), found.number, found.size, found.total)


def entries(session: Session, rows: Iterable[Licence], today: date) -> list[Entry]:
    """Licences as the public reads them: a holder whose name is a person's is told by kind and place."""
    found = licences.entries(session, rows, today)
    return [replace(one, enterprise=public_parties.shown(one.enterprise)) for one in found]


def _has_status(session: Session, status: LicenceStatus, today: date) -> ColumnElement[bool]:
    """Today's status in SQL; the same rule as ``rules/licence_terms.status_on`` with the stored last state."""
    brands = brand_chains.halted(session)
    ended = col(Licence.brand_id).in_(brands[BrandState.ENDED])
    revoked = col(Licence.state) == LicenceState.REVOKED
    if status is LicenceStatus.REVOKED:
        return revoked
    if status is LicenceStatus.NOT_YET:
        return and_(~revoked, ~ended, col(Licence.valid_from) > today)
    if status is LicenceStatus.EXPIRED:
        return and_(~revoked, or_(ended, col(Licence.valid_until) < today))
    runs = and_(~ended, col(Licence.valid_from) <= today, col(Licence.valid_until) >= today)
    halted = or_(col(Enterprise.state).in_(HOLDER_HALTED), col(Licence.brand_id).in_(brands[BrandState.SUSPENDED]))
    if status is LicenceStatus.SUSPENDED:
        return and_(runs, ~revoked, or_(col(Licence.state) == LicenceState.SUSPENDED, halted))
    return and_(runs, ~halted, col(Licence.state) == status.value)


@dataclass(frozen=True)
class Opened(Entry):
    """One licence with what happened above it since it was granted."""

    halts: tuple[Halted, ...] = ()


def entry(session: Session, number: str, today: date) -> Opened:
    """One licence by its number; raises ``access.unknown``."""
    found = session.exec(select(Licence).where(Licence.number == number)).first()
    if found is None:
        raise unknown()
    one = entries(session, [found], today)[0]
    return Opened(**vars(one), halts=tuple(halts.over(session, one)))
