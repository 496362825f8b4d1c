"""How much a household or plot can bring forth in a season: the figure, its basis, and the life it leads at the office.

Source: domain notes B6 (sales capped by farmed area, quota from verified capacity: 阳澄湖, 锡林郭勒羊,
垣曲县 total-quantity control). The yield of a 亩 is nowhere set for all: whoever declares it names where it is from.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from brand.kernel.errors import Fault, invalid, refused
from brand.kernel.workflow import Facts, Step, Workflow
from trace.rules.goods import Unit

#: A season longer than this is no season: a year and a day, so that a leap year still fits.
LONGEST_SEASON_DAYS = 366
#: While in these states it counts.
LIVE = ("declared", "verified")


#: In what a season is counted.
UNITS = (Unit.KG, Unit.HEAD)


class Basis(StrEnum):
    """What the figure rests on: so many 亩 at so much each, or a contract."""

    AREA = "area"
    CONTRACT = "contract"


class RefusalReason(StrEnum):
    """Why the office refuses a figure."""

    YIELD = "yield"
    AREA = "area"
    CONTRACT = "contract"
    TWICE = "twice"


def check_unit(unit: Unit, amount: Decimal, field: str) -> None:
    """Heads are whole; raises ``capacities.whole_heads`` at the field."""
    if unit is Unit.HEAD and amount != amount.to_integral_value():
        raise _at(field, "capacities.whole_heads")


def check_basis(amount: Decimal, basis: Basis, mu: Decimal | None, per_mu: Decimal | None) -> None:
    """The figure rests on what is named.

    Raises ``capacities.basis_missing`` or ``capacities.more_than_basis`` (with figures).
    """
    if basis is Basis.CONTRACT:
        return
    if mu is None or per_mu is None:
        raise _at("per_mu" if mu is not None else "mu", "capacities.basis_missing")
    if amount > mu * per_mu:
        figures = {"asked": f"{amount:f}", "most": f"{mu * per_mu:f}", "mu": f"{mu:f}", "each": f"{per_mu:f}"}
        raise _at("declared", "capacities.more_than_basis", **figures)


def check_season(first: date, last: date) -> None:
    """Raises ``capacities.season`` unless the season ends after it begins and within a year."""
    if last < first or (last - first).days >= LONGEST_SEASON_DAYS:
        raise _at("season_to", "capacities.season", most=LONGEST_SEASON_DAYS)


def check_area(mu: Decimal | None, known_mu: Decimal | None) -> None:
    """No more land than the place has; raises ``capacities.area_exceeded`` with both figures."""
    if mu is not None and known_mu is not None and mu > known_mu:
        raise _at("mu", "capacities.area_exceeded", asked=f"{mu:f}", known=f"{known_mu:f}")


def raises(state: str, allowed: Decimal, wanted: Decimal) -> bool:
    """Whether a figure lets more through than what stands; then a second person has to agree."""
    return wanted > allowed and state in LIVE


def _by_another_person(facts: Facts) -> None:
    if facts["person_id"] == facts["declared_by"]:
        raise refused("capacities.four_eyes")


def _by_a_second_person(facts: Facts) -> None:
    if facts["person_id"] in (facts["wanted_by"], facts["declared_by"]):
        raise refused("capacities.four_eyes")


def _something_waits(facts: Facts) -> None:
    if facts["wanted"] is None:
        raise refused("capacities.nothing_waits")


def _nothing_used(facts: Facts) -> None:
    if facts["used"]:
        raise refused("capacities.used_already", used=f"{facts['used']:f}")


def enough_left(facts: Facts) -> None:
    """The figure may not fall below what is used; raises ``capacities.below_used`` with both."""
    if facts["amount"] is not None and facts["amount"] < facts["used"]:
        raise _at("amount", "capacities.below_used", used=f"{facts['used']:f}", asked=f"{facts['amount']:f}")


def reason_given(facts: Facts) -> None:
    """Raises ``capacities.reason_needed``."""
    if facts["reason_code"] not in list(RefusalReason):
        raise _at("reason_code", "capacities.reason_needed")


FLOW = Workflow(
    "capacities",
    (
        Step("new", "declare", "declared", "enterprises.edit", "capacities.declare"),
        *(
            Step(state, "verify", "verified", "places.confirm", "capacities.verify", (_by_another_person, enough_left))
            for state in LIVE
        ),
        *(
            Step(
                state,
                "agree",
                "verified",
                "capacities.agree",
                "capacities.agree",
                (_something_waits, _by_a_second_person),
            )
            for state in LIVE
        ),
        *(Step(state, "drop", state, "capacities.agree", "capacities.drop", (_something_waits,)) for state in LIVE),
        *(
            Step(state, "refuse", "refused", "places.confirm", "capacities.refuse", (_nothing_used, reason_given), True)
            for state in LIVE
        ),
        Step("declared", "withdraw", "withdrawn", "enterprises.edit", "capacities.withdraw", (_nothing_used,)),
    ),
)

#: What the person types with a step is not judged before it is typed.
TYPED = (reason_given, enough_left)


def _at(field: str, code: str, **params: object) -> Exception:
    return invalid(code, faults=[Fault(code, f"/{field}", params)], **params)
