"""Merges duplicate entries of one enterprise: one person proposes, another decides; ids and history stay."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, delete, select, update

from brand.kernel import audit
from brand.kernel.errors import Fault, conflict, invalid, unknown
from brand.kernel.work import Work
from brand.models.accounts import RoleGrant
from brand.models.enterprises import Enterprise, EnterpriseMerge
from brand.queries import merges as reads
from brand.rules.enterprise_flow import MERGE
from brand.services import assets, enterprises, offerings


def propose(work: Work, duplicate_id: str, *, kept_id: str, why: str) -> EnterpriseMerge:
    """Propose to close ``duplicate_id`` in favour of ``kept_id``.

    Raises ``merges.same``, ``merges.unknown_entry``, ``merges.open_already`` and what a guard refuses
    (``merges.not_in_order``, ``merges.something_runs``).
    """
    work.actor.require("enterprises.confirm", duplicate_id)
    duplicate, kept = work.session.get(Enterprise, duplicate_id), work.session.get(Enterprise, kept_id)
    if duplicate is None:
        raise unknown()
    if kept is None:
        raise _at("kept_id", "merges.unknown_entry")
    if kept.id == duplicate.id:
        raise _at("kept_id", "merges.same")
    open_one = select(EnterpriseMerge.id).where(
        EnterpriseMerge.duplicate_id == duplicate_id, EnterpriseMerge.state == "proposed"
    )
    if work.session.exec(open_one).first():
        raise conflict("merges.open_already", name=duplicate.name)
    MERGE.apply("new", "propose", _facts(work, duplicate, kept, ""))
    made = EnterpriseMerge(
        duplicate_id=duplicate_id,
        kept_id=kept_id,
        why=why,
        proposed_by=work.actor.person_id or "",
        proposed_at=work.now,
    )
    work.session.add(made)
    work.session.flush()
    _record(work, "merges.propose", made)
    return made


def decide(work: Work, merge_id: str, action: str, *, version: int, comment: str = "") -> EnterpriseMerge:
    """``approve`` or ``drop`` a proposal; raises ``merges.stale``, ``merges.four_eyes`` and the other guards' refusals.

    With the approval the duplicate's people lose their rights at once: whoever is to act for the entry that is kept is
    invited by its own people.
    """
    work.actor.require("enterprises.merge")
    if action not in ("approve", "drop"):
        raise unknown()
    merge = _take(work, merge_id, version)
    duplicate = work.session.get_one(Enterprise, merge.duplicate_id)
    kept = work.session.get_one(Enterprise, merge.kept_id)
    facts = _facts(work, duplicate, kept, merge.proposed_by) | {"comment": comment}
    move = MERGE.apply(merge.state, action, facts)
    merge.state, merge.comment = move.next_state, comment
    merge.decided_by, merge.decided_at = work.actor.person_id or "", work.now
    if action == "approve":
        _close(work, duplicate, kept)
    work.session.flush()
    _record(work, move.audit, merge)
    return merge


def _close(work: Work, duplicate: Enterprise, kept: Enterprise) -> None:
    enterprises.take(work, duplicate.id, duplicate.version)
    duplicate.merged_into = kept.id
    enterprises.note(work, duplicate, "merge", "merged")
    assets.close_all(work, duplicate.id)
    offerings.move_all(work, duplicate.id, kept)
    work.session.exec(delete(RoleGrant).where(col(RoleGrant.enterprise_id) == duplicate.id))


def _take(work: Work, merge_id: str, version: int) -> EnterpriseMerge:
    taken = work.session.exec(
        update(EnterpriseMerge)
        .where(col(EnterpriseMerge.id) == merge_id, col(EnterpriseMerge.version) == version)
        .values(version=version + 1)
    )
    merge = work.session.get(EnterpriseMerge, merge_id, populate_existing=True)
    if merge is None:
        raise unknown()
    if taken.rowcount != 1:
        raise conflict("merges.stale")
    return merge


def _facts(work: Work, duplicate: Enterprise, kept: Enterprise, proposed_by: str) -> dict[str, Any]:
    return {
        "person_id": work.actor.person_id,
        "proposed_by": proposed_by,
        "duplicate_state": duplicate.state,
        "kept_state": kept.state,
        "running": reads.running(work.session, duplicate.id, work.today),
    }


def _record(work: Work, action: str, merge: EnterpriseMerge) -> None:
    """In the trail of both entries, so that either side's history tells it."""
    for one, other in ((merge.duplicate_id, merge.kept_id), (merge.kept_id, merge.duplicate_id)):
        audit.record(work, action, "enterprise", one, enterprise_id=one, other=other, merge=merge.id)


def _at(field: str, code: str) -> Exception:
    return invalid(code, faults=[Fault(code, f"/{field}")])
