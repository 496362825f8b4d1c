"""Shapes of who acts for an enterprise: invitations, consents, and what was done on its behalf."""

from __future__ import annotations

from marshmallow import fields, validate

from brand.kernel.passwords import LONGEST
from brand.kernel.permissions import Role
from brand.rules.members import AGENT_CHOICES
from brand.schemas.shape import Shape, Text, Whole, one_of

_USERNAME = validate.Regexp(r"^[A-Za-z0-9._-]{3,}\Z", error="accounts.username_shape")
_CHOICE = validate.OneOf(AGENT_CHOICES, error="input.not_a_choice")


class InviteIn(Shape):
    """Whom an enterprise invites, as what; for a station's agent also what for and until when."""

    name = Text(60, required=True)
    role = one_of(Role, required=True)
    scope = fields.List(fields.String(validate=_CHOICE), load_default=list)
    until = fields.Date(load_default=None)


class AcceptIn(Shape):
    """A new account for somebody who was invited."""

    name = Text(60, required=True)
    username = Text(64, required=True, checks=(_USERNAME,))
    password = fields.String(
        required=True, load_only=True, validate=validate.Length(max=LONGEST, error="input.too_long")
    )


class AcceptOwn(Shape):
    """Taking an invitation up with the account one is signed in with."""


class ConsentIn(Shape):
    """A consent to one agent; the office adds who gave it and where the paper is kept."""

    account_id = Text(20, required=True)
    scope = fields.List(fields.String(validate=_CHOICE), required=True)
    until = fields.Date(required=True)
    given_by = Text(60, load_default="")
    paper = Text(120, load_default="")


class ActingIn(Shape):
    """Which enterprise an agent acts for from now on."""

    enterprise_id = Text(20, load_default="")


class PageIn(Shape):
    page = Whole(1, 1_000_000, load_default=1)


class InvitationOut(Shape):
    """A new invitation; ``link`` is told this once."""

    id = fields.String()
    role = fields.String()
    name = fields.String()
    expires_at = fields.AwareDateTime(format="iso")
    link = fields.String()


class ConsentOut(Shape):
    """One consent."""

    id = fields.String()
    enterprise_id = fields.String()
    account_id = fields.String()
    scope = fields.List(fields.String())
    valid_from = fields.Date()
    until = fields.Date()
    given_by = fields.String()
    paper = fields.String()
    recorded_at = fields.AwareDateTime(format="iso")
    revoked_at = fields.AwareDateTime(format="iso", allow_none=True)


class DoneOut(Shape):
    """One thing an agent did for the enterprise."""

    at = fields.AwareDateTime(format="iso")
    action = fields.String()
    object_type = fields.String()
    object_id = fields.String()
    actor_name = fields.String()


class DonePageOut(Shape):
    """One page of what agents did, newest first."""

    rows = fields.List(fields.Nested(DoneOut))
    page = fields.Integer(attribute="number")
    size = fields.Integer()
    total = fields.Integer()
