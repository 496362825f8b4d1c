"""Limits of tested items by kind of product: where each comes from, which is in force on a day, and who may change one.

Source: ``data/test-limits.json`` (domain notes B7 and copies of standards, each with its confidence). A limit that is
still to be checked is shown and decides nothing; the office enters the edition in force with two persons.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from brand.kernel.errors import Fault, invalid, refused
from brand.kernel.workflow import Facts, Step, Workflow
from trace.rules.lab_verdicts import Outcome, outcome
from trace.rules.look_alikes import one_spelling

SHIPPED = Path(__file__).resolve().parent / "data" / "test-limits.json"
#: Amounts in the first unit are this many of the second; others are never converted.
_IN_MG_PER_KG: Mapping[str, Decimal] = {
    "mg/kg": Decimal(1),
    "μg/kg": Decimal("0.001"),
    "g/kg": Decimal(1000),
    "mg/100g": Decimal(10),
    "g/100g": Decimal(10_000),
    "%": Decimal(10_000),
}


@dataclass(frozen=True)
class Limit:
    """One limit: ``limit`` as reports write it («不得检出», «100», «≥15»); empty: the office sets none any more."""

    kind: str
    item: str
    aliases: tuple[str, ...]
    limit: str
    unit: str
    source: str
    source_en: str
    confidence: str
    to_be_checked: bool
    valid_from: date = date.min

    @property
    def names(self) -> frozenset[str]:
        return frozenset(one_spelling(one) for one in (self.item, *self.aliases))


@dataclass(frozen=True)
class Judgement:
    """What a result means: the verdict, what it was read from, and the register's limit beside the printed one.

    ``by`` is printed, register or report (the report's own word, where neither sets a limit). ``doubtful``: the result
    is outside a limit that is still to be checked.
    """

    outcome: Outcome
    by: str
    limit: Limit | None = None
    doubtful: bool = False


@cache
def _shipped() -> Mapping[str, object]:
    found: Mapping[str, object] = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return found


@cache
def shipped() -> tuple[Limit, ...]:
    """The limits that come with the program, one per kind and item."""
    rows: list[dict[str, object]] = _shipped()["limits"]  # type: ignore[assignment]
    return tuple(
        Limit(kind, aliases=tuple(row["aliases"]), **{name: row[name] for name in _TOLD})  # type: ignore[arg-type]
        for row in rows
        for kind in row["kinds"]  # type: ignore[attr-defined]
    )


_TOLD = ("item", "limit", "unit", "source", "source_en", "confidence", "to_be_checked")


def kinds() -> tuple[str, ...]:
    """The kinds of product limits are kept for."""
    found: Mapping[str, object] = _shipped()["kinds"]  # type: ignore[assignment]
    return tuple(found)


def kind_of(product_code: str) -> str:
    """The kind a product code of a scheme stands for; empty where the register keeps no limits for it."""
    table: Mapping[str, list[str]] = _shipped()["kinds"]  # type: ignore[assignment]
    return next((kind for kind, codes in table.items() if product_code in codes), "")


def in_force(entered: Iterable[Limit], kind: str, day: date) -> dict[str, Limit]:
    """The limits of a kind on that day by folded item name: the office's latest before what was shipped."""
    every = [*shipped(), *sorted(entered, key=lambda one: one.valid_from)]
    found: dict[str, Limit] = {}
    for one in every:
        if one.kind == kind and one.valid_from <= day:
            before = found.get(one_spelling(one.item))
            found |= dict.fromkeys(one.names | (before.names if before else frozenset()), one)
    return found


def judge(item: str, result: str, unit: str, printed: str, stated: str, limits: Mapping[str, Limit]) -> Judgement:
    """The verdict on one item: fail where the printed or a checked limit of the register is broken.

    Raises nothing; a unit that cannot be compared with the register's is UNDECIDED.
    """
    own = outcome(result, printed)
    known = limits.get(one_spelling(item))
    if known is None or not known.limit:
        return _without_register(own, stated)
    theirs = outcome(result, converted(known, unit))
    if known.to_be_checked:
        return Judgement(*_pair(own, stated), known, doubtful=theirs is Outcome.FAIL)
    if Outcome.FAIL in (own, theirs):
        return Judgement(Outcome.FAIL, "printed" if own is Outcome.FAIL else "register", known)
    if theirs is Outcome.UNDECIDED or own is Outcome.UNDECIDED:
        return Judgement(Outcome.UNDECIDED, "register", known)
    return Judgement(Outcome.PASS, "register", known)


def _without_register(own: Outcome, stated: str) -> Judgement:
    return Judgement(*_pair(own, stated))


def _pair(own: Outcome, stated: str) -> tuple[Outcome, str]:
    """Where no limit is set anywhere, a report's own word is all there is; without one nothing is decided."""
    if own is not Outcome.NO_LIMIT:
        return own, "printed"
    return {"pass": Outcome.PASS, "fail": Outcome.FAIL}.get(stated, Outcome.NO_LIMIT), "report"


def converted(limit: Limit, unit: str) -> str:
    """The register's limit written in the unit of the result; «?» where the two cannot be compared."""
    theirs, wanted = plain_unit(limit.unit), plain_unit(unit)
    digits = limit.limit.lstrip("<>=≤≥ ")
    if theirs == wanted or not digits[:1].isdigit():
        return limit.limit
    if theirs not in _IN_MG_PER_KG or wanted not in _IN_MG_PER_KG:
        return "?"
    sign = limit.limit[: len(limit.limit) - len(digits)]
    return f"{sign}{(Decimal(digits) * _IN_MG_PER_KG[theirs] / _IN_MG_PER_KG[wanted]).normalize():f}"


def plain_unit(unit: str) -> str:
    """A unit in one spelling: ``ug/kg``, ``µg/kg`` (micro sign) and ``μg/kg`` (Greek letter) are one."""
    text = "".join(unit.split()).replace("％", "%").casefold()
    return {"ug/kg": "μg/kg", "ppm": "mg/kg", "ppb": "μg/kg"}.get(text, text)


def check_entry(kind: str, limit: str, confidence: str) -> None:
    """What the office may enter: a known kind, a limit a machine can compare, a confidence of the notes."""
    faults = []
    if kind not in kinds():
        faults.append(Fault("limits.kind", "/kind"))
    if limit and outcome("0", limit) is Outcome.UNDECIDED and outcome("未检出", limit) is Outcome.UNDECIDED:
        faults.append(Fault("limits.not_comparable", "/limit", {"limit": limit}))
    if confidence not in CONFIDENCES:
        faults.append(Fault("input.not_a_choice", "/confidence"))
    if faults:
        raise invalid("input.invalid", faults=faults)


#: A limit entered by the office was read somewhere or set by it; background knowledge alone is no source.
CONFIDENCES = ("V", "S", "S2", "D")


def second_person(facts: Facts) -> None:
    """Whoever wrote a limit does not decide it, with whichever account."""
    if facts["person_id"] == facts["written_by"]:
        raise refused("limits.same_person")


FLOW = Workflow(
    "limits",
    (
        Step("open", "approve", "approved", "standards.publish", "limits.approve", (second_person,)),
        Step("open", "refuse", "refused", "standards.publish", "limits.refuse", (second_person,)),
        Step("open", "withdraw", "withdrawn", "standards.write", "limits.withdraw"),
    ),
)
