"""Changes who acts for an enterprise: invitations, removals, and consents to a station's agent."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import date, timedelta

from sqlmodel import col, select, update

from brand.kernel import audit
from brand.kernel.actors import Grant
from brand.kernel.errors import Fault, invalid, not_signed_in, refused, unknown
from brand.kernel.permissions import Role
from brand.kernel.work import Work
from brand.models.accounts import Account, Person, RoleGrant
from brand.models.enterprises import Enterprise, EnterpriseState
from brand.models.members import Consent, Invitation
from brand.queries import members as reads
from brand.rules.members import INVITATION_DAYS, check_consent, own_role, roles_to_invite
from brand.services import accounts


def digest_of(secret: str) -> str:
    """What the database keeps of a link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def invite(
    work: Work,
    enterprise_id: str,
    *,
    name: str,
    role: str,
    scope: Collection[str] = (),
    until: date | None = None,
) -> tuple[Invitation, str]:
    """An invitation for one person and the secret of its link, which is told once.

    Raises ``members.role``, ``members.enterprise_closed``, and for an agent ``consents.scope`` or ``consents.until``.
    """
    work.actor.require("members.manage", enterprise_id)
    enterprise = work.session.get_one(Enterprise, enterprise_id)
    if enterprise.state == EnterpriseState.MERGED:
        raise refused("members.enterprise_closed")
    if role not in {str(one) for one in roles_to_invite(enterprise.kind)}:
        raise invalid("members.role", faults=[Fault("members.role", "/role")])
    agent = role == Role.STATION_AGENT
    secret = secrets.token_urlsafe(32)
    made = Invitation(
        enterprise_id=enterprise_id,
        role=role,
        scope=check_consent(scope, until, work.today) if agent else [],
        until=until if agent else None,
        name=name,
        digest=digest_of(secret),
        invited_by=work.actor.person_id or "",
        created_at=work.now,
        expires_at=work.now + timedelta(days=INVITATION_DAYS),
    )
    work.session.add(made)
    work.session.flush()
    audit.record(work, "members.invite", "invitation", made.id, enterprise_id=enterprise_id, role=role)
    return made, secret


def withdraw(work: Work, invitation_id: str) -> Invitation:
    """Take an invitation back before anybody used it."""
    found = work.session.get(Invitation, invitation_id)
    if found is None:
        raise unknown()
    work.actor.require("members.manage", found.enterprise_id)
    if found.accepted_at is None and found.withdrawn_at is None:
        found.withdrawn_at = work.now
        audit.record(work, "members.withdraw", "invitation", found.id, enterprise_id=found.enterprise_id)
    return found


def accept(work: Work, secret: str, *, username: str, name: str, password: str) -> Account:
    """Take an invitation up with a new account; once, however many try.

    Raises ``invitations.not_valid`` and the refusals of a new account.
    """
    found = _use(work, secret)
    account, _ = accounts.open_account(work, username, name, phone=None, password=password)
    _join(work, found, account, name)
    return account


def accept_as_oneself(work: Work, secret: str) -> Account:
    """Take an invitation up with the account one is signed in with."""
    if work.actor.account_id is None or work.actor.scopes is not None:
        raise not_signed_in()
    found = _use(work, secret)
    account = work.session.get_one(Account, work.actor.account_id)
    _join(work, found, account, work.actor.name)
    return account


