"""The way of goods from one holder to the next: what a receiver confirms, and what is short by how much.

Source: issue 4 line 6; domain notes A4.2 and A4.5 (carriers, stations), A4.6 (parcels counted for subsidy evidence),
B2 (GB 31605-2020: checks at every hand-over).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from brand.kernel.errors import AppError, Fault, conflict, invalid
from brand.kernel.workflow import Facts, Step, Workflow
from trace.rules.weights import plain

ON_THE_WAY, RECEIVED, CALLED_OFF = "on_the_way", "received", "called_off"
MOST_LINES = 200
#: How far ahead an arrival may be planned: a bound of the program, no policy.
LONGEST_WAY_DAYS = 60


class Shortage(StrEnum):
    """Why less arrived than was sent."""

    DRYING = "drying"
    DAMAGED = "damaged"
    MISSING = "missing"
    WEIGHING = "weighing"


@dataclass(frozen=True)
class Arrived:
    """One line as the receiver found it; kg. ``shortage`` and ``words`` name a difference."""

    line_id: str
    sent_kg: Decimal
    received_kg: Decimal
    shortage: str = ""
    words: str = ""

    @property
    def short_kg(self) -> Decimal:
        return self.sent_kg - self.received_kg


def check_arrival(planned_on: date, today: date) -> None:
    """Raises ``shipments.planned`` for a day that is over or further away than any way takes."""
    if not 0 <= (planned_on - today).days <= LONGEST_WAY_DAYS:
        params = {"first": today.isoformat(), "days": LONGEST_WAY_DAYS}
        raise _refusal([Fault("shipments.planned", "/planned_on", params)])


def check_confirmed(lines: Iterable[Arrived]) -> None:
    """Raises ``shipments.lines`` with ``shipments.more_than_sent`` or ``shipments.short_unnamed`` per line."""
    faults = [fault for one in lines for fault in _faults(one)]
    if faults:
        raise _refusal(faults)


def check_seal(sealed: str, found: str, words: str, field: str = "seal_words") -> None:
    """A seal that reads otherwise at a hand-over is explained; raises ``shipments.seal``."""
    if sealed != found and not words:
        raise _refusal([Fault("shipments.seal", f"/{field}", {"sealed": sealed or "–", "found": found or "–"})])


def not_taken_over(facts: Facts) -> None:
    """The carrier confirms once; raises ``shipments.taken_over``."""
    if facts["taken_over"]:
        raise conflict("shipments.taken_over")


def _refusal(faults: list[Fault]) -> AppError:
    if len(faults) == 1:
        return invalid(faults[0].code, faults=faults, **faults[0].params)
    return invalid("shipments.lines", faults=faults, count=len(faults))


def _faults(one: Arrived) -> Iterable[Fault]:
    figures: Mapping[str, str] = {"sent": f"{plain(one.sent_kg)}", "received": f"{plain(one.received_kg)}"}
    if one.short_kg < 0:
        yield Fault("shipments.more_than_sent", f"/{one.line_id}", figures)
    elif one.short_kg and one.shortage not in list(Shortage):
        yield Fault("shipments.short_unnamed", f"/{one.line_id}", {**figures, "short": f"{plain(one.short_kg)}"})


FLOW = Workflow(
    "shipments",
    (
        Step(ON_THE_WAY, "take_over", ON_THE_WAY, "shipments.carry", "shipments.take_over", guards=(not_taken_over,)),
        Step(ON_THE_WAY, "receive", RECEIVED, "shipments.receive", "shipments.receive"),
        Step(ON_THE_WAY, "call_off", CALLED_OFF, "shipments.send", "shipments.call_off"),
    ),
)
