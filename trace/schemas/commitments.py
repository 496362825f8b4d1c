"""Shapes of commitment certificates and of the papers taken from sellers."""

from __future__ import annotations

from marshmallow import fields, validate

from brand.schemas.shape import Kilograms, Shape, Text, Whole, one_of
from trace.rules.commitments import Basis, State, Style


class CommitmentsIn(Shape):
    """What the list may be asked for; ``q`` is a piece of a number, a product or a lot."""

    q = Text(60, load_default="")
    state = one_of(State, load_default="")
    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


class CommitmentIn(Shape):
    """What the issuer says; product, party and origin follow from the batch. ``contact`` stays on the paper."""

    style = one_of(Style, required=True)
    bases = fields.List(one_of(Basis), load_default=list, validate=validate.Length(max=len(Basis)))
    quantity_kg = Kilograms(required=True)
    contact = Text(60, load_default="")


class CommitmentReplaceIn(CommitmentIn):
    version = Whole(1, 10**9, required=True)


class CommitmentWithdrawIn(Shape):
    version = Whole(1, 10**9, required=True)
    comment = Text(300, load_default="")


class CommitmentTakenIn(Shape):
    """A paper of the seller's as it reads; the picture comes beside it."""

    product = Text(120, required=True)
    quantity_kg = Kilograms(required=True)
    issued_on = fields.Date(required=True)


class CommitmentOut(Shape):
    """One certificate; ``digest`` is the SHA-256 of its words as canonical JSON, the contact left out."""

    number = fields.String()
    code = fields.String()
    batch_id = fields.String()
    enterprise_id = fields.String()
    style = fields.String()
    bases = fields.List(fields.String())
    product = fields.String()
    quantity_kg = fields.Decimal(as_string=True)
    origin = fields.String()
    party = fields.String()
    issued_on = fields.Date()
    keep_until = fields.Date()
    state = fields.String()
    reason = fields.String()
    sha256 = fields.String(attribute="digest")
    version = fields.Integer()


class CommitmentPageOut(Shape):
    rows = fields.List(fields.Nested(CommitmentOut))
    number = fields.Integer()
    size = fields.Integer()
    total = fields.Integer()


class CommitmentPublicOut(Shape):
    """What anybody may read: the words, whether they stand, and what has become of the goods."""

    words = fields.Dict(keys=fields.String())
    sha256 = fields.String()
    intact = fields.Boolean()
    state = fields.String()
    keep_until = fields.Date()
    replaced_by = fields.String(allow_none=True)
    being_checked = fields.Boolean()
    recalled = fields.String(allow_none=True)
    test_failed = fields.Boolean()


class CommitmentTakenOut(Shape):
    id = fields.String()
    batch_id = fields.String()
    product = fields.String()
    quantity_kg = fields.Decimal(as_string=True)
    issued_on = fields.Date()
    keep_until = fields.Date()
    name = fields.String()
    media_type = fields.String()
    size = fields.Integer()
    sha256 = fields.String(attribute="digest")


class CommitmentsTakenOut(Shape):
    rows = fields.List(fields.Nested(CommitmentTakenOut))
