"""Shapes of samples and of looks at goods by a checklist."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load

from brand.schemas.shape import Kilograms, Shape, Text, Whole, one_of
from trace.rules.checklists import Answer, checklists
from trace.rules.samples import SampleUnit
from trace.schemas.quality import Minute

_PREFIX = "answers/"


class SampleIn(Shape):
    """A sample; ``quantity`` in ``unit``; ``spare``: a second half is sealed for a retest."""

    seal = Text(40, required=True)
    where = Text(120, required=True)
    quantity = Kilograms(required=True)
    unit = one_of(SampleUnit, required=True)
    spare = fields.Boolean(load_default=False)
    taken_at = Minute(required=True)


class SampleOut(Shape):
    id = fields.String()
    batch_id = fields.String()
    seal = fields.String()
    where = fields.String()
    quantity = fields.Decimal(as_string=True)
    unit = fields.String()
    spare = fields.Boolean()
    official = fields.Boolean()
    taken_at = fields.AwareDateTime(format="iso")


class SamplesOut(Shape):
    rows = fields.List(fields.Nested(SampleOut))


class GoodsChecksIn(Shape):
    """A page of looks."""

    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


class _CheckIn(Shape):
    where = Text(120, required=True)
    checked_on = fields.Date(required=True)
    words = Text(2000, lines=True, load_default="")

    @post_load
    def _gather(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """One mapping of answers out of the single fields."""
        names = [name for name in data if name.startswith(_PREFIX)]
        return data | {"answers": {name.removeprefix(_PREFIX): data.pop(name) for name in names}}


def _shape(code: str) -> type[Shape]:
    answers = {f"{_PREFIX}{one.code}": one_of(Answer) for one in checklists()[code].questions}
    return type(f"Check{code.title()}In", (_CheckIn,), answers)


#: What is sent for each list, one field ``answers/<question>`` per question; photos come as the parts ``files``.
CHECKS_IN = {code: _shape(code) for code in checklists()}


class GoodsCheckFileOut(Shape):
    id = fields.String()
    name = fields.String()
    media_type = fields.String()
    size_bytes = fields.Integer(attribute="size")
    digest = fields.String()


class GoodsCheckOut(Shape):
    """One look; ``open``: its findings still stand; ``digest``: SHA-256 in hex of all that was seen."""

    id = fields.String(attribute="check.id")
    batch_id = fields.String(attribute="check.batch_id")
    lot = fields.String(attribute="batch.lot")
    checklist = fields.String(attribute="check.checklist")
    edition = fields.String(attribute="check.edition")
    where = fields.String(attribute="check.where")
    checked_on = fields.Date(attribute="check.checked_on")
    answers = fields.Dict(attribute="check.answers")
    findings = fields.Integer(attribute="check.findings")
    words = fields.String(attribute="check.words")
    official = fields.Boolean(attribute="check.official")
    open = fields.Boolean()
    digest = fields.String(attribute="check.digest")
    signed_at = fields.AwareDateTime(attribute="check.signed_at", format="iso")
    files = fields.List(fields.Nested(GoodsCheckFileOut))


class GoodsChecksOut(Shape):
    rows = fields.List(fields.Nested(GoodsCheckOut))
    number = fields.Integer()
    size = fields.Integer()
    total = fields.Integer()


class QuestionOut(Shape):
    """One question with the clause it rests on."""

    code = fields.String()
    zh = fields.String()
    en = fields.String()
    source = fields.String()
    confidence = fields.String()


class ChecklistOut(Shape):
    code = fields.String()
    edition = fields.String()
    name = fields.String()
    name_en = fields.String()
    questions = fields.List(fields.Nested(QuestionOut))


class ChecklistsOut(Shape):
    rows = fields.List(fields.Nested(ChecklistOut))
