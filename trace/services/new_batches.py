"""Makes batches: under a free code and a lot of their maker's, with the licence that stands behind them.

Needs no permission of its own: the services that make them have asked for theirs and booked the act.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from brand.kernel.errors import AppError, Fault, Kind
from brand.kernel.remembered import remembered
from brand.kernel.work import Work
from brand.models.licences import Licence
from brand.queries import licences
from trace.crypto.label_codes import fresh_batch_code
from trace.models.batches import Batch
from trace.models.containers import Container
from trace.models.flows import Operation
from trace.queries import lots
from trace.queries.lineage import portions
from trace.rules.flows import Measure
from trace.rules.goods import BatchKind
from trace.rules.lots import check_lot


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


def add_batch(work: Work, operation: Operation, one: Newborn, *, pointer: str = "/lot") -> Batch:
    """The new batch, held by its maker; without a licence named, the producer's of that day stands behind it.

    Raises ``lots.shape`` or ``batches.lot_taken``, in a race too.
    """
    return add_batches(work, [(operation, one, pointer)])[0]


def add_batches(work: Work, new: Sequence[tuple[Operation, Newborn, str]]) -> list[Batch]:
    """The same for many, each with the act that makes it and where its lot stands in the input."""
    named = [check_lot(one.lot) for _, one, _ in new]
    codes = free_codes(work, len(new))
    batches = [_batch(work, made, one, lot, code) for (made, one, _), lot, code in zip(new, named, codes, strict=True)]
    places: dict[str, dict[str, str]] = defaultdict(dict)
    for (_, one, pointer), lot in zip(new, named, strict=True):
        if lot in places[one.maker_id]:
            raise _lot_taken(lot, pointer)
        places[one.maker_id][lot] = pointer
    check_lots_free(work, places)
    try:
        with work.session.begin_nested():
            work.session.add_all(batches)
    except IntegrityError:
        # Somebody took the lot between our look and our writing: say so by its name.
        check_lots_free(work, places)
        raise
    for some in portions(one.id for one in batches):  # weights as every later reader gets them, to the gram
        work.session.exec(select(Batch).where(col(Batch.id).in_(some)).execution_options(populate_existing=True)).all()
    return batches


def _batch(work: Work, operation: Operation, one: Newborn, lot: str, code: str) -> Batch:
    licence_id = (
        None
        if one.unlicensed
        else one.licence_id or _licence(work.session, one.producer_id, one.product_id, one.made_on)
    )
    return Batch(
        code=code,
        lot=lot,
        kind=one.kind.value,
        form=one.form,
        product_id=one.product_id,
        producer_id=one.producer_id,
        licensee_id=_licensee(work.session, licence_id) if licence_id else one.producer_id,
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


def check_lot_free(work: Work, maker_id: str, lot: str, pointer: str = "/lot") -> None:
    """Raises ``batches.lot_taken``."""
    check_lots_free(work, {maker_id: {lot: pointer}})


def check_lots_free(work: Work, named: Mapping[str, Mapping[str, str]]) -> None:
    """The same for lots of each maker, by where they stand in the input."""
    for maker_id, pointers in named.items():
        taken = lots.standing(work.session, maker_id, pointers)
        if taken:
            first = next(lot for lot in pointers if lot in taken)
            raise _lot_taken(first, pointers[first])


def _lot_taken(lot: str, pointer: str) -> AppError:
    code = "batches.lot_taken"
    return AppError(Kind.CONFLICT, code, faults=[Fault(code, pointer, {"lot": lot})], lot=lot)


def free_code(work: Work) -> str:
    """A code for one more batch or container."""
    return free_codes(work, 1)[0]


def free_codes(work: Work, count: int) -> list[str]:
    """35 random bits may repeat within a long life; the unique keys would refuse, so ask first.

    Batches and containers share their codes, so that one read on a label names one thing.
    """
    free: set[str] = set()
    while len(free) < count:
        fresh = {fresh_batch_code() for _ in range(count - len(free))}
        for some in portions(fresh):
            of_batches = work.session.exec(select(Batch.code).where(col(Batch.code).in_(some))).all()
            of_containers = work.session.exec(select(Container.code).where(col(Container.code).in_(some))).all()
            fresh -= {*of_batches, *of_containers}
        free |= fresh
    return list(free)


@remembered
def _licensee(session: Session, licence_id: str) -> str:
    return session.get_one(Licence, licence_id).enterprise_id


@remembered
def _licence(session: Session, producer_id: str, product_id: str, day: date) -> str | None:
    found = licences.valid_for(session, producer_id, product_id, day)
    return found.id if found else None
