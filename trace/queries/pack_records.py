"""Reads what the page of a pack shows of papers: carcasses, temperatures, tests, certificates, allowances.

Each in one statement or none, and without records: the page names a few of the many values they hold.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select
from sqlmodel import Session, col

from brand.kernel import rows
from brand.models.licences import LicenceYear
from brand.rules.grade_tables import Grade
from trace.models.commitments import Commitment
from trace.models.events import ChillingLog, Event
from trace.models.quality import LabItem, LabReport
from trace.queries import events
from trace.queries.grading import GradeShare
from trace.rules.lab_reports import Status, counts_against


class Carcasses(NamedTuple):
    """What the carcasses of a batch have in common: breeds as stated, age in months, classes, criteria not assessed."""

    breeds: tuple[str, ...]
    youngest: Decimal
    oldest: Decimal
    classes: tuple[str, ...]
    not_assessed: tuple[str, ...]
    grades: tuple[GradeShare, ...]


class Chilling(NamedTuple):
    """A temperature record without its readings; see ``ChillingLog``."""

    started_at: datetime
    curve: Mapping[str, Any] | None
    breaches: list[Any]


class Item(NamedTuple):
    """One substance or property that was tested."""

    name: str
    result: str
    unit: str
    limit: str
    passed: bool


class Report(NamedTuple):
    """A laboratory report that was not taken back; ``status`` says whose word it is, ``relief`` what took its effect
    away; ``official``: a test by the authority; ``against``: it says that the goods failed, and still counts.
    """

    number: str
    laboratory: str
    tested_on: date
    status: str
    relief: str
    official: bool
    against: bool
    items: tuple[Item, ...]


class Year(NamedTuple):
    """What a licence allows in one calendar year, and what was taken of it."""

    year: int
    labels: int
    used_kg: Decimal
    cap_kg: Decimal


class Promise(NamedTuple):
    """A commitment certificate in force."""

    number: str
    code: str


_CHILLINGS = (
    select(*(getattr(ChillingLog, name) for name in Chilling._fields))
    .join(Event, col(Event.id) == col(ChillingLog.event_id))
    .where(col(ChillingLog.batch_id) == bindparam("batch"), events.counts())
    .order_by(col(ChillingLog.started_at))
)
_REPORTS = (
    select(
        col(LabReport.tested_on),
        col(LabReport.number),
        col(LabReport.id),
        func.coalesce(LabItem.position, 0).label("position"),
        col(LabReport.laboratory),
        col(LabReport.status),
        col(LabReport.relief),
        col(LabReport.official),
        col(LabReport.passed),
        col(LabItem.name),
        col(LabItem.result),
        col(LabItem.unit),
        col(LabItem.limit),
        col(LabItem.passed),
    )
    .outerjoin(LabItem, col(LabItem.report_id) == col(LabReport.id))
    .where(col(LabReport.batch_id) == bindparam("batch"), col(LabReport.status) != Status.WITHDRAWN.value)
)
_PROMISES = (
    select(col(Commitment.batch_id), col(Commitment.number), col(Commitment.code))
    .where(col(Commitment.batch_id).in_(bindparam("batches", expanding=True)), col(Commitment.state) == "valid")
    .order_by(col(Commitment.number))
)
_YEARS = (
    select(*(getattr(LicenceYear, name) for name in Year._fields))
    .where(col(LicenceYear.licence_id) == bindparam("licence"))
    .order_by(col(LicenceYear.year))
)


def by_table(alike: Mapping[str, Any]) -> tuple[GradeShare, ...]:
    """Every grade the table gave, best first, empty ones included; see ``rules/alike``."""
    given = ((one, alike["grades"].get(one.value, (0, "0", 0))) for one in Grade)
    return tuple(GradeShare(one, head, Decimal(kg), doubtful) for one, (head, kg, doubtful) in given)


def carcasses(alike: Mapping[str, Any], grades: tuple[GradeShare, ...]) -> Carcasses:
    """What the sheet of a slaughter says of all carcasses, beside the grades that stand."""
    return Carcasses(
        tuple(alike["breeds"]),
        Decimal(alike["youngest"]),
        Decimal(alike["oldest"]),
        tuple(alike["classes"]),
        tuple(alike["not_assessed"]),
        grades,
    )


def chillings(session: Session, batch_id: str) -> tuple[Chilling, ...]:
    """Temperature records nobody withdrew, in the order of their beginning."""
    return tuple(Chilling(*one) for one in rows.ask(session, _CHILLINGS, batch=batch_id))


def reports(session: Session, batch_id: str) -> tuple[Report, ...]:
    """Laboratory reports that were not taken back with their items, in the order of testing."""
    found: dict[str, Report] = {}
    for row in sorted(rows.ask(session, _REPORTS, batch=batch_id), key=lambda one: one[:4]):
        tested_on, number, report_id, _, laboratory, status, relief, official, passed, *item = row
        against = counts_against(passed, status, relief)
        said = found.get(report_id) or Report(number, laboratory, tested_on, status, relief, official, against, ())
        found[report_id] = said if item[0] is None else said._replace(items=(*said.items, Item(*item)))
    return tuple(found.values())


def promises(session: Session, batch_id: str, behind: Collection[str]) -> tuple[Promise, ...]:
    """What speaks for packs of a batch: its own certificate in force, else those of the goods it was made from."""
    found = rows.ask(session, _PROMISES, batches=[batch_id, *behind])
    own = [one for one in found if one.batch_id == batch_id]
    return tuple(Promise(one.number, one.code) for one in own or found)


def years(session: Session, licence_id: str) -> tuple[Year, ...]:
    """The allowances of a licence in their order."""
    return tuple(Year(*one) for one in rows.ask(session, _YEARS, licence=licence_id))
