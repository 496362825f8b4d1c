"""Reads the notice board: what is open to objection now, and what was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from brand.kernel.errors import unknown
from brand.kernel.paging import Page, page
from brand.models.enterprises import Enterprise
from brand.models.licences import Application, Notice
from brand.models.schemes import Brand, PolicyValue, Product
from brand.queries import appeal_states, applications, schemes
from brand.queries import calendar as calendars
from brand.queries.lookups import by_id
from brand.rules import licence_flow
from brand.rules.working_days import Deadline


@dataclass(frozen=True)
class Posted:
    """One notice with what it is about; ``end`` is the last day to object by the calendar as it is known today.

    ``appeal`` says whether an appeal against the refusal is pending or answered, and nothing more.
    """

    notice: Notice
    application: Application
    enterprise: Enterprise
    brand: Brand
    product: Product
    end: Deadline
    today: date
    appeal: str = ""

    @property
    def running(self) -> bool:
        return self.end.provisional or self.today <= self.end.end

    @property
    def days_left(self) -> int:
        return max((self.end.end - self.today).days, 0)


def board(session: Session, today: date, *, number: int = 1, size: int = 25) -> Page[Posted]:
    """Every notice, newest first."""
    statement = select(Notice).order_by(col(Notice.published_at).desc(), col(Notice.number).desc())
    found = page(session, statement, number, size)
    return Page(_posted(session, found.rows, today), found.number, found.size, found.total)


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
            named[one.application_id].enterprise,
            named[one.application_id].brand,
            named[one.application_id].product,
            licence_flow.notice_end(calendar, one.starts_on, one.working_days, one.ends_on),
            today,
            appealed.get(one.application_id, ""),
        )
        for one in found
    ]
