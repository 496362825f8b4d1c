"""Keep the weights of a carcass and of a batch from growing on the way: live > hot ≥ cold ≥ sum of packs.

Source: domain notes B1.5 (mass balance, dressing percentage); limits in ``data/mass-balance.json``. Weights are in kg.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from brand.kernel.errors import Fault, invalid, quota_exceeded

DATA = Path(__file__).parent / "data"
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Weights:
    """One carcass: the live animal, the carcass hot on the scale, the carcass after chilling; kg."""

    live_kg: Decimal
    hot_kg: Decimal
    cold_kg: Decimal


@dataclass(frozen=True)
class CarcassBalance:
    """A carcass whose weights can be true."""

    dressing_percent: Decimal


@dataclass(frozen=True)
class BatchBalance:
    """The sums of a batch, what is packed and what may still be packed; kg."""

    total: Weights
    packs_kg: Decimal
    left_kg: Decimal
    dressing_percent: Decimal


def carcass_faults(weights: Weights) -> tuple[Fault, ...]:
    """Everything wrong with the weights of one carcass, each fault pointing at the weight to look at.

    Codes ``mass_balance.<weight>.not_positive`` (alone: such figures cannot be compared), ``.hot_not_below_live`` or
    ``.dressing_impossible``, ``.cold_above_hot``.
    """
    unusable = tuple(_not_positive(weights))
    if unusable:
        return unusable
    faults = []
    if weights.hot_kg >= weights.live_kg:
        faults.append(_fault("hot_not_below_live", "hot_kg", hot=_kg(weights.hot_kg), live=_kg(weights.live_kg)))
    elif not _possible(weights):
        faults.append(_impossible(weights))
    if weights.cold_kg > weights.hot_kg:
        faults.append(_fault("cold_above_hot", "cold_kg", cold=_kg(weights.cold_kg), hot=_kg(weights.hot_kg)))
    return tuple(faults)


def check_carcass(weights: Weights) -> CarcassBalance:
    """The balance of one carcass, or the first of its faults raised with all of them attached."""
    faults = carcass_faults(weights)
    if faults:
        raise invalid(faults[0].code, faults=faults, **faults[0].params)
    return CarcassBalance(dressing_percent(weights))


def check_batch(carcasses: Sequence[Weights], packs_kg: Iterable[Decimal] = ()) -> BatchBalance:
    """The balance of a batch of carcasses and the packs made of it so far.

    Raises ``mass_balance.no_carcasses``, the first fault of any carcass, or ``mass_balance.packs_above_cold``.
    """
    if not carcasses:
        raise invalid("mass_balance.no_carcasses")
    for one in carcasses:
        check_carcass(one)
    total = Weights(
        sum((weights.live_kg for weights in carcasses), Decimal(0)),
        sum((weights.hot_kg for weights in carcasses), Decimal(0)),
        sum((weights.cold_kg for weights in carcasses), Decimal(0)),
    )
    left = total.cold_kg
    for pack in packs_kg:
        left = check_packs(total.cold_kg, total.cold_kg - left, pack)
    return BatchBalance(total, total.cold_kg - left, left, dressing_percent(total))


def check_packs(cold_kg: Decimal, used_kg: Decimal, asked_kg: Decimal) -> Decimal:
    """What is left of the cold weight after packing ``asked_kg`` more, kg.

    Raises ``mass_balance.asked_kg.not_positive``, or ``mass_balance.packs_above_cold`` with ``in``, ``used``, ``asked``
    and ``left`` (before this request), all in kg.
    """
    if not (asked_kg.is_finite() and asked_kg > 0):
        raise invalid("mass_balance.asked_kg.not_positive", value=_kg(asked_kg))
    left = cold_kg - used_kg
    if asked_kg > left:
        figures = {"in": _kg(cold_kg), "used": _kg(used_kg), "asked": _kg(asked_kg), "left": _kg(left)}
        raise quota_exceeded("mass_balance.packs_above_cold", **figures)
    return left - asked_kg


def dressing_percent(weights: Weights) -> Decimal:
    """Hot carcass weight as a share of live weight, per cent, two places."""
    return (weights.hot_kg / weights.live_kg * 100).quantize(HUNDREDTH)


def _possible(weights: Weights) -> bool:
    limits = _policy()["dressing_percent"]["possible"]
    share = weights.hot_kg / weights.live_kg * 100
    return Decimal(limits["least"]) <= share <= Decimal(limits["most"])


def _impossible(weights: Weights) -> Fault:
    limits = _policy()["dressing_percent"]["possible"]
    percent = _kg(dressing_percent(weights))
    return _fault("dressing_impossible", "hot_kg", percent=percent, least=limits["least"], most=limits["most"])


def _not_positive(weights: Weights) -> Iterable[Fault]:
    for field in ("live_kg", "hot_kg", "cold_kg"):
        value: Decimal = getattr(weights, field)
        if not (value.is_finite() and value > 0):
            yield _fault(f"{field}.not_positive", field, value=_kg(value))


def _fault(name: str, pointer: str, **params: str) -> Fault:
    return Fault(f"mass_balance.{name}", f"/{pointer}", params)


def _kg(value: Decimal) -> str:
    """Plain figures, never 1E+2: people read them."""
    return format(value, "f")


@cache
def _policy() -> Any:
    return json.loads((DATA / "mass-balance.json").read_text(encoding="utf-8"))
