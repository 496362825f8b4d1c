"""Shapes of findings from markets: what a device signs, what the office lists and decides."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate, validates_schema
from marshmallow.exceptions import ValidationError

from brand.rules.inspections import Severity
from brand.rules.sanctions import Sanction
from brand.schemas.shape import Shape, Text, Whole, legible, one_of
from trace.rules.field_findings import COMPARED, MOST_PHOTOS, Comparison, FindingState
from trace.schemas.field_devices import signed_text

_DIGEST = validate.Regexp("^[0-9a-f]{64}$", error="field_findings.digest")
_DIGEST_OR_NONE = validate.Regexp("^([0-9a-f]{64})?$", error="field_findings.digest")
_REASON = validate.Regexp("^[a-z_]+([.][a-z0-9_]+)+$", error="input.not_a_choice")
_MOST_REASONS = 20
_FEW_PHOTOS = validate.Length(max=MOST_PHOTOS, error="field_findings.photos")


class HandedIn(Shape):
    """What comes as multipart/form-data beside the parts ``photos``: the signed text and its signature."""

    device = Text(20, required=True)
    payload = signed_text(20_000)
    signature = Text(86, required=True)


class SignedText(Text):
    """A text in a signed finding. Refused, it would stay on the telephone for ever and every later finding behind it.

    So characters that no field holds, and those a newer telephone knows and this service does not, are shown as «·»;
    what was signed is kept as it came.
    """

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        return super()._deserialize(legible(value, lines=self.lines) if isinstance(value, str) else value, attr, data)


class FieldPhotoIn(Shape):
    """SHA-256 in hex of the photo as the camera wrote it, and of the smaller picture that is sent."""

    original = fields.String(required=True, validate=_DIGEST)
    sent = fields.String(required=True, validate=_DIGEST)


class FieldVerdictIn(Shape):
    """What the device told the inspector."""

    colour = fields.String(
        required=True, validate=validate.OneOf(("green", "amber", "red", "grey"), error="input.not_a_choice")
    )
    reasons = fields.List(
        fields.String(validate=_REASON),
        required=True,
        validate=validate.Length(max=_MOST_REASONS, error="input.too_long"),
    )


class FieldFindingIn(Shape):
    """The signed text of a finding, as JSON: ``sequence`` and ``previous`` chain a device's findings."""

    sequence = Whole(1, 2**31 - 1, required=True)
    previous = fields.String(required=True, validate=_DIGEST_OR_NONE)
    code = SignedText(300, required=True)
    verdict = fields.Nested(FieldVerdictIn, required=True)
    list_version = Whole(1, 2**31 - 1, required=True)
    checked_at = fields.AwareDateTime(required=True)
    found_at = fields.AwareDateTime(required=True)
    clock_back = fields.Boolean(required=True)
    severity = one_of(Severity, required=True)
    reason_code = one_of(("", *Sanction), required=True)
    compared = fields.Dict(keys=one_of(COMPARED), values=one_of(Comparison), required=True)
    market = SignedText(120, load_default="")
    words = SignedText(1000, lines=True, load_default="")
    photos = fields.List(
        fields.Nested(FieldPhotoIn),
        required=True,
        validate=validate.Length(max=MOST_PHOTOS, error="field_findings.photos"),
    )

    @validates_schema
    def _in_living_memory(self, data: dict[str, Any], **_: Any) -> None:
        """A clock that was never set (it begins with 1970) is a doubt; a year no calendar of ours holds is no time."""
        for name in ("checked_at", "found_at"):
            if not 1969 <= data[name].year < 2100:
                raise ValidationError("input.not_datetime", name)


class ReceivedOut(Shape):
    """Under which number a finding was received."""

    number = fields.String()
    sequence = fields.Integer()


class FieldFindingsIn(Shape):
    """Which findings a list shows: one state or ``all``."""

    state = fields.String(
        load_default="received", validate=validate.OneOf((*FindingState, "all"), error="input.not_a_choice")
    )
    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


class FieldFindingStepIn(Shape):
    """What is decided about a finding; the words of one taken up go into the inspection."""

    version = Whole(1, 1_000_000, required=True)
    words = Text(1900, lines=True, load_default="")
    rectify_by = fields.Date(load_default=None, allow_none=True)


class FieldFindingOut(Shape):
    """A finding as the office reads it."""

    number = fields.String()
    state = fields.String()
    version = fields.Integer()
    found_at = fields.AwareDateTime(format="iso")
    received_at = fields.AwareDateTime(format="iso")
    clock_doubtful = fields.Boolean()
    code = fields.String()
    colour = fields.String()
    reasons = fields.List(fields.String())
    registry_colour = fields.String()
    list_version = fields.Integer()
    severity = fields.String()
    reason_code = fields.String()
    compared = fields.Dict(keys=fields.String(), values=fields.String())
    market = fields.String()
    words = fields.String()
    inspection_id = fields.String(allow_none=True)
    complaint_id = fields.String(allow_none=True)
    decision_words = fields.String()


class FieldFindingPageOut(Shape):
    """One page of findings."""

    rows = fields.List(fields.Nested(FieldFindingOut))
    page = fields.Integer(attribute="number")
    size = fields.Integer()
    total = fields.Integer()