def _use(work: Work, secret: str) -> Invitation:
    found, _ = reads.invitation(work.session, digest_of(secret), work.now)
    taken = work.session.exec(
        update(Invitation)
        .where(col(Invitation.id) == found.id, col(Invitation.accepted_at).is_(None))
        .where(col(Invitation.withdrawn_at).is_(None), col(Invitation.expires_at) > work.now)
        .values(accepted_at=work.now)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:
        raise unknown("invitations.not_valid")
    work.session.refresh(found)
    return found


def _join(work: Work, found: Invitation, account: Account, name: str) -> None:
    found.accepted_by = account.id
    accounts.grant(work, account.id, Grant(Role(found.role), found.enterprise_id))
    if found.until is not None:
        inviter = work.session.get_one(Person, found.invited_by)
        _consent(
            work, found.enterprise_id, account.id, found.scope, found.until, inviter.name, recorded_by=found.invited_by
        )
    audit.record(
        work, "members.accept", "invitation", found.id, enterprise_id=found.enterprise_id, account=account.id, name=name
    )


def remove(work: Work, grant_id: str) -> None:
    """Take a person's role away; it ends at once, and so do the consent and the invitations that hung on it.

    Raises ``members.last`` for the last one of the enterprise's own people.
    """
    held = work.session.get(RoleGrant, grant_id)
    if held is None or held.enterprise_id is None:
        raise unknown()
    work.actor.require("members.manage", held.enterprise_id)
    enterprise = work.session.get_one(Enterprise, held.enterprise_id)
    if held.role == own_role(enterprise.kind):
        others = select(RoleGrant.id).where(
            RoleGrant.enterprise_id == held.enterprise_id, RoleGrant.role == held.role, RoleGrant.id != held.id
        )
        if work.session.exec(others).first() is None:
            raise refused("members.last")
        _withdraw_those_of(work, held)
    else:
        _end_consents(work, held.enterprise_id, held.account_id)
    audit.record(work, "members.remove", "account", held.account_id, enterprise_id=held.enterprise_id, role=held.role)
    work.session.delete(held)
    work.session.flush()


def _withdraw_those_of(work: Work, held: RoleGrant) -> None:
    person_id = work.session.get_one(Account, held.account_id).person_id
    work.session.exec(
        update(Invitation)
        .where(col(Invitation.enterprise_id) == held.enterprise_id, col(Invitation.invited_by) == person_id)
        .where(col(Invitation.accepted_at).is_(None), col(Invitation.withdrawn_at).is_(None))
        .values(withdrawn_at=work.now)
    )


def consent(
    work: Work,
    enterprise_id: str,
    *,
    account_id: str,
    scope: Collection[str],
    until: date,
    given_by: str = "",
    paper: str = "",
) -> Consent:
    """Let one agent act for the enterprise; takes the place of an earlier consent to the same agent.

    The enterprise's own people consent themselves. The office records one given on paper and names who gave it and
    where the paper is kept (``consents.paper``). Raises ``consents.no_agent``, ``consents.scope``, ``consents.until``.
    """
    own = work.actor.may("members.manage", enterprise_id)
    if not own:
        work.actor.require("consents.record")
    if work.session.get(Enterprise, enterprise_id) is None:
        raise unknown()
    agent = select(RoleGrant.id).where(
        RoleGrant.enterprise_id == enterprise_id,
        RoleGrant.account_id == account_id,
        RoleGrant.role == Role.STATION_AGENT.value,
    )
    if work.session.exec(agent).first() is None:
        raise invalid("consents.no_agent", faults=[Fault("consents.no_agent", "/account_id")])
    if not own:
        missing = [one for one, value in (("given_by", given_by), ("paper", paper)) if not value]
        if missing:
            raise invalid("consents.paper", faults=[Fault("consents.paper", f"/{one}") for one in missing])
    wanted = check_consent(scope, until, work.today)
    name, kept = (work.actor.name, "") if own else (given_by, paper)
    return _consent(work, enterprise_id, account_id, wanted, until, name, kept, work.actor.person_id or "")


def _consent(
    work: Work,
    enterprise_id: str,
    account_id: str,
    scope: list[str],
    until: date,
    given_by: str,
    paper: str = "",
    recorded_by: str = "",
) -> Consent:
    _end_consents(work, enterprise_id, account_id)
    made = Consent(
        enterprise_id=enterprise_id,
        account_id=account_id,
        scope=scope,
        valid_from=work.today,
        until=max(until, work.today),
        given_by=given_by,
        paper=paper,
        recorded_by=recorded_by,
        recorded_at=work.now,
    )
    work.session.add(made)
    work.session.flush()
    audit.record(
        work,
        "consents.give",
        "consent",
        made.id,
        enterprise_id=enterprise_id,
        account=account_id,
        scope=scope,
        until=made.until,
    )
    return made


def revoke(work: Work, consent_id: str) -> Consent:
    """End a consent at once; its own people may, and the office for those who ask it to."""
    found = work.session.get(Consent, consent_id)
    if found is None:
        raise unknown()
    if not work.actor.may("members.manage", found.enterprise_id):
        work.actor.require("consents.record")
    if found.revoked_at is None:
        _end(work, found)
    return found


def _end_consents(work: Work, enterprise_id: str, account_id: str) -> None:
    open_ones = select(Consent).where(
        Consent.enterprise_id == enterprise_id, Consent.account_id == account_id, col(Consent.revoked_at).is_(None)
    )
    for one in work.session.exec(open_ones).all():
        _end(work, one)


def _end(work: Work, found: Consent) -> None:
    found.revoked_at, found.revoked_by = work.now, work.actor.person_id if work.actor.signed_in else found.recorded_by
    audit.record(work, "consents.end", "consent", found.id, enterprise_id=found.enterprise_id, account=found.account_id)
    work.session.flush()
