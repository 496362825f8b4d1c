"""Keeps quarantine certificates: written down as declared, seen by an inspector, used up by what goes with them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import col, delete, select, update

from brand.kernel import audit
from brand.kernel.errors import Fault, conflict, invalid, refused, unknown
from brand.kernel.uploads import Upload
from brand.kernel.work import Work
from trace.models.batches import Batch
from trace.models.herds import Herd
from trace.models.quarantine import QuarantineCertificate, QuarantineUse
from trace.models.shipments import Shipment
from trace.queries import quarantine as reads
from trace.rules import quarantine as rules
from trace.rules.quarantine import Form
from trace.rules.shipments import ON_THE_WAY
from trace.services import events

#: What a certificate covered of goods that were taken back stands beside it, below zero.
UNDONE = "undone"


def declare(
    work: Work, enterprise_id: str, *, form: str, number: str, valid_days: int, upload: Upload | None, **entries: Any
) -> QuarantineCertificate:
    """A paper somebody holds; raises ``quarantine.*``, ``quarantine.twice`` for the same number, county and form."""
    work.actor.require("quarantine.write", enterprise_id)
    kind = Form(form)
    rules.check(kind, number, entries["county_code"], entries["issued_on"], work.today)
    key = rules.number_key(number)
    same = select(QuarantineCertificate.id).where(
        QuarantineCertificate.form == form,
        QuarantineCertificate.county_code == entries["county_code"],
        QuarantineCertificate.key == key,
    )
    if work.session.exec(same).first():
        raise invalid("quarantine.twice", faults=[Fault("quarantine.twice", "/number", {"number": number})])
    unit = "head" if kind.of_animals else "kg"
    if kind.of_animals and entries["quantity"] != entries["quantity"].to_integral_value():
        raise invalid("quarantine.whole_head", faults=[Fault("quarantine.whole_head", "/quantity")])
    paper: dict[str, Any] = {}
    if upload is not None:
        paper = {"file_name": upload.name, "media_type": upload.media_type, "digest": upload.digest}
    made = QuarantineCertificate(
        enterprise_id=enterprise_id,
        form=form,
        number=number,
        key=key,
        valid_until=rules.last_day(kind, entries["issued_on"], valid_days),
        unit=unit,
        content=upload.data if upload else None,
        written_at=work.now,
        written_by=work.actor.person_id or "",
        **paper,
        **entries,
    )
    work.session.add(made)
    work.session.flush()
    _record(work, "quarantine.declare", made, form=form, number=number)
    return made


def take_back(work: Work, certificate_id: str) -> None:
    """A paper written down by mistake goes again, while nobody saw it and nothing ever went with it.

    Raises ``quarantine.touched`` with its number.
    """
    found = work.session.get(QuarantineCertificate, certificate_id)
    if found is None:
        raise unknown()
    work.actor.require("quarantine.write", found.enterprise_id)
    used = select(QuarantineUse.id).where(QuarantineUse.certificate_id == certificate_id)
    untouched = delete(QuarantineCertificate).where(
        col(QuarantineCertificate.id) == certificate_id,
        col(QuarantineCertificate.state) == "declared",
        col(QuarantineCertificate.version) == 1,
    )
    if work.session.exec(used).first() or work.session.exec(untouched).rowcount != 1:
        raise conflict("quarantine.touched", number=found.number)
    _record(work, "quarantine.take_back", found, form=found.form, number=found.number)


def see(work: Work, certificate_id: str, *, confirmed: bool, note: str, version: int) -> QuarantineCertificate:
    """An inspector holds it against the paper or the issuing office; raises ``quarantine.seen`` or ``.same_person``."""
    work.actor.require("quarantine.confirm")
    found = work.session.get(QuarantineCertificate, certificate_id)
    if found is None:
        raise unknown()
    if found.written_by == work.actor.person_id:
        raise refused("quarantine.same_person")
    its = (
        col(QuarantineCertificate.id) == certificate_id,
        col(QuarantineCertificate.version) == version,
        col(QuarantineCertificate.state) == "declared",
    )
    values = {"state": "confirmed" if confirmed else "rejected", "seen_by": work.actor.person_id, "seen_at": work.now}
    more = {"seen_note": note, "version": version + 1}
    if work.session.exec(update(QuarantineCertificate).where(*its).values(**values, **more)).rowcount != 1:
        raise conflict("quarantine.seen")
    work.session.refresh(found)
    events.touch(work, reads.batches_of(work.session, found.id))
    _record(work, "quarantine.confirm" if confirmed else "quarantine.reject", found)
    return found


def use(work: Work, certificate_id: str, subject: str, subject_id: str, quantity: Decimal, day: date) -> QuarantineUse:
    """It goes with a herd's move, a slaughter batch or a shipment, once each and never beyond its quantity.

    Raises ``quarantine.rejected``, ``.expired`` on that day, ``.used_up`` with the figures, ``.used_for_this``.
    """
    found = work.session.get(QuarantineCertificate, certificate_id)
    if found is None:
        raise unknown()
    work.actor.require("quarantine.write", found.enterprise_id)
    return spend(work, found, subject, subject_id, quantity, day)


def spend(
    work: Work, found: QuarantineCertificate, subject: str, subject_id: str, quantity: Decimal, day: date
) -> QuarantineUse:
    """The same for services whose callers have asked for their own permission."""
    certificate_id = found.id
    _check_subject(work, found, subject, subject_id)
    if found.state == "rejected":
        raise refused("quarantine.rejected")
    if day > work.today:
        code, params = "quarantine.issued_in_future", {"day": day.isoformat()}
        raise invalid(code, faults=[Fault(code, "/day", params)], **params)
    rules.check_use(found.issued_on, found.valid_until, day)
    rules.check_covered(found.quantity, found.used, quantity)
    same = select(QuarantineUse.id).where(
        QuarantineUse.certificate_id == certificate_id,
        QuarantineUse.subject == subject,
        QuarantineUse.subject_id == subject_id,
    )
    if work.session.exec(same).first():
        raise conflict("quarantine.used_for_this", faults=[Fault("quarantine.used_for_this", "/subject_id")])
    its = (
        col(QuarantineCertificate.id) == certificate_id,
        col(QuarantineCertificate.used) + quantity <= col(QuarantineCertificate.quantity),
    )
    more = {"used": col(QuarantineCertificate.used) + quantity, "version": col(QuarantineCertificate.version) + 1}
    if work.session.exec(update(QuarantineCertificate).where(*its).values(**more)).rowcount != 1:
        work.session.refresh(found)
        rules.check_covered(found.quantity, found.used, quantity)
        raise conflict("batches.stale")
    made = QuarantineUse(
        certificate_id=certificate_id,
        subject=subject,
        subject_id=subject_id,
        quantity=quantity,
        used_on=day,
        used_at=work.now,
        used_by=work.actor.person_id or "",
    )
    work.session.add(made)
    work.session.flush()
    work.session.refresh(found)
    events.touch(work, reads.batches_of(work.session, found.id))
    _record(work, "quarantine.use", found, subject=subject, subject_id=subject_id, quantity=quantity)
    return made


def give_back(work: Work, subject: str, subject_id: str) -> None:
    """What certificates covered of goods that were taken back, they cover again; rows only grow, twice gives back once.

    Needs no permission of its own.
    """
    undone = select(QuarantineUse.certificate_id).where(
        QuarantineUse.subject == UNDONE, QuarantineUse.subject_id == subject_id
    )
    its = select(QuarantineUse).where(
        QuarantineUse.subject == subject,
        QuarantineUse.subject_id == subject_id,
        col(QuarantineUse.certificate_id).not_in(undone),
    )
    for one in work.session.exec(its).all():
        less = update(QuarantineCertificate).where(
            col(QuarantineCertificate.id) == one.certificate_id, col(QuarantineCertificate.used) >= one.quantity
        )
        values = {
            "used": col(QuarantineCertificate.used) - one.quantity,
            "version": col(QuarantineCertificate.version) + 1,
        }
        if work.session.exec(less.values(**values)).rowcount != 1:
            raise conflict("batches.stale")
        work.session.add(
            QuarantineUse(
                certificate_id=one.certificate_id,
                subject=UNDONE,
                subject_id=subject_id,
                quantity=-one.quantity,
                used_on=work.today,
                used_at=work.now,
                used_by=work.actor.person_id or "",
            )
        )
    work.session.flush()


def _check_subject(work: Work, found: QuarantineCertificate, subject: str, subject_id: str) -> None:
    """A herd of one's own, a batch one made or whose goods are one's own, or a journey one sent that is on its way."""
    owners: set[str] = set()
    if subject == "herd" and (herd := work.session.get(Herd, subject_id)) is not None:
        owners = {herd.enterprise_id}
    if subject == "batch" and (batch := work.session.get(Batch, subject_id)) is not None:
        owners = {batch.maker_id, batch.producer_id, batch.holder_id}
    shipment = work.session.get(Shipment, subject_id) if subject == "shipment" else None
    if shipment is not None:
        owners = {shipment.from_id}
    if found.enterprise_id not in owners:
        raise unknown()
    if shipment is not None and shipment.state != ON_THE_WAY:
        raise conflict("quarantine.journey_over", number=shipment.number)


def _record(work: Work, action: str, one: QuarantineCertificate, **detail: Any) -> None:
    audit.record(work, action, "quarantine_certificate", one.id, enterprise_id=one.enterprise_id, **detail)
