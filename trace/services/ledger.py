"""Keeps the books of goods: every act one operation whose sums come out, every kilogram drawn by one guarded statement.

Needs no permission of its own: the services that book have asked for theirs and hold the batches' locks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from brand.kernel.errors import AppError, Fault, Kind, conflict, pointing
from brand.kernel.remembered import remembered
from brand.kernel.work import Work
from brand.models.licences import Licence
from brand.queries import licences
from trace.crypto.label_codes import fresh_batch_code
from trace.models.batches import Batch, Flow
from trace.models.containers import Container
from trace.models.flows import Draw, Operation
from trace.queries.lineage import portions
from trace.rules.flows import Measure, OperationKind, apportion, check_left
from trace.rules.goods import BatchKind
from trace.rules.lots import check_lot
from trace.services.holds import NOWHERE

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Said:
    """Who stated an act, and who agreed where another's yes was needed."""

    person_id: str
    agreed_by: str | None = None


@dataclass(frozen=True)
class Newborn:
    """A batch about to be: ``made_on`` is the day it came to be, ``producer_id`` whose goods they are.

    ``unlicensed``: goods of somebody nobody licensed are in it, so that no licence stands behind it.
    """

    kind: BatchKind
    form: str
    product_id: str
    producer_id: str
    maker_id: str
    made_on: date
    lot: str
    measure: Measure
    place_id: str | None = None
    licence_id: str | None = None
    unlicensed: bool = False


def book(
    work: Work,
    kind: OperationKind,
    enterprise_id: str,
    at: datetime,
    *,
    draws: Mapping[str, Decimal] | None = None,
    packs_kg: Decimal = NOTHING,
    out_kg: Decimal = NOTHING,
    gone_kg: Decimal = NOTHING,
    loss_kg: Decimal = NOTHING,
    process: str = "",
    buyer: str = "",
    words: str = "",
    said: Said | None = None,
    places: Mapping[str, str] = NOWHERE,
) -> Operation:
    """One act with its sums, kg, and what it draws from each batch; ``packs_kg`` went with packs instead.

    ``places`` says where in the input the weight drawn from a batch stands. Raises ``flows.more_than_left`` with the
    figures; the database refuses sums that do not come out.
    """
    by = said or Said(work.actor.person_id or "")
    taken = dict(draws or {})
    made = Operation(
        kind=kind.value,
        process=process,
        enterprise_id=enterprise_id,
        at=at,
        recorded_at=work.now,
        person_id=by.person_id,
        agreed_by=by.agreed_by,
        in_kg=sum(taken.values(), packs_kg),
        out_kg=out_kg,
        gone_kg=gone_kg,
        loss_kg=loss_kg,
        buyer=buyer,
        words=words,
    )
    work.session.add(made)
    work.session.flush()
    for batch_id, kg in sorted(taken.items()):
        with pointing({"": places.get(batch_id, "")}):
            _draw(work, made, batch_id, kg)
    return made


def _draw(work: Work, operation: Operation, batch_id: str, kg: Decimal) -> None:
    _use(work, batch_id, kg)
    work.session.add(Draw(operation_id=operation.id, batch_id=batch_id, kg=kg))
    work.session.flush()


def _use(work: Work, batch_id: str, kg: Decimal) -> None:
    """The guarded step: of two who together take more than there is only one gets it, whatever both read before."""
    taken = (
        update(Batch)
        .where(
            col(Batch.id) == batch_id,
            col(Batch.used_kg) + kg <= col(Batch.total_kg),
            col(Batch.used_kg) + kg >= 0,
            col(Batch.withdrawn).is_(False),
        )
        .values(used_kg=col(Batch.used_kg) + kg)
    )
    done = work.session.exec(taken).rowcount
    batch = work.session.get_one(Batch, batch_id, populate_existing=True)
    if done != 1:
        check_left(batch.lot, batch.total_kg, batch.used_kg, kg)
        raise conflict("batches.stale")


@dataclass(frozen=True)
class Taken:
    """An act to be taken back: what it drew of which batch, and the ids of the batches it made."""

    operation: Operation
    drawn: Mapping[str, Decimal]
    made: Sequence[str]


def take_back(work: Work, acts: Sequence[Taken], words: str) -> list[Operation]:
    """The acts that undo others, in their order: what those drew comes back, what they made is empty and withdrawn.

    What many of them drew of one batch comes back by one guarded statement. Raises ``undoing.done_already`` in a race
    too, ``batches.stale`` where somebody used what was made meanwhile.
    """
    undone = [_undoing(work, one.operation, words) for one in acts]
    try:
        with work.session.begin_nested():
            work.session.add_all(undone)
    except IntegrityError as error:
        raise conflict("undoing.done_already") from error
    back: dict[str, Decimal] = defaultdict(Decimal)
    for one in acts:
        for batch_id, kg in one.drawn.items():
            back[batch_id] -= kg
    for batch_id, kg in sorted(back.items()):
        _use(work, batch_id, kg)
    weights = _empty(work, sorted(batch_id for one in acts for batch_id in one.made))
    for made, one in zip(undone, acts, strict=True):
        came = {batch_id: -kg for batch_id, kg in one.drawn.items()} | {at: weights[at] for at in one.made}
        work.session.add_all(Draw(operation_id=made.id, batch_id=at, kg=kg) for at, kg in sorted(came.items()))
    work.session.flush()
    return undone


