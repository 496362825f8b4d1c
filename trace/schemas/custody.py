"""Shapes of chains of custody."""

from __future__ import annotations

from marshmallow import fields

from brand.schemas.shape import Shape


class HandOut(Shape):
    """Somebody has the goods; ``how`` is a value of ``rules.custody.Hold``; no ``until``: now."""

    who_id = fields.String(attribute="who.id")
    who = fields.String(attribute="who.name")
    how = fields.String(attribute="link.how")
    since = fields.AwareDateTime(format="iso", attribute="link.since")
    until = fields.AwareDateTime(format="iso", attribute="link.until", allow_none=True)
    shipment = fields.String(attribute="link.number")
    seal = fields.String(attribute="link.seal")


class CustodyLinkOut(HandOut):
    """The same of one batch."""

    batch_id = fields.String(attribute="batch.id")
    lot = fields.String(attribute="batch.lot")


class HandsOut(Shape):
    """The hands a case or pallet went through, in order of time."""

    rows = fields.List(fields.Nested(HandOut))


class CustodyOut(Shape):
    """The hands goods went through, in order of time, those they were made from among them."""

    rows = fields.List(fields.Nested(CustodyLinkOut))
