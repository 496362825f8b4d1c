"""The life of a recall, its levels and terms, and the sum that must come out before it is closed.

Source: issue 4 line 7; levels and terms as data with their source in ``data/recalls.json``; domain notes A3.7
(forward to buyers), B2 (GB 31605-2020: trace and recall) and B5 (a failing lot is held, not sold).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path

from brand.kernel.errors import Fault, invalid, refused
from brand.kernel.workflow import Facts, Step, Workflow
from trace.rules.weights import plain

_DATA = Path(__file__).parent / "data" / "recalls.json"
PROPOSED, OPEN, CLOSED, DISCARDED = "proposed", "open", "closed", "discarded"
#: Packs of a recall that was closed are still about: nobody may rely on them again.
STANDING = (OPEN, CLOSED)


class Level(StrEnum):
    """How grave it is, as the measures tell it."""

    FIRST = "first"
    SECOND = "second"
    THIRD = "third"


class RecallReason(StrEnum):
    TEST_FAILED = "test_failed"
    WITHDRAWAL = "withdrawal"
    CONTAMINATION = "contamination"
    COLD_CHAIN = "cold_chain"
    FALSE_LABEL = "false_label"
    OTHER = "other"


class Width(StrEnum):
    """``onward``: what was made from the starting points. ``whole``: also what else came from the same origins."""

    ONWARD = "onward"
    WHOLE = "whole"


@dataclass(frozen=True)
class Terms:
    """Within how many hours a recall is begun (and a holder answers), in how many working days it is done."""

    begin_hours: int
    done_working_days: int


@dataclass(frozen=True)
class Policy:
    """The terms of every level, and where they are written."""

    terms: dict[Level, Terms]
    source: str
    source_en: str
    confidence: str
    acknowledge_source: str


@dataclass(frozen=True)
class Figures:
    """What a holder says became of its goods, kg; ``gone``: sold on, eaten or not found."""

    found_kg: Decimal = Decimal(0)
    destroyed_kg: Decimal = Decimal(0)
    returned_kg: Decimal = Decimal(0)
    gone_kg: Decimal = Decimal(0)

    @property
    def total_kg(self) -> Decimal:
        return self.found_kg + self.destroyed_kg + self.returned_kg + self.gone_kg


@dataclass(frozen=True)
class Reconciled:
    """What there was against what became of it, kg."""

    produced_kg: Decimal
    told: Figures

    @property
    def difference_kg(self) -> Decimal:
        """Positive: nobody says where it is. Negative: more was reported than there ever was."""
        return self.produced_kg - self.told.total_kg


@cache
def policy() -> Policy:
    data = json.loads(_DATA.read_text())
    terms = {Level(one["level"]): Terms(one["begin_hours"], one["done_working_days"]) for one in data["levels"]}
    return Policy(terms, *(data[name] for name in ("source", "source_en", "confidence", "acknowledge_source")))


def due_at(level: str, opened_at: datetime) -> datetime:
    """Until when a holder answers."""
    return opened_at + timedelta(hours=policy().terms[Level(level)].begin_hours)


def check_told(had_kg: Decimal, told: Figures, words: str) -> None:
    """Whoever reports more than the records say it has or had says why; raises ``recalls.more_than_had``.

    One thing stands in one line only: what was found and then destroyed is destroyed.
    """
    if told.total_kg > had_kg and not words:
        params = {"had": f"{plain(had_kg)}", "told": f"{plain(told.total_kg)}"}
        fault = Fault("recalls.more_than_had", "/words", params)
        raise invalid("recalls.more_than_had", faults=[fault], **params)


def reconcile(produced_kg: Decimal, told: Iterable[Figures]) -> Reconciled:
    """The sum of everything reported against what there was."""
    total = Figures()
    for one in told:
        total = Figures(
            total.found_kg + one.found_kg,
            total.destroyed_kg + one.destroyed_kg,
            total.returned_kg + one.returned_kg,
            total.gone_kg + one.gone_kg,
        )
    return Reconciled(produced_kg, total)


def another_person(facts: Facts) -> None:
    """Goods are recalled, and a recall ended, by somebody else than its proposer; a drill touches nobody's goods.

    Raises ``recalls.another_person``.
    """
    if not facts["drill"] and facts["person"] == facts["proposed_by"]:
        raise refused("recalls.another_person")


def something_found(facts: Facts) -> None:
    """Raises ``recalls.nothing`` where the starting points lead to no goods."""
    if not facts["batches"]:
        raise invalid("recalls.nothing")


def everybody_answered(facts: Facts) -> None:
    """Raises ``recalls.unanswered`` with the number of holders who have not reported."""
    if facts["silent"]:
        raise refused("recalls.unanswered", count=facts["silent"])


def sum_comes_out(facts: Facts) -> None:
    """To the gram, or the difference is named. Raises ``recalls.difference`` with the figures."""
    found: Reconciled = facts["reconciled"]
    if found.difference_kg and not facts["difference_words"]:
        code = "recalls.difference"
        params = {
            "produced": f"{plain(found.produced_kg)}",
            "told": f"{plain(found.told.total_kg)}",
            "difference": f"{plain(found.difference_kg)}",
        }
        raise invalid(code, faults=[Fault(code, "/difference_words", params)], **params)


FLOW = Workflow(
    "recalls",
    (
        Step(PROPOSED, "open", OPEN, "recalls.decide", "recalls.open", (another_person, something_found)),
        Step(PROPOSED, "discard", DISCARDED, "recalls.decide", "recalls.discard"),
        Step(
            OPEN,
            "close",
            CLOSED,
            "recalls.decide",
            "recalls.close",
            (another_person, everybody_answered, sum_comes_out),
        ),
    ),
)
