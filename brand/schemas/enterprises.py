"""Shapes of enterprises: what one says of itself when it joins, what the office decides, and what readers get."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from brand.kernel.passwords import LONGEST
from brand.models.enterprises import EnterpriseKind, EnterpriseState
from brand.rules.enterprise_flow import RefusalReason, SuspensionReason
from brand.schemas.shape import Shape, Text, Whole, one_of

#: What the page's list of townships offers to those who are in another county.
ELSEWHERE = "elsewhere"
_USERNAME = validate.Regexp(r"^[A-Za-z0-9._-]{3,}\Z", error="accounts.username_shape")


class EntriesIn(Shape):
    """What an enterprise fills in itself; absent texts are empty ones."""

    kind = one_of(EnterpriseKind, required=True)
    name = Text(120, required=True)
    name_en = Text(120, load_default="")
    name_mn = Text(120, load_default="")
    credit_code = Text(40, load_default="")
    county_code = Text(6, required=True)
    township_code = Text(9, load_default="")
    address = Text(200, load_default="")
    contact_name = Text(60, required=True)
    contact_phone = Text(20, required=True)


class JoinIn(EntriesIn):
    """A new enterprise with the first account of its people."""

    username = Text(64, required=True, checks=(_USERNAME,))
    password = fields.String(
        required=True, load_only=True, validate=validate.Length(max=LONGEST, error="input.too_long")
    )


class PlaceOnPage(Shape):
    """On a page the township is chosen from a list and brings its county with it; elsewhere the county is typed."""

    township_code = Text(9, required=True)
    county_code = Text(6)

    @post_load
    def _place(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        if data["township_code"] != ELSEWHERE:
            return data | {"county_code": data["township_code"][:6]}
        if not data.get("county_code"):
            raise ValidationError({"county_code": ["input.required"]})
        return data | {"township_code": ""}


class JoinPage(PlaceOnPage, JoinIn):
    """The joining page."""


class EditPage(PlaceOnPage, EntriesIn):
    """The editing page of an enterprise that is not confirmed yet."""

    version = Whole(1, 10**9, required=True)


class ContactPage(Shape):
    """The editing page of a confirmed enterprise."""

    address = Text(200, load_default="")
    contact_name = Text(60, required=True)
    contact_phone = Text(20, required=True)
    version = Whole(1, 10**9, required=True)


class EditIn(EntriesIn):
    """All entries anew, for the API; ``version`` is the one the sender read."""

    version = Whole(1, 10**9, required=True)


class StepIn(Shape):
    """A step of an enterprise's life."""

    version = Whole(1, 10**9, required=True)


class RefuseIn(StepIn):
    """A refusal: its reason and the office's own words to the enterprise."""

    reason_code = one_of(RefusalReason, required=True)
    comment = Text(500, lines=True, load_default="")


class SuspendIn(StepIn):
    """A suspension: its reason and the office's words, which the enterprise reads."""

    reason_code = one_of(SuspensionReason, required=True)
    comment = Text(500, lines=True, required=True)


class ResumeIn(StepIn):
    """The end of a suspension and why."""

    comment = Text(500, lines=True, required=True)


class MergeIn(Shape):
    """A proposal to close an entry as the duplicate of another."""

    kept_id = Text(20, required=True)
    why = Text(500, lines=True, required=True)


class DropIn(StepIn):
    """Why two entries stay two."""

    comment = Text(500, lines=True, required=True)


class MergeOut(Shape):
    """One proposal to merge."""

    id = fields.String()
    duplicate_id = fields.String()
    kept_id = fields.String()
    why = fields.String()
    state = fields.String()
    version = fields.Integer()
    proposed_at = fields.AwareDateTime(format="iso")
    decided_at = fields.AwareDateTime(format="iso", allow_none=True)
    comment = fields.String()


class ListIn(Shape):
    """Filters and page of the list."""

    q = Text(60, load_default="")
    kind = one_of(EnterpriseKind, load_default="")
    state = one_of(EnterpriseState, load_default="")
    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


class EnterpriseOut(Shape):
    """An enterprise as every reader may see it."""

    id = fields.String()
    kind = fields.String()
    name = fields.String()
    name_en = fields.String()
    name_mn = fields.String()
    credit_code = fields.String(allow_none=True)
    county_code = fields.String()
    township_code = fields.String()
    state = fields.String()
    merged_into = fields.String(allow_none=True)
    version = fields.Integer()
    joined_at = fields.AwareDateTime(format="iso")
    decided_at = fields.AwareDateTime(format="iso", allow_none=True)


class ContactOut(Shape):
    """How to reach an enterprise: for the office, inspectors and its own people."""

    address = fields.String()
    contact_name = fields.String()
    contact_phone = fields.String()


class EnterpriseWhole(EnterpriseOut):
    """One enterprise; ``contact`` is null for readers who may not see it."""

    reason_code = fields.String()
    reason = fields.String()
    contact = fields.Nested(ContactOut, allow_none=True)


class EnterprisePage(Shape):
    """One page of enterprises."""

    rows = fields.List(fields.Nested(EnterpriseOut))
    page = fields.Integer(attribute="number")
    size = fields.Integer()
    total = fields.Integer()
