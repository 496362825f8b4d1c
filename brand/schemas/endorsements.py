"""Shapes of endorsements and designation marks."""

from __future__ import annotations

from marshmallow import fields

from brand.rules.endorsements import FLOW, Revocation, Subject
from brand.schemas.shape import Shape, Text, Whole, one_of


class EndorsementIn(Shape):
    """A draft: of a product (enterprise and product) or of a batch (its public code)."""

    kind = one_of(Subject, required=True)
    batch_code = Text(8, load_default="")
    enterprise_id = Text(20, load_default="")
    product_id = Text(20, load_default="")
    authority = Text(120, required=True)
    scope = Text(300, lines=True, required=True)
    statement = Text(600, lines=True, required=True)
    valid_from = fields.Date(required=True)
    valid_until = fields.Date(required=True)


class DropDraftIn(Shape):
    version = Whole(1, 10**9, required=True)


class IssueIn(Shape):
    """The second person's yes to exactly these words."""

    version = Whole(1, 10**9, required=True)
    digest_seen = Text(64, required=True)


class RevokeIn(Shape):
    version = Whole(1, 10**9, required=True)
    reason_code = one_of(Revocation, required=True)
    comment = Text(500, lines=True, load_default="")


class EndorsementListIn(Shape):
    """Filter and page of the list."""

    state = fields.String(load_default="")
    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


STATES = tuple(one for one in FLOW.states if one != "new")


class EndorsementOut(Shape):
    """One endorsement; ``word`` tells its state today, ``digest`` is SHA-256 of the canonical statement."""

    number = fields.String(attribute="endorsement.number")
    subject = fields.String(attribute="endorsement.subject")
    authority = fields.String(attribute="endorsement.authority")
    scope = fields.String(attribute="endorsement.scope")
    statement = fields.String(attribute="endorsement.statement")
    valid_from = fields.Date(attribute="endorsement.valid_from")
    valid_until = fields.Date(attribute="endorsement.valid_until")
    digest = fields.String(attribute="endorsement.digest")
    kid = fields.String(attribute="endorsement.kid")
    signature = fields.String(attribute="endorsement.signature")
    version = fields.Integer(attribute="endorsement.version")
    state = fields.String(attribute="word")
    intact = fields.Boolean()
    issued_at = fields.AwareDateTime(attribute="endorsement.issued_at", format="iso", allow_none=True)
    revoked_at = fields.AwareDateTime(attribute="endorsement.revoked_at", format="iso", allow_none=True)
    reason_code = fields.String(attribute="endorsement.reason_code")


class DesignationIn(Shape):
    """A mark another authority granted."""

    mark_code = Text(40, required=True)
    document = Text(120, required=True)
    granted_on = fields.Date(required=True)
    valid_until = fields.Date(load_default=None)
    scope = Text(300, lines=True, load_default="")


class EndDesignationIn(Shape):
    version = Whole(1, 10**9, required=True)
    comment = Text(500, lines=True, required=True)


class DesignationOut(Shape):
    id = fields.String()
    enterprise_id = fields.String()
    mark_code = fields.String()
    scope = fields.String()
    document = fields.String()
    granted_on = fields.Date()
    valid_until = fields.Date(allow_none=True)
    version = fields.Integer()
    revoked_at = fields.AwareDateTime(format="iso", allow_none=True)
