"""Shapes of animals before slaughter."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import ValidationError, fields, validate

from brand.schemas.shape import Shape, Text, Whole
from trace.schemas.batches import VersionIn

#: Tags of one lot; a day's lot of a county abattoir is far below.
MOST = 5000
_BETWEEN = re.compile(r"[\s,，、;；]+")


class Tags(fields.List[str]):
    """Ear tags; a form or a reader sends them as one text with anything between them."""

    def __init__(self, *, needed: bool = False, **options: Any) -> None:
        least = [validate.Length(1, error="input.required")] if needed else []
        lengths = [*least, validate.Length(max=MOST, error="input.too_long")]
        super().__init__(Text(40, required=True), validate=lengths, required=needed, **options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[str | None]:
        if isinstance(value, str):
            if len(value) > 20 * MOST:
                raise ValidationError("input.too_long")
            value = [one for one in _BETWEEN.split(value) if one]
        return super()._deserialize(value, attr, data, **kwargs)


class LairageIn(Shape):
    """A lot that is to come; the certificate by its printed number, tags where they are known."""

    producer_id = Text(40, required=True)
    product_id = Text(40, required=True)
    lot = Text(20, required=True)
    expected_on = fields.Date(required=True)
    head = Whole(1, MOST, required=True)
    tags = Tags(load_default=list)
    certificate = Text(40, load_default="")


class ReadIn(VersionIn):
    """Tags read at the gate."""

    tags = Tags(needed=True)


class ExamineIn(VersionIn):
    """Tags of animals that may not go on, and what is said of every difference."""

    unfit = Tags(load_default=list)
    note = Text(300, load_default="", lines=True)


class CallOffIn(VersionIn):
    """Why nothing came."""

    reason = Text(300, required=True, lines=True)


class LairagesIn(Shape):
    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


class DifferenceOut(Shape):
    """One difference; its code has a text, its parameters the figures."""

    code = fields.String()
    params = fields.Dict()


class TagOut(Shape):
    tag = fields.String()
    read_at = fields.AwareDateTime(format="iso")
    fit = fields.Boolean(allow_none=True)


class LairageOut(Shape):
    id = fields.String()
    abattoir_id = fields.String()
    producer_id = fields.String()
    product_id = fields.String()
    lot = fields.String()
    expected_on = fields.Date()
    announced_head = fields.Integer()
    certificate_id = fields.String(allow_none=True)
    state = fields.String()
    read_at = fields.AwareDateTime(format="iso", allow_none=True)
    examined_at = fields.AwareDateTime(format="iso", allow_none=True)
    called_off_at = fields.AwareDateTime(format="iso", allow_none=True)
    note = fields.String()
    batch_id = fields.String(allow_none=True)
    version = fields.Integer()


class LairageWhole(LairageOut):
    """A lot with the tags read and where things do not agree (after the examination: as the examiner saw it)."""

    tags = fields.List(fields.Nested(TagOut))
    differences = fields.List(fields.Nested(DifferenceOut))


class LairagePage(Shape):
    rows = fields.List(fields.Nested(LairageOut))
    page = fields.Integer(attribute="number")
    size = fields.Integer()
    total = fields.Integer()
