"""Shapes of visits, yearly reviews and findings."""

from __future__ import annotations

from marshmallow import fields

from brand.rules.inspections import InspectionKind, Severity
from brand.schemas.shape import Shape, Text, Whole, one_of

LARGEST_VERSION = 1_000_000


class InspectionIn(Shape):
    """What was found; the measure follows from it."""

    kind = one_of(InspectionKind, required=True)
    visited_on = fields.Date(required=True)
    severity = one_of(Severity, required=True)
    reason_code = Text(60, load_default="")
    rectify_by = fields.Date(load_default=None, allow_none=True)
    words = Text(2000, lines=True, required=True)


class ContractIn(Shape):
    """When the contract was signed; its paper comes as the part ``file``."""

    signed_on = fields.Date(required=True)


class InspectionStepIn(Shape):
    """One step of a finding."""

    version = Whole(1, LARGEST_VERSION, required=True)
    comment = Text(1000, lines=True, load_default="")


class InspectionStepOut(Shape):
    action = fields.String()
    at = fields.DateTime()
    by = fields.String(attribute="person_name")
    comment = fields.String()


class InspectionOut(Shape):
    """One visit or review with its measure and how it stands."""

    id = fields.String(attribute="inspection.id")
    kind = fields.String(attribute="inspection.kind")
    visited_on = fields.Date(attribute="inspection.visited_on")
    severity = fields.String(attribute="inspection.severity")
    reason_code = fields.String(attribute="inspection.reason_code")
    earlier = fields.Integer(attribute="inspection.earlier")
    measure = fields.String(attribute="inspection.measure")
    rectify_by = fields.Date(attribute="inspection.rectify_by", allow_none=True)
    result_due = fields.Date(attribute="inspection.result_due")
    rulebook = fields.String(attribute="inspection.rulebook")
    clause = fields.String(attribute="inspection.clause")
    words = fields.String(attribute="inspection.words")
    state = fields.String(attribute="inspection.state")
    version = fields.Integer(attribute="inspection.version")
    history = fields.List(fields.Nested(InspectionStepOut))
    open_actions = fields.Function(lambda found: [one.step.action for one in found.open_steps if one.refusal is None])


class InspectionsOut(Shape):
    """What was found under one licence, newest first."""

    rows = fields.List(fields.Nested(InspectionOut))