def _undoing(work: Work, done: Operation, words: str) -> Operation:
    """The same figures below zero."""
    return Operation(
        kind=OperationKind.UNDONE.value,
        enterprise_id=done.enterprise_id,
        at=work.now,
        recorded_at=work.now,
        person_id=work.actor.person_id or "",
        in_kg=-done.in_kg,
        out_kg=-done.out_kg,
        gone_kg=-done.gone_kg,
        loss_kg=-done.loss_kg,
        words=words,
        undoes_id=done.id,
    )


def _empty(work: Work, batch_ids: Sequence[str]) -> dict[str, Decimal]:
    """Nothing is left of batches that never were; whoever took some of one meanwhile was first. Gives their weights."""
    weights: dict[str, Decimal] = {}
    for some in portions(batch_ids):
        unused = (col(Batch.id).in_(some), col(Batch.used_kg) == 0, col(Batch.withdrawn).is_(False))
        values = {"used_kg": col(Batch.total_kg), "withdrawn": True}
        if work.session.exec(update(Batch).where(*unused).values(**values)).rowcount != len(some):
            raise conflict("batches.stale")
        emptied = select(Batch).where(col(Batch.id).in_(some)).execution_options(populate_existing=True)
        weights |= {one.id: one.total_kg for one in work.session.exec(emptied)}
    return weights


def add_batch(work: Work, operation: Operation, one: Newborn, *, pointer: str = "/lot") -> Batch:
    """The new batch, held by its maker; without a licence named, the producer's of that day stands behind it.

    Raises ``lots.shape`` or ``batches.lot_taken``, in a race too.
    """
    lot = check_lot(one.lot)
    licence_id = (
        None
        if one.unlicensed
        else one.licence_id or _licence(work.session, one.producer_id, one.product_id, one.made_on)
    )
    batch = Batch(
        code=free_code(work),
        lot=lot,
        kind=one.kind.value,
        form=one.form,
        product_id=one.product_id,
        producer_id=one.producer_id,
        licensee_id=_licensee(work, licence_id, one.producer_id),
        maker_id=one.maker_id,
        holder_id=one.maker_id,
        place_id=one.place_id,
        licence_id=licence_id,
        made_on=one.made_on,
        unit=one.measure.unit.value,
        quantity=one.measure.quantity,
        total_kg=one.measure.kg,
        operation_id=operation.id,
        registered_at=work.now,
        registered_by=work.actor.person_id or "",
    )
    check_lot_free(work, one.maker_id, lot, pointer)
    try:
        with work.session.begin_nested():
            work.session.add(batch)
    except IntegrityError:
        # Somebody took the lot between our look and our writing: say so by its name.
        check_lot_free(work, one.maker_id, lot, pointer)
        raise
    work.session.refresh(batch)  # weights as every later reader gets them, to the gram
    return batch


def join(work: Work, taken: Mapping[str, Decimal], made: Mapping[str, Decimal], events: Mapping[str, str]) -> None:
    """Edges from every input to every output; ``events`` names each output's event. Raises ``flows.too_little``."""
    for (source, target), kg in apportion(taken, made).items():
        work.session.add(Flow(input_id=source, output_id=target, kg=kg, event_id=events[target]))
    work.session.flush()


def check_lot_free(work: Work, maker_id: str, lot: str, pointer: str = "/lot") -> None:
    """Raises ``batches.lot_taken``."""
    taken = select(Batch.id).where(Batch.maker_id == maker_id, Batch.lot == lot, col(Batch.withdrawn).is_(False))
    if work.session.exec(taken).first():
        code = "batches.lot_taken"
        raise AppError(Kind.CONFLICT, code, faults=[Fault(code, pointer, {"lot": lot})], lot=lot)


def free_code(work: Work) -> str:
    """35 random bits may repeat within a long life; the unique keys would refuse, so ask first."""
    while _code_taken(work, code := fresh_batch_code()):
        pass
    return code


def _code_taken(work: Work, code: str) -> bool:
    """Batches and containers share their codes, so that one read on a label names one thing."""
    held: Iterable[object] = (
        work.session.exec(select(Batch.id).where(Batch.code == code)).first(),
        work.session.exec(select(Container.id).where(Container.code == code)).first(),
    )
    return any(held)


def _licensee(work: Work, licence_id: str | None, producer_id: str) -> str:
    return work.session.get_one(Licence, licence_id).enterprise_id if licence_id else producer_id


@remembered
def _licence(session: Session, producer_id: str, product_id: str, day: date) -> str | None:
    found = licences.valid_for(session, producer_id, product_id, day)
    return found.id if found else None
