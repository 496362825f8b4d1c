"""Shapes of rulebooks: the words of an edition with the clause behind each reason, and its steps."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load

from brand.rules.rulebooks import CODES
from brand.schemas.shape import Shape, Text, Whole

LARGEST_VERSION = 1_000_000
LONGEST_TEXT = 60_000


def field_of(code: str) -> str:
    """The form field that names the clause of a reason: ``refusal.origin`` is ``refusal_origin``."""
    return code.replace(".", "_")


class _RulebookWords(Shape):
    version = Whole(1, LARGEST_VERSION, required=True)
    title = Text(120, required=True)
    effective_on = fields.Date(required=True)
    text = Text(LONGEST_TEXT, lines=True, required=True)

    @post_load
    def _gather(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """One mapping from reasons to clauses out of the single fields."""
        codes = {code: data.pop(field_of(code)) for code in CODES}
        return data | {"codes": codes}


RulebookEditIn = type(
    "RulebookEditIn", (_RulebookWords,), {field_of(code): Text(20, load_default="") for code in CODES}
)


class RulebookStepIn(Shape):
    """One step: the version the person saw, and what there is to say."""

    version = Whole(1, LARGEST_VERSION, required=True)
    comment = Text(1000, lines=True, load_default="")


class NewRulebookIn(Shape):
    """For which scheme a new edition is begun."""

    scheme_id = Text(20, required=True)


class ClauseOut(Shape):
    number = fields.String()
    title = fields.String()
    text = fields.String()


class RulebookOut(Shape):
    """One published edition."""

    id = fields.String(attribute="rulebook.id")
    scheme = fields.String(attribute="scheme.code")
    edition = fields.Integer(attribute="rulebook.edition")
    title = fields.String(attribute="rulebook.title")
    effective_on = fields.Date(attribute="rulebook.effective_on")
    standing = fields.String()
    digest = fields.String(attribute="rulebook.digest")
    source = fields.String(attribute="rulebook.source")
    confidence = fields.String(attribute="rulebook.confidence")
    clauses = fields.List(fields.Nested(ClauseOut), attribute="rulebook.clauses")
    codes = fields.Dict(keys=fields.String(), values=fields.String(), attribute="rulebook.codes")


class RulebooksOut(Shape):
    """Every published edition, newest first."""

    rows = fields.List(fields.Nested(RulebookOut))
