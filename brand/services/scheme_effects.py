"""Puts into force what two persons agreed to change in a scheme, and keeps the scheme as its next edition."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlmodel import SQLModel, col, update

from brand.kernel.errors import conflict
from brand.kernel.work import Work
from brand.models.office_tables import SchemeTable
from brand.models.product_rules import ProductRule
from brand.models.scheme_changes import SchemeChange
from brand.models.schemes import Brand, PolicyValue, Product, Scheme, Tier
from brand.queries import editions as reading_editions
from brand.queries import office_tables, product_rules, schemes
from brand.queries import scheme_changes as reading
from brand.rules import scheme_changes as rules
from brand.rules.office_tables import Table
from brand.rules.product_rules import RuleKind
from brand.rules.scheme_changes import Kind
from brand.services import brands, editions, products, standards

New = dict[str, Any]
Row = TypeVar("Row", bound=SQLModel)


def take(work: Work, change: SchemeChange) -> int:
    """The new values are in force from today; the number of the edition that comes of it.

    Raises ``scheme_changes.outdated`` where an old value no longer stands, and what the thing itself refuses.
    """
    _locked(work, Scheme, change.scheme_id)
    _EFFECTS[Kind(change.kind)](work, change, {one["field"]: one["new"] for one in change.differences})
    return editions.advance(work, change.scheme_id, change.id)


def _locked(work: Work, table: type[Row], key: str) -> Row:
    """The row as it stands now, held until this transaction ends."""
    return work.session.get_one(table, key, populate_existing=True, with_for_update=True)


def _check_unmoved(change: SchemeChange, now: New) -> None:
    """What the second person read as the old values still stands."""
    if any(now[one["field"]] != one["old"] for one in change.differences):
        raise conflict("scheme_changes.outdated")


def _policy(work: Work, change: SchemeChange, new: New) -> None:
    now = schemes.policy_row(work.session, change.scheme_id, change.key)
    assert now is not None
    _check_unmoved(change, now.model_dump())
    kept = now.model_dump(exclude={"id"})
    number = reading_editions.newest_number(work.session, change.scheme_id) + 1
    work.session.add(PolicyValue(**kept | new | {"edition": number, "valid_from": work.today}))


def _rule(work: Work, change: SchemeChange, new: New) -> None:
    kind, _, product_id = change.key.partition(":")
    now = product_rules.worded(work.session, product_id, RuleKind(kind))
    _check_unmoved(change, now)
    whole = now | new
    said = {name: whole.pop(name) for name in rules.SOURCES[Kind.PRODUCT]}
    edition = product_rules.in_force(work.session, product_id, RuleKind(kind)).edition + 1
    its: New = {"product_id": product_id, "kind": kind, "edition": edition, "change_id": change.id}
    work.session.add(ProductRule(**its, **said, content=whole, valid_from=work.today))
    work.session.flush()


def _table(work: Work, change: SchemeChange, new: New) -> None:
    table = Table(change.key)
    now = office_tables.worded(work.session, change.scheme_id, table)
    _check_unmoved(change, now)
    whole = now | new
    said = {name: whole.pop(name) for name in rules.SOURCES[Kind.TABLE]}
    edition = office_tables.in_force(work.session, change.scheme_id, table).edition + 1
    its: New = {"scheme_id": change.scheme_id, "kind": table.value, "edition": edition, "change_id": change.id}
    work.session.add(SchemeTable(**its, **said, content=whole, valid_from=work.today))
    work.session.flush()


def _carrying(work: Work, brand_id: str) -> None:
    held = schemes.brand(work.session, brand_id)
    rules.may_carry_products(held.tier.process, held.brand.state)


def _goods(work: Work, change: SchemeChange, new: New) -> None:
    brand_id = change.key.partition("/")[0]
    _carrying(work, brand_id)
    made = products.add(work, brand_id, {**rules.NO_PRODUCT, **new})
    standards.load_shipped(work, [made.standard] if made.standard else [])


def _hero(work: Work, change: SchemeChange, new: New) -> None:
    product = _locked(work, Product, change.key)
    _carrying(work, product.brand_id)
    _check_unmoved(change, product.model_dump())
    for name in rules.SOURCES[Kind.HERO]:
        setattr(product, name, new.get(name, getattr(product, name)))
    if "hero" in new:
        (products.flag if new["hero"] else products.unflag)(work, product)


def _tier(work: Work, change: SchemeChange, new: New) -> None:
    """A limit is never put below the places taken meanwhile: one statement looks and writes."""
    tier = reading.tier(work.session, change.scheme_id, int(change.key))
    _check_unmoved(change, tier.model_dump())
    statement = update(Tier).where(col(Tier.id) == tier.id).values(**new)
    for most, used in (("slots_max", Tier.slots_used), ("heroes_max", Tier.heroes_used)):
        if new.get(most) is not None:
            statement = statement.where(col(used) <= new[most])
    if work.session.exec(statement).rowcount != 1:
        raise conflict("scheme_changes.outdated")
    work.session.refresh(tier)


def _brand(work: Work, change: SchemeChange, new: New) -> None:
    level = int(change.key.partition("/")[0])
    entries = {**rules.NO_BRAND, **new}
    above = reading.above(work.session, change.scheme_id, level, entries.pop("parent"))
    tier = reading.tier(work.session, change.scheme_id, level)
    brands.add(work, tier.id, entries | {"parent_id": above.id if above else None})


def _mark(work: Work, change: SchemeChange, new: New) -> None:
    brand = _locked(work, Brand, change.key)
    rules.still_there(brand.state)
    _check_unmoved(change, reading.mark(work.session, brand))
    if "parent" in new:
        level = work.session.get_one(Tier, brand.tier_id).level
        above = reading.above(work.session, change.scheme_id, level, new.pop("parent"))
        brand.parent_id = above.id if above else None
    _write(work, brand, new)


def _head(work: Work, change: SchemeChange, new: New) -> None:
    scheme = work.session.get_one(Scheme, change.scheme_id)
    _check_unmoved(change, scheme.model_dump())
    rules.county_known(new.get("county_code", scheme.county_code), work.today)
    _write(work, scheme, new)


def _write(work: Work, row: SQLModel, new: New) -> None:
    for name, value in new.items():
        setattr(row, name, value)
    work.session.flush()


_EFFECTS: dict[Kind, Callable[[Work, SchemeChange, New], None]] = {
    Kind.POLICY: _policy,
    Kind.TIER: _tier,
    Kind.PRODUCT: _rule,
    Kind.GOODS: _goods,
    Kind.HERO: _hero,
    Kind.BRAND: _brand,
    Kind.MARK: _mark,
    Kind.HEAD: _head,
    Kind.TABLE: _table,
}
