"""Forgets people on request: one who left (what signs in, the name under acts, what opens those acts in the log), or
one who complained (name, telephone, link, words and photographs).

What was done stays: the act, its day, the record it is about and the id of who did it. The name that stands in a
decision itself (a certificate, a record of an inspection) is part of that paper and stays with it. Of a complaint stay
its number, kind and days, the code of the pack and the office's own steps; what its sender did was never told to the
log, so no salt has to go, and the log still tells that something was erased.
"""

from __future__ import annotations

import secrets

from sqlalchemy import delete, insert, update
from sqlmodel import col, select

from brand.kernel import audit, leaves
from brand.kernel.audit import AuditEntry
from brand.kernel.errors import Fault, conflict, invalid, refused, unknown
from brand.kernel.ids import new_id
from brand.kernel.leaves import ErasedSalt, LeafSalt
from brand.kernel.work import Work
from brand.models.accounts import ERASED, Account, ApiToken, Person, RoleGrant
from brand.models.complaints import Complaint, ComplaintContact, ComplaintMessage, ComplaintPicture, ComplaintStep
from brand.queries import complaints
from brand.rules.complaint_flow import ENDED


def erase(work: Work, account_id: str, *, paper: str) -> Person:
    """Erase the person behind an account, for ever; ``paper``: number or day of the request, no name.

    Raises ``erasures.paper``, ``erasures.still_open`` (an account is open) or ``erasures.erased_already``.
    """
    work.actor.require("accounts.manage")
    found = work.session.get(Account, account_id)
    if found is None:
        raise unknown()
    _needs_paper(paper)
    theirs = work.session.exec(select(Account).where(Account.person_id == found.person_id)).all()
    for one in theirs:
        if one.active:
            raise conflict("erasures.still_open", username=one.username)
    forgotten = (col(Person.id) == found.person_id, col(Person.erased_at).is_(None))
    if work.session.exec(update(Person).where(*forgotten).values(name=ERASED, erased_at=work.now)).rowcount != 1:
        raise conflict("erasures.erased_already")
    for one in theirs:
        _strip(work, one)
    named = update(AuditEntry).where(col(AuditEntry.person_id) == found.person_id)
    work.session.exec(named.values(actor_name=ERASED))
    _seal(work, found.person_id, paper)
    return work.session.get_one(Person, found.person_id, populate_existing=True)


def erase_complainant(work: Work, complaint_id: str, *, paper: str) -> Complaint:
    """Erase whoever sent a complaint that has ended, for ever; ``paper``: number or day of the request, no name.

    Raises ``erasures.paper``, ``erasures.no_complainant`` (a case the office made itself), ``erasures.complaint_open``
    or ``erasures.complainant_already``.
    """
    work.actor.require("complaints.contact")
    found = complaints.find(work.session, work.actor, complaint_id)
    _needs_paper(paper)
    if found.origin:
        raise refused("erasures.no_complainant", number=found.number)
    if found.state not in ENDED:
        raise conflict("erasures.complaint_open", number=found.number)
    mine = (col(Complaint.id) == found.id, col(Complaint.erased_at).is_(None))
    # A digest of nothing anybody holds: the secret link opens nothing any more.
    blank = {"what": ERASED, "place": "", "secret_digest": secrets.token_hex(32), "unread": False}
    changed = update(Complaint).where(*mine).values(**blank, erased_at=work.now, version=Complaint.version + 1)
    if work.session.exec(changed).rowcount != 1:
        raise conflict("erasures.complainant_already", number=found.number)
    for table in (ComplaintContact, ComplaintMessage, ComplaintPicture):
        work.session.exec(delete(table).where(col(table.complaint_id) == found.id))
    said = update(ComplaintStep).where(
        col(ComplaintStep.complaint_id) == found.id, col(ComplaintStep.action) == "dissent"
    )
    work.session.exec(said.values(comment=ERASED))
    none = leaves.digest_of(())
    audit.record(work, "erasures.erase_complainant", "complaint", found.id, salts=0, digest=none, paper=paper)
    return work.session.get_one(Complaint, found.id, populate_existing=True)


def _needs_paper(paper: str) -> None:
    if not paper.strip():
        raise invalid("erasures.paper", faults=[Fault("erasures.paper", "/paper")])


def _strip(work: Work, account: Account) -> None:
    """Nothing of an account is left but its id, under which acts stand."""
    account.username = f"erased-{new_id().lower()}"
    account.phone = account.email = None
    account.password = ""
    account.fs_uniquifier = new_id()
    account.tf_primary_method = account.tf_totp_secret = account.tf_last_counter = account.mf_recovery_codes = None
    work.session.exec(delete(RoleGrant).where(col(RoleGrant.account_id) == account.id))
    work.session.exec(update(ApiToken).where(col(ApiToken.account_id) == account.id).values(label=ERASED))


def _seal(work: Work, person_id: str, paper: str) -> None:
    """Destroy the salts of the person's acts; the log tells how many and which, so that none goes unsaid."""
    acts = select(AuditEntry.id).where(AuditEntry.person_id == person_id)
    gone = list(work.session.exec(select(LeafSalt.leaf_id).where(col(LeafSalt.leaf_id).in_(acts))))
    digest = leaves.digest_of(gone)
    told = audit.record(work, "erasures.erase", "person", person_id, salts=len(gone), digest=digest, paper=paper)
    if gone:
        work.session.connection().execute(insert(ErasedSalt), [{"leaf_id": one, "act_id": told} for one in gone])
        work.session.exec(delete(LeafSalt).where(col(LeafSalt.leaf_id).in_(acts), col(LeafSalt.leaf_id) != told))
