"""Reads who acts for an enterprise: its people, open invitations, consents, and what was done on its behalf."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from brand.kernel.actors import Actor
from brand.kernel.audit import AuditEntry
from brand.kernel.clock import local_day
from brand.kernel.errors import unknown
from brand.kernel.paging import Page, page
from brand.kernel.permissions import Role
from brand.models.accounts import Account, Person, RoleGrant
from brand.models.enterprises import Enterprise
from brand.models.members import Consent, Invitation
from brand.rules.members import AGENT_READS


@dataclass(frozen=True)
class Member:
    """One role of one person for the enterprise."""

    grant: RoleGrant
    account: Account
    person: Person


@dataclass(frozen=True)
class Agency:
    """A station's agent of an enterprise with the latest consent; ``valid`` tells whether it holds today."""

    enterprise: Enterprise
    account: Account
    person: Person
    consent: Consent | None
    valid: bool


def in_force(session: Session, account_id: str, today: date) -> dict[str, frozenset[str]]:
    """Enterprise → what its consent lets this account do today, reading included."""
    statement = select(Consent).where(
        Consent.account_id == account_id,
        col(Consent.revoked_at).is_(None),
        Consent.valid_from <= today,
        Consent.until >= today,
    )
    return {one.enterprise_id: AGENT_READS | frozenset(one.scope) for one in session.exec(statement)}


def members(session: Session, actor: Actor, enterprise_id: str) -> list[Member]:
    """Everybody who may act for the enterprise; raises ``access.unknown``."""
    actor.require("members.manage", enterprise_id)
    rows = session.exec(
        select(RoleGrant, Account, Person)
        .join(Account, col(RoleGrant.account_id) == col(Account.id))
        .join(Person, col(Account.person_id) == col(Person.id))
        .where(RoleGrant.enterprise_id == enterprise_id)
        .order_by(Person.name, RoleGrant.role)
    )
    return [Member(*row) for row in rows]


def invitations(session: Session, enterprise_id: str, now: datetime) -> list[Invitation]:
    """Invitations nobody has taken up yet and that still hold, newest first."""
    statement = select(Invitation).where(
        Invitation.enterprise_id == enterprise_id,
        col(Invitation.accepted_at).is_(None),
        col(Invitation.withdrawn_at).is_(None),
        Invitation.expires_at > now,
    )
    return list(session.exec(statement.order_by(col(Invitation.created_at).desc())))


def invitation(session: Session, digest: str, now: datetime) -> tuple[Invitation, Enterprise]:
    """The invitation behind a link that still holds; raises ``invitations.not_valid`` for any other."""
    row = session.exec(
        select(Invitation, Enterprise)
        .join(Enterprise, col(Invitation.enterprise_id) == col(Enterprise.id))
        .where(Invitation.digest == digest)
    ).first()
    if row is None:
        raise unknown("invitations.not_valid")
    found, enterprise = row
    used = found.accepted_at or found.withdrawn_at or found.expires_at <= now
    over = found.until is not None and found.until < local_day(now)
    if used or over or enterprise.merged_into is not None or not _still_stands_for(session, found):
        raise unknown("invitations.not_valid")
    return found, enterprise


def _still_stands_for(session: Session, found: Invitation) -> bool:
    """Whoever lost the role, or whose account was closed, lets nobody in any more, not even by a link made before."""
    inviter = (
        select(RoleGrant.id)
        .join(Account, col(RoleGrant.account_id) == col(Account.id))
        .where(Account.person_id == found.invited_by, col(Account.active).is_(True))
        .where(RoleGrant.enterprise_id == found.enterprise_id)
    )
    return session.exec(inviter).first() is not None


def may_see_agencies(actor: Actor, enterprise_id: str) -> bool:
    return actor.may("members.manage", enterprise_id) or actor.may("consents.record")


def agencies(session: Session, actor: Actor, enterprise_id: str, today: date) -> list[Agency]:
    """The agents of one enterprise and its latest word to each; raises ``access.unknown``."""
    if not may_see_agencies(actor, enterprise_id):
        raise unknown()
    return _agencies(session, today, RoleGrant.enterprise_id == enterprise_id)


def own_agencies(session: Session, account_id: str, today: date) -> list[Agency]:
    """The enterprises this agent acts for, or would with a consent."""
    return _agencies(session, today, RoleGrant.account_id == account_id)


def _agencies(session: Session, today: date, whose: object) -> list[Agency]:
    rows = session.exec(
        select(Enterprise, Account, Person)
        .join(RoleGrant, col(RoleGrant.enterprise_id) == col(Enterprise.id))
        .join(Account, col(RoleGrant.account_id) == col(Account.id))
        .join(Person, col(Account.person_id) == col(Person.id))
        .where(RoleGrant.role == Role.STATION_AGENT.value, whose)  # type: ignore[arg-type]
        .order_by(Enterprise.name, Person.name)
    )
    return [_agency(session, *row, today) for row in rows]


def _agency(session: Session, enterprise: Enterprise, account: Account, person: Person, today: date) -> Agency:
    statement = select(Consent).where(Consent.enterprise_id == enterprise.id, Consent.account_id == account.id)
    latest = session.exec(statement.order_by(col(Consent.recorded_at).desc())).first()
    valid = latest is not None and latest.revoked_at is None and latest.valid_from <= today <= latest.until
    return Agency(enterprise, account, person, latest, valid)


def history(session: Session, actor: Actor, enterprise_id: str) -> list[tuple[Consent, str]]:
    """Every consent the enterprise ever gave, newest first, with the agent's name; raises ``access.unknown``."""
    if not may_see_agencies(actor, enterprise_id):
        raise unknown()
    rows = session.exec(
        select(Consent, Person.name)
        .join(Account, col(Consent.account_id) == col(Account.id))
        .join(Person, col(Account.person_id) == col(Person.id))
        .where(Consent.enterprise_id == enterprise_id)
        .order_by(col(Consent.recorded_at).desc())
    )
    return list(rows)


def on_behalf(session: Session, actor: Actor, enterprise_id: str, *, number: int = 1) -> Page[AuditEntry]:
    """What agents did for the enterprise, newest first; raises ``access.unknown``."""
    if not may_see_agencies(actor, enterprise_id):
        raise unknown()
    statement = select(AuditEntry).where(AuditEntry.on_behalf_of == enterprise_id)
    return page(session, statement.order_by(col(AuditEntry.at).desc(), col(AuditEntry.id)), number)
