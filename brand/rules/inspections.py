"""After the grant: visits and yearly reviews, which measure a finding leads to, and how it is brought to its end.

Source: domain notes A5.4 (result to the party in ten working days), A5.7 and A5.8 (three months to put right; severity
and repeat decide; accidents and forgery at once), B6 海南鲜品 (yearly test report). Terms are policy values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from brand.kernel.errors import AppError, Fault, invalid, refused
from brand.kernel.workflow import Facts, Step, Workflow
from brand.rules.appeals import an_appeal_changed_it
from brand.rules.licence_terms import renewal_opens
from brand.rules.sanctions import Sanction

SHIPPED = Path(__file__).resolve().parent / "data" / "sanctions.json"


class InspectionKind(StrEnum):
    YEARLY = "yearly"
    VISIT = "visit"
    REPORT = "report"


class Severity(StrEnum):
    NONE = "none"
    MINOR = "minor"
    SERIOUS = "serious"
    GRAVE = "grave"


class Measure(StrEnum):
    NONE = "none"
    ADVICE = "advice"
    RECTIFY = "rectify"
    SUSPEND = "suspend"
    REVOKE = "revoke"


#: The licence states in which a measure counts as carried out.
REACHED = {Measure.SUSPEND: frozenset({"suspended", "revoked"}), Measure.REVOKE: frozenset({"revoked"})}


#: A finding whose order was taken back on appeal; it never counts as a repeat.
LIFTED = "lifted"
#: States of a finding that is not at its end.
OPEN = ("recorded", "told", "failed")
#: The steps that bring a finding to its end.
ENDING = ("close", "accept", "carry_out", "lift")


@dataclass(frozen=True)
class SanctionTable:
    """``measures`` by severity and number of earlier findings (the last column for any more)."""

    measures: Mapping[Severity, Sequence[Measure]]
    immediate: frozenset[str]


def measure(table: SanctionTable, severity: Severity, reason_code: str, earlier: int) -> Measure:
    """What a finding leads to; ``earlier`` counts findings with the same reason before it.

    What the table calls immediate (accidents, forgery) ends the right at once, however small it is called. Raises
    ``inspections.reason`` where something was found without a listed reason, or nothing was found with one.
    """
    if severity is Severity.NONE:
        if reason_code:
            raise _at("reason_code", "inspections.reason")
        return Measure.NONE
    if reason_code not in set(Sanction):
        raise _at("reason_code", "inspections.reason")
    if reason_code in table.immediate:
        return Measure.REVOKE
    row = table.measures[severity]
    return row[min(earlier, len(row) - 1)]


def check_rectify_by(asked: Measure, rectify_by: date | None, today: date, months: int) -> None:
    """A date to put things right by, where that is the measure: ahead, and within the months of the policy."""
    if asked is not Measure.RECTIFY:
        if rectify_by is not None:
            raise _at("rectify_by", "inspections.rectify_not_asked")
        return
    latest = renewal_opens(today, -months)
    if rectify_by is None or not today < rectify_by <= latest:
        raise _at("rectify_by", "inspections.rectify_by", latest=latest.isoformat())


def check_papers(kind: InspectionKind, severity: Severity, files: int) -> None:
    """A yearly review that finds nothing rests on this year's test report."""
    if kind is InspectionKind.YEARLY and severity is Severity.NONE and not files:
        raise _at("files", "inspections.test_report_missing")


def next_review(last: date, months: int) -> date:
    """The day by which the next yearly review is due."""
    return renewal_opens(last, -months)


def nothing_left_to_do(facts: Facts) -> None:
    if facts["measure"] not in (Measure.NONE, Measure.ADVICE):
        raise refused("inspections.measure_open", measure=f"measure.{facts['measure']}")


def rectification_was_asked(facts: Facts) -> None:
    if facts["measure"] != Measure.RECTIFY:
        raise refused("inspections.not_rectifying")


def judged_by_another_person(facts: Facts) -> None:
    if facts["person_id"] in facts["hands"]:
        raise refused("inspections.four_eyes")


def measure_is_carried_out(facts: Facts) -> None:
    """The finding ends when the licence is where the measure wants it."""
    wanted = Measure.SUSPEND if facts["measure"] == Measure.RECTIFY else Measure(facts["measure"])
    if facts["licence_state"] not in REACHED.get(wanted, frozenset()):
        raise refused("inspections.not_carried_out", measure=f"measure.{wanted}")


def asked_of_licence(state: str, found: Measure) -> str:
    """What an open finding asks to be done to the licence now: nothing before the party was told of it."""
    if state == "failed":
        return Measure.SUSPEND
    return found if state == "told" and found in REACHED else ""


def result_is_explained(facts: Facts) -> None:
    if not facts["comment"].strip():
        raise _at("comment", "inspections.comment_missing")


_INSPECT, _SANCTION = "licences.inspect", "licences.sanction"

FLOW = Workflow(
    "inspections",
    [
        Step("recorded", "tell", "told", _INSPECT, "inspections.tell", (result_is_explained,)),
        Step("told", "close", "closed", _INSPECT, "inspections.close", (nothing_left_to_do,)),
        Step(
            "told",
            "accept",
            "closed",
            _SANCTION,
            "inspections.accept",
            (rectification_was_asked, judged_by_another_person, result_is_explained),
        ),
        Step(
            "told",
            "fail",
            "failed",
            _SANCTION,
            "inspections.fail",
            (rectification_was_asked, judged_by_another_person, result_is_explained),
        ),
        *(
            Step(
                state,
                "carry_out",
                "closed",
                _SANCTION,
                "inspections.carry_out",
                (measure_is_carried_out, judged_by_another_person),
            )
            for state in ("told", "failed")
        ),
        *(
            Step(
                state,
                "lift",
                LIFTED,
                _SANCTION,
                "inspections.lift",
                (an_appeal_changed_it, rectification_was_asked, judged_by_another_person, result_is_explained),
            )
            for state in ("told", "failed", "closed")
        ),
    ],
)


def _at(field: str, code: str, **params: object) -> AppError:
    return invalid(code, faults=[Fault(code, f"/{field}", params)], **params)
