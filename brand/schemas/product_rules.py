"""Shapes of a product's rules: as programs send them, and as the form of each kind does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from brand.rules.presets import Confidence
from brand.rules.product_rules import (
    BAND,
    LIMITS,
    Item,
    RuleKind,
    Stage,
    bands_from_lines,
    cuts_as_lines,
    cuts_from_lines,
    lags_as_lines,
    lags_from_lines,
    lines_of_bands,
)
from brand.schemas.shape import Shape, Text, one_of


class SaidIn(Shape):
    """Where new contents come from, how sure that is, and why they should change."""

    source = Text(300, required=True)
    source_en = Text(300, load_default="")
    confidence = one_of(Confidence, required=True)
    reason = Text(1000, lines=True, required=True)


class ProductRuleIn(SaidIn):
    """Another rule; what ``content`` holds depends on its kind (see ``rules/product_rules.py``)."""

    content = fields.Dict(required=True)


class CompletenessPage(SaidIn):
    """One choice per step or paper, named ``item_…``."""


for _item in Item:
    CompletenessPage._declared_fields[f"item_{_item}"] = one_of(Stage, load_default="")


class BrandGradePage(SaidIn):
    least = fields.String(load_default="")


class CutListPage(SaidIn):
    cuts = Text(20_000, lines=True, load_default="")


class ChillingPage(SaidIn):
    room_least_c = Text(10, required=True)
    room_most_c = Text(10, required=True)
    core_most_c = Text(10, required=True)
    core_from_hours = Text(10, required=True)
    gap_minutes = Text(10, required=True)
    standard = Text(60, required=True)


class YieldsPage(SaidIn):
    """Bands, one per line: a name and its figures."""

    processes = Text(5_000, lines=True, load_default="")
    shares = Text(20_000, lines=True, load_default="")


class UnitsPage(SaidIn):
    units = Text(1_000, lines=True, load_default="")


class LagsPage(SaidIn):
    """Hours, one kind of event per line."""

    hours = Text(3_000, lines=True, load_default="")


PAGES: Mapping[RuleKind, type[SaidIn]] = {
    RuleKind.COMPLETENESS: CompletenessPage,
    RuleKind.BRAND_GRADE: BrandGradePage,
    RuleKind.CUT_LIST: CutListPage,
    RuleKind.CHILLING: ChillingPage,
    RuleKind.YIELDS: YieldsPage,
    RuleKind.UNITS: UnitsPage,
    RuleKind.LAGS: LagsPage,
}
_SAID = ("source", "source_en", "confidence", "reason")


def typed(kind: RuleKind, values: Mapping[str, Any]) -> dict[str, Any]:
    """What a page's form says as a program would send it."""
    said = {name: values[name] for name in _SAID}
    if kind is RuleKind.COMPLETENESS:
        chosen = {item.value: values[f"item_{item}"] for item in Item if values[f"item_{item}"]}
        return said | {"content": {"items": chosen}}
    if kind is RuleKind.CUT_LIST:
        return said | {"content": {"cuts": cuts_from_lines(values["cuts"])}}
    if kind is RuleKind.YIELDS:
        bands = {"processes": bands_from_lines(values["processes"], BAND)}
        return said | {"content": bands | {"shares": bands_from_lines(values["shares"], BAND[2:])}}
    if kind is RuleKind.UNITS:
        return said | {"content": {"units": bands_from_lines(values["units"], ("least_kg", "most_kg"))}}
    if kind is RuleKind.LAGS:
        return said | {"content": {"hours": lags_from_lines(values["hours"])}}
    return said | {"content": {name: value for name, value in values.items() if name not in _SAID}}


def shown(kind: RuleKind, content: Mapping[str, Any]) -> dict[str, Any]:
    """The same the other way round: what the form shows at first."""
    if kind is RuleKind.COMPLETENESS:
        return {f"item_{item}": stage for item, stage in content["items"].items()}
    if kind is RuleKind.CUT_LIST:
        return {"cuts": cuts_as_lines(content)}
    if kind in (RuleKind.YIELDS, RuleKind.UNITS):
        return {name: lines_of_bands(bands) for name, bands in content.items()}
    if kind is RuleKind.LAGS:
        return {"hours": lags_as_lines(content)}
    return {name: content[name] for name in ("least", *LIMITS, "standard") if name in content}


class ProductRuleOut(Shape):
    """The rule in force; ``edition`` 0 comes with the program."""

    kind = fields.String()
    edition = fields.Integer()
    content = fields.Dict()
    source = fields.String()
    source_en = fields.String()
    confidence = fields.String()
