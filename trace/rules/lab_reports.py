"""The life of a test report: declared, confirmed or contested; what a failing one does, its retest and its release.

Source: ``data/retests.json`` (law of 2022, articles 48–51); security notes T41 (a report counts as declared until its
issuer or an inspector confirms it). Rapid tests and laboratory reports are different things and never replace each
other: a rapid test cannot overturn anything.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from brand.kernel.errors import AppError, Fault, conflict, invalid, refused
from brand.kernel.workflow import Facts, Step, Workflow
from brand.rules.working_days import Calendar, add_working_days
from trace.rules.events import CHINA
from trace.rules.look_alikes import one_spelling

SHIPPED = Path(__file__).resolve().parent / "data" / "retests.json"


class TestKind(StrEnum):
    """A rapid test is a screening on the spot; a laboratory report is the paper of an approved laboratory."""

    __test__ = False  # not a test of ours

    LABORATORY = "laboratory"
    RAPID = "rapid"


class Status(StrEnum):
    """Whose word a report is."""

    DECLARED = "declared"
    CONFIRMED = "confirmed"
    CONTESTED = "contested"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Relief(StrEnum):
    """What took the effect of a failing report away, or is about to."""

    NONE = "none"
    ASKED = "asked"
    RELEASED = "released"
    OVERTURNED = "overturned"


@dataclass(frozen=True)
class RetestTerms:
    rapid_hours: int
    laboratory_working_days: int
    report_working_days: int
    source: str
    source_en: str
    confidence: str


@dataclass(frozen=True)
class RetestDeadline:
    """The last moment to ask for a retest; provisional while the year's calendar awaits its notice."""

    at: datetime
    provisional: bool


@cache
def retest_terms() -> RetestTerms:
    return RetestTerms(**json.loads(SHIPPED.read_text(encoding="utf-8")))


def retest_deadline(kind: TestKind, received_at: datetime, calendar: Calendar) -> RetestDeadline:
    """Four hours after a rapid result, to the minute; the end of the fifth working day after a laboratory's."""
    terms = retest_terms()
    if kind is TestKind.RAPID:
        return RetestDeadline(received_at + timedelta(hours=terms.rapid_hours), False)
    day = received_at.astimezone(CHINA).date()
    last = add_working_days(calendar, day, terms.laboratory_working_days)
    midnight = datetime.combine(last.end + timedelta(days=1), datetime.min.time(), CHINA)
    return RetestDeadline(midnight - timedelta(minutes=1), last.provisional)


def retest_report_due(sample_received_on: date, calendar: Calendar) -> date:
    """The day by which the retesting laboratory reports."""
    return add_working_days(calendar, sample_received_on, retest_terms().report_working_days).end


def check_retest_asked(passed: bool, status: str, relief: str, now: datetime, deadline: RetestDeadline) -> None:
    """Raise ``lab_reports.retest_nothing_failed`` or ``.retest_too_late`` (with both moments)."""
    if passed or status == Status.REJECTED or relief in (Relief.RELEASED, Relief.OVERTURNED):
        raise conflict("lab_reports.retest_nothing_failed")
    if now > deadline.at:
        last = deadline.at.astimezone(CHINA)
        raise refused("lab_reports.retest_too_late", last=f"{last:%Y-%m-%d %H:%M}")


@dataclass(frozen=True)
class Tested:
    """What the rules on retests look at: which items a report names and which of them failed, folded."""

    kind: str
    laboratory: str
    tested_on: date
    passed: bool
    items: frozenset[str]
    failed: frozenset[str]


def gist(kind: str, laboratory: str, tested_on: date, items: Iterable[tuple[str, bool]]) -> Tested:
    """``items`` are (name, passed)."""
    rows = [(one_spelling(name), passed) for name, passed in items]
    names = frozenset(name for name, _ in rows)
    failed = frozenset(name for name, passed in rows if not passed)
    return Tested(kind, one_spelling(laboratory), tested_on, not failed, names, failed)


