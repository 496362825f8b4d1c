"""The life of a place where goods come from or pass through: declared by its enterprise, confirmed by the office.

Source: domain notes A2–A4 (pasture, plot, station, cold store and the steps that happen there); issue «goods», line 1.
What an enterprise says of its land is its own word until somebody of the office or an inspector has been there.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from brand.kernel.errors import Fault, invalid, refused
from brand.kernel.workflow import Facts, Step, Workflow

CLOSED = "closed"
IN_USE = ("declared", "confirmed", "returned")


class PlaceKind(StrEnum):
    """What a place is; the first five bear goods, the others handle them."""

    PASTURE = "pasture"
    PLOT = "plot"
    TEA_GARDEN = "tea_garden"
    ORCHARD = "orchard"
    APIARY = "apiary"
    BARN = "barn"
    STATION = "station"
    ABATTOIR = "abattoir"
    COLD_STORE = "cold_store"
    WORKSHOP = "workshop"
    WAREHOUSE = "warehouse"
    MARKET = "market"


#: Where goods grow: these have an area and may be harvested.
BEARING = frozenset(
    {PlaceKind.PASTURE, PlaceKind.PLOT, PlaceKind.TEA_GARDEN, PlaceKind.ORCHARD, PlaceKind.APIARY, PlaceKind.BARN}
)

#: Where herds are kept.
GRAZED = frozenset({PlaceKind.PASTURE, PlaceKind.BARN})

#: Where goods are handled or lie.
HANDLING = frozenset(PlaceKind) - BEARING


class ReturnReason(StrEnum):
    """Why the office sends a place back to its enterprise."""

    NOT_FOUND = "not_found"
    OTHER_USER = "other_user"
    OUTLINE = "outline"
    AREA = "area"
    KIND = "kind"


def _by_another_person(facts: Facts) -> None:
    if facts["person_id"] == facts["written_by"]:
        raise refused("places.four_eyes")


def reason_given(facts: Facts) -> None:
    """Raises ``places.reason_needed``."""
    if facts["reason_code"] not in list(ReturnReason):
        raise invalid("places.reason_needed", faults=[Fault("places.reason_needed", "/reason_code")])


def day_given(facts: Facts) -> None:
    """The last day of use: not to come, not before the first; raises ``places.closing_day``."""
    day = facts["day"]
    if day is None or day > facts["today"] or day < facts["opened_on"]:
        params = {"first": facts["opened_on"].isoformat(), "last": facts["today"].isoformat()}
        raise invalid("places.closing_day", faults=[Fault("places.closing_day", "/day", params)], **params)


FLOW = Workflow(
    "places",
    (
        Step("new", "write", "declared", "enterprises.edit", "places.write"),
        *(Step(state, "edit", "declared", "enterprises.edit", "places.edit") for state in IN_USE),
        *(Step(state, "draw", "declared", "enterprises.edit", "places.draw") for state in IN_USE),
        Step("declared", "confirm", "confirmed", "places.confirm", "places.confirm", (_by_another_person,)),
        *(
            Step(state, "return", "returned", "places.confirm", "places.return", (reason_given,), reason=True)
            for state in ("declared", "confirmed")
        ),
        *(Step(state, "close", CLOSED, "enterprises.edit", "places.close", (day_given,)) for state in IN_USE),
        Step(CLOSED, "reopen", "declared", "enterprises.edit", "places.reopen"),
    ),
)

#: What the person types with a step is not judged before it is typed.
TYPED = (reason_given, day_given)


def check_opened(day: date, today: date) -> None:
    """A place is in use from a day that has come; raises ``places.opening_day``."""
    if day > today:
        raise invalid("places.opening_day", faults=[Fault("places.opening_day", "/opened_on")])


def check_drawn(valid_from: date, today: date, before: date | None) -> None:
    """An outline holds from a day that has come and follows the one before it.

    Raises ``places.outline_day`` with the first and last day possible.
    """
    if valid_from > today or (before is not None and valid_from < before):
        params = {"first": before.isoformat() if before else "–", "last": today.isoformat()}
        raise invalid("places.outline_day", faults=[Fault("places.outline_day", "/valid_from", params)], **params)
