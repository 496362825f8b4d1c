"""Shapes of supply contracts: what a licence holder declares, the steps of both parties and the office."""

from __future__ import annotations

from marshmallow import fields, validate

from brand.schemas.shape import Kilograms, Shape, Text, Whole, one_of
from trace.rules.supply import RefusalReason

_DIGEST = validate.Regexp(r"^[0-9a-f]{64}\Z", error="supply.digest")


def _digest() -> Text:
    return Text(64, load_default="", checks=(lambda text: _DIGEST(text) if text else None,))


class ContractIn(Shape):
    """A contract under one licence of the buyer's; ``plots`` are codes of the supplier's plots, parted by commas."""

    licence_id = Text(20, required=True)
    number = Text(40, required=True)
    valid_from = fields.Date(required=True)
    valid_until = fields.Date(required=True)
    kg = Kilograms(required=True)
    plots = Text(200, load_default="")


class SupplyPage(ContractIn):
    """On a page the supplier is named as it is registered, or by its credit code; the paper comes beside it."""

    supplier = Text(200, required=True)


class SupplyIn(ContractIn):
    """Over the API the supplier is named by id; ``paper_sha256`` stands for a paper that the buyer keeps."""

    supplier_id = Text(20, required=True)
    paper_sha256 = _digest()


class SupplyPaper(Shape):
    """The paper of a contract that was declared without; on a page it comes as a file."""

    version = Whole(1, 10**9, required=True)


class SupplyPaperIn(SupplyPaper):
    """Over the API its digest may stand for it."""

    paper_sha256 = _digest()


class SupplyStepIn(Shape):
    """A step; ``comment`` is the reason for an end, or of a consent on paper who gave it and where it is kept."""

    version = Whole(1, 10**9, required=True)
    comment = Text(200, lines=True, load_default="")


class SupplyRefuseIn(SupplyStepIn):
    """Why the office does not confirm it; both parties read both."""

    reason_code = one_of(RefusalReason, required=True)


class SupplyOut(Shape):
    """A contract; ``kg`` is the weight agreed, ``used_kg`` what was bought under it."""

    id = fields.String()
    number = fields.String()
    licence_id = fields.String()
    buyer_id = fields.String()
    supplier_id = fields.String()
    product_id = fields.String()
    valid_from = fields.Date()
    valid_until = fields.Date()
    kg = fields.Decimal(as_string=True)
    used_kg = fields.Decimal(as_string=True)
    sha256 = fields.String(attribute="digest")
    state = fields.String()
    version = fields.Integer()
    consented_at = fields.AwareDateTime(format="iso", allow_none=True)
    confirmed_at = fields.AwareDateTime(format="iso", allow_none=True)
    office = fields.String()
    ended_at = fields.AwareDateTime(format="iso", allow_none=True)
    reason_code = fields.String()
    reason = fields.String()
