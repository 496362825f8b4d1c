"""Shapes of appeals, of their answers, and of the decisions they are against."""

from __future__ import annotations

from marshmallow import fields

from brand.rules.appeals import AppealState
from brand.schemas.shape import Shape, Text, Whole, one_of

LARGEST_VERSION = 1_000_000


class AppealIn(Shape):
    """What the party says against the decision; its papers come as the parts ``files``."""

    words = Text(2000, lines=True, load_default="")


class DecisionAppealIn(AppealIn):
    """The same with the decision it is against, as ``/appeals/decisions`` names it."""

    decision_id = Text(20, required=True)


class AppealAnswerIn(Shape):
    """The office's answer in writing; ``version`` is the one last seen."""

    version = Whole(1, LARGEST_VERSION, required=True)
    answer = Text(2000, lines=True, load_default="")


class AppealsIn(Shape):
    """What a list of appeals may be asked for."""

    state = one_of(AppealState, load_default="")
    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


class AppealableOut(Shape):
    """A decision that may still be appealed, and the last day on which that is in time."""

    decision_id = fields.String(attribute="decided.id")
    kind = fields.String(attribute="decided.kind")
    against = fields.String(attribute="decided.of.number")
    decided_at = fields.DateTime(attribute="decided.at")
    reason_code = fields.String(attribute="decided.reason_code")
    rulebook = fields.String(attribute="decided.rulebook")
    clause = fields.String(attribute="decided.clause")
    file_by = fields.Date(attribute="file_by.end")
    provisional = fields.Boolean(attribute="file_by.provisional")


class AppealablesOut(Shape):
    """Every decision against the asker's enterprises that may still be appealed."""

    rows = fields.List(fields.Nested(AppealableOut))


class AppealFileOut(Shape):
    """One paper; ``digest`` is SHA-256 in hex of the bytes kept."""

    id = fields.String()
    name = fields.String()
    media_type = fields.String()
    size_bytes = fields.Integer(attribute="size")
    digest = fields.String()


class AppealOut(Shape):
    """One appeal; ``to_carry_out`` says that the new decision an answer promised has not been taken yet.

    ``carry_out_by`` is the last day for it; empty where nothing is owed, or no term is set.
    """

    id = fields.String(attribute="appeal.id")
    number = fields.String(attribute="appeal.number")
    kind = fields.String(attribute="appeal.kind")
    against = fields.String(attribute="decided.of.number")
    decided_at = fields.DateTime(attribute="appeal.decided_at")
    enterprise_id = fields.String(attribute="enterprise.id")
    enterprise = fields.String(attribute="enterprise.name")
    state = fields.String(attribute="appeal.state")
    version = fields.Integer(attribute="appeal.version")
    words = fields.String(attribute="appeal.words")
    files = fields.List(fields.Nested(AppealFileOut))
    filed_at = fields.DateTime(attribute="appeal.filed_at")
    filed_by = fields.String(attribute="appeal.filed_by_name")
    answer_due = fields.Date(attribute="appeal.answer_due")
    due_provisional = fields.Boolean(attribute="appeal.due_provisional")
    answer = fields.String(attribute="appeal.answer")
    answered_at = fields.DateTime(attribute="appeal.answered_at", allow_none=True)
    answered_by = fields.String(attribute="appeal.answered_by_name")
    to_carry_out = fields.Boolean()
    carry_out_by = fields.Date(attribute="carry_out_by.end", dump_default=None, allow_none=True)
    open_actions = fields.Function(lambda found: [one.step.action for one in found.open_steps if one.refusal is None])


class AppealPageOut(Shape):
    """One page of appeals."""

    rows = fields.List(fields.Nested(AppealOut))
    page = fields.Integer(attribute="number")
    size = fields.Integer()
    total = fields.Integer()
