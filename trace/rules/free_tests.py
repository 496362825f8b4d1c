"""Free tests of goods sold online: who may ask, why a request is refused, and the life of requests and programmes.

Source: domain notes A3.4 (Hanggin plan: free testing of farm products sold online while the project runs). Window,
quota and «online only» are settings of a programme with their source; two persons stand behind each.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from brand.kernel.errors import Fault, conflict, invalid, refused
from brand.kernel.workflow import Facts, Step, Workflow


class RefusalReason(StrEnum):
    """Why a request is refused; each has a text. Publicly paid service refuses nobody without one."""

    NOT_ONLINE = "not_online"
    NOT_FARM_PRODUCT = "not_farm_product"
    TESTED_ALREADY = "tested_already"
    SAMPLE_MISSING = "sample_missing"
    OTHER_COUNTY = "other_county"
    USED_UP = "used_up"


def check_term(opens_on: date, closes_on: date, quota: int) -> None:
    """A programme lasts at least a day within one year, and has something to give."""
    faults = []
    if closes_on < opens_on or closes_on.year != opens_on.year:
        faults.append(Fault("free_tests.term", "/closes_on"))
    if quota < 1:
        faults.append(Fault("input.out_of_range", "/quota"))
    if faults:
        raise invalid("input.invalid", faults=faults)


def check_eligible(opens_on: date, closes_on: date, online_only: bool, today: date, sold_at: str) -> None:
    """Raise ``free_tests.outside_window`` (with the window) or ``free_tests.sold_at_needed``."""
    if not opens_on <= today <= closes_on:
        params = {"first": opens_on.isoformat(), "last": closes_on.isoformat()}
        fault = Fault("free_tests.outside_window", "/test_programme_id", params)
        raise refused("free_tests.outside_window", faults=[fault], **params)
    if online_only and not sold_at.strip():
        raise invalid("free_tests.sold_at_needed", faults=[Fault("free_tests.sold_at_needed", "/sold_at")])


def _by_another_person(facts: Facts) -> None:
    if facts["person_id"] == facts["written_by"]:
        raise refused("free_tests.same_person")


def _coded_reason(facts: Facts) -> None:
    if facts["reason_code"] not in list(RefusalReason):
        raise invalid("free_tests.reason_needed", faults=[Fault("free_tests.reason_needed", "/reason_code")])
    if facts["reason_code"] == RefusalReason.USED_UP and facts["left"] > 0:
        params = {"left": facts["left"]}
        raise invalid("free_tests.some_left", faults=[Fault("free_tests.some_left", "/reason_code", params)], **params)


def _report_of_these_goods(facts: Facts) -> None:
    if not facts["report_fits"]:
        raise invalid("free_tests.other_goods", faults=[Fault("free_tests.other_goods", "/report_id")])


def _asked_and_decided_by_two(facts: Facts) -> None:
    if facts["person_id"] == facts["asked_by"]:
        raise refused("free_tests.same_person")


def _within(facts: Facts) -> None:
    """The window is asked again when the office says yes: it may have closed meanwhile."""
    if not facts["opens_on"] <= facts["today"] <= facts["closes_on"]:
        first, last = facts["opens_on"].isoformat(), facts["closes_on"].isoformat()
        raise conflict("free_tests.outside_window", first=first, last=last)


_DESK = "free_tests.decide"

PROGRAMME = Workflow(
    "test_programmes",
    (
        Step("proposed", "approve", "open", "schemes.approve", "free_tests.approve_programme", (_by_another_person,)),
        Step("proposed", "refuse", "refused", "schemes.approve", "free_tests.refuse_programme", (_by_another_person,)),
        Step("open", "end", "ended", "schemes.approve", "free_tests.end_programme"),
    ),
)

FLOW = Workflow(
    "free_tests",
    (
        Step("asked", "accept", "accepted", _DESK, "free_tests.accept", (_asked_and_decided_by_two, _within)),
        Step("asked", "refuse", "refused", _DESK, "free_tests.refuse", (_coded_reason,), reason=True),
        Step("asked", "withdraw", "withdrawn", "free_tests.ask", "free_tests.withdraw"),
        Step("accepted", "withdraw", "withdrawn", "free_tests.ask", "free_tests.withdraw"),
        Step("accepted", "finish", "done", _DESK, "free_tests.finish", (_report_of_these_goods,)),
    ),
)
