"""Supply contracts: a licence holder buys so much of what one household or farm grows in a season, under its licence.

Source: domain notes B6 (锡林郭勒羊: locked by contract before the season, contracts uploaded and confirmed by the local
farm bureau, purchase only on order; 阳澄湖: sales capped). No plan sets a term or a weight: both stand in the contract.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from brand.kernel.errors import AppError, Fault, Kind, invalid, refused
from brand.kernel.workflow import Facts, Step, Workflow
from trace.rules.capacities import LONGEST_SEASON_DAYS
from trace.rules.weights import plain

#: While in these states it stands in the way of another for the same goods between the same two.
LIVE = ("declared", "agreed", "running")
RUNNING = "running"
#: What a purchase says instead of a contract: the goods are bought without one.
WITHOUT = "none"
#: The same in a sheet.
NONE_IN_WORDS = "无"


class RefusalReason(StrEnum):
    """Why the office does not confirm a contract."""

    PAPER = "paper"
    SUPPLIER = "supplier"
    PLOT = "plot"
    AMOUNT = "amount"
    TWICE = "twice"


@dataclass(frozen=True)
class Side:
    """Where goods or a supplier lie: counties by their codes, GB/T 2260."""

    pointer: str
    county: str


def plot_codes(text: str) -> tuple[str, ...]:
    """Codes of plots as people write them, parted by commas, spaces or 、."""
    return tuple(one.upper() for one in re.split(r"[\s,，、;；]+", text) if one)


def check_term(first: date, last: date, licence_from: date, licence_until: date) -> None:
    """One season within the licence's term; raises ``supply.season`` or ``supply.outside_term`` with both terms."""
    if last < first or (last - first).days >= LONGEST_SEASON_DAYS:
        raise _at("valid_until", "supply.season", most=LONGEST_SEASON_DAYS)
    if first < licence_from or last > licence_until:
        asked = {"first": first.isoformat(), "last": last.isoformat()}
        term = {"licence_from": licence_from.isoformat(), "licence_until": licence_until.isoformat()}
        raise _at("valid_from" if first < licence_from else "valid_until", "supply.outside_term", **asked, **term)


def check_origin(territory: str, sides: list[Side]) -> None:
    """Goods grow in the county that gives its name; raises ``supply.outside`` with both codes."""
    for one in sides:
        if one.county != territory:
            raise _at(one.pointer, "supply.outside", county=one.county, territory=territory)


def check_days(number: str, runs_from: date, runs_until: date, grown_on: date | None, bought_on: date) -> None:
    """Harvest and purchase lie within the days of the contract, the harvest first.

    ``runs_from`` is its first day or, if later, the day on which the office confirmed it. Raises
    ``supply.harvest_needed``, ``supply.harvest_after`` or ``supply.out_of_dates`` with the days.
    """
    if grown_on is None:
        raise _at("harvested_on", "supply.harvest_needed")
    if grown_on > bought_on:
        raise _at("harvested_on", "supply.harvest_after", day=grown_on.isoformat(), bought=bought_on.isoformat())
    for field, day in (("harvested_on", grown_on), ("day", bought_on)):
        if not runs_from <= day <= runs_until:
            days = {"first": runs_from.isoformat(), "last": runs_until.isoformat(), "day": day.isoformat()}
            raise _at(field, "supply.out_of_dates", number=number, **days)


def exceeded(number: str, agreed: Decimal, bought: Decimal, asked: Decimal) -> AppError:
    """The refusal of more than is left: ``supply.exceeded`` with the figures."""
    figures = {"agreed": agreed, "bought": bought, "left": agreed - bought, "asked": asked}
    params = {"number": number} | {name: f"{plain(value):f}" for name, value in figures.items()}
    return AppError(Kind.QUOTA_EXCEEDED, "supply.exceeded", faults=[Fault("supply.exceeded", "/kg", params)], **params)


def check_season(agreed: Decimal, promised: Decimal, season: Decimal | None) -> None:
    """No more is promised than a season brings; raises ``supply.more_than_season`` with the figures, kg."""
    if season is not None and promised + agreed > season:
        figures = {"season": season, "promised": promised, "asked": agreed}
        raise refused("supply.more_than_season", **{name: f"{plain(value):f}" for name, value in figures.items()})


def _paper_there(facts: Facts) -> None:
    if not facts["paper"]:
        raise refused("supply.paper_first")


def _no_paper_yet(facts: Facts) -> None:
    if facts["paper"]:
        raise refused("supply.paper_there")


def _not_the_buyers(facts: Facts) -> None:
    if facts["acts_for_buyer"]:
        raise refused("supply.buyers_own")


def _other_hand(facts: Facts) -> None:
    if facts["person_id"] == facts["declared_by"]:
        raise refused("supply.four_eyes")


def _third_hand(facts: Facts) -> None:
    if facts["person_id"] in (facts["declared_by"], facts["consented_by"]):
        raise refused("supply.four_eyes")


def _no_party(facts: Facts) -> None:
    if facts["own_party"]:
        raise refused("supply.own_party")


def _not_over(facts: Facts) -> None:
    if facts["valid_until"] < facts["today"]:
        raise refused("supply.over", last=facts["valid_until"].isoformat())


def words_given(facts: Facts) -> None:
    """Raises ``supply.words_needed``."""
    if not facts["comment"].strip():
        raise _at("comment", "supply.words_needed")


def reason_given(facts: Facts) -> None:
    """Raises ``supply.reason_needed``."""
    if facts["reason_code"] not in list(RefusalReason):
        raise _at("reason_code", "supply.reason_needed")


_AGREEING = (_other_hand, _not_the_buyers, _paper_there, _not_over)

FLOW = Workflow(
    "supply",
    (
        Step("new", "declare", "declared", "enterprises.edit", "supply.declare"),
        Step("declared", "attach", "declared", "enterprises.edit", "supply.attach", (_no_paper_yet,)),
        Step("declared", "consent", "agreed", "enterprises.edit", "supply.consent", _AGREEING),
        Step("declared", "record", "agreed", "consents.record", "supply.record", (*_AGREEING, words_given)),
        Step("declared", "decline", "declined", "enterprises.edit", "supply.decline", (words_given,)),
        *(
            Step(state, "withdraw", "withdrawn", "enterprises.edit", "supply.withdraw")
            for state in ("declared", "agreed")
        ),
        Step("agreed", "confirm", "running", "supply.confirm", "supply.confirm", (_third_hand, _no_party, _not_over)),
        *(
            Step(state, "refuse", "refused", "supply.confirm", "supply.refuse", (_no_party, reason_given), True)
            for state in ("declared", "agreed")
        ),
        Step("running", "end", "ended", "enterprises.edit", "supply.end", (_not_over, words_given)),
        Step("running", "stop", "ended", "supply.confirm", "supply.stop", (_no_party, _not_over, words_given)),
    ),
)

#: What the person types with a step is not judged before it is typed.
TYPED = (words_given, reason_given)


def _at(field: str, code: str, **params: object) -> AppError:
    return invalid(code, faults=[Fault(code, f"/{field}", params)], **params)
