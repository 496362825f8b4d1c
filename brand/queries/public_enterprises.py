"""Reads the enterprises of the register: those the office has confirmed, whether or not they hold a licence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from brand.kernel.paging import Page, page
from brand.models.enterprises import Enterprise, EnterpriseState
from brand.models.licences import Licence
from brand.queries import licences, public_parties
from brand.queries.name_search import by_initials, containing
from brand.rules import places

#: What the public reads of: an enterprise that waits, was refused or was merged is nobody's business but its own.
STATES = (EnterpriseState.CONFIRMED, EnterpriseState.SUSPENDED)


@dataclass(frozen=True)
class Listed:
    """One enterprise as the public may see it; ``party`` is told by kind and place where its name is a person's.

    ``valid`` counts the licences in force, ``all`` those it ever held.
    """

    party: Enterprise
    county: str
    township: str
    valid: int
    all: int

    @property
    def since(self) -> datetime | None:
        return self.party.decided_at


def listing(
    session: Session,
    today: date,
    *,
    text: str = "",
    kind: str = "",
    state: str = "",
    number: int = 1,
    size: int = 25,
) -> Page[Listed]:
    """Enterprises, the last confirmed first; ``text`` is a piece of a name that is public, its initials, or a code."""
    statement = _public().order_by(col(Enterprise.joined_at).desc(), col(Enterprise.id))
    if text:
        words = (Enterprise.name, Enterprise.name_en, Enterprise.name_mn, Enterprise.credit_code)
        names = ((Enterprise.id, select(Enterprise.id, Enterprise.name)),)
        fits = or_(containing(text, words), *by_initials(session, text, names))
        statement = statement.where(public_parties.named() & fits)
    if kind:
        statement = statement.where(Enterprise.kind == kind)
    if state:
        statement = statement.where(Enterprise.state == state)
    found = page(session, statement, number, size)
    return Page(_listed(session, found.rows, today), found.number, found.size, found.total)


def everything(session: Session, today: date) -> list[Listed]:
    """All of them, for open data."""
    return _listed(session, session.exec(_public().order_by(col(Enterprise.id))), today)


def _public() -> SelectOfScalar[Enterprise]:
    return select(Enterprise).where(col(Enterprise.state).in_(STATES))


def _listed(session: Session, rows: Iterable[Enterprise], today: date) -> list[Listed]:
    found = list(rows)
    ids = [one.id for one in found]
    held = Counter(session.exec(select(Licence.enterprise_id).where(col(Licence.enterprise_id).in_(ids))))
    valid = Counter(one.enterprise_id for one in licences.valid_pairs(session, ids, today).values())
    seats = {code: places.county(code, today) for code in {one.county_code for one in found}}
    return [
        Listed(
            public_parties.shown(one, licensed=held[one.id] > 0),
            seat.name if (seat := seats[one.county_code]) else "",
            public_parties.township(one),
            valid[one.id],
            held[one.id],
        )
        for one in found
    ]
