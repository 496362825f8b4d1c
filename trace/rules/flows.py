"""What may become what, how much of it, and in which unit: nothing grows on the way from one batch to the next.

Source: issue 4 line 3; stages and processes in ``data/flows.json``; bands of yield and weights of units are rules of
the product (``brand/rules/product_rules``), each with its source, changed by two persons.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from brand.kernel.errors import Fault, invalid, quota_exceeded
from brand.kernel.workflow import Facts, Step, Workflow
from trace.rules.goods import Unit
from trace.rules.weights import plain

_DATA = Path(__file__).parent / "data" / "flows.json"
GRAM = Decimal("0.001")
#: Batches one act may take or make: a bound of the program, no policy.
MOST_BATCHES = 100


class OperationKind(StrEnum):
    """What an act does to weights: every kilogram taken is in something new, gone, or declared lost."""

    COMMISSION = "commission"
    SPLIT = "split"
    MERGE = "merge"
    TRANSFORM = "transform"
    PACK = "pack"
    SELL = "sell"
    DESTROY = "destroy"
    LOSE = "lose"
    SHORTAGE = "shortage"
    UNDONE = "undone"


#: Acts that take goods out of the books for good.
LEAVING = (OperationKind.SELL, OperationKind.DESTROY, OperationKind.LOSE)


class Yield(StrEnum):
    """Where a share lies: as usual, to be agreed by a second person, or beyond what can be."""

    USUAL = "usual"
    SECOND = "second"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True)
class Share:
    """What came out of what went in, per cent, held against a band; ``band`` is empty where none is entered.

    ``of`` says whose share it is where there are several: the number of a carcass, the name of a cut.
    """

    what: str
    percent: Decimal
    standing: Yield
    band: Mapping[str, str]
    of: str = ""

    @property
    def impossible(self) -> bool:
        return self.standing is Yield.IMPOSSIBLE

    @property
    def params(self) -> dict[str, str]:
        """For texts and records."""
        return {
            "what": self.what,
            "percent": f"{self.percent}",
            "least": self.band.get("usual_least", "0"),
            "most": self.band.get("usual_most", "–"),
            "possible_least": self.band.get("possible_least", "0"),
            "possible_most": self.band.get("possible_most", "100"),
        }


@dataclass(frozen=True)
class Measure:
    """How much: as it was stated, and in kilograms to the gram."""

    unit: Unit
    quantity: Decimal
    kg: Decimal


def measure(unit: str, quantity: Decimal | None, kg: Decimal | None, units: Mapping[str, Any], at: str = "") -> Measure:
    """A quantity in its unit and in kilograms, held against what one unit of the product weighs.

    ``units`` is the content of the product's rule. Raises ``flows.unit_unknown``, ``flows.quantity_needed``,
    ``flows.kg_needed``, ``flows.kg_twice`` and ``flows.unit_mismatch`` with the figures, ``flows.too_fine``; ``at`` is
    where the fault points.
    """
    if unit == Unit.KG:
        said = kg if kg is not None else quantity
        if said is None:
            raise _at("flows.kg_needed", f"{at}/kg")
        if quantity is not None and quantity != said:
            raise _at("flows.kg_twice", f"{at}/quantity", kg=f"{plain(said)}", quantity=f"{plain(quantity)}")
        return Measure(Unit.KG, said, checked_kg(said, f"{at}/kg"))
    weighed = units.get("units", {}).get(unit)
    if weighed is None:
        raise _at("flows.unit_unknown", f"{at}/unit", unit=f"goods.unit.{unit}")
    if quantity is None or quantity <= 0 or quantity != quantity.to_integral_value():
        raise _at("flows.quantity_needed", f"{at}/quantity", unit=f"goods.unit.{unit}")
    least, most = (quantity * Decimal(weighed[name]) for name in ("least_kg", "most_kg"))
    if kg is None and least != most:
        raise _at("flows.kg_needed", f"{at}/kg")
    weight = least if kg is None else kg
    if not least <= weight <= most:
        figures = {"quantity": f"{quantity}", "unit": f"goods.unit.{unit}", "kg": f"{plain(weight)}"}
        raise _at("flows.unit_mismatch", f"{at}/kg", **figures, least=f"{plain(least)}", most=f"{plain(most)}")
    return Measure(Unit(unit), quantity, checked_kg(weight, f"{at}/kg"))


def checked_kg(kg: Decimal, at: str = "/kg") -> Decimal:
    """Raises ``flows.too_fine`` for less than a gram or parts of one."""
    if not kg.is_finite() or kg < GRAM or kg != kg.quantize(GRAM):
        raise _at("flows.too_fine", at)
    return kg


def check_left(lot: str, total_kg: Decimal, used_kg: Decimal, asked_kg: Decimal) -> None:
    """Raises ``flows.more_than_left`` with ``in``, ``used``, ``asked`` and ``left``, all in kg."""
    if asked_kg > total_kg - used_kg:
        figures = {"in": total_kg, "used": used_kg, "asked": asked_kg, "left": total_kg - used_kg}
        shown = {name: f"{plain(kg)}" for name, kg in figures.items()}
        raise quota_exceeded("flows.more_than_left", lot=lot, **shown)


def check_sums(in_kg: Decimal, out_kg: Decimal, loss_kg: Decimal) -> None:
    """What went in came out or is declared lost, to the gram.

    Raises ``flows.more_than_went_in`` or ``flows.loss_differs``, both with the figures.
    """
    shown = {"in": f"{plain(in_kg)}", "out": f"{plain(out_kg)}", "loss": f"{plain(loss_kg)}"}
    if out_kg + loss_kg > in_kg:
        raise _at("flows.more_than_went_in", "/outputs", **shown)
    if out_kg + loss_kg < in_kg:
        raise _at("flows.loss_differs", "/loss_kg", **shown, missing=f"{plain(in_kg - out_kg)}")


def check_day(day: date, today: date, made: Iterable[tuple[str, date]]) -> None:
    """Nothing is made of goods before they were there. Raises ``flows.day_ahead`` or ``flows.before_input``."""
    if day > today:
        raise _at("flows.day_ahead", "/day", today=today.isoformat())
    for lot, made_on in made:
        if day < made_on:
            raise _at("flows.before_input", "/day", lot=lot, made_on=made_on.isoformat(), day=day.isoformat())


def check_process(process: str, forms: Iterable[str], to: Sequence[str]) -> tuple[str, ...]:
    """The stage of every output; an empty one is the only stage there is.

    Raises ``flows.process``, ``flows.wrong_form`` or ``flows.wrong_end``.
    """
    found = _flows()["processes"].get(process)
    if found is None:
        raise _at("flows.process", "/process")
    began = sorted(set(forms))
    for form in began:
        if form not in found["from"]:
            raise _at("flows.wrong_form", "/process", process=f"making.{process}", form=f"goods.form.{form}")
    ends = found["to"] or began
    if len(ends) > 1 and not all(to):
        raise _at("flows.wrong_end", "/outputs/0/form", process=f"making.{process}")
    for place, form in enumerate(to):
        if form and form not in ends:
            raise _at("flows.wrong_end", f"/outputs/{place}/form", process=f"making.{process}")
    return tuple(form or ends[0] for form in to)


def processes() -> tuple[str, ...]:
    return tuple(_flows()["processes"])


def processes_for(form: str, known: Collection[str]) -> tuple[str, ...]:
    """What may be made of goods of that stage, as far as the product's own rule knows it; where it names nothing of
    the kind, whatever their stage allows.
    """
    possible = tuple(name for name, one in _flows()["processes"].items() if form in one["from"])
    return tuple(name for name in possible if name in known) or possible


def ends(process: str) -> tuple[str, ...]:
    """The stages a process may end in; empty: the stage it began in."""
    return tuple(_flows()["processes"][process]["to"])


def forms() -> tuple[str, ...]:
    return tuple(_flows()["forms"])


def commissioned() -> tuple[str, ...]:
    """Stages a chain may begin with; carcasses come from their own sheet."""
    return tuple(_flows()["commissioned"])


def check_grown(form: str, place_kind: str) -> None:
    """Goods are harvested from land on which they grow; raises ``flows.place_kind`` with what it would take."""
    kinds = _flows()["grown_on"].get(form)
    if kinds is not None and place_kind not in kinds:
        params = {"form": f"goods.form.{form}", "kind": f"place.kind.{place_kind}", "takes": f"flows.grown_on.{form}"}
        raise _at("flows.place_kind", "/place_id", **params)


def check_leaving(kind: str, words: str, buyer: str) -> None:
    """What leaves the books says to whom or why.

    Raises ``flows.leaving_kind``, ``flows.buyer_needed`` or ``flows.words_needed``.
    """
    if kind not in LEAVING:
        raise _at("flows.leaving_kind", "/kind")
    if kind == OperationKind.SELL and not buyer:
        raise _at("flows.buyer_needed", "/buyer")
    if kind != OperationKind.SELL and not words:
        raise _at("flows.words_needed", "/words")


def share_of(what: str, out_kg: Decimal, in_kg: Decimal, band: Mapping[str, str] | None, *, of: str = "") -> Share:
    """The share against its band; without a band a second person decides."""
    exact = out_kg / in_kg * 100
    percent = exact.quantize(Decimal("0.01"))
    if band is None:
        return Share(what, percent, Yield.SECOND, {}, of)
    low, high = Decimal(band.get("possible_least", "0")), Decimal(band["possible_most"])
    usual_low, usual_high = Decimal(band.get("usual_least", "0")), Decimal(band["usual_most"])
    if not low <= exact <= high:
        return Share(what, percent, Yield.IMPOSSIBLE, band, of)
    return Share(what, percent, Yield.USUAL if usual_low <= exact <= usual_high else Yield.SECOND, band, of)


def refuse_impossible(shares: Iterable[Share], at: str = "/outputs") -> None:
    """Raises ``flows.yield_impossible`` with the share and its bounds for the first that cannot be."""
    for one in shares:
        if one.standing is Yield.IMPOSSIBLE:
            raise _at("flows.yield_impossible", at, **one.params)


def apportion(taken: Mapping[str, Decimal], made: Mapping[str, Decimal]) -> dict[tuple[str, str], Decimal]:
    """How much of each input is in each output, kg to the gram: by weight, every pair at least one gram.

    All that was taken of an input is in its outputs together, what was lost on the way included, so that no way through
    the graph is missing. Raises ``flows.too_little`` for an input with less grams than there are outputs.
    """
    whole = sum(made.values(), Decimal(0))
    found: dict[tuple[str, str], Decimal] = {}
    for source, kg in taken.items():
        if kg < GRAM * len(made):
            raise _at("flows.too_little", "/inputs", kg=f"{plain(kg)}", count=len(made))
        spare, left, heaviest = kg - GRAM * len(made), kg, max(made, key=lambda one: made[one])
        for target, weight in made.items():
            part = GRAM + (spare * weight / whole).quantize(GRAM, rounding="ROUND_DOWN")
            found[source, target] = part
            left -= part
        found[source, heaviest] += left
    return found


def another_person(facts: Facts) -> None:
    """Whoever stated an unusual yield does not agree to it; raises ``flows.another_person``."""
    if facts["person"] == facts["proposed_by"]:
        raise invalid("flows.another_person")


def words_needed(facts: Facts) -> None:
    """Raises ``flows.words_needed``."""
    if not facts["words"]:
        raise _at("flows.words_needed", "/words")


#: An act with an unusual yield waits, and nothing is taken from its goods until somebody of the office has agreed.
FLOW = Workflow(
    "flows",
    (
        Step("open", "agree", "agreed", "flows.agree", "flows.agree", (another_person, words_needed)),
        Step("open", "refuse", "refused", "flows.agree", "flows.refuse", (another_person, words_needed)),
        Step("open", "withdraw", "withdrawn", "flows.record", "flows.withdraw"),
    ),
)


def _at(code: str, pointer: str, **params: object) -> Exception:
    return invalid(code, faults=[Fault(code, pointer, params)], **params)


@cache
def _flows() -> Any:
    return json.loads(_DATA.read_text(encoding="utf-8"))
