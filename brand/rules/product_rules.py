"""What goods must have before they carry a brand: steps, grades, cuts, chilling, yields and units, all as data.

Source: ``data/product-rules.json`` until the office sets an edition of its own with two persons; domain notes B2, B3,
B5, B6 and the issue's list of steps. Contents are plain JSON so that every edition can be kept and compared.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from brand.kernel.errors import Fault, invalid
from brand.rules.grade_tables import Grade

DATA = Path(__file__).parent / "data" / "product-rules.json"
MOST_CUTS = 200
LONGEST_CUT = 60


class RuleKind(StrEnum):
    """What a product rule speaks of."""

    COMPLETENESS = "completeness"
    BRAND_GRADE = "brand_grade"
    CUT_LIST = "cut_list"
    CHILLING = "chilling"
    YIELDS = "yields"
    UNITS = "units"
    LAGS = "lags"


class Making(StrEnum):
    """How goods become other goods; each has a band of what may come out of what went in."""

    DRESSING = "dressing"
    CUTTING = "cutting"
    TEA_MAKING = "tea_making"
    HULLING = "hulling"
    MILLING = "milling"
    DRYING = "drying"
    FILTERING = "filtering"
    SORTING = "sorting"
    PROCESSING = "processing"


class Stage(StrEnum):
    """Until when an item must be there; what is only ``shown`` stops nothing."""

    SHOWN = "shown"
    PACK = "pack"
    LABEL = "label"


class Item(StrEnum):
    """Steps and papers a chain may need, in the order of the way."""

    PLACE = "place"
    ANIMALS = "animals"
    HARVEST = "harvest"
    QUARANTINE = "quarantine"
    ANTE_MORTEM = "ante_mortem"
    SLAUGHTERING = "slaughtering"
    GRADING = "grading"
    CHILLING = "chilling"
    AGEING = "ageing"
    PH = "ph"
    PROCESSING = "processing"
    CUTTING = "cutting"
    PACKING = "packing"
    LABORATORY_REPORT = "laboratory_report"
    COMMITMENT_CERTIFICATE = "commitment_certificate"


@dataclass(frozen=True)
class Rule:
    """One edition of a rule; edition 0 is the one that comes with the program."""

    kind: RuleKind
    content: Mapping[str, Any]
    source: str
    source_en: str
    confidence: str
    edition: int = 0


@cache
def _shipped() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return found


def preset(product_code: str) -> str:
    """The name of the preset a product starts from."""
    return str(_shipped()["products"].get(product_code, "general"))


def shipped(kind: RuleKind, product_code: str) -> Rule:
    """The rule a product has until the office sets one."""
    return _of_preset(kind, preset(product_code))


@cache
def _of_preset(kind: RuleKind, name: str) -> Rule:
    presets = _shipped()[kind.value]
    raw = dict(presets.get(name, presets["general"]))
    source, source_en, confidence = (str(raw.pop(name)) for name in ("source", "source_en", "confidence"))
    if kind is RuleKind.CUT_LIST:
        raw["cuts"] = [{"name": name, "verified": False} for name in raw["cuts"]]
    return Rule(kind, checked(kind, raw), source, source_en, confidence)


def checked(kind: RuleKind, content: Any) -> dict[str, Any]:
    """The content in its one spelling; raises ``input.invalid`` with a fault per place."""
    if not isinstance(content, dict):
        raise _at("input.not_object", "")
    return _CHECKS[kind](content)


def _completeness(content: dict[str, Any]) -> dict[str, Any]:
    """``{"items": {item: stage}}``; an item that is not named is not asked for."""
    _only(content, "items")
    items = content["items"]
    if not isinstance(items, dict):
        raise _at("input.not_object", "/items")
    for name, stage in items.items():
        if name not in list(Item) or stage not in list(Stage):
            raise _at("input.not_a_choice", f"/items/{name}")
    return {"items": {item.value: items[item.value] for item in Item if item.value in items}}


def _brand_grade(content: dict[str, Any]) -> dict[str, Any]:
    """``{"least": grade}``; an empty word sets no limit. Ungraded carcasses never reach a limit."""
    _only(content, "least")
    if content["least"] not in ("", *(one.value for one in Grade if one is not Grade.MANUAL)):
        raise _at("input.not_a_choice", "/least")
    return {"least": content["least"]}


def _cut_list(content: dict[str, Any]) -> dict[str, Any]:
    """``{"cuts": [{"name", "verified"}]}``, each name once."""
    _only(content, "cuts")
    cuts = content["cuts"]
    if not isinstance(cuts, list) or len(cuts) > MOST_CUTS:
        raise _at("product_rules.too_many_cuts", "/cuts", most=MOST_CUTS)
    names: list[str] = []
    for place, one in enumerate(cuts):
        if not isinstance(one, dict) or set(one) != {"name", "verified"} or not isinstance(one["verified"], bool):
            raise _at("input.not_object", f"/cuts/{place}")
        name = one["name"].strip() if isinstance(one["name"], str) else ""
        if not name or len(name) > LONGEST_CUT or not name.isprintable():
            raise _at("input.not_accepted", f"/cuts/{place}")
        if name in names:
            raise _at("product_rules.cut_twice", f"/cuts/{place}", cut=name)
        names.append(name)
    return {"cuts": [{"name": name, "verified": one["verified"]} for name, one in zip(names, cuts, strict=True)]}


#: The figures of a chilling rule, each with the bounds within which it can be meant.
LIMITS = {
    "room_least_c": (Decimal(-60), Decimal(30)),
    "room_most_c": (Decimal(-60), Decimal(30)),
    "core_most_c": (Decimal(-60), Decimal(45)),
    "core_from_hours": (Decimal(0), Decimal(240)),
    "gap_minutes": (Decimal(1), Decimal(1440)),
}


def _chilling(content: dict[str, Any]) -> dict[str, Any]:
    """Temperatures in °C, hours and minutes as text, and the standard they are read from."""
    _only(content, *LIMITS, "standard")
    found = {name: _number(content[name], name) for name in LIMITS}
    if found["room_least_c"] >= found["room_most_c"]:
        raise _at("product_rules.room_range", "/room_most_c")
    standard = content["standard"]
    if not isinstance(standard, str) or not 0 < len(standard.strip()) <= LONGEST_CUT or not standard.isprintable():
        raise _at("input.required", "/standard")
    return {name: f"{value.normalize():f}" for name, value in found.items()} | {"standard": standard.strip()}


#: The four figures of a band: outside the usual ones a second person agrees, outside the possible ones it is refused.
BAND = ("possible_least", "usual_least", "usual_most", "possible_most")
#: Units beside the kilogram that a product may be stated in, and the kilograms one of them may weigh.
COUNTED = ("head", "box")
_PERCENT = (Decimal(0), Decimal(100))
_KG_EACH = (Decimal("0.01"), Decimal(10_000))


def _yields(content: dict[str, Any]) -> dict[str, Any]:
    """``{"processes": {making: band}, "shares": {name: {usual_most, possible_most}}}``, per cent of what went in."""
    _only(content, "processes", "shares")
    found: dict[str, Any] = {"processes": {}, "shares": {}}
    for part, names in (("processes", BAND), ("shares", BAND[2:])):
        bands = content[part]
        if not isinstance(bands, dict) or len(bands) > MOST_CUTS:
            raise _at("input.not_object", f"/{part}")
        for name, band in bands.items():
            where = f"{part}/{name}"
            if part == "processes" and name not in list(Making):
                raise _at("input.not_a_choice", f"/{where}")
            if not name.strip() or len(name) > LONGEST_CUT or not name.isprintable():
                raise _at("input.not_accepted", f"/{where}")
            found[part][name] = _rising(band, names, where, _PERCENT)
    return found


def _units(content: dict[str, Any]) -> dict[str, Any]:
    """``{"units": {unit: {least_kg, most_kg}}}``: what one head or box weighs; equal figures make it exact."""
    _only(content, "units")
    if not isinstance(content["units"], dict):
        raise _at("input.not_object", "/units")
    for name in content["units"]:
        if name not in COUNTED:
            raise _at("input.not_a_choice", f"/units/{name}")
    weighed = {
        name: _rising(one, ("least_kg", "most_kg"), f"units/{name}", _KG_EACH) for name, one in content["units"].items()
    }
    return {"units": weighed}


def _rising(band: Any, names: tuple[str, ...], where: str, bounds: tuple[Decimal, Decimal]) -> dict[str, str]:
    """Figures of which none is below the one before it."""
    if not isinstance(band, dict) or set(band) != set(names):
        raise _at("input.not_object", f"/{where}")
    figures = [_within(band[name], f"{where}/{name}", *bounds) for name in names]
    if figures != sorted(figures):
        raise _at("product_rules.band_order", f"/{where}")
    return {name: f"{value.normalize():f}" for name, value in zip(names, figures, strict=True)}


#: A bound of the program against slips of the keyboard, no rule of anybody: a year.
MOST_LAG_HOURS = 8784


def _lags(content: dict[str, Any]) -> dict[str, Any]:
    """``{"hours": {kind of event: whole hours as text}}``: within which a thing that happened is written down."""
    _only(content, "hours")
    hours, known = content["hours"], _shipped()[RuleKind.LAGS.value]["general"]["hours"]
    if not isinstance(hours, dict):
        raise _at("input.not_object", "/hours")
    for name, value in hours.items():
        if name not in known:
            raise _at("input.not_a_choice", f"/hours/{name}")
        if not (isinstance(value, str) and re.fullmatch(r"[1-9]\d{0,3}", value) and int(value) <= MOST_LAG_HOURS):
            raise _at("input.out_of_range", f"/hours/{name}")
    return {"hours": {name: hours[name] for name in known if name in hours}}


def _number(value: Any, name: str) -> Decimal:
    return _within(value, name, *LIMITS[name])


def _within(value: Any, name: str, low: Decimal, high: Decimal) -> Decimal:
    try:
        number = Decimal(value) if isinstance(value, str) and len(value) <= 10 else Decimal("nan")
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite():
        raise _at("input.not_number", f"/{name}")
    if not low <= number <= high or number != number.quantize(Decimal("0.01")):
        raise _at("input.out_of_range", f"/{name}")
    return number


def _only(content: dict[str, Any], *names: str) -> None:
    for name in names:
        if name not in content:
            raise _at("input.required", f"/{name}")
    for name in content:
        if name not in names:
            raise _at("input.unknown_field", f"/{name}")


def _at(code: str, pointer: str, **params: object) -> Exception:
    return invalid("input.invalid", faults=[Fault(code, f"/content{pointer}", params)])


_CHECKS: Mapping[RuleKind, Callable[[dict[str, Any]], dict[str, Any]]] = {
    RuleKind.COMPLETENESS: _completeness,
    RuleKind.BRAND_GRADE: _brand_grade,
    RuleKind.CUT_LIST: _cut_list,
    RuleKind.CHILLING: _chilling,
    RuleKind.YIELDS: _yields,
    RuleKind.UNITS: _units,
    RuleKind.LAGS: _lags,
}


def cuts_from_lines(text: str) -> list[dict[str, Any]]:
    """A list as a person types it: one name per line, ``*`` in front of those compared with the printed standard."""
    lines = [line.strip() for line in text.splitlines()]
    return [{"name": line.lstrip("*").strip(), "verified": line.startswith("*")} for line in lines if line]


def cuts_as_lines(content: Mapping[str, Any]) -> str:
    """The same the other way round."""
    return "\n".join(f"{'*' if one['verified'] else ''}{one['name']}" for one in content["cuts"])


def lines_of_bands(bands: Mapping[str, Mapping[str, str]]) -> str:
    """Bands as a person types them: one per line, the name and then the figures from the least to the most."""
    return "\n".join(" ".join((name, *band.values())) for name, band in bands.items())


def bands_from_lines(text: str, names: tuple[str, ...]) -> dict[str, Any]:
    """The same the other way round; what does not fit is left for ``checked`` to point at."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    count = len(names)
    return {" ".join(one[:-count]): dict(zip(names, one[-count:], strict=False)) for one in lines}


def lags_from_lines(text: str) -> dict[str, str]:
    """Hours as a person types them, one kind of event per line; what does not fit is left for ``checked``."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    return {" ".join(one[:-1]): one[-1] for one in lines}


def lags_as_lines(content: Mapping[str, Any]) -> str:
    """The same the other way round."""
    return "\n".join(f"{name} {hours}" for name, hours in content["hours"].items())
