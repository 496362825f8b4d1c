"""Shapes of applications and of the steps they take."""

from __future__ import annotations

from marshmallow import fields, validate

from brand.rules.licence_flow import ApplicationState
from brand.rules.presets import Use
from brand.schemas.materials import PaperOut
from brand.schemas.reviews import RecordOut
from brand.schemas.shape import Kilograms, Shape, Text, Whole, one_of

LARGEST_VERSION = 1_000_000


class ApplicationIn(Shape):
    """What an applicant asks for: a product with its weight, or a brand without goods and without weight."""

    enterprise_id = Text(20, required=True)
    product_id = Text(20, load_default=None, allow_none=True)
    brand_id = Text(20, load_default=None, allow_none=True)
    cap_kg = Kilograms(load_default=None, allow_none=True)
    uses = fields.List(one_of(Use), load_default=list, validate=validate.Length(max=len(Use)))
    capacity = Text(1000, lines=True, required=True)
    promise = fields.Boolean(load_default=False)


class ApplicationEditIn(Shape):
    """What an applicant may change while the application is still with the applicant."""

    version = Whole(1, LARGEST_VERSION, required=True)
    cap_kg = Kilograms(load_default=None, allow_none=True)
    uses = fields.List(one_of(Use), load_default=list, validate=validate.Length(max=len(Use)))
    capacity = Text(1000, lines=True, required=True)
    promise = fields.Boolean(load_default=False)


class ReasonedStepIn(Shape):
    """One step: the version the person saw, and why."""

    version = Whole(1, LARGEST_VERSION, required=True)
    reason_code = Text(60, load_default="")
    comment = Text(1000, lines=True, load_default="")


class ApplicationStepIn(ReasonedStepIn):
    """One step of an application, with the digest of the content the person saw."""

    digest = Text(64, load_default="")


class ApplicationsIn(Shape):
    """What a list of applications may be asked for."""

    q = Text(60, load_default="")
    state = one_of(ApplicationState, load_default="")
    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


class ApplicationStepOut(Shape):
    """One line of an application's history."""

    action = fields.String()
    from_state = fields.String()
    to_state = fields.String()
    at = fields.DateTime()
    by = fields.String(attribute="person_name")
    reason_code = fields.String()
    rulebook = fields.String()
    clause = fields.String()
    comment = fields.String()
    digest = fields.String()


class ApplicationRowOut(Shape):
    """One application in a list."""

    id = fields.String(attribute="application.id")
    number = fields.String(attribute="application.number")
    state = fields.String(attribute="application.state")
    version = fields.Integer(attribute="application.version")
    enterprise_id = fields.String(attribute="enterprise.id")
    enterprise = fields.String(attribute="enterprise.name")
    brand_id = fields.String(attribute="brand.id")
    brand = fields.String(attribute="brand.name")
    product_id = fields.String(attribute="application.product_id", allow_none=True)
    product = fields.String(attribute="product.name", dump_default=None, allow_none=True)
    cap_kg = fields.Decimal(attribute="application.cap_kg", places=3, as_string=True, allow_none=True)
    uses = fields.List(fields.String(), attribute="application.uses")
    created_at = fields.DateTime(attribute="application.created_at")
    updated_at = fields.DateTime(attribute="application.updated_at")


class ApplicationOut(ApplicationRowOut):
    """One application with its history and what the asker may do next."""

    capacity = fields.String(attribute="application.capacity")
    promise = fields.Boolean(attribute="application.promise")
    digest = fields.String()
    notice = fields.String(attribute="notice.number", allow_none=True)
    notice_ends_on = fields.Date(attribute="notice_end.end", allow_none=True)
    notice_provisional = fields.Boolean(attribute="notice_end.provisional", allow_none=True)
    licence = fields.String(attribute="licence_number", allow_none=True)
    history = fields.List(fields.Nested(ApplicationStepOut))
    papers = fields.List(fields.Nested(PaperOut))
    records = fields.List(fields.Nested(RecordOut))
    open_actions = fields.Function(lambda found: [one.step.action for one in found.open_steps if one.refusal is None])


class ApplicationPageOut(Shape):
    """One page of applications."""

    rows = fields.List(fields.Nested(ApplicationRowOut))
    page = fields.Integer(attribute="number")
    size = fields.Integer()
    total = fields.Integer()
