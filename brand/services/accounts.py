"""Changes accounts: adding people, their roles and tokens, and the ends of sign-ins."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlmodel import col, select, update

from brand.kernel import audit
from brand.kernel.actors import Grant
from brand.kernel.errors import Fault, conflict, invalid, unknown
from brand.kernel.ids import new_id
from brand.kernel.passwords import first_password, hash_password
from brand.kernel.permissions import ALL_PERMISSIONS, ENTERPRISE_BOUND, TOWNSHIP_BOUND
from brand.kernel.work import Work
from brand.models.accounts import Account, ApiToken, Person, RoleGrant, SignIn
from brand.models.enterprises import Enterprise
from brand.rules import identifiers, places

LONGEST_TOKEN_DAYS = 366


def add(
    work: Work,
    *,
    username: str,
    name: str,
    grants: tuple[Grant, ...],
    phone: str | None = None,
    password: str | None = None,
    person_id: str | None = None,
) -> tuple[Account, str]:
    """A new account and its first password (given, or made here and good for one sign-in).

    ``person_id`` ties a second account to a person who has one already.
    """
    work.actor.require("accounts.manage")
    account, first = open_account(work, username, name, phone=phone, password=password, person_id=person_id)
    for one in grants:
        grant(work, account.id, one)
    return account, first


def open_account(
    work: Work, username: str, name: str, *, phone: str | None, password: str | None, person_id: str | None = None
) -> tuple[Account, str]:
    """The account row itself, without rights; used by an administrator and by an enterprise that joins."""
    username = username.strip().lower()
    phone = identifiers.check_phone(phone) if phone else None
    for column, value in (("username", username), ("phone", phone)):
        if value and work.session.exec(select(Account).where(getattr(Account, column) == value)).first():
            code = f"accounts.{column}_taken"
            raise invalid(code, faults=[Fault(code, f"/{column}")])
    person = work.session.get(Person, person_id) if person_id else Person(name=name)
    if person is None or person.erased_at is not None:
        raise unknown()
    work.session.add(person)
    first = password or first_password()
    account = Account(
        person_id=person.id,
        username=username,
        phone=phone,
        password=hash_password(first),
        must_change_password=password is None,
        created_at=work.now,
    )
    work.session.flush()
    work.session.add(account)
    work.session.flush()
    audit.record(work, "accounts.open", "account", account.id)
    return account, first


def give(work: Work, account_id: str, right: Grant) -> None:
    """Give an account one more role."""
    work.actor.require("accounts.manage")
    _account(work, account_id)
    grant(work, account_id, right)


def grant(work: Work, account_id: str, right: Grant) -> None:
    """The grant itself. Enterprise-bound roles need an enterprise, township-bound ones a township, others neither."""
    if (right.role in ENTERPRISE_BOUND) != (right.enterprise_id is not None):
        code = "accounts.role_scope"
        raise invalid(code, faults=[Fault(code, "/enterprise_id")], role=f"role.{right.role}")
    if (right.role in TOWNSHIP_BOUND) != (right.township is not None):
        code = "accounts.role_township"
        raise invalid(code, faults=[Fault(code, "/township_code")], role=f"role.{right.role}")
    if right.township and not places.is_township(right.township, work.today):
        code = "accounts.township_unknown"
        raise invalid(code, faults=[Fault(code, "/township_code", {"code": right.township})], code=right.township)
    if right.enterprise_id and work.session.get(Enterprise, right.enterprise_id) is None:
        raise unknown()
    held = select(RoleGrant).where(
        RoleGrant.account_id == account_id,
        RoleGrant.role == right.role,
        RoleGrant.enterprise_id == right.enterprise_id,
        RoleGrant.township_code == right.township,
    )
    if work.session.exec(held).first() is None:
        held_for = RoleGrant(account_id=account_id, role=right.role, enterprise_id=right.enterprise_id)
        held_for.township_code = right.township
        work.session.add(held_for)
        audit.record(
            work, "accounts.grant", "account", account_id, enterprise_id=right.enterprise_id, role=str(right.role),
            township_code=right.township,
        )  # fmt: skip


def revoke(work: Work, grant_id: str) -> None:
    """Take a role away; open sign-ins and tokens lose it at once because rights are read at each request."""
    work.actor.require("accounts.manage")
    held = work.session.get(RoleGrant, grant_id)
    if held is None:
        raise unknown()
    audit.record(work, "accounts.revoke", "account", held.account_id, enterprise_id=held.enterprise_id, role=held.role)
    work.session.delete(held)


def set_active(work: Work, account_id: str, *, active: bool) -> None:
    """Close or reopen an account; closing ends its sign-ins and tokens."""
    work.actor.require("accounts.manage")
    account = _account(work, account_id)
    account.active = active
    account.fs_uniquifier = new_id()
    if not active:
        _end_access(work, account_id, keep=None)
    audit.record(work, "accounts.activate" if active else "accounts.deactivate", "account", account_id)


def reset(work: Work, account_id: str) -> str:
    """A new first password for somebody locked out; also forgets the second factor, which is then set up anew."""
    work.actor.require("accounts.manage")
    account = _account(work, account_id)
    first = first_password()
    account.password = hash_password(first)
    account.must_change_password = True
    # Whoever has passed the old password and stands before the second factor stands outside again.
    account.fs_uniquifier = new_id()
    account.tf_primary_method = account.tf_totp_secret = account.mf_recovery_codes = None
    _end_access(work, account_id, keep=None)
    audit.record(work, "accounts.reset", "account", account_id)
    return first


def issue_token(work: Work, *, label: str, scopes: list[str], days: int) -> tuple[ApiToken, str]:
    """A bearer token for the asker's own account; the text is returned once and kept only as a hash."""
    if work.actor.account_id is None or work.actor.scopes is not None:
        raise unknown()
    if _account(work, work.actor.account_id).must_change_password:
        # It would open nothing: a token counts only once the first password is replaced.
        raise conflict("accounts.password_first")
    held = {one for one in ALL_PERMISSIONS if work.actor.may(one)}
    beyond = sorted(set(scopes) - held)
    if beyond or not scopes:
        code = "accounts.token_scopes"
        raise invalid(code, faults=[Fault(code, "/scopes", {"scopes": ", ".join(beyond)})], scopes=", ".join(beyond))
    if not 1 <= days <= LONGEST_TOKEN_DAYS:
        code = "accounts.token_days"
        raise invalid(code, faults=[Fault(code, "/days", {"most": LONGEST_TOKEN_DAYS})], most=LONGEST_TOKEN_DAYS)
    text = f"bt_{secrets.token_urlsafe(32)}"
    token = ApiToken(
        account_id=work.actor.account_id,
        label=label,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        scopes=sorted(set(scopes)),
        created_at=work.now,
        expires_at=work.now + timedelta(days=days),
    )
    work.session.add(token)
    audit.record(work, "accounts.issue_token", "token", token.id, scopes=token.scopes, label=label)
    return token, text


