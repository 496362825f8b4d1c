"""Says of contracted goods who grew them, for everybody: no name, the day and the office that confirmed."""

from __future__ import annotations

from collections.abc import Sequence

from brand.edge.languages import say
from brand.edge.pages import day
from brand.rules.places import county, township_name
from trace.queries.supply import Entry
from trace.queries.supply_goods import Grown

#: A township has nine digits, a county six (GB/T 10114, GB/T 2260).
_TOWNSHIP = 9


def contracted(found: Sequence[Grown]) -> str:
    """One sentence on the contracts behind goods; empty where there are none."""
    if not found:
        return ""
    offices = say("、").join(dict.fromkeys(_office(one) for one in found))
    if len(found) == 1:
        who = "household" if found[0].household else "farm"
        return say(f"supply.grown.{who}", day=day(found[0].confirmed_on), office=offices)
    days = {"first": day(found[0].confirmed_on), "last": day(found[-1].confirmed_on)}
    return say("supply.grown.several", count=len(found), office=offices, **days)


def _office(one: Grown) -> str:
    if len(one.office) == _TOWNSHIP:
        return say("supply.office.township", place=township_name(one.office))
    seat = county(one.office, one.confirmed_on)
    return say("supply.office.county", place=seat.name if seat else one.office)


def office_of(one: Entry) -> str:
    """The office that confirmed a contract; empty before."""
    contract = one.contract
    at = contract.confirmed_at
    return _office(Grown(at.date(), contract.office, household=False)) if at is not None else ""


def colour(one: Entry) -> str:
    """Of its state, for the pill."""
    if one.over:
        return "grey"
    return {"running": "green", "declared": "blue", "agreed": "blue"}.get(one.contract.state, "grey")
