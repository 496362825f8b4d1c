"""Says how an enterprise is called in public: by its name, or by kind and place where the name is a person's."""

from __future__ import annotations

from sqlalchemy import ColumnElement
from sqlmodel import col, or_, select

from brand.models.enterprises import Enterprise
from brand.models.licences import Licence
from brand.rules import enterprise_entries, places


def shown(enterprise: Enterprise, *, licensed: bool = True) -> Enterprise:
    """The enterprise itself, or a copy no session knows, its name told by kind and township and its code left out."""
    if enterprise_entries.named_in_public(enterprise.kind, licensed=licensed):
        return enterprise
    place = township(enterprise)
    word, word_en = ("农牧户", "Household") if enterprise.kind == "household" else ("个体工商户", "Individual business")
    copy = Enterprise(**enterprise.model_dump())
    copy.name = f"{word}（{place}）" if place else word
    copy.name_en = f"{word_en} ({place})" if place else word_en
    copy.name_mn, copy.credit_code = "", None
    return copy


def township(enterprise: Enterprise) -> str:
    """The name of its township, empty where no list of its county has been entered."""
    towns = {one.code: one.name for one in places.townships(enterprise.county_code)}
    return towns.get(enterprise.township_code, "")


def never_hidden() -> ColumnElement[bool]:
    """Whose name a notice or a licence gives, and may therefore be searched for there."""
    return col(Enterprise.kind).not_in(sorted(enterprise_entries.NEVER_NAMED))


def named() -> ColumnElement[bool]:
    """``rules/enterprise_entries.named_in_public`` in SQL: whose name the list of enterprises gives."""
    licensed = col(Enterprise.id).in_(select(Licence.enterprise_id))
    return never_hidden() & or_(col(Enterprise.kind).not_in(sorted(enterprise_entries.OF_PERSONS)), licensed)
