"""Changes endorsements (written by one person, issued by another, revocable) and designation marks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlmodel import Session, col, select, update

from brand.kernel import audit, numbers
from brand.kernel.errors import Fault, conflict, invalid, refused, unknown
from brand.kernel.statements import StatementSigner
from brand.kernel.work import Work
from brand.models.endorsements import Designation, Endorsement
from brand.models.enterprises import Enterprise, EnterpriseState
from brand.models.schemes import Product
from brand.rules import designations, endorsements
from brand.rules.endorsements import FLOW, Subject


def write(
    work: Work,
    *,
    kind: str,
    authority: str,
    scope: str,
    statement: str,
    valid_from: date,
    valid_until: date,
    batch_code: str = "",
    enterprise_id: str = "",
    product_id: str = "",
    knows: Callable[[Session, str], bool] = lambda *_: True,
) -> Endorsement:
    """A draft; it says nothing to anybody until another person issues it. ``knows``: whether a code names a batch.

    Raises ``endorsements.batch_code``, ``.batch_unknown``, ``.product_needed``, ``.product_unknown`` and ``.term``.
    """
    work.actor.require("endorsements.write")
    subject = endorsements.subject_of(
        Subject(kind), batch_code=batch_code, enterprise_id=enterprise_id, product_id=product_id
    )
    endorsements.check_term(valid_from, valid_until)
    of_product = Subject(kind) is Subject.PRODUCT
    if of_product:
        _check_product(work, enterprise_id, product_id)
    elif not knows(work.session, subject.removeprefix("batch:")):
        raise invalid("endorsements.batch_unknown", faults=[Fault("endorsements.batch_unknown", "/batch_code")])
    made = Endorsement(
        number=numbers.next_number(work, "endorsements"),
        subject=subject,
        enterprise_id=enterprise_id if of_product else None,
        product_id=product_id if of_product else None,
        authority=authority,
        scope=scope,
        statement=statement,
        valid_from=valid_from,
        valid_until=valid_until,
        digest="",
        state=FLOW.apply("new", "write", {}).next_state,
        written_by=work.actor.person_id or "",
        written_at=work.now,
    )
    made.digest = endorsements.digest(made.model_dump())
    work.session.add(made)
    work.session.flush()
    _record(work, "endorsements.write", made)
    return made


def step(
    work: Work,
    number: str,
    action: str,
    *,
    version: int,
    digest_seen: str = "",
    reason_code: str = "",
    comment: str = "",
    signer: StatementSigner | None = None,
) -> Endorsement:
    """``issue``, ``drop`` or ``revoke``; to issue, ``digest_seen`` is that of the words the person read.

    What is issued is signed with the office's key: without a ``signer`` nothing is. Raises ``endorsements.no_signer``,
    ``.stale``, ``.four_eyes``, ``.over``, ``.reason_needed``, ``.wrong_state``.
    """
    permission = next((one.permission for one in FLOW.steps if one.action == action and action != "write"), None)
    if permission is None:
        raise unknown()
    work.actor.require(permission)
    taken = work.session.exec(
        update(Endorsement)
        .where(col(Endorsement.number) == number, col(Endorsement.version) == version)
        .values(version=version + 1)
    )
    chosen = select(Endorsement).where(Endorsement.number == number)
    found = work.session.exec(chosen, execution_options={"populate_existing": True}).first()
    if found is None:
        raise unknown()
    if taken.rowcount != 1:
        raise conflict("endorsements.stale")
    facts = {
        "today": work.today,
        "person_id": work.actor.person_id,
        "written_by": found.written_by,
        "digest": endorsements.digest(found.model_dump()),
        "digest_seen": digest_seen,
        "valid_until": found.valid_until,
        "reason_code": reason_code,
    }
    move = FLOW.apply(found.state, action, facts)
    found.state = move.next_state
    if action == "issue":
        found.issued_by, found.issued_at = work.actor.person_id, work.now
        _sign(work, found, signer)
    elif action == "revoke":
        found.revoked_at, found.reason_code, found.reason = work.now, reason_code, comment
    work.session.flush()
    _record(work, move.audit, found, reason_code=reason_code)
    return found


def _sign(work: Work, found: Endorsement, signer: StatementSigner | None) -> None:
    if signer is None:
        raise refused("endorsements.no_signer")
    made = signer.sign(work, endorsements.TOPIC, endorsements.canonical(found.model_dump()))
    found.kid, found.signature = made.kid, made.text


def designate(
    work: Work,
    enterprise_id: str,
    *,
    mark_code: str,
    document: str,
    granted_on: date,
    valid_until: date | None = None,
    scope: str = "",
) -> Designation:
    """Record a mark another authority granted.

    Raises ``designations.other_county``, ``.in_future``, ``.term``, ``.held`` and ``.not_confirmed``.
    """
    work.actor.require("designations.manage", enterprise_id)
    enterprise = work.session.get(Enterprise, enterprise_id)
    if enterprise is None:
        raise unknown()
    if enterprise.state != EnterpriseState.CONFIRMED:
        raise conflict("designations.not_confirmed")
    designations.check(mark_code, enterprise.county_code, granted_on, valid_until, work.today)
    held = select(Designation.id).where(
        Designation.enterprise_id == enterprise_id,
        Designation.mark_code == mark_code,
        col(Designation.revoked_at).is_(None),
    )
    if work.session.exec(held).first():
        raise invalid("designations.held", faults=[Fault("designations.held", "/mark_code")])
    made = Designation(
        enterprise_id=enterprise_id,
        mark_code=mark_code,
        scope=scope,
        document=document,
        granted_on=granted_on,
        valid_until=valid_until,
        recorded_by=work.actor.person_id or "",
        recorded_at=work.now,
    )
    work.session.add(made)
    work.session.flush()
    _note(work, "designations.grant", made)
    return made


def end_designation(
    work: Work, designation_id: str, *, version: int, comment: str, enterprise_id: str = ""
) -> Designation:
    """Take a mark back; an ``enterprise_id`` must be its holder's. Raises ``designations.stale``."""
    work.actor.require("designations.manage")
    taken = work.session.exec(
        update(Designation)
        .where(col(Designation.id) == designation_id, col(Designation.version) == version)
        .where(col(Designation.revoked_at).is_(None))
        .values(version=version + 1, revoked_at=work.now, revoked_by=work.actor.person_id, reason=comment)
    )
    found = work.session.get(Designation, designation_id, populate_existing=True)
    if found is None or enterprise_id not in ("", found.enterprise_id):
        raise unknown()
    if taken.rowcount != 1:
        raise conflict("designations.stale")
    _note(work, "designations.revoke", found)
    return found


def _check_product(work: Work, enterprise_id: str, product_id: str) -> None:
    enterprise = work.session.get(Enterprise, enterprise_id)
    if enterprise is None or enterprise.state != EnterpriseState.CONFIRMED:
        raise _at("enterprise_id")
    if work.session.get(Product, product_id) is None:
        raise _at("product_id")


def _at(field: str) -> Exception:
    return invalid("endorsements.product_unknown", faults=[Fault("endorsements.product_unknown", f"/{field}")])


def _record(work: Work, action: str, found: Endorsement, **detail: Any) -> None:
    audit.record(
        work,
        action,
        "endorsement",
        found.id,
        enterprise_id=found.enterprise_id,
        number=found.number,
        subject=found.subject,
        digest=found.digest,
        kid=found.kid,
        **detail,
    )


def _note(work: Work, action: str, found: Designation) -> None:
    audit.record(work, action, "designation", found.id, enterprise_id=found.enterprise_id, mark=found.mark_code)
