"""Shapes of an application's papers."""

from __future__ import annotations

from marshmallow import fields

from brand.rules.materials import MaterialKind
from brand.schemas.shape import Shape, one_of


class MaterialIn(Shape):
    """What is said of a file beside its bytes, which come as the part ``file``."""

    kind = one_of(MaterialKind, required=True)
    valid_until = fields.Date(load_default=None, allow_none=True)


class FileOut(Shape):
    """One file; ``digest`` is SHA-256 in hex of the bytes kept."""

    id = fields.String()
    kind = fields.String()
    name = fields.String()
    media_type = fields.String()
    size_bytes = fields.Integer(attribute="size")
    digest = fields.String()
    valid_until = fields.Date(allow_none=True)
    added_at = fields.DateTime()
    by = fields.String(attribute="added_by_name")


class RegisteredOut(Shape):
    """A certificate of the register that counts without a paper here."""

    id = fields.String()
    kind = fields.String()
    number = fields.String()
    title = fields.String()
    valid_until = fields.Date(allow_none=True)


class PaperOut(Shape):
    """One kind of paper: how many the policy asks for, how many count, and the files."""

    kind = fields.String(attribute="need.kind")
    needed = fields.Integer(attribute="need.needed")
    present = fields.Integer(attribute="need.present")
    lacking = fields.Integer(attribute="need.lacking")
    files = fields.List(fields.Nested(FileOut))
    assets = fields.List(fields.Nested(RegisteredOut))


class PapersOut(Shape):
    """The check list of an application."""

    rows = fields.List(fields.Nested(PaperOut))