def revoke_token(work: Work, token_id: str) -> None:
    token = work.session.get(ApiToken, token_id)
    if token is None or token.account_id != work.actor.account_id or work.actor.scopes is not None:
        raise unknown()
    token.revoked_at = token.revoked_at or work.now
    audit.record(work, "accounts.revoke_token", "token", token_id)


def open_sign_in(work: Work, account_id: str) -> SignIn:
    row = SignIn(account_id=account_id, started_at=work.now)
    work.session.add(row)
    note(work, "accounts.sign_in", account_id)
    return row


def close_sign_in(work: Work, sign_in_id: str) -> None:
    row = work.session.get(SignIn, sign_in_id)
    if row is not None and row.ended_at is None:
        row.ended_at = work.now
        note(work, "accounts.sign_out", row.account_id)


def password_changed(work: Work, account_id: str, *, keep: str | None) -> None:
    """Called after the sign-in library stored a new password."""
    _account(work, account_id).must_change_password = False
    _end_access(work, account_id, keep=keep)
    note(work, "accounts.change_password", account_id)


def note(work: Work, action: str, account_id: str, **detail: str) -> None:
    """An audit entry about an account from the sign-in door."""
    audit.record(work, action, "account", account_id, **detail)


def _account(work: Work, account_id: str) -> Account:
    """Raises ``erasures.erased_already`` for whoever was forgotten: nobody signs in as that person again."""
    account = work.session.get(Account, account_id)
    if account is None:
        raise unknown()
    if work.session.get_one(Person, account.person_id).erased_at is not None:
        raise conflict("erasures.erased_already")
    return account


def _end_access(work: Work, account_id: str, *, keep: str | None) -> None:
    sign_ins = update(SignIn).where(col(SignIn.account_id) == account_id, col(SignIn.ended_at).is_(None))
    work.session.exec(sign_ins.where(col(SignIn.id) != (keep or "")).values(ended_at=work.now))
    tokens = update(ApiToken).where(col(ApiToken.account_id) == account_id, col(ApiToken.revoked_at).is_(None))
    work.session.exec(tokens.values(revoked_at=work.now))
