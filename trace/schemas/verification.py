"""The answer to a check in words and in fields, the same for programs and for the command line."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from marshmallow import fields

from brand.kernel.texts import say
from brand.schemas.shape import Shape, Text
from trace.queries.packs import Story
from trace.queries.verification import Answer
from trace.rules.verdicts import Reason
from trace.services.second_codes import Tried


class CheckIn(Shape):
    """A typed line or an address; ``lang`` chooses the language of the sentences."""

    text = Text(400, required=True)
    lang = Text(2, load_default="")


class ReasonOut(Shape):
    code = fields.String()
    weight = fields.String()
    text = fields.String()


class PackOut(Shape):
    """What to compare with the pack; no person is ever named."""

    product = fields.String()
    cut = fields.String()
    net_kg = fields.Decimal(as_string=True)
    packed_on = fields.Date()
    best_before = fields.Date()
    lot = fields.String()
    batch = fields.String()
    producer = fields.String()
    credit_code = fields.String()
    licence = fields.String()


class CheckOut(Shape):
    colour = fields.String()
    headline = fields.String()
    reasons = fields.List(fields.Nested(ReasonOut))
    batch = fields.String()
    serial = fields.String()
    typed = fields.String()
    signature = fields.String()
    scans_before = fields.Integer(allow_none=True)
    pack = fields.Nested(PackOut, allow_none=True)
    checked_at = fields.DateTime(format="iso")


class SecondCheckIn(Shape):
    """The hidden second code of a pack, and the line or address of the pack it was under."""

    code = Text(400, required=True)
    second = Text(20, required=True)


class SecondCheckOut(Shape):
    """``left``: tries of today; ``colour`` and ``reasons``: of the pack itself, whatever its second code says."""

    right = fields.Boolean()
    opened_before = fields.DateTime(format="iso", allow_none=True)
    left = fields.Integer()
    colour = fields.String()
    reasons = fields.List(fields.Nested(ReasonOut))


def shown_try(tried: Tried, language: str) -> dict[str, Any]:
    """What ``SecondCheckOut`` dumps."""
    reasons = [_reason(one, language) for one in tried.verdict.reasons]
    told = {"right": tried.right, "opened_before": tried.opened_before, "left": tried.left}
    return {**told, "colour": tried.verdict.colour.value, "reasons": reasons}


def shown_answer(answer: Answer, story: Story | None, now: datetime, language: str) -> dict[str, Any]:
    """What ``CheckOut`` dumps; ``story`` only where the pack may be compared."""
    reasons = answer.verdict.reasons
    lead = f"{reasons[0].code}.title" if reasons and answer.verdict.colour != "green" else "verdicts.green"
    return {
        "colour": answer.verdict.colour.value,
        "headline": say(language, lead),
        "reasons": [_reason(one, language) for one in reasons],
        "batch": answer.unit.batch if answer.unit else "",
        "serial": answer.reading.serial,
        "typed": answer.text,
        "signature": answer.signature.value,
        "scans_before": answer.pack.scans if answer.pack else None,
        "pack": _pack(story) if story else None,
        "checked_at": now,
    }


def _reason(one: Reason, language: str) -> dict[str, str]:
    params = dict(one.params)
    if params.get("enterprise") == "":
        params["enterprise"] = say(language, "scan.household.unnamed")
    return {"code": one.code, "weight": one.weight.value, "text": say(language, one.code, **params)}


def _pack(story: Story) -> dict[str, Any]:
    return {
        "product": story.product.name,
        "cut": story.line.cut,
        "net_kg": story.line.net_kg,
        "packed_on": story.line.packed_on,
        "best_before": story.best_before,
        "lot": story.batch.lot,
        "batch": story.batch.code,
        "producer": story.producer.name,
        "credit_code": story.producer.credit_code,
        "licence": story.licence.number,
    }
