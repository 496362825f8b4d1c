"""Reads proposed changes of schemes: what is asked, what stands now, and what a person could do with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from brand.kernel.actors import Actor
from brand.kernel.errors import unknown
from brand.models.scheme_changes import SchemeChange
from brand.models.schemes import Brand, PolicyValue, Product, Scheme, Tier
from brand.queries import schemes
from brand.queries.desk import MOST, Waiting
from brand.queries.open_steps import OpenStep, open_steps
from brand.queries.terms import Terms
from brand.rules import scheme_changes as rules
from brand.rules.brand_flow import BrandState
from brand.rules.scheme_changes import FLOW, Kind
from brand.rules.terms import SECOND_PERSON


@dataclass(frozen=True)
class Shown:
    """One change with the scheme and the thing it is about, and the steps open to the reader."""

    change: SchemeChange
    scheme: Scheme
    about: Tier | Brand | Product | None
    policy: PolicyValue | None
    open_steps: tuple[OpenStep, ...]


def changes(session: Session, scheme_id: str) -> list[SchemeChange]:
    """Every change of the scheme, the newest first."""
    statement = select(SchemeChange).where(SchemeChange.scheme_id == scheme_id)
    return list(session.exec(statement.order_by(col(SchemeChange.written_at).desc(), col(SchemeChange.id))))


def show(session: Session, actor: Actor, change_id: str) -> Shown:
    """One change; raises ``access.unknown``."""
    change = session.get(SchemeChange, change_id)
    if change is None:
        raise unknown()
    scheme = session.get_one(Scheme, change.scheme_id)
    return Shown(
        change,
        scheme,
        _about(session, change),
        schemes.policy_row(session, scheme.id, change.key) if change.kind == Kind.POLICY else None,
        tuple(open_steps(FLOW, change.state, actor, "", facts(change, actor), (rules.explained,))),
    )


def _about(session: Session, change: SchemeChange) -> Tier | Brand | Product | None:
    if change.kind in (Kind.POLICY, Kind.HEAD, Kind.TABLE):
        return None
    if change.kind == Kind.MARK:
        return session.get(Brand, change.key)
    if change.kind == Kind.GOODS:
        return session.get(Brand, change.key.partition("/")[0])
    if change.kind in (Kind.PRODUCT, Kind.HERO):
        return session.get(Product, change.key.rpartition(":")[2])
    return tier(session, change.scheme_id, int(change.key.partition("/")[0]))


def above(session: Session, scheme_id: str, level: int, code: str) -> Brand | None:
    """The brand that shall stand above one of that level; none for an empty code. Raises ``schemes.parent``."""
    if not code:
        return None
    found = schemes.brand_by_code(session, scheme_id, code)
    rules.stands_below(level, (session.get_one(Tier, found.tier_id).level, found.state) if found else None)
    return found


def parents(session: Session, scheme_id: str, level: int) -> list[Brand]:
    """The brands that may stand above one of that level: of a higher tier and not ended."""
    statement = select(Brand).join(Tier, col(Tier.id) == col(Brand.tier_id)).where(Brand.scheme_id == scheme_id)
    higher = statement.where(Tier.level < level, Brand.state != BrandState.ENDED.value)
    return list(session.exec(higher.order_by(col(Tier.level), Brand.code)))


def mark(session: Session, brand: Brand) -> dict[str, Any]:
    """A brand as a change of it reads: the brand above by its code."""
    parent = session.get(Brand, brand.parent_id) if brand.parent_id else None
    return brand.model_dump() | {"parent": parent.code if parent else ""}


def facts(change: SchemeChange, actor: Actor, comment: str = "") -> dict[str, Any]:
    """What the guards of ``rules/scheme_changes.py`` look at."""
    return {"person_id": actor.person_id, "written_by": change.written_by, "comment": comment}


def tier(session: Session, scheme_id: str, level: int) -> Tier:
    """A tier by its level; raises ``access.unknown``."""
    found = session.exec(select(Tier).where(Tier.scheme_id == scheme_id, Tier.level == level)).first()
    if found is None:
        raise unknown()
    return found


def waiting(session: Session, actor: Actor) -> list[Waiting]:
    """Open changes somebody else wrote, for those who decide."""
    if not actor.may("schemes.approve"):
        return []
    terms = Terms(session)
    statement = (
        select(SchemeChange, Scheme)
        .join(Scheme, col(Scheme.id) == col(SchemeChange.scheme_id))
        .where(SchemeChange.state == "open", SchemeChange.written_by != actor.person_id)
        .order_by(col(SchemeChange.written_at))
    )
    return [
        Waiting(
            "desk.scheme_change",
            scheme.name,
            "scheme_changes.show",
            {"change_id": one.id},
            one.written_by_name,
            terms.last_day(SECOND_PERSON, one.written_at, scheme.id),
        )
        for one, scheme in session.exec(statement.limit(MOST))
    ]
