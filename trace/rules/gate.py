"""The release gate: everything that keeps a batch from being packed under its brand or from getting labels, at once.

Source: the plan's list of what must not stand open (hold, finding, missing test, withdrawal, licence, breach, missing
step); what a product must have is its completeness rule. A refusal lists all reasons, so that nobody mends one and
meets the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from brand.kernel.errors import AppError, Fault, Kind
from brand.rules.grade_tables import Grade
from brand.rules.product_rules import Stage
from trace.rules.completeness import Line, missing


@dataclass(frozen=True)
class Licensed:
    """The licence behind the batch today; ``status`` is «valid» or what stands against it, ``halt`` a halted brand."""

    number: str
    status: str
    holder_confirmed: bool = True
    halt: tuple[str, str] | None = None


@dataclass(frozen=True)
class Withdrawal:
    """A withdrawal period that ran when animals were slaughtered: the first of them by tag, how many, its last day."""

    tag: str
    medicine: str
    last_day: date
    head: int = 1


@dataclass(frozen=True)
class Interval:
    """A safe interval that ran when a lot was harvested: what was used, the last closed day."""

    lot: str
    name: str
    last_day: date


@dataclass(frozen=True)
class GradeRoom:
    """What may carry the brand by grade, kg: ``allowed`` of carcasses at or above ``least``, ``packed`` so far."""

    least: Grade
    allowed_kg: Decimal
    packed_kg: Decimal
    asked_kg: Decimal = Decimal(0)


@dataclass(frozen=True)
class Facts:
    """All the gate rests on; ``licence`` None: nobody is licensed; ``checks``: days of looks with open findings.

    ``inside``: lot and case, of goods that lie in one as a whole.
    """

    licence: Licensed | None
    lines: tuple[Line, ...] = ()
    breaches_open: int = 0
    findings: tuple[date | None, ...] = ()
    checks: tuple[date, ...] = ()
    failed_reports: tuple[str, ...] = ()
    disputed_grades: int = 0
    holds: tuple[Mapping[str, str | int], ...] = ()
    recall: str = ""
    journey: str = ""
    inside: Mapping[str, str] | None = None
    withdrawals: tuple[Withdrawal, ...] = ()
    intervals: tuple[Interval, ...] = ()
    grade: GradeRoom | None = None


def reasons(facts: Facts, stage: Stage) -> tuple[Fault, ...]:
    """Everything that stands in the way at this stage, the gravest first; empty means open."""
    return tuple(_reasons(facts, stage))


def check(facts: Facts, stage: Stage) -> None:
    """Raise one refusal that names every reason: the reason itself where there is one, else ``gate.closed``."""
    found = reasons(facts, stage)
    if not found:
        return
    if len(found) == 1:
        raise AppError(Kind.REFUSED, found[0].code, faults=found, **found[0].params)
    raise AppError(Kind.REFUSED, "gate.closed", faults=found, count=len(found))


def _reasons(facts: Facts, stage: Stage) -> Iterator[Fault]:
    if facts.recall:
        yield Fault("gate.recalled", "", {"number": facts.recall})
    if facts.journey:
        yield Fault("gate.on_the_way", "", {"number": facts.journey})
    if facts.inside:
        yield Fault("holds.inside", "", facts.inside)
    yield from _licence(facts.licence)
    for held in facts.holds:
        yield Fault("holds.held", "", held)
    for rectify_by in facts.findings:
        yield Fault("gate.finding_open", "", {"until": rectify_by.isoformat() if rectify_by else "–"})
    for day in facts.checks:
        yield Fault("gate.check_open", "", {"day": day.isoformat()})
    for one in facts.withdrawals:
        params = {"tag": one.tag, "head": one.head, "medicine": one.medicine, "until": one.last_day.isoformat()}
        yield Fault("gate.withdrawal", "", params)
    for harvest in facts.intervals:
        told = {"lot": harvest.lot, "name": harvest.name, "until": harvest.last_day.isoformat()}
        yield Fault("gate.safe_interval", "", told)
    if facts.breaches_open:
        yield Fault("gate.breach_open", "", {"count": facts.breaches_open})
    for number in facts.failed_reports:
        yield Fault("gate.test_failed", "", {"number": number})
    if facts.disputed_grades:
        yield Fault("gate.grades_disputed", "", {"count": facts.disputed_grades})
    for item in missing(facts.lines, stage):
        yield Fault("gate.missing", "", {"item": f"chain.item.{item}", "stage": f"chain.stage.{stage}"})
    if facts.grade is not None:
        yield from _grade(facts.grade)


def _licence(licence: Licensed | None) -> Iterator[Fault]:
    if licence is None:
        yield Fault("gate.no_licence")
        return
    if not licence.holder_confirmed:
        yield Fault("labels.enterprise_suspended")
    if licence.halt is not None:
        brand, state = licence.halt
        yield Fault(f"labels.brand_{state}", "", {"brand": brand})
    elif licence.status != "valid":
        params = {"number": licence.number, "status": f"licence.state.{licence.status}"}
        yield Fault("labels.licence_not_valid", "", params)


def _grade(room: GradeRoom) -> Iterator[Fault]:
    """Packs of a cut are not kept apart by grade: the weight under the brand is bounded by that of the grade."""
    left = room.allowed_kg - room.packed_kg
    if room.asked_kg > left or left < 0:
        figures = {"allowed": room.allowed_kg, "packed": room.packed_kg, "asked": room.asked_kg}
        shown = {name: f"{kg.normalize():f}" for name, kg in figures.items()}
        yield Fault("gate.grade_too_low", "", {**shown, "least": f"grading.grades.{room.least}"})
