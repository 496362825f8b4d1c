"""Shapes of inspectors' telephones: what is offered, what the telephone answers, what the office reads."""

from __future__ import annotations

from marshmallow import fields, validate

from brand.schemas.shape import Shape, Text, Whole
from trace.crypto.device_keys import POINT_SIZE, SIGNATURE_SIZE
from trace.rules.field_devices import MOST_DAYS

#: The largest whole number every reader of JSON understands alike (RFC 7493 section 2.2).
MOST_COUNTED = 2**53 - 1


def _text_of(size: int) -> int:
    """Characters of base64url without padding for so many bytes."""
    return -(-size * 4 // 3)


def signed_text(longest: int) -> fields.String:
    """A text under a signature: taken as it came, because cleaning it would break the signature."""
    bounds = validate.Length(1, longest, error="input.too_long")
    return fields.String(required=True, validate=bounds)


class DeviceOfferIn(Shape):
    """A telephone to be enrolled, and the packs whose facts it carries: packed within ``days``, and of which licences.

    ``licences``: numbers in one line, parted by commas; empty for all.
    """

    name = Text(60, required=True)
    days = Whole(1, MOST_DAYS, required=True)
    licences = Text(1000, load_default="")


class DeviceRevokeIn(Shape):
    """Why a device may not speak any more."""

    version = Whole(1, 1_000_000, required=True)
    words = Text(500, lines=True, load_default="")


class EnrolIn(Shape):
    """What the telephone answers: the text it read, the point of its key and the key's signature over both."""

    token = Text(64, required=True)
    public_key = Text(_text_of(POINT_SIZE), required=True)
    proof = Text(_text_of(SIGNATURE_SIZE), required=True)


class EnrolledOut(Shape):
    """What the telephone keeps; ``keys`` are those of the office that sign its lists, by their short ids."""

    device = fields.String()
    name = fields.String()
    holder = fields.String()
    origin = fields.String()
    hosts = fields.List(fields.String())
    keys = fields.Dict(keys=fields.String(), values=fields.String())


class FieldDeviceOut(Shape):
    """A device as the office reads it."""

    id = fields.String(attribute="device.id")
    name = fields.String(attribute="device.name")
    holder = fields.String()
    state = fields.String(attribute="device.state")
    version = fields.Integer(attribute="device.version")
    days = fields.Integer(attribute="device.days")
    licences = fields.List(fields.String(), attribute="device.licences")
    offered_at = fields.AwareDateTime(attribute="device.offered_at", format="iso")
    enrolled_at = fields.AwareDateTime(attribute="device.enrolled_at", format="iso", allow_none=True)
    seen_at = fields.AwareDateTime(attribute="device.seen_at", format="iso", allow_none=True)
    list_version = fields.Integer(attribute="device.list_version")
    findings = fields.Integer(attribute="device.findings")


class FieldDevicesOut(Shape):
    """Every device, newest first."""

    rows = fields.List(fields.Nested(FieldDeviceOut))


class DeviceCallIn(Shape):
    """A signed call: ``payload`` is JSON text, signed (ECDSA P-256, r‖s) together with origin, device and counter."""

    device = Text(20, required=True)
    counter = Whole(1, MOST_COUNTED, required=True)
    payload = signed_text(4000)
    signature = Text(_text_of(SIGNATURE_SIZE), required=True)


class FieldListIn(Shape):
    """The payload of a call for the list: the version the telephone has, 0 for none."""

    since = Whole(0, 2**31 - 1, required=True)


class FieldListOut(Shape):
    """A signed head, and what the earlier list lacks; ``since`` 0: everything is sent."""

    head = fields.String(attribute="list.head")
    kid = fields.String(attribute="list.kid")
    signature = fields.String(attribute="list.signature")
    keys = fields.Dict(keys=fields.String(), values=fields.String())
    since = fields.Integer()
    entries = fields.List(fields.String(), attribute="change.entries")
    gone = fields.List(fields.String(), attribute="change.gone")
