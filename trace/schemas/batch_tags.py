"""Shapes of tags: what is asked for."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from marshmallow import ValidationError, validates_schema

from brand.schemas.shape import Text, Whole, one_of
from trace.schemas.labels import TagLookIn

#: Tags of one batch in one file: more than a lot has cases or hooks.
MOST_TAGS = 500


class TagKind(StrEnum):
    """One tag for the batch (a lot, a case), or one for each carcass."""

    BATCH = "batch"
    CARCASS = "carcass"


class TagsIn(TagLookIn):
    """Which tags, how many of the same, and how they are printed."""

    what = one_of(TagKind, load_default=TagKind.BATCH.value)
    gtin = Text(14, load_default="")
    copies = Whole(1, MOST_TAGS, load_default=1)

    @validates_schema
    def _packs_have_gtins(self, data: dict[str, Any], **_: Any) -> None:
        """A carcass is no trade item: its tag names the batch."""
        if data["gtin"] and data["what"] == TagKind.CARCASS:
            raise ValidationError("batch_tags.gtin_of_packs", "gtin")
