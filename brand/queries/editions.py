"""Reads the editions of a brand scheme: each as it stood from its day on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, SQLModel, col, func, select

from brand.kernel.errors import unknown
from brand.models.product_rules import ProductRule
from brand.models.scheme_changes import SchemeEdition
from brand.models.schemes import Product
from brand.queries import office_tables, product_rules
from brand.queries.schemes import WholeScheme
from brand.rules.office_tables import OfficeTable

_TIER = frozenset(
    {"level", "name", "name_en", "slots_min", "slots_max", "heroes_min", "heroes_max", "allowed_uses", "process"}
)
_SOURCED = frozenset({"source", "source_en", "confidence"})
_NAMED = frozenset({"code", "name", "name_en", "name_mn"}) | _SOURCED
_SCHEME = frozenset({"code", "name", "name_en", "county_code", "owner", "owner_en"}) | _SOURCED
_POLICY = frozenset({"key", "value", "unit", "provenance", "provenance_en", "confidence"})


def content(whole: WholeScheme) -> dict[str, Any]:
    """A scheme as plain JSON values: what its readers see, without ids."""
    return {
        "scheme": _plain(whole.scheme, _SCHEME),
        "tiers": [
            _plain(one.tier, _TIER | _SOURCED)
            | {
                "brands": [
                    _plain(item.brand, _NAMED | {"state"})
                    | {"parent": item.parent.code if item.parent else ""}
                    | {"products": [_plain(each, _NAMED | {"standard", "hero"}) for each in item.products]}
                    for item in one.brands
                ]
            }
            for one in whole.tiers
        ],
        "policies": [_plain(one, _POLICY) | {"valid_from": one.valid_from.isoformat()} for one in whole.policies],
    }


def _plain(row: SQLModel, names: frozenset[str]) -> dict[str, Any]:
    return row.model_dump(include=set(names))


def newest_number(session: Session, scheme_id: str) -> int:
    return session.scalar(select(func.max(SchemeEdition.number)).where(SchemeEdition.scheme_id == scheme_id)) or 0


@dataclass(frozen=True)
class Kept:
    """One edition with the tables it carries, and the rules of products that two persons settled up to it."""

    edition: SchemeEdition
    tables: tuple[OfficeTable, ...]
    rules: tuple[tuple[ProductRule, Product], ...]


def kept(session: Session, scheme_id: str, number: int) -> Kept:
    """One edition whole; raises ``access.unknown``."""
    found = edition(session, scheme_id, number)
    tables = office_tables.every(session, scheme_id, number)
    return Kept(found, tuple(tables), tuple(product_rules.settled(session, scheme_id, number)))


def editions(session: Session, scheme_id: str) -> list[SchemeEdition]:
    """Every edition, the newest first."""
    statement = select(SchemeEdition).where(SchemeEdition.scheme_id == scheme_id)
    return list(session.exec(statement.order_by(col(SchemeEdition.number).desc())))


def edition(session: Session, scheme_id: str, number: int) -> SchemeEdition:
    """One edition; raises ``access.unknown``."""
    statement = select(SchemeEdition).where(SchemeEdition.scheme_id == scheme_id, SchemeEdition.number == number)
    found = session.exec(statement).first()
    if found is None:
        raise unknown()
    return found
