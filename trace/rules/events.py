"""What may happen to goods, which business step each thing is, and when it can have happened.

Source: CBV 2.0 business steps as chosen in the codes-and-log plan, part 6; the drift allowed to clocks is ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from brand.kernel.errors import Fault, conflict, invalid

CHINA = ZoneInfo("Asia/Shanghai")
CLOCK_DRIFT = timedelta(minutes=5)
#: A sheet that states only a day is placed at its noon, and the event says so.
NOON = time(12)


class EventKind(StrEnum):
    ANTE_MORTEM = "ante_mortem"
    SLAUGHTERING = "slaughtering"
    GRADING = "grading"
    REGRADING = "regrading"
    CHILLING = "chilling"
    AGEING = "ageing"
    PH = "ph"
    CUTTING = "cutting"
    PACKING = "packing"
    TESTING = "testing"
    SHIPPING = "shipping"
    RECEIVING = "receiving"
    HARVEST = "harvest"
    COLLECTING = "collecting"
    COMMISSION = "commission"
    SPLITTING = "splitting"
    MERGING = "merging"
    TRANSFORMING = "transforming"
    STORING = "storing"
    SELLING = "selling"
    DESTROYING = "destroying"
    LOSING = "losing"
    AGGREGATING = "aggregating"
    DISAGGREGATING = "disaggregating"
    BIRTH = "birth"
    PURCHASE = "purchase"
    STOCK_TAKING = "stock_taking"
    HERD_MOVE = "herd_move"
    GRAZING = "grazing"
    FOUND = "found"
    TAGGING = "tagging"
    CARE = "care"
    HERD_SALE = "herd_sale"
    HERD_LOSS = "herd_loss"
    DEATH = "death"
    UNDONE = "undone"
    CORRECTION = "correction"
    ANSWER = "answer"
    WITHDRAWN = "withdrawn"


BIZ_STEPS: Mapping[EventKind, str] = {
    EventKind.ANTE_MORTEM: "inspecting",
    EventKind.SLAUGHTERING: "commissioning",
    EventKind.GRADING: "inspecting",
    EventKind.REGRADING: "inspecting",
    EventKind.CHILLING: "storing",
    EventKind.AGEING: "storing",
    EventKind.PH: "inspecting",
    EventKind.CUTTING: "creating_class_instance",
    EventKind.PACKING: "packing",
    EventKind.TESTING: "inspecting",
    EventKind.SHIPPING: "shipping",
    EventKind.RECEIVING: "receiving",
    EventKind.HARVEST: "commissioning",
    EventKind.COLLECTING: "commissioning",
    EventKind.COMMISSION: "commissioning",
    EventKind.SPLITTING: "creating_class_instance",
    EventKind.MERGING: "creating_class_instance",
    EventKind.TRANSFORMING: "creating_class_instance",
    EventKind.STORING: "storing",
    EventKind.SELLING: "shipping",
    EventKind.DESTROYING: "destroying",
    EventKind.LOSING: "decommissioning",
    EventKind.AGGREGATING: "packing",
    EventKind.DISAGGREGATING: "unpacking",
    EventKind.BIRTH: "commissioning",
    EventKind.PURCHASE: "receiving",
    EventKind.STOCK_TAKING: "commissioning",
    EventKind.HERD_MOVE: "transporting",
    EventKind.GRAZING: "transporting",
    EventKind.FOUND: "receiving",
    EventKind.TAGGING: "encoding",
    EventKind.CARE: "other",
    EventKind.HERD_SALE: "shipping",
    EventKind.HERD_LOSS: "decommissioning",
    EventKind.DEATH: "decommissioning",
    EventKind.UNDONE: "other",
}


#: Steps with a logger file, whose breaches ask for an answer.
COLD = (EventKind.CHILLING, EventKind.AGEING)


def check_time(event_time: datetime, now: datetime) -> None:
    """Raise ``events.time_without_zone`` or ``events.in_future`` (more than the drift of an ordinary clock)."""
    if event_time.utcoffset() is None:
        raise invalid("events.time_without_zone")
    if event_time > now + CLOCK_DRIFT:
        raise invalid("events.in_future", at=shown(event_time), now=shown(now))


def moment_of_day(day: date, now: datetime) -> datetime:
    """The moment an event of that day is placed at: noon in China, or now on a day that is not over."""
    return min(datetime.combine(day, NOON, CHINA), max(now, datetime.combine(day, time(0), CHINA)))


def correctable(data: Mapping[str, object]) -> list[str]:
    """Names of the values a person stated; lists, counts by grade and computed verdicts follow from other records."""
    return [name for name, value in data.items() if not isinstance(value, dict | list | bool)]


def check_changes(data: Mapping[str, object], changes: Mapping[str, str]) -> None:
    """A correction names values the event holds and says something else.

    Raises ``events.no_change`` or ``events.no_such_value`` (params ``name``).
    """
    for name, value in changes.items():
        if name not in correctable(data):
            raise invalid("events.no_such_value", faults=[Fault("events.no_such_value", "/name")], name=name)
        if str(data[name]) == value:
            raise invalid("events.no_change", faults=[Fault("events.no_change", "/value")], name=name)
    if not changes:
        raise invalid("events.no_change", faults=[Fault("events.no_change", "/value")])


def check_answerable(kind: str, data: Mapping[str, object], answered: bool) -> None:
    """Only a chilling or ageing that left its limits is answered, and once.

    Raises ``events.nothing_to_answer`` or ``events.answered_already``.
    """
    if kind not in COLD or not data.get("breaches"):
        raise conflict("events.nothing_to_answer")
    if answered:
        raise conflict("events.answered_already")


def shown(moment: datetime) -> str:
    """A moment as a Chinese wall clock shows it."""
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"
