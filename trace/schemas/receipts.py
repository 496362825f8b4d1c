"""Shapes of receipts over the API."""

from __future__ import annotations

import json
from collections.abc import Iterable

from marshmallow import fields

from brand.schemas.shape import Shape, Whole

#: Acts in one file of receipts: each is signed anew, and the signer counts every signature.
MOST = 200


class ToldOut(Shape):
    """One act the log tells of; ``place`` is null while it waits for a signed head, and there is no receipt yet."""

    act = fields.String()
    statement = fields.String()
    at = fields.AwareDateTime()
    place = fields.Integer(allow_none=True)


class ToldListOut(Shape):
    """The acts on one thing, the newest first."""

    rows = fields.List(fields.Nested(ToldOut))


class MineIn(Shape):
    """One's own acts since a day of the county's calendar; ``page`` counts parts of ``MOST`` acts from 1."""

    since = fields.Date(required=True)
    page = Whole(1, 1_000_000, load_default=1)


class MinePageIn(MineIn):
    """The same as a list on a page; ``page`` and ``size`` count its rows."""

    size = Whole(1, 200, load_default=25)


class KeptOut(Shape):
    """One receipt as it is kept in a file, one JSON object a line; ``receipt`` is the signed note."""

    act = fields.String()
    type = fields.String()
    at = fields.AwareDateTime()
    index = fields.Integer()
    receipt = fields.String()


class MineOut(Shape):
    """One part of one's own receipts, the earliest first; ``total`` counts acts, those that wait with them."""

    rows = fields.List(fields.Nested(KeptOut))
    page = fields.Integer()
    pages = fields.Integer()
    total = fields.Integer()


class CaptureOut(Shape):
    """The receipts there are, and how many acts still wait for their place."""

    waiting = fields.Integer()
    rows = fields.List(fields.Nested(KeptOut))


def as_lines(kept: Iterable[object]) -> bytes:
    """A file of receipts, one JSON object a line; ``brandtrace verify`` reads it."""
    return "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in KeptOut(many=True).dump(kept)).encode("utf-8")
