"""Shapes of places: what an enterprise declares, its outline, the office's steps, and what the public reads."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from marshmallow import fields, validate

from brand.schemas.enterprises import PlaceOnPage
from brand.schemas.shape import Figure, Shape, Text, Whole, one_of
from trace.formats.geojson import MOST_BYTES
from trace.queries.places import Held, PublicPlace
from trace.rules import areas
from trace.rules.places import CLOSED, IN_USE, PlaceKind, ReturnReason

_STATES = validate.OneOf([*IN_USE, CLOSED], error="input.not_a_choice")
_KINDS = validate.OneOf([str(one) for one in PlaceKind], error="input.not_a_choice")


class Mu(Figure):
    """An area in 亩 with at most two decimals, up to ten million."""

    def __init__(self, **options: Any) -> None:
        bounds = validate.Range(Decimal(0), Decimal(10_000_000), min_inclusive=False, error="input.out_of_range")
        super().__init__(bounds, 2, **options)


class PlacesIn(Shape):
    """Which places a list shows."""

    q = Text(60, load_default="")
    kind = fields.String(load_default="", validate=lambda text: _KINDS(text) if text else None)
    state = fields.String(load_default="", validate=lambda text: _STATES(text) if text else None)
    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


class PlaceIn(Shape):
    """A place; ``site_id`` names the register's entry it belongs to, where there is one."""

    kind = one_of(PlaceKind, required=True)
    name = Text(80, required=True)
    name_en = Text(80, load_default="")
    name_mn = Text(80, load_default="")
    county_code = Text(6, required=True)
    township_code = Text(9, load_default="")
    declared_mu = Mu(load_default=None, allow_none=True)
    site_id = Text(20, load_default=None, allow_none=True)
    opened_on = fields.Date(required=True)


class PlacePage(PlaceOnPage, PlaceIn):
    """The same on a page, where the township brings its county."""


class PlaceEditIn(PlaceIn):
    version = Whole(1, 10**9, required=True)


class PlaceEditPage(PlaceOnPage, PlaceEditIn):
    """The editing page."""


class OutlinePage(Shape):
    """An outline pasted as text; a file beside it goes before."""

    version = Whole(1, 10**9, required=True)
    outline = fields.String(load_default="", validate=validate.Length(max=MOST_BYTES, error="input.too_long"))
    valid_from = fields.Date(load_default=None)


class OutlineIn(Shape):
    """An outline as a GeoJSON object: Polygon, MultiPolygon, or a Feature with one."""

    version = Whole(1, 10**9, required=True)
    outline = fields.Dict(required=True)
    valid_from = fields.Date(load_default=None)


class PlaceStepIn(Shape):
    version = Whole(1, 10**9, required=True)


class PlaceReturnIn(PlaceStepIn):
    """Why the office sends it back; the enterprise reads both."""

    reason_code = one_of(ReturnReason, required=True)
    comment = Text(500, lines=True, load_default="")


class PlaceCloseIn(PlaceStepIn):
    """The last day of use."""

    day = fields.Date(required=True)


class OutlineOut(Shape):
    """An outline without its corners, which have an address of their own."""

    position = fields.Integer()
    valid_from = fields.Date()
    valid_until = fields.Date(allow_none=True)
    area_m2 = fields.Integer()
    area_mu = fields.Function(lambda one: str(areas.mu(one.area_m2)))
    area_ha = fields.Function(lambda one: str(areas.hectares(one.area_m2)))
    points = fields.Integer()
    sha256 = fields.String(attribute="digest")
    confirmed_at = fields.AwareDateTime(format="iso", allow_none=True)


class PlaceOut(PlaceIn):
    """A place as its enterprise and the office read it; ``path`` is its public page."""

    id = fields.String()
    code = fields.String()
    path = fields.Function(lambda one: f"/f/{one.code}")
    enterprise_id = fields.String()
    closed_on = fields.Date(allow_none=True)
    state = fields.String()
    version = fields.Integer()
    reason_code = fields.String()
    reason = fields.String()


class WholePlaceOut(Shape):
    """A place with every outline it ever had, the newest first."""

    place = fields.Nested(PlaceOut, attribute="held.place")
    outlines = fields.List(fields.Nested(OutlineOut))


class PlacesOut(Shape):
    """One page of places within reach."""

    rows = fields.Method("places")
    page = fields.Integer(attribute="number")
    size = fields.Integer()
    total = fields.Integer()

    def places(self, found: Any) -> Any:
        rows: list[Held] = list(found.rows)
        return PlaceOut(many=True).dump([one.place for one in rows])


class PublicPlaceOut(Shape):
    """A place for everybody: no name, no corners; the area in 亩 with two figures that count."""

    code = fields.String()
    kind = fields.String()
    county = fields.String()
    township = fields.String()
    state = fields.String()
    opened_on = fields.Date()
    closed_on = fields.Date(allow_none=True)
    enterprise_id = fields.String()
    enterprise = fields.String()
    enterprise_en = fields.String()
    area_mu = fields.Method("rounded")
    outline_confirmed = fields.Boolean()

    def rounded(self, one: PublicPlace) -> str | None:
        return f"{areas.for_the_public(one.area_m2):f}" if one.area_m2 else None
