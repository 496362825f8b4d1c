"""Takes samples of a batch under seal: each seal once in the whole register, a spare half for a retest."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy.exc import IntegrityError

from brand.kernel import audit
from brand.kernel.errors import Fault, invalid
from brand.kernel.work import Work
from trace.models.checks import Sample
from trace.rules.look_alikes import one_spelling
from trace.rules.samples import check_taken
from trace.services.lab_reports import of_batch


def take(
    work: Work, batch_id: str, *, seal: str, where: str, quantity: Decimal, unit: str, spare: bool, taken_at: datetime
) -> Sample:
    """A sample by the batch's holder, or by an inspector for the authority (``official``).

    Raises ``samples.seal_taken``, ``samples.in_future`` or ``samples.too_early``.
    """
    batch, official = of_batch(work, batch_id)
    check_taken(batch.made_on, taken_at, work.now)
    made = Sample(
        batch_id=batch.id,
        enterprise_id=batch.holder_id,
        seal=seal,
        seal_key=one_spelling(seal),
        where=where,
        quantity=quantity,
        unit=unit,
        spare=spare,
        official=official,
        taken_at=taken_at,
        taken_by=work.actor.person_id or "",
        taken_by_name=work.actor.name,
        recorded_at=work.now,
    )
    try:
        with work.session.begin_nested():
            work.session.add(made)
    except IntegrityError as error:
        raise invalid("input.invalid", faults=[Fault("samples.seal_taken", "/seal", {"seal": seal})]) from error
    audit.record(
        work,
        "samples.take",
        "sample",
        made.id,
        enterprise_id=batch.holder_id,
        batch=batch.id,
        seal=seal,
        official=official,
        spare=spare,
    )
    return made
