"""Shapes of recalls: what is called back and why, what holders answer, and what staff and the public read."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate

from brand.schemas.shape import LARGEST_WEIGHT, Kilograms, Shape, Text, Whole, clean, one_of
from trace.queries.recall_sets import MOST_STARTS
from trace.rules.recalls import Level, RecallReason, Width

_LONGEST_START = 400


class RecallsIn(Shape):
    """A page of a list."""

    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


class StartLines(fields.Field[list[str]]):
    """A text area: one starting point per line, empty lines skipped."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[str]:
        lines = [clean(one) for one in str(value).splitlines() if one.strip()]
        if len(lines) > MOST_STARTS or any(len(one) > _LONGEST_START for one in lines):
            raise ValidationError("input.too_long")
        return lines


class _RecallCaseIn(Shape):
    drill = fields.Boolean(load_default=False)
    level = one_of(Level, required=True)
    reason_code = one_of(RecallReason, required=True)
    words = Text(500, lines=True, required=True)
    width = one_of(Width, load_default=Width.ONWARD.value)


class RecallCasePageIn(_RecallCaseIn):
    """A case as a form sends it."""

    starts = StartLines(required=True)


class RecallCaseIn(_RecallCaseIn):
    """A case; ``starts``: ear tags, codes of batches, numbers of holds, labels as scanned or typed."""

    starts = fields.List(
        Text(_LONGEST_START, required=True),
        required=True,
        validate=validate.Length(1, MOST_STARTS, error="input.out_of_range"),
    )


class RecallStepIn(Shape):
    """A step of a case as the sender read it."""

    version = Whole(1, 10**9, required=True)


class RecallCloseIn(RecallStepIn):
    """Ending a case; a difference that remains is named."""

    difference_words = Text(500, lines=True, load_default="")


class Amount(Kilograms):
    """A weight that may be nothing."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.validators = [validate.Range(0, LARGEST_WEIGHT, error="input.out_of_range")]


class RecallReportIn(RecallStepIn):
    """What became of the goods, kg; ``gone``: sold on, eaten or not found."""

    found_kg = Amount(required=True)
    destroyed_kg = Amount(required=True)
    returned_kg = Amount(required=True)
    gone_kg = Amount(required=True)
    words = Text(500, lines=True, load_default="")


class RecallOut(Shape):
    """A case."""

    number = fields.String()
    drill = fields.Boolean()
    state = fields.String()
    level = fields.String()
    reason_code = fields.String()
    words = fields.String()
    width = fields.String()
    starts = fields.List(fields.List(fields.String()))
    enterprise_id = fields.String(allow_none=True)
    proposed_at = fields.AwareDateTime(format="iso")
    opened_at = fields.AwareDateTime(format="iso", allow_none=True)
    done_by = fields.Date(allow_none=True)
    closed_at = fields.AwareDateTime(format="iso", allow_none=True)
    difference_words = fields.String()
    version = fields.Integer()


class RecallPageOut(Shape):
    """One page of cases."""

    rows = fields.List(fields.Nested(RecallOut))
    page = fields.Integer(attribute="number")
    size = fields.Integer()
    total = fields.Integer()


class RecallFiguresOut(Shape):
    """Kilograms a holder told of."""

    found_kg = fields.Decimal(as_string=True)
    destroyed_kg = fields.Decimal(as_string=True)
    returned_kg = fields.Decimal(as_string=True)
    gone_kg = fields.Decimal(as_string=True)


class RecallHolderOut(Shape):
    """One holder's part; ``version`` is that of its notice."""

    enterprise_id = fields.String(attribute="notice.enterprise_id")
    enterprise = fields.String(attribute="enterprise.name")
    kg = fields.Decimal(as_string=True, attribute="notice.kg")
    due_at = fields.AwareDateTime(format="iso", attribute="notice.due_at")
    acknowledged_at = fields.AwareDateTime(format="iso", attribute="notice.acknowledged_at", allow_none=True)
    version = fields.Integer(attribute="notice.version")
    reports = fields.Function(lambda one: len(one.reports))
    figures = fields.Nested(RecallFiguresOut)


class RecallLineOut(Shape):
    """One batch called back."""

    code = fields.String(attribute="batch.code")
    lot = fields.String(attribute="batch.lot")
    product = fields.String(attribute="product.name")
    holder_id = fields.String(attribute="part.holder_id")
    kg = fields.Decimal(as_string=True, attribute="part.kg")


class RecallCaseOut(Shape):
    """A case with its holders and batches as the reader may see them; ``difference_kg``: produced less told of."""

    recall = fields.Nested(RecallOut)
    holders = fields.List(fields.Nested(RecallHolderOut))
    batches = fields.List(fields.Nested(RecallLineOut), attribute="lines")
    produced_kg = fields.Decimal(as_string=True, attribute="reconciled.produced_kg")
    told = fields.Nested(RecallFiguresOut, attribute="reconciled.told")
    difference_kg = fields.Decimal(as_string=True, attribute="reconciled.difference_kg")


class PublicRecallOut(Shape):
    """A recall as anybody may read it."""

    number = fields.String()
    state = fields.String()
    level = fields.String()
    reason_code = fields.String()
    words = fields.String()
    opened_at = fields.AwareDateTime(format="iso")


class PublicRecallPageOut(Shape):
    """One page of recalls."""

    rows = fields.List(fields.Nested(PublicRecallOut))
    page = fields.Integer(attribute="number")
    size = fields.Integer()
    total = fields.Integer()


class PublicBatchOut(Shape):
    """What stands on the packs."""

    code = fields.String(attribute="batch.code")
    lot = fields.String(attribute="batch.lot")
    product = fields.String(attribute="product.name")


class WholePublicRecallOut(Shape):
    """One recall with its batches."""

    recall = fields.Nested(PublicRecallOut)
    batches = fields.List(fields.Nested(PublicBatchOut))
