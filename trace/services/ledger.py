"""Keeps the books of goods: every act one operation whose sums come out, every kilogram drawn by one guarded statement.

Needs no permission of its own: the services that book have asked for theirs and hold the batches' locks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from brand.kernel.errors import conflict, pointing
from brand.kernel.work import Work
from trace.models.batches import Batch, Flow
from trace.models.flows import Draw, Operation
from trace.queries.lineage import portions
from trace.rules.flows import OperationKind, apportion, check_left

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Said:
    """Who stated an act, and who agreed where another's yes was needed."""

    person_id: str
    agreed_by: str | None = None


@dataclass(frozen=True)
class Act:
    """One act as it is booked: its sums, kg, and what it draws from each batch; ``packs_kg`` went with packs instead.

    ``places`` says where in the input the weight drawn from a batch stands.
    """

    kind: OperationKind
    enterprise_id: str
    at: datetime
    draws: Mapping[str, Decimal] = field(default_factory=dict)
    packs_kg: Decimal = NOTHING
    out_kg: Decimal = NOTHING
    gone_kg: Decimal = NOTHING
    loss_kg: Decimal = NOTHING
    process: str = ""
    buyer: str = ""
    words: str = ""
    said: Said | None = None
    places: Mapping[str, str] = field(default_factory=dict)


def book(work: Work, kind: OperationKind, enterprise_id: str, at: datetime, **sums: Any) -> Operation:
    """One act by the other fields of ``Act``.

    Raises ``flows.more_than_left`` with the figures; the database refuses sums that do not come out.
    """
    return book_all(work, [Act(kind, enterprise_id, at, **sums)])[0]


def book_all(work: Work, acts: Sequence[Act]) -> list[Operation]:
    """Many acts in their order. What several of them draw of one batch is drawn at once: all of it or a refusal."""
    booked = [_operation(work, one) for one in acts]
    work.session.add_all(booked)
    work.session.flush()
    drawn: dict[str, list[tuple[Operation, Decimal]]] = defaultdict(list)
    places: dict[str, str] = {}
    for made, one in zip(booked, acts, strict=True):
        for batch_id, kg in one.draws.items():
            drawn[batch_id].append((made, kg))
            places.setdefault(batch_id, one.places.get(batch_id, ""))
    for batch_id in sorted(drawn):  # rows are taken in one order, so that nobody waits in a ring
        with pointing({"": places[batch_id]}):
            _draw(work, batch_id, drawn[batch_id])
    return booked


def _operation(work: Work, one: Act) -> Operation:
    by = one.said or Said(work.actor.person_id or "")
    return Operation(
        kind=one.kind.value,
        process=one.process,
        enterprise_id=one.enterprise_id,
        at=one.at,
        recorded_at=work.now,
        person_id=by.person_id,
        agreed_by=by.agreed_by,
        in_kg=sum(one.draws.values(), one.packs_kg),
        out_kg=one.out_kg,
        gone_kg=one.gone_kg,
        loss_kg=one.loss_kg,
        buyer=one.buyer,
        words=one.words,
    )


def _draw(work: Work, batch_id: str, drawn: Sequence[tuple[Operation, Decimal]]) -> None:
    """What these acts take of one batch."""
    _use(work, batch_id, sum((kg for _, kg in drawn), NOTHING))
    work.session.add_all(Draw(operation_id=one.id, batch_id=batch_id, kg=kg) for one, kg in drawn)
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


#: What an act took of each batch and made, kg; ``events`` names each output's event.
Joint = tuple[Mapping[str, Decimal], Mapping[str, Decimal], Mapping[str, str]]


def join(work: Work, joints: Iterable[Joint]) -> None:
    """Edges from every input of an act to every output of it. Raises ``flows.too_little``."""
    work.session.add_all(
        Flow(input_id=source, output_id=target, kg=kg, event_id=events[target])
        for taken, made, events in joints
        for (source, target), kg in apportion(taken, made).items()
    )
    work.session.flush()