def check_retest(first: Tested, again: Tested) -> None:
    """A report may stand as the retest of another one.

    Raises ``lab_reports.retest_rapid``, ``.retest_same_laboratory``, ``.retest_earlier`` or ``.retest_items_missing``.
    """
    if again.kind != TestKind.LABORATORY:
        raise _wrong_retest("lab_reports.retest_rapid")
    if again.laboratory == first.laboratory:
        raise _wrong_retest("lab_reports.retest_same_laboratory")
    if again.tested_on < first.tested_on:
        raise _wrong_retest("lab_reports.retest_earlier", first=first.tested_on.isoformat())
    missing = first.failed - again.items
    if missing:
        raise _wrong_retest("lab_reports.retest_items_missing", items="、".join(sorted(missing)))


def _wrong_retest(code: str, **params: str) -> AppError:
    return invalid(code, faults=[Fault(code, "/result_id", params)], **params)


def digest(words: Mapping[str, Any], items: Iterable[Mapping[str, Any]], files: Collection[str]) -> str:
    """SHA-256 (hex) over the report as canonical JSON with the digests of its files: what a confirmation covers."""
    plain = {"report": dict(words), "items": [dict(one) for one in items], "files": sorted(files)}
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def counts_against(passed: bool, status: str, relief: str) -> bool:
    """Whether a report still says that the goods failed; a declared failure counts like a confirmed one."""
    return not passed and status != Status.REJECTED and relief in (Relief.NONE, Relief.ASKED)


def counts_for(passed: bool, status: str) -> bool:
    """Whether a report speaks for the goods; one that its laboratory contests does not."""
    return passed and status in (Status.DECLARED, Status.CONFIRMED)


def _not_ones_own(facts: Facts) -> None:
    """Whoever wrote a report down does not confirm it, and no laboratory confirms tests of its own goods."""
    if facts["person_id"] == facts["recorded_by"] or facts["own_goods"]:
        raise refused("lab_reports.own")


def _the_words_that_were_read(facts: Facts) -> None:
    if facts["digest_seen"] != facts["digest"]:
        raise conflict("lab_reports.stale")


def _reason_given(facts: Facts) -> None:
    if not facts["comment"].strip():
        raise invalid("lab_reports.reason_needed", faults=[Fault("lab_reports.reason_needed", "/comment")])


def _failing(facts: Facts) -> None:
    if facts["passed"] or facts["status"] == Status.REJECTED:
        raise conflict("lab_reports.nothing_to_release")


def _by_another_person(facts: Facts) -> None:
    if facts["person_id"] == facts["asked_by"]:
        raise refused("lab_reports.same_person")


def _speaks_well(facts: Facts) -> None:
    """Whoever wrote a failing report down does not make it vanish: its goods are held by it."""
    if not facts["passed"]:
        raise refused("lab_reports.failing_stays")


def _answers_no_retest(facts: Facts) -> None:
    if facts["answers_retest"]:
        raise conflict("lab_reports.retest_rests_on_it")


_CONFIRM, _INSPECT, _RELEASE = "lab_reports.confirm", "quality.inspect", "quality.release"

#: Whoever wrote a report down wrongly takes it back, while it is nobody else's word; its number is free again.
WITHDRAW = "withdraw"

FLOW = Workflow(
    "lab_reports",
    (
        Step("declared", "confirm", "confirmed", _CONFIRM, _CONFIRM, (_not_ones_own, _the_words_that_were_read)),
        Step("declared", "contest", "contested", _CONFIRM, "lab_reports.contest", (_not_ones_own, _reason_given)),
        Step(
            "contested",
            "uphold",
            "confirmed",
            _INSPECT,
            "lab_reports.uphold",
            (_not_ones_own, _the_words_that_were_read, _reason_given),
        ),
        Step("contested", "reject", "rejected", _INSPECT, "lab_reports.reject", (_not_ones_own, _reason_given)),
        Step(
            "declared",
            WITHDRAW,
            "withdrawn",
            "events.record",
            "lab_reports.withdraw",
            (_speaks_well, _answers_no_retest, _reason_given),
        ),
    ),
)

RELIEF = Workflow(
    "lab_report_relief",
    (
        Step("none", "ask_release", "asked", _INSPECT, "lab_reports.ask_release", (_failing, _reason_given)),
        Step("asked", "release", "released", _RELEASE, "lab_reports.release", (_failing, _by_another_person)),
        Step("asked", "keep_held", "none", _RELEASE, "lab_reports.keep_held", (_by_another_person, _reason_given)),
    ),
)
