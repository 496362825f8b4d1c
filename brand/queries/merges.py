"""Reads proposals to merge duplicates, what a duplicate still holds, and where a merged entry's ids lead now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from brand.kernel.actors import Actor
from brand.kernel.errors import unknown
from brand.models.appeals import Appeal
from brand.models.enterprises import Enterprise, EnterpriseMerge
from brand.models.licences import Application, Licence
from brand.queries import licences
from brand.queries.lookups import by_id
from brand.rules.licence_flow import OPEN_STATES
from brand.rules.licence_terms import LicenceStatus


@dataclass(frozen=True)
class Proposal:
    """One proposal with both entries."""

    merge: EnterpriseMerge
    duplicate: Enterprise
    kept: Enterprise


def resolve(session: Session, enterprise_id: str) -> str:
    """The id under which this enterprise is found today: its own, or that of the entry it was merged into."""
    found = session.get(Enterprise, enterprise_id)
    while found is not None and found.merged_into is not None:
        found = session.get(Enterprise, found.merged_into)
    if found is None:
        raise unknown()
    return found.id


def merged_into(session: Session, enterprise_id: str) -> list[Enterprise]:
    """The duplicates that now lead here, those merged into a merged one too."""
    found: list[Enterprise] = []
    wanted = [enterprise_id]
    while wanted:
        statement = select(Enterprise).where(col(Enterprise.merged_into).in_(wanted)).order_by(Enterprise.name)
        rows = list(session.exec(statement))
        found += rows
        wanted = [one.id for one in rows]
    return found


def running(session: Session, enterprise_id: str, today: date) -> str:
    """The number of what runs: an application, an unanswered appeal, a licence not yet over; or nothing."""
    open_one = select(Application.number).where(
        Application.enterprise_id == enterprise_id, col(Application.state).in_(OPEN_STATES)
    )
    number = session.exec(open_one).first()
    if number is not None:
        return number
    unanswered = select(Appeal.number).where(Appeal.enterprise_id == enterprise_id, Appeal.state == "filed")
    number = session.exec(unanswered).first()
    if number is not None:
        return number
    held = select(Licence).where(Licence.enterprise_id == enterprise_id, Licence.valid_until >= today)
    for one in session.exec(held):
        if licences.status_on(session, one, today) not in (LicenceStatus.REVOKED, LicenceStatus.EXPIRED):
            return one.number
    return ""


def open_proposals(session: Session, actor: Actor) -> list[Proposal]:
    """What waits for a second person, oldest first; nothing for those who neither propose nor decide."""
    if actor.reach("enterprises.merge") is not None and actor.reach("enterprises.confirm") is not None:
        return []
    statement = select(EnterpriseMerge).where(EnterpriseMerge.state == "proposed")
    return _with_entries(session, list(session.exec(statement.order_by(col(EnterpriseMerge.proposed_at)))))


def find(session: Session, actor: Actor, merge_id: str) -> Proposal:
    """One proposal, open or decided; raises ``access.unknown``."""
    found = session.get(EnterpriseMerge, merge_id)
    if found is None or not (actor.may("enterprises.merge") or actor.may("enterprises.confirm")):
        raise unknown()
    return _with_entries(session, [found])[0]


def _with_entries(session: Session, found: list[EnterpriseMerge]) -> list[Proposal]:
    ids = {one.duplicate_id for one in found} | {one.kept_id for one in found}
    entries = by_id(session, Enterprise, ids)
    return [Proposal(one, entries[one.duplicate_id], entries[one.kept_id]) for one in found]
