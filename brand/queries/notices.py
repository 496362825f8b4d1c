"""Reads the notice board: what is open to objection now, and what was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, or_, select

from brand.kernel.errors import unknown
from brand.kernel.paging import Page, page
from brand.models.enterprises import Enterprise
from brand.models.licences import Application, Notice
from brand.models.schemes import Brand, PolicyValue, Product
from brand.queries import appeal_states, applications, public_parties, schemes
from brand.queries import calendar as calendars
from brand.queries.lookups import by_id
from brand.queries.name_search import by_initials, containing
from brand.rules import licence_flow
from brand.rules.working_days import Deadline

_WORDS = (
    Notice.number,
    Application.number,
    *(Brand.name, Brand.name_en),
    *(Product.name, Product.name_en),
)
_NAMES = (
    (Enterprise.id, select(Enterprise.id, Enterprise.name).where(public_parties.never_hidden())),
    (Brand.id, select(Brand.id, Brand.name)),
    (Product.id, select(Product.id, Product.name)),
)


@dataclass(frozen=True)
class Posted:
    """One notice with what it is about; ``end`` is the last day to object by the calendar as it is known today.

    ``appeal`` says whether an appeal against the refusal is pending or answered, and nothing more.
    """

    notice: Notice
    application: Application
    enterprise: Enterprise
    brand: Brand
    product: Product | None
    end: Deadline
    today: date
    appeal: str = ""

    @property
    def carried(self) -> Product | Brand:
        return self.product or self.brand

    @property
    def running(self) -> bool:
        return self.end.provisional or self.today <= self.end.end

    @property
    def days_left(self) -> int:
        return max((self.end.end - self.today).days, 0)


def board(session: Session, today: date, *, text: str = "", number: int = 1, size: int = 25) -> Page[Posted]:
    """Every notice, newest first; ``text`` is a piece of a number or of a name in it, or a name's initials."""
    statement = (
        select(Notice)
        .join(Application, col(Application.id) == col(Notice.application_id))
        .join(Enterprise, col(Enterprise.id) == col(Application.enterprise_id))
        .join(Brand, col(Brand.id) == col(Application.brand_id))
        .join(Product, col(Product.id) == col(Application.product_id), isouter=True)
        .order_by(col(Notice.published_at).desc(), col(Notice.number).desc())
    )
    if text:
        named = public_parties.never_hidden() & containing(text, (Enterprise.name, Enterprise.name_en))
        statement = statement.where(or_(containing(text, _WORDS), named, *by_initials(session, text, _NAMES)))
    found = page(session, statement, number, size)
    return Page(_posted(session, found.rows, today), found.number, found.size, found.total)


def everything(session: Session, today: date) -> list[Posted]:
    """All of them, for open data."""
    return _posted(session, session.exec(select(Notice).order_by(Notice.number)), today)


def notice(session: Session, number: str, today: date) -> Posted:
    """One notice by its number; raises ``access.unknown``."""
    found = find(session, number, today)
    if found is None:
        raise unknown()
    return found


def find(session: Session, number: str, today: date) -> Posted | None:
    """One notice by its number, if there is one."""
    found = session.exec(select(Notice).where(Notice.number == number)).first()
    return _posted(session, [found], today)[0] if found else None


def rule(session: Session, brand: Brand, on: date | None = None) -> PolicyValue | None:
    """Where the length of the notice comes from, today or on the day it was published."""
    return schemes.policy_row(session, brand.scheme_id, "notice_working_days", on)


def _posted(session: Session, notices: Iterable[Notice], today: date) -> list[Posted]:
    found = list(notices)
    calendar = calendars.calendar(session)
    about = by_id(session, Application, (one.application_id for one in found))
    appealed = appeal_states.of_refusals(session, about)
    named = {row.application.id: row for row in applications.rows(session, about.values())}
    return [
        Posted(
            one,
            named[one.application_id].application,
            public_parties.shown(named[one.application_id].enterprise),
            named[one.application_id].brand,
            named[one.application_id].product,
            licence_flow.notice_end(calendar, one.starts_on, one.working_days, one.ends_on),
            today,
            appealed.get(one.application_id, ""),
        )
        for one in found
    ]
