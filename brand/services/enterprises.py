"""Changes enterprises: they join by themselves, mend their entries, and the office confirms or refuses them."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, select, update

from brand.kernel import audit
from brand.kernel.actors import SYSTEM, Grant
from brand.kernel.errors import Fault, conflict, invalid, unknown
from brand.kernel.work import Work
from brand.models.accounts import Account
from brand.models.enterprises import Enterprise, EnterpriseState, EnterpriseStep
from brand.rules import enterprise_entries
from brand.rules.enterprise_flow import FLOW, editable
from brand.rules.members import own_role
from brand.services import accounts


def join(work: Work, *, username: str, password: str, **entries: Any) -> Enterprise:
    """A new enterprise, waiting for the office, with an account for its first person; open to everybody.

    ``entries`` are the columns an enterprise fills in itself. Raises ``enterprises.entries`` with a fault per field,
    ``enterprises.credit_code_taken``, ``enterprises.phone_taken``, ``accounts.username_taken``.
    """
    checked = enterprise_entries.check(entries, work.today)
    _refuse_taken_code(work, checked["credit_code"])
    _refuse_taken_phone(work, checked["contact_phone"])
    enterprise = Enterprise(**checked, joined_at=work.now)
    work.session.add(enterprise)
    work.session.flush()
    name, phone = checked["contact_name"], checked["contact_phone"]
    account, _ = accounts.open_account(work, username, name, phone=phone, password=password)
    accounts.grant(work, account.id, Grant(own_role(enterprise.kind), enterprise.id))
    audit.record(
        work, "enterprises.join", "enterprise", enterprise.id, enterprise_id=enterprise.id, kind=enterprise.kind
    )
    return enterprise


def edit(work: Work, enterprise_id: str, *, version: int, **entries: Any) -> Enterprise:
    """New values for what its own people may change now; raises ``enterprises.confirmed_fields`` for the rest."""
    work.actor.require("enterprises.edit", enterprise_id)
    enterprise = take(work, enterprise_id, version)
    changed = {name for name, value in entries.items() if (value or "") != (getattr(enterprise, name) or "")}
    closed = sorted(changed - editable(enterprise.state))
    if closed:
        code = "enterprises.confirmed_fields"
        raise invalid(code, faults=[Fault(code, f"/{name}") for name in closed])
    if enterprise.state not in (EnterpriseState.PENDING, EnterpriseState.REFUSED):
        # What the office confirmed stands, even where a county has got another code since.
        entries = {name: value for name, value in entries.items() if name in editable(enterprise.state)}
        checked = enterprise_entries.check(entries, work.today)
    else:
        checked = enterprise_entries.check(_entries(enterprise) | entries, work.today)
        if checked["credit_code"] != enterprise.credit_code:
            _refuse_taken_code(work, checked["credit_code"])
    for name in entries:
        setattr(enterprise, name, checked[name])
    audit.record(
        work, "enterprises.edit", "enterprise", enterprise.id, enterprise_id=enterprise.id, fields=sorted(changed)
    )
    return enterprise


def step(
    work: Work, enterprise_id: str, action: str, *, version: int, reason_code: str = "", comment: str = ""
) -> Enterprise:
    """One step of ``rules/enterprise_flow.py``: confirm, refuse, resubmit, suspend or resume.

    Raises ``enterprises.stale``, ``enterprises.wrong_state``, ``enterprises.reason_needed``, ``.comment_needed``.
    """
    permissions = {one.permission for one in FLOW.steps if one.action == action}
    if not permissions:
        raise unknown()
    work.actor.require(permissions.pop(), enterprise_id)
    enterprise = take(work, enterprise_id, version)
    taken = FLOW.apply(enterprise.state, action, {"reason_code": reason_code, "comment": comment})
    before = enterprise.state
    if taken.permission == "enterprises.confirm" or action == "resubmit":
        enterprise.decided_at = work.now if action != "resubmit" else None
        enterprise.decided_by = person_of(work) if enterprise.decided_at else None
    note(work, enterprise, action, taken.next_state, reason_code=reason_code if taken.reason else "", comment=comment)
    audit.record(
        work,
        taken.audit,
        "enterprise",
        enterprise.id,
        enterprise_id=enterprise.id,
        before=before,
        after=taken.next_state,
        reason_code=reason_code,
    )
    return enterprise


def note(
    work: Work, enterprise: Enterprise, action: str, next_state: str, *, reason_code: str = "", comment: str = ""
) -> None:
    """Bring an enterprise that was taken into its next state, and write the step down."""
    step = EnterpriseStep(
        enterprise_id=enterprise.id,
        position=enterprise.version,
        action=action,
        from_state=enterprise.state,
        to_state=next_state,
        at=work.now,
        person_id=person_of(work),
        person_name=work.actor.name,
        reason_code=reason_code,
        comment=comment,
    )
    enterprise.state = next_state
    enterprise.reason_code, enterprise.reason = (reason_code, comment) if reason_code else ("", "")
    work.session.flush()
    work.session.add(step)
    work.session.flush()


def person_of(work: Work) -> str | None:
    """The person who acts; none where an operator at the keyboard acts as the service itself."""
    return work.actor.person_id if work.actor != SYSTEM else None


def take(work: Work, enterprise_id: str, version: int) -> Enterprise:
    """The enterprise, locked for this transaction and one version on; raises ``enterprises.stale``."""
    taken = work.session.exec(
        update(Enterprise)
        .where(col(Enterprise.id) == enterprise_id, col(Enterprise.version) == version)
        .values(version=version + 1)
    )
    enterprise = work.session.get(Enterprise, enterprise_id, populate_existing=True)
    if enterprise is None:
        raise unknown()
    if taken.rowcount != 1:
        raise conflict("enterprises.stale", name=enterprise.name)
    return enterprise


def _entries(enterprise: Enterprise) -> dict[str, Any]:
    fields = ("kind", "credit_code", "county_code", "township_code", "contact_phone")
    return {name: getattr(enterprise, name) for name in fields}


def _refuse_taken_code(work: Work, credit_code: str | None) -> None:
    held = select(Enterprise.id).where(Enterprise.credit_code == credit_code)
    if credit_code and work.session.exec(held).first():
        code = "enterprises.credit_code_taken"
        raise invalid(code, faults=[Fault(code, "/credit_code", {"given": credit_code})], given=credit_code)


def _refuse_taken_phone(work: Work, phone: str) -> None:
    """The telephone becomes a way to sign in, so one person joins once with it."""
    if work.session.exec(select(Account.id).where(Account.phone == phone)).first():
        code = "enterprises.phone_taken"
        raise invalid(code, faults=[Fault(code, "/contact_phone")])
