"""Reads the life of brands: their state on any day up the chain, open proposals, and what waits for a second person."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from brand.kernel.actors import Actor
from brand.kernel.errors import unknown
from brand.models.brand_moves import BrandMove, BrandStep
from brand.models.schemes import Brand
from brand.queries.desk import MOST, Waiting
from brand.queries.terms import Terms
from brand.rules.brand_flow import BRAND
from brand.rules.terms import SECOND_PERSON


@dataclass(frozen=True)
class Life:
    """A brand with its steps, the proposal that waits, and the actions the reader may propose or decide."""

    brand: Brand
    steps: tuple[BrandStep, ...]
    open_move: BrandMove | None
    proposable: tuple[str, ...]
    may_decide: bool


def life(session: Session, actor: Actor, brand_id: str) -> Life:
    """The life of one brand; raises ``access.unknown``."""
    brand = session.get(Brand, brand_id)
    if brand is None:
        raise unknown()
    steps = session.exec(select(BrandStep).where(BrandStep.brand_id == brand_id).order_by(col(BrandStep.position)))
    waits = open_move(session, brand_id)
    free = waits is None and actor.may("schemes.propose")
    proposable = tuple(one.action for one in BRAND.open_actions(brand.state)) if free else ()
    decides = waits is not None and actor.may("schemes.approve") and waits.proposed_by != actor.person_id
    return Life(brand, tuple(steps), waits, proposable, decides)


def open_move(session: Session, brand_id: str) -> BrandMove | None:
    return session.exec(select(BrandMove).where(BrandMove.brand_id == brand_id, BrandMove.state == "open")).first()


def waiting(session: Session, actor: Actor) -> list[Waiting]:
    """Moves somebody else proposed, for those who decide."""
    if not actor.may("schemes.approve"):
        return []
    terms = Terms(session)
    statement = (
        select(BrandMove, Brand)
        .join(Brand, col(Brand.id) == col(BrandMove.brand_id))
        .where(BrandMove.state == "open", BrandMove.proposed_by != actor.person_id)
        .order_by(col(BrandMove.proposed_at))
    )
    return [
        Waiting(
            "desk.brand_move",
            brand.name,
            "brand_marks.show",
            {"brand_id": brand.id},
            move.proposed_by_name,
            terms.last_day(SECOND_PERSON, move.proposed_at, brand.scheme_id),
        )
        for move, brand in session.exec(statement.limit(MOST))
    ]
