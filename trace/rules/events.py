"""What may happen to goods, which business step each thing is, and when it can have happened.

Source: CBV 2.0 business steps as chosen in the codes-and-log plan, part 6; the drift allowed to clocks is ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from brand.kernel.errors import Fault, conflict, invalid
from trace.rules.places import PlaceKind

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
    COLD_TRANSPORT = "cold_transport"
    COLD_STORAGE = "cold_storage"
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
    EventKind.COLD_TRANSPORT: "transporting",
    EventKind.COLD_STORAGE: "storing",
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


#: At which kind of place of its enterprise a step of goods is done where nobody says at which place: the first kind
#: named of which the enterprise has any, and then only where it has one.
SEATS: Mapping[EventKind, tuple[PlaceKind, ...]] = {
    **dict.fromkeys(
        (EventKind.ANTE_MORTEM, EventKind.SLAUGHTERING, EventKind.GRADING, EventKind.REGRADING, EventKind.PH),
        (PlaceKind.ABATTOIR,),
    ),
    **dict.fromkeys((EventKind.CHILLING, EventKind.AGEING), (PlaceKind.ABATTOIR, PlaceKind.COLD_STORE)),
    EventKind.COLD_STORAGE: (PlaceKind.COLD_STORE,),
    EventKind.COLLECTING: (PlaceKind.STATION,),
    **dict.fromkeys((EventKind.CUTTING, EventKind.PACKING), (PlaceKind.WORKSHOP, PlaceKind.ABATTOIR)),
    **dict.fromkeys(
        (EventKind.SPLITTING, EventKind.MERGING, EventKind.TRANSFORMING), (PlaceKind.WORKSHOP, PlaceKind.STATION)
    ),
    **dict.fromkeys(
        (EventKind.AGGREGATING, EventKind.DISAGGREGATING, EventKind.SHIPPING, EventKind.RECEIVING),
        (PlaceKind.WAREHOUSE, PlaceKind.COLD_STORE, PlaceKind.WORKSHOP, PlaceKind.STATION),
    ),
    EventKind.SELLING: (PlaceKind.MARKET, PlaceKind.WAREHOUSE),
}
#: Where goods are handled: whatever happens to them may happen at any of these, and at the land they come from.
_HANDLING = (
    PlaceKind.WAREHOUSE,
    PlaceKind.COLD_STORE,
    PlaceKind.WORKSHOP,
    PlaceKind.STATION,
    PlaceKind.ABATTOIR,
    PlaceKind.MARKET,
)


def seats_of(kind: EventKind) -> tuple[PlaceKind, ...]:
    """Kinds of places at which such a step may be said to happen, those it is done at by itself first."""
    usual = SEATS.get(kind, ())
    return (*usual, *(one for one in _HANDLING if one not in usual))


#: Steps with a logger file, whose breaches ask for an answer.
COLD = (EventKind.CHILLING, EventKind.AGEING, EventKind.COLD_TRANSPORT, EventKind.COLD_STORAGE)


def check_time(event_time: datetime, now: datetime) -> None:
    """Raise ``events.time_without_zone`` or ``events.in_future`` (more than the drift of an ordinary clock).

    Like ``check_order`` it points at the whole input: who knows where the time stands says so (``pointing``).
    """
    if event_time.utcoffset() is None:
        raise invalid("events.time_without_zone", faults=[Fault("events.time_without_zone")])
    if event_time > now + CLOCK_DRIFT:
        params = {"at": shown(event_time), "now": shown(now)}
        raise invalid("events.in_future", faults=[Fault("events.in_future", "", params)], **params)


def moment_of_day(day: date, now: datetime) -> datetime:
    """The moment an event of that day is placed at: noon in China, or now on a day that is not over."""
    return min(datetime.combine(day, NOON, CHINA), max(now, datetime.combine(day, time(0), CHINA)))


#: Figures and times of an event: other records rest on them, so a word beside them mends nothing.
_FIGURES = frozenset(
    {"container", "day", "from", "until", "hours", "head", "packs", "items", "quantity", "amount", "parcels"}
)
_MEASURED = ("_kg", "_c", "_cm", "_id")
#: What a person may withdraw by itself: it moved no weight, no head and no paper.
WITHDRAWABLE = frozenset({EventKind.ANTE_MORTEM, EventKind.PH, *COLD})
#: How everything else is taken back, by the record that follows from it.
_WAYS: Mapping[EventKind, str] = {
    EventKind.SLAUGHTERING: "batch",
    EventKind.GRADING: "batch",
    EventKind.REGRADING: "grade",
    EventKind.CUTTING: "packs",
    EventKind.PACKING: "packs",
    EventKind.TESTING: "report",
    EventKind.SHIPPING: "shipment",
    EventKind.RECEIVING: "shipment",
    EventKind.CARE: "care",
}


def correctable(data: Mapping[str, object]) -> list[str]:
    """Names of the words a person stated; figures, times, lists and verdicts carry other records with them."""
    return [name for name, value in data.items() if isinstance(value, str) and not _is_figure(name)]


def _is_figure(name: str) -> bool:
    return name in _FIGURES or name.endswith(_MEASURED)


def check_changes(data: Mapping[str, object], changes: Mapping[str, str]) -> None:
    """A correction names words the event holds and says something else.

    Raises ``events.no_change``, ``events.no_such_value`` or, for figures, ``events.figure`` (params ``name``).
    """
    for name, value in changes.items():
        if name in data and (_is_figure(name) or isinstance(data[name], int | float)):
            params = {"name": f"event.data.{name}"}
            raise invalid("events.figure", faults=[Fault("events.figure", "/name", params)], **params)
        if name not in correctable(data):
            params = {"name": f"event.data.{name}" if name in data else name}
            raise invalid("events.no_such_value", faults=[Fault("events.no_such_value", "/name", params)], **params)
        if str(data[name]) == value:
            raise invalid("events.no_change", faults=[Fault("events.no_change", "/value")], name=name)
    if not changes:
        raise invalid("events.no_change", faults=[Fault("events.no_change", "/value")])


def check_withdrawable(kind: str, *, joined: bool, open_breach: bool) -> None:
    """What moved goods is taken back where it was done; a breach is answered for, never taken away with its file.

    ``joined``: the event is part of an act with others. Raises ``events.withdraw_there`` (params ``kind``, ``way``)
    or ``events.answer_first``.
    """
    if joined or kind not in WITHDRAWABLE:
        raise conflict("events.withdraw_there", kind=f"event.kind.{kind}", way=f"events.way.{way_of(kind)}")
    if open_breach:
        raise conflict("events.answer_first")


def way_of(kind: str) -> str:
    """How an event of this kind is taken back, the end of a text ``events.way.…``."""
    return _WAYS.get(EventKind(kind), "act")


def is_late(event_time: datetime, record_time: datetime, hours: int | None, *, day_only: bool) -> bool:
    """Whether it was written down later than so many hours after it happened; None: of such a kind nothing is late.

    Where only a day was stated, the hours begin when that day is over.
    """
    if hours is None:
        return False
    began = event_time
    if day_only:
        began = datetime.combine(event_time.astimezone(CHINA).date() + timedelta(days=1), time(0), CHINA)
    return record_time - began > timedelta(hours=hours)


def check_order(event_time: datetime, began: date, lot: str) -> None:
    """Nothing happens to goods before they are there; raises ``events.before_batch`` with both days."""
    day = event_time.astimezone(CHINA).date()
    if day < began:
        params = {"lot": lot, "day": day.isoformat(), "began": began.isoformat()}
        raise invalid("events.before_batch", faults=[Fault("events.before_batch", "", params)], **params)


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
