"""Shapes of a brand's trademarks and files."""

from __future__ import annotations

from marshmallow import fields

from brand.rules.brand_files import FileKind
from brand.rules.presets import Use
from brand.rules.trademarks import FIRST_CLASS, LAST_CLASS, MarkKind
from brand.schemas.shape import Shape, Text, Whole, one_of


class TrademarkIn(Shape):
    """A registration; without ``valid_until`` the term of the law counts from ``registered_on``."""

    number = Text(10, required=True)
    nice_class = Whole(FIRST_CLASS, LAST_CLASS, required=True)
    kind = one_of(MarkKind, required=True)
    holder = Text(120, required=True)
    registered_on = fields.Date(required=True)
    valid_until = fields.Date(load_default=None, allow_none=True)


class TrademarkRenewalIn(Shape):
    """A renewal noted; ``version`` is the one the sender read."""

    version = Whole(1, 10**9, required=True)


class BrandFileIn(Shape):
    """What a file of a brand is; the file itself comes beside it."""

    file_kind = one_of(FileKind, required=True)
    title = Text(120, required=True)
    licensees = fields.Boolean(load_default=False)


class BrandFileTakingIn(Shape):
    """What a file is taken for."""

    use = one_of(Use, required=True)


class TrademarkOut(Shape):
    """A trademark and where it stands today."""

    id = fields.String(attribute="trademark.id")
    number = fields.String(attribute="trademark.number")
    nice_class = fields.Integer(attribute="trademark.nice_class")
    kind = fields.String(attribute="trademark.kind")
    holder = fields.String(attribute="trademark.holder")
    registered_on = fields.Date(attribute="trademark.registered_on")
    valid_until = fields.Date(attribute="trademark.valid_until")
    version = fields.Integer(attribute="trademark.version")
    phase = fields.String()
    due = fields.Date(allow_none=True)
