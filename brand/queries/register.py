"""Reads the public register: every licence in every state with its totals, and nothing about persons."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, or_, select

from brand.kernel.errors import unknown
from brand.kernel.paging import Page, page
from brand.models.enterprises import Enterprise
from brand.models.licences import Licence
from brand.models.schemes import Brand, Product
from brand.queries import brand_chains, licences
from brand.queries.licences import Entry
from brand.rules import pinyin
from brand.rules.brand_flow import BrandState
from brand.rules.licence_flow import LicenceState
from brand.rules.licence_terms import HOLDER_HALTED, LicenceStatus


def listing(
    session: Session, today: date, *, text: str = "", status: str = "", number: int = 1, size: int = 25
) -> Page[Entry]:
    """Licences, newest first; ``text`` is a piece of a licence number or of a name in it."""
    statement = (
        select(Licence)
        .join(Enterprise, col(Enterprise.id) == col(Licence.enterprise_id))
        .join(Brand, col(Brand.id) == col(Licence.brand_id))
        .join(Product, col(Product.id) == col(Licence.product_id))
        .order_by(col(Licence.number).desc())
    )
    if text:
        statement = statement.where(or_(_contains(text), *_by_initials(session, text)))
    if status:
        statement = statement.where(_has_status(session, LicenceStatus(status), today))
    found = page(session, statement, number, size)
    return Page(licences.entries(session, found.rows, today), found.number, found.size, found.total)


def _contains(text: str) -> ColumnElement[bool]:
    names = (Enterprise.name, Enterprise.name_en, Brand.name, Brand.name_en, Product.name, Product.name_en)
    return or_(*(col(one).icontains(text, autoescape=True) for one in (Licence.number, *names)))


def _by_initials(session: Session, text: str) -> list[ColumnElement[bool]]:
    """Names whose syllables begin with these letters: read from the names themselves, so nothing can go stale."""
    letters = pinyin.wanted(text)
    if letters is None:
        return []
    licensees = select(Licence.enterprise_id)
    parties = session.exec(select(Enterprise.id, Enterprise.name).where(col(Enterprise.id).in_(licensees)))
    goods = session.exec(select(Product.id, Product.name))
    marks = session.exec(select(Brand.id, Brand.name))
    return [
        col(key).in_([one for one, name in rows if pinyin.matches(name, letters)])
        for key, rows in ((Licence.enterprise_id, parties), (Licence.product_id, goods), (Licence.brand_id, marks))
    ]


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


def entry(session: Session, number: str, today: date) -> Entry:
    """One licence by its number; raises ``access.unknown``."""
    found = session.exec(select(Licence).where(Licence.number == number)).first()
    if found is None:
        raise unknown()
    return licences.entries(session, [found], today)[0]
