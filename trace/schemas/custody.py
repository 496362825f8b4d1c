"""Shapes of chains of custody."""

from __future__ import annotations

from marshmallow import fields

from brand.schemas.shape import Shape


class CustodyLinkOut(Shape):
    """Somebody has the goods of one batch; ``how`` is a value of ``rules.custody.Hold``; no ``until``: now."""

    batch_id = fields.String(attribute="batch.id")
    lot = fields.String(attribute="batch.lot")
    who_id = fields.String(attribute="who.id")
    who = fields.String(attribute="who.name")
    how = fields.String(attribute="link.how")
    since = fields.AwareDateTime(format="iso", attribute="link.since")
    until = fields.AwareDateTime(format="iso", attribute="link.until", allow_none=True)
    shipment = fields.String(attribute="link.number")
    seal = fields.String(attribute="link.seal")


class CustodyOut(Shape):
    """The hands goods went through, in order of time, those they were made from among them."""

    rows = fields.List(fields.Nested(CustodyLinkOut))
