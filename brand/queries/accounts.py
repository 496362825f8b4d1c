"""Reads accounts: who is behind a sign-in or a token, and the lists an administrator sees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from brand.kernel.actors import Actor, Grant
from brand.kernel.clock import local_day
from brand.kernel.errors import unknown
from brand.kernel.permissions import Role
from brand.models.accounts import Account, ApiToken, Person, RoleGrant, SignIn
from brand.models.enterprises import Enterprise
from brand.queries import members


def actor_of_sign_in(session: Session, sign_in_id: str, now: datetime, hours: int) -> Actor | None:
    """The person of an open sign-in younger than ``hours``, with the rights held this very moment."""
    row = session.exec(
        select(SignIn, Account, Person)
        .join(Account, col(SignIn.account_id) == col(Account.id))
        .join(Person, col(Account.person_id) == col(Person.id))
        .where(SignIn.id == sign_in_id)
    ).first()
    if row is None:
        return None
    sign_in, account, person = row
    if sign_in.ended_at or not account.active or now - sign_in.started_at > timedelta(hours=hours):
        return None
    return _actor(session, account, person, None, local_day(now))


def actor_of_token(session: Session, digest: str, now: datetime) -> Actor | None:
    """The person of a live token, cut down to the token's scopes."""
    row = session.exec(
        select(ApiToken, Account, Person)
        .join(Account, col(ApiToken.account_id) == col(Account.id))
        .join(Person, col(Account.person_id) == col(Person.id))
        .where(ApiToken.digest == digest)
    ).first()
    if row is None:
        return None
    token, account, person = row
    if token.revoked_at or token.expires_at <= now or not account.active or account.must_change_password:
        return None
    return _actor(session, account, person, frozenset(token.scopes), local_day(now))


def actor_of_account(session: Session, account: Account, now: datetime) -> Actor:
    """The person of an account with the rights held at that moment."""
    person = session.get(Person, account.person_id)
    assert person is not None
    return _actor(session, account, person, None, local_day(now))


def _actor(session: Session, account: Account, person: Person, scopes: frozenset[str] | None, today: date) -> Actor:
    """A station's agent holds only what a consent in force today covers, computed here at each use."""
    rows = session.exec(
        select(RoleGrant, Enterprise.name)
        .join(Enterprise, col(RoleGrant.enterprise_id) == col(Enterprise.id), isouter=True)
        .where(RoleGrant.account_id == account.id)
    )
    grants = []
    for one, name in rows:
        if one.township_code is None:
            grants.append(Grant(Role(one.role), one.enterprise_id, name or ""))
        else:
            grants += _seated(session, Role(one.role), one.township_code)
    if any(one.role is Role.STATION_AGENT for one in grants):
        grants = list(_consented(grants, members.in_force(session, account.id, today)))
    return Actor(account.id, person.id, person.name, tuple(grants), scopes)


def _seated(session: Session, role: Role, township: str) -> list[Grant]:
    """The role for each enterprise seated in the township now, so that moving away ends it at once."""
    seated = session.exec(select(Enterprise.id, Enterprise.name).where(Enterprise.township_code == township))
    return [Grant(role, one, name, township=township) for one, name in seated]


def _consented(grants: Iterable[Grant], consents: Mapping[str, frozenset[str]]) -> Iterator[Grant]:
    for one in grants:
        if one.role is not Role.STATION_AGENT:
            yield one
        elif one.enterprise_id in consents:
            yield replace(one, scope=consents[str(one.enterprise_id)])


def grants_of(session: Session, account_id: str) -> list[RoleGrant]:
    return list(session.exec(select(RoleGrant).where(RoleGrant.account_id == account_id).order_by(RoleGrant.role)))


def find(session: Session, **equal: str) -> Account | None:
    """The account whose columns equal the given values, e.g. ``username="wang"``."""
    statement = select(Account)
    for name, value in equal.items():
        statement = statement.where(getattr(Account, name) == value)
    return session.exec(statement).first()


def own(session: Session, account_id: str) -> Account | None:
    return session.get(Account, account_id)


def behind(session: Session, account_id: str) -> tuple[Account, Person]:
    """An account and whose it is; raises ``access.unknown``."""
    found = session.get(Account, account_id)
    if found is None:
        raise unknown()
    return found, session.get_one(Person, found.person_id)


def listing(session: Session) -> list[tuple[Account, Person, list[tuple[RoleGrant, Enterprise | None]]]]:
    """Every account with its person and roles, for the administrator."""
    rows = session.exec(
        select(Account, Person).join(Person, col(Account.person_id) == col(Person.id)).order_by(Account.username)
    ).all()
    grants = session.exec(
        select(RoleGrant, Enterprise).join(Enterprise, col(RoleGrant.enterprise_id) == col(Enterprise.id), isouter=True)
    ).all()
    held: dict[str, list[tuple[RoleGrant, Enterprise | None]]] = {}
    for grant, enterprise in grants:
        held.setdefault(grant.account_id, []).append((grant, enterprise))
    return [(account, person, held.get(account.id, [])) for account, person in rows]


def tokens_of(session: Session, account_id: str) -> list[ApiToken]:
    return list(
        session.exec(
            select(ApiToken).where(ApiToken.account_id == account_id).order_by(col(ApiToken.created_at).desc())
        )
    )
