"""Shapes of herds on their pastures."""

from __future__ import annotations

from marshmallow import fields

from brand.schemas.shape import Shape, Text, Whole


class GrazingIn(Shape):
    """Where the herd is from that day on; ``place_id`` empty: it has left its pasture."""

    version = Whole(1, 10**9, required=True)
    place_id = Text(20, load_default="")
    day = fields.Date(required=True)


class GrazingOut(Shape):
    """One time of a herd on a place, up to and not including ``until``."""

    herd_id = fields.String(attribute="herd.id")
    herd = fields.String(attribute="herd.name")
    place_id = fields.String(attribute="place.id")
    place_code = fields.String(attribute="place.code")
    since = fields.Date(attribute="grazing.since")
    until = fields.Date(attribute="grazing.until", allow_none=True)


class GrazingsOut(Shape):
    """All of them, the latest first."""

    rows = fields.List(fields.Nested(GrazingOut))
