"""Issues commitment certificates 承诺达标合格证 per batch, replaces and withdraws them, and keeps those of sellers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import col, select, update

from brand.kernel import audit
from brand.kernel.errors import Fault, conflict, refused, unknown
from brand.kernel.ids import random_text
from brand.kernel.numbers import next_number
from brand.kernel.uploads import Upload
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from brand.models.schemes import Product
from trace.models.batches import Batch
from trace.models.commitments import Commitment, CommitmentInput, CommitmentTaken
from trace.queries import commitment_grounds
from trace.queries import commitments as reading
from trace.queries.commitment_grounds import Grounds
from trace.rules import commitments as rules
from trace.services import events, holds

#: Sixty random bits: nobody finds a certificate by trying.
_CODE = 12


@dataclass(frozen=True)
class Said:
    """What the issuer says; everything else on the paper follows from the goods. ``contact`` stays on the paper."""

    style: str
    bases: Collection[str]
    quantity_kg: Decimal
    contact: str = ""


def issue(work: Work, batch_id: str, said: Said) -> Commitment:
    """The first certificate of a batch, by whoever holds it.

    Raises ``commitments.not_for_these_goods``, ``.issued_already`` (with its number), ``.batch_withdrawn``, ``.style``,
    ``.inputs_missing`` (with the lots), ``.test_failed``, ``.basis_needed``, ``.basis_without_test``, ``.quantity``
    and what ``holds.refuse_held`` raises.
    """
    batch = _locked(work, batch_id)
    work.actor.require("commitments.issue", batch.holder_id)
    there = reading.in_force(work.session, batch.id)
    if there is not None:
        raise conflict("commitments.issued_already", number=there.number)
    grounds = commitment_grounds.of(work.session, batch)
    return _write(work, batch, said, _checked(work, batch, said, grounds), grounds)


def replace(work: Work, number: str, said: Said, *, version: int) -> Commitment:
    """The words changed: a new certificate for the same batch, the old one is marked replaced.

    Raises what ``issue`` raises, ``commitments.stale``, ``.nothing_new`` and ``.wrong_state``; one that came along with
    goods of somebody else's is refused with ``commitments.anothers``.
    """
    old, batch = _own(work, number)
    _same_holder(old, batch)
    grounds = commitment_grounds.of(work.session, batch)
    bases = _checked(work, batch, said, grounds)
    as_before = _words(work, batch, said, bases, grounds, old.number, old.issued_on)
    same = rules.digest(as_before) == old.digest and said.contact == old.contact
    rules.FLOW.apply(old.state, "replace", {"same": same})
    _move(work, old, version, "replaced")
    return _write(work, batch, said, bases, grounds, old)


def withdraw(work: Work, number: str, *, version: int, comment: str) -> Commitment:
    """The party takes its word back; raises ``commitments.stale``, ``.wrong_state`` or ``.reason_needed``."""
    one, _ = _own(work, number)
    move = rules.FLOW.apply(one.state, "withdraw", {"comment": comment})
    _move(work, one, version, move.next_state, comment)
    _audit(work, move.audit, one, reason=comment)
    return one


def take(
    work: Work, batch_id: str, *, product: str, quantity_kg: Decimal, issued_on: date, upload: Upload
) -> CommitmentTaken:
    """Keep a paper certificate taken from the seller of goods one holds, at least as long as the order says.

    Raises ``commitments.not_for_these_goods``, ``.taken_day``, ``.own_goods`` or ``materials.twice``.
    """
    batch = _locked(work, batch_id)
    work.actor.require("commitments.issue", batch.holder_id)
    rules.check_applies(batch.form)
    rules.check_taken(issued_on, work.today)
    if commitment_grounds.of(work.session, batch).style != rules.Style.COLLECTOR:
        raise refused("commitments.own_goods")
    held = select(CommitmentTaken.id).where(
        CommitmentTaken.batch_id == batch.id, CommitmentTaken.digest == upload.digest
    )
    if work.session.exec(held).first():
        raise conflict("materials.twice", faults=[Fault("materials.twice", "/file")])
    row = CommitmentTaken(
        batch_id=batch.id,
        enterprise_id=batch.holder_id,
        product=product,
        quantity_kg=quantity_kg,
        issued_on=issued_on,
        keep_until=rules.keep_until(work.today),
        name=upload.name,
        media_type=upload.media_type,
        size=upload.size,
        digest=upload.digest,
        content=upload.data,
        taken_at=work.now,
        taken_by=work.actor.person_id or "",
    )
    work.session.add(row)
    work.session.flush()
    detail = {"batch": batch.id, "quantity_kg": quantity_kg, "digest": upload.digest}
    audit.record(work, "commitments.take", "commitment_taken", row.id, enterprise_id=row.enterprise_id, **detail)
    return row


def _write(
    work: Work, batch: Batch, said: Said, bases: list[str], grounds: Grounds, old: Commitment | None = None
) -> Commitment:
    number = next_number(work, "commitments")
    words = _words(work, batch, said, bases, grounds, number, work.today)
    made = Commitment(
        code=random_text(_CODE),
        batch_id=batch.id,
        enterprise_id=batch.holder_id,
        contact=said.contact,
        keep_until=rules.keep_until(work.today),
        replaces_id=old.id if old else None,
        digest=rules.digest(words),
        issued_at=work.now,
        issued_by=work.actor.person_id or "",
        **_columns(words, said.quantity_kg, work.today),
    )
    work.session.add(made)
    work.session.flush()
    for one in grounds.inputs:
        work.session.add(CommitmentInput(commitment_id=made.id, input_id=one))
    work.session.flush()
    events.touch(work, [batch.id])
    replaces = old.number if old else ""
    action = "commitments.replace" if old else "commitments.issue"
    _audit(work, action, made, style=made.style, inputs=len(grounds.inputs), replaces=replaces)
    return made


def _checked(work: Work, batch: Batch, said: Said, grounds: Grounds) -> list[str]:
    """Everything that keeps a party from promising; the bases in their order."""
    rules.check_applies(batch.form)
    if batch.withdrawn:
        raise refused("commitments.batch_withdrawn")
    rules.check_clean(grounds.failing)
    holds.refuse_held(work, [batch.id])
    rules.check_style(said.style, grounds.style, grounds.missing)
    rules.check_quantity(said.quantity_kg, batch.total_kg)
    return rules.check_bases(said.bases, own_test=grounds.own_test, commissioned_test=grounds.commissioned_test)


def _words(
    work: Work, batch: Batch, said: Said, bases: Collection[str], grounds: Grounds, number: str, day: date
) -> dict[str, Any]:
    return rules.words(
        number=number,
        style=said.style,
        bases=bases,
        product=work.session.get_one(Product, batch.product_id).name,
        quantity_kg=said.quantity_kg,
        origin=grounds.origin,
        party=work.session.get_one(Enterprise, batch.holder_id).name,
        issued_on=day,
    )


def _columns(words: dict[str, Any], quantity_kg: Decimal, day: date) -> dict[str, Any]:
    """The words as they are kept; the promise follows from the style."""
    kept = {name: words[name] for name in ("number", "style", "bases", "product", "origin", "party")}
    return kept | {"quantity_kg": quantity_kg, "issued_on": day}


def _move(work: Work, one: Commitment, version: int, state: str, reason: str = "") -> None:
    its = (col(Commitment.id) == one.id, col(Commitment.version) == version, col(Commitment.state) == "valid")
    values = {"state": state, "version": version + 1, "reason": reason}
    if work.session.exec(update(Commitment).where(*its).values(**values)).rowcount != 1:
        raise conflict("commitments.stale")
    work.session.refresh(one)
    events.touch(work, [one.batch_id])


def _own(work: Work, number: str) -> tuple[Commitment, Batch]:
    """A certificate of the actor's enterprise with its batch, the batch locked."""
    batch_id = work.session.exec(select(Commitment.batch_id).where(Commitment.number == number)).first()
    if batch_id is None:
        raise unknown()
    batch = _locked(work, batch_id)
    wanted = select(Commitment).where(Commitment.number == number)
    one = work.session.exec(wanted, execution_options={"populate_existing": True}).one()
    work.actor.require("commitments.issue", one.enterprise_id)
    return one, batch


def _same_holder(one: Commitment, batch: Batch) -> None:
    if batch.holder_id != one.enterprise_id:
        raise refused("commitments.anothers")


def _locked(work: Work, batch_id: str) -> Batch:
    """The batch, locked: of two who issue at once the second finds what the first issued."""
    chosen = select(Batch).where(Batch.id == batch_id).with_for_update()
    found = work.session.exec(chosen, execution_options={"populate_existing": True}).first()
    if found is None:
        raise unknown()
    return found


def _audit(work: Work, action: str, one: Commitment, **detail: object) -> None:
    audit.record(
        work,
        action,
        "commitment",
        one.id,
        enterprise_id=one.enterprise_id,
        batch=one.batch_id,
        number=one.number,
        digest=one.digest,
        **detail,
    )
