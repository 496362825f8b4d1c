"""Reads preset files: their shape, and where the shipped ones lie."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from marshmallow import fields, post_load, validate

from brand.kernel.errors import invalid, unknown
from brand.rules import presets
from brand.schemas.shape import Shape, Text, Whole, one_of

FOLDER = Path(__file__).resolve().parents[1] / "presets"
FORMAT = "brandtrace-preset/1"
LARGEST_FILE = 1_000_000
_CODE = validate.Regexp(r"^[a-z0-9]+([_-][a-z0-9]+)*\Z", error="presets.code")


class Sourced(Shape):
    """What every entry says of itself: where its values come from, and how sure that is."""

    source = Text(300, required=True)
    source_en = Text(300, required=True)
    confidence = one_of(presets.Confidence, required=True)


class SchemeShape(Sourced):
    code = Text(40, required=True, checks=(_CODE,))
    edition = Text(20, required=True)
    name = Text(120, required=True)
    name_en = Text(120, required=True)
    county_code = Text(6, required=True)
    owner = Text(120, required=True)
    owner_en = Text(120, required=True)


class TierShape(Sourced):
    level = Whole(0, 9, required=True)
    name = Text(60, required=True)
    name_en = Text(60, required=True)
    slots_min = Whole(0, 10_000, required=True)
    slots_max = Whole(1, 10_000, required=True, allow_none=True)
    heroes_min = Whole(0, 10_000, load_default=0)
    heroes_max = Whole(1, 10_000, load_default=None, allow_none=True)
    allowed_uses = fields.List(one_of(presets.Use), required=True)
    process = one_of(presets.Process, required=True)


class BrandShape(Sourced):
    code = Text(40, required=True, checks=(_CODE,))
    tier = Whole(0, 9, required=True)
    parent = Text(40, required=True, allow_none=True)
    name = Text(120, required=True)
    name_en = Text(120, required=True)
    name_mn = Text(120, load_default="")


class ProductShape(Sourced):
    brand = Text(40, required=True)
    code = Text(40, required=True, checks=(_CODE,))
    name = Text(120, required=True)
    name_en = Text(120, required=True)
    name_mn = Text(120, load_default="")
    standard = Text(60, load_default="")
    unit = Text(10, load_default="kg")
    hero = fields.Boolean(load_default=False)


class PolicyShape(Shape):
    key = Text(60, required=True, checks=(_CODE,))
    value = Whole(0, 2000, required=True)
    unit = one_of(presets.Unit, required=True)
    provenance = Text(300, required=True)
    provenance_en = Text(300, required=True)
    confidence = one_of(presets.Confidence, required=True)


class PresetShape(Shape):
    """A whole preset file, loaded as a ``Preset``."""

    format = fields.String(required=True, validate=validate.Equal(FORMAT, error="presets.format"))
    about = Text(1000, load_default="")
    scheme = fields.Nested(SchemeShape, required=True)
    tiers = fields.List(fields.Nested(TierShape), required=True, validate=validate.Length(1, 10, error="presets.size"))
    brands = fields.List(
        fields.Nested(BrandShape), required=True, validate=validate.Length(0, 500, error="presets.size")
    )
    products = fields.List(
        fields.Nested(ProductShape), required=True, validate=validate.Length(0, 5000, error="presets.size")
    )
    policies_of = Text(60, load_default="")
    policies = fields.List(
        fields.Nested(PolicyShape), required=True, validate=validate.Length(0, 200, error="presets.size")
    )

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        preset = presets.Preset(
            presets.SchemeEntry(**data["scheme"]),
            [presets.TierEntry(**one) for one in data["tiers"]],
            [presets.BrandEntry(**one) for one in data["brands"]],
            [presets.ProductEntry(**one) for one in data["products"]],
            [presets.PolicyEntry(**one) for one in data["policies"]],
        )
        return {"preset": preset, "policies_of": data["policies_of"]}


def shipped() -> list[str]:
    """Names of the presets that come with the program."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def read_shipped(name: str) -> presets.Preset:
    """The shipped preset of that name; raises ``presets.unknown``."""
    if name not in shipped():
        raise unknown("presets.unknown", name=name, names=", ".join(shipped()))
    return read((FOLDER / f"{name}.json").read_bytes())


def read(data: bytes) -> presets.Preset:
    """A preset file's bytes; raises ``presets.not_json``, or ``input.invalid`` with one fault per place.

    ``policies_of`` names a shipped preset: policy values the file does not set itself are taken from there.
    """
    if len(data) > LARGEST_FILE:
        raise invalid("presets.too_large", most=LARGEST_FILE)
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise invalid("presets.not_json") from error
    taken = PresetShape().take(found)
    preset: presets.Preset = taken["preset"]
    return presets.with_policies_of(preset, read_shipped(taken["policies_of"])) if taken["policies_of"] else preset
