"""Shapes of accounts, roles and tokens."""

from __future__ import annotations

from marshmallow import fields, validate

from brand.kernel.permissions import ALL_PERMISSIONS, Role
from brand.schemas.shape import Shape, Text, Whole, one_of


class AccountIn(Shape):
    """A new account, as an administrator types it."""

    username = Text(
        64, required=True, checks=[validate.Regexp(r"^[A-Za-z0-9._-]{3,}$", error="accounts.username_shape")]
    )
    name = Text(60, required=True)
    phone = Text(20)
    role = one_of(Role, required=True)
    enterprise_id = Text(20)
    township_code = Text(9)


class GrantIn(Shape):
    """One more role for an account."""

    role = one_of(Role, required=True)
    enterprise_id = Text(20)
    township_code = Text(9)


class EraseIn(Shape):
    """The request on which a person is forgotten: its number or day, never a name."""

    paper = Text(60, required=True)


class TokenIn(Shape):
    """A bearer token for oneself."""

    label = Text(60, required=True)
    days = Whole(1, 366, required=True)
    scopes = fields.List(
        fields.String(validate=validate.OneOf(sorted(ALL_PERMISSIONS), error="input.not_a_choice")), required=True
    )


class TrailIn(Shape):
    """What the audit trail may be asked for; ``action`` from its start."""

    object_id = Text(60, load_default="")
    action = Text(60, load_default="")
    person_id = Text(60, load_default="")
    page = Whole(1, 1_000_000, load_default=1)
