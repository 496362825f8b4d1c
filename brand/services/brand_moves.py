"""Moves a brand through its life: one person proposes with a reason, another agrees, and a step is written."""

from __future__ import annotations

from sqlmodel import col, select, update

from brand.kernel import audit
from brand.kernel.errors import conflict, unknown
from brand.kernel.work import Work
from brand.models.brand_moves import BrandMove, BrandStep
from brand.models.schemes import Brand, Tier
from brand.queries import brand_moves as reads
from brand.rules.brand_flow import BRAND, MOVE, BrandState
from brand.services import editions, products


def propose(work: Work, brand_id: str, action: str, *, version: int, reason_code: str = "", comment: str) -> BrandMove:
    """Ask for ``suspend``, ``resume`` or ``end``.

    Raises ``brand_moves.stale``, ``brand_moves.already_open``, ``brands.wrong_state``, ``brand_moves.reason_needed``,
    ``brand_moves.comment_needed``.
    """
    work.actor.require("schemes.propose")
    if action not in BRAND.actions:
        raise unknown()
    brand = work.session.get(Brand, brand_id)
    if brand is None:
        raise unknown()
    if brand.version != version:
        raise conflict("brand_moves.stale")
    if reads.open_move(work.session, brand_id) is not None:
        raise conflict("brand_moves.already_open", name=brand.name)
    move = BRAND.apply(brand.state, action, {"reason_code": reason_code, "comment": comment})
    made = BrandMove(
        brand_id=brand_id,
        action=action,
        reason_code=reason_code if move.reason else "",
        comment=comment,
        proposed_by=work.actor.person_id or "",
        proposed_by_name=work.actor.name,
        proposed_at=work.now,
    )
    work.session.add(made)
    work.session.flush()
    audit.record(work, "brands.propose_move", "brand", brand_id, move=made.id, asked=action, reason_code=reason_code)
    return made


def decide(work: Work, move_id: str, action: str, *, version: int, comment: str = "", brand_id: str = "") -> BrandMove:
    """``approve`` or ``drop``; a ``brand_id`` must be that of the move.

    Raises ``brand_moves.stale``, ``brand_moves.same_person``, ``brands.wrong_state``.
    """
    work.actor.require("schemes.approve")
    if action not in ("approve", "drop"):
        raise unknown()
    taken = work.session.exec(
        update(BrandMove)
        .where(col(BrandMove.id) == move_id, col(BrandMove.version) == version)
        .values(version=version + 1)
    )
    made = work.session.get(BrandMove, move_id, populate_existing=True)
    if made is None or brand_id not in ("", made.brand_id):
        raise unknown()
    if taken.rowcount != 1:
        raise conflict("brand_moves.stale")
    facts = {"person_id": work.actor.person_id, "proposed_by": made.proposed_by, "comment": comment}
    step = MOVE.apply(made.state, action, facts)
    made.state, made.answer = step.next_state, comment
    made.decided_by, made.decided_at, made.decided_by_name = work.actor.person_id, work.now, work.actor.name
    work.session.flush()
    if action == "approve":
        _move(work, made)
    audit.record(work, step.audit, "brand", made.brand_id, move=made.id)
    return made


def _move(work: Work, made: BrandMove) -> None:
    """Take the step as the scheme's next edition; an ended brand gives its place back, and those of its heroes."""
    locked = select(Brand).where(Brand.id == made.brand_id).with_for_update()
    brand = work.session.exec(locked, execution_options={"populate_existing": True}).one()
    step = BRAND.apply(brand.state, made.action, {"reason_code": made.reason_code, "comment": made.comment})
    brand.state, brand.version = step.next_state, brand.version + 1
    work.session.flush()
    work.session.add(
        BrandStep(
            brand_id=brand.id,
            position=brand.version,
            move_id=made.id,
            action=made.action,
            from_state=step.state,
            to_state=step.next_state,
            at=work.now,
            proposed_by_name=made.proposed_by_name,
            person_id=work.actor.person_id or "",
            person_name=work.actor.name,
            reason_code=made.reason_code,
            comment=made.comment,
        )
    )
    if step.next_state == BrandState.ENDED and brand.exception_id is None:
        work.session.flush()
        its_tier = update(Tier).where(col(Tier.id) == brand.tier_id, col(Tier.slots_used) > 0)
        work.session.exec(its_tier.values(slots_used=col(Tier.slots_used) - 1))
        work.session.get(Tier, brand.tier_id, populate_existing=True)
    if step.next_state == BrandState.ENDED:
        products.unflag_all(work, brand.id)
    made.edition = editions.advance(work, brand.scheme_id)
    audit.record(
        work, step.audit, "brand", brand.id, code=brand.code, reason_code=made.reason_code, edition=made.edition
    )
