"""Takes acts on goods back: a new act gives weight, season, animals and papers their due and empties what was made.

Nothing is edited: the act and its events stay to be read, and what takes it back has the same figures below zero.
"""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import col, delete, select

from brand.kernel import audit
from brand.kernel.errors import Fault, conflict, invalid
from brand.kernel.work import Work
from trace.models.batches import Batch, Carcass, PackLine
from trace.models.containers import PackStock
from trace.models.events import Event
from trace.models.flows import Operation
from trace.models.imports import ImportState, SheetImport, SheetKind
from trace.queries import events as event_reads
from trace.queries import undoing as reads
from trace.queries.undoing import Done
from trace.rules.undoing import check_free, check_kind
from trace.services import capacities, events, holds, lairage, ledger, slaughter, stocks, storing, supply

_LEAD_TO_ACTS = col(SheetImport.kind).in_((SheetKind.CARCASSES.value, SheetKind.PACKING.value))


def undo(work: Work, operation_id: str, *, words: str) -> Operation:
    """Take one act back, all of it or nothing; ``words`` say why.

    Raises ``access.unknown``, ``undoing.words``, ``undoing.kind``, ``undoing.done_already``, everything of
    ``queries.undoing.in_the_way`` (``undoing.used``, ``.labelled``, ``.shipped`` …) and what holds refuse.
    """
    done = reads.find(work.session, work.actor, operation_id)  # asks for ``flows.record`` of its enterprise
    if not words.strip():
        raise invalid("undoing.words", faults=[Fault("undoing.words", "/words")])
    check_kind(done.operation.kind)
    # Whoever uses, packs, ships or labels these goods takes turns with us; what they did meanwhile is read after.
    holds.lock(work, [one.id for one in done.goods])
    work.session.expire_all()
    done = reads.find(work.session, work.actor, operation_id)
    if done.undone:
        raise conflict("undoing.done_already")
    check_free(reads.in_the_way(work.session, done))
    holds.lift_automatic(work, cause=f"yield:{operation_id}", words=words)
    holds.refuse_held(work, [one.id for one in done.made])
    holds.refuse_called(work, [one.id for one in (*done.sources, *done.packed)])
    return _take_back(work, done, words)


def _take_back(work: Work, done: Done, words: str) -> Operation:
    made = ledger.take_back(work, done.operation, done.drawn, [one.id for one in done.made], words)
    _remove_packs(work, done)
    stocks.come_back(work, made, done.operation.enterprise_id, {line.id: packs for line, packs in done.moved})
    for batch in done.made:
        capacities.give_back(work, batch.id)
        supply.give_back(work, batch.id)
        storing.leave(work, batch.id, work.now)
    if done.slaughter:
        _raise(work, done.made[0])
    for event in _events(work, done.operation.id):
        events.void(work, event, words)
    _free_sheets(work, done)
    touched = [one.lot for one in done.goods]
    codes = sorted({one.code for one in (*done.sources, *done.made)})
    about = {"kind": done.operation.kind, "lots": touched, "batches": codes}
    detail = {"undoes": done.operation.id, "kg": done.operation.out_kg, **about}
    audit.record(work, "flows.undone", "operation", made.id, enterprise_id=made.enterprise_id, words=words, **detail)
    work.session.flush()
    return made


def _remove_packs(work: Work, done: Done) -> None:
    """Packs nobody labelled or moved are loose goods again; one statement per line refuses what happened meanwhile."""
    for line in done.lines:
        work.session.exec(delete(PackStock).where(col(PackStock.pack_line_id) == line.id))
        untouched = (col(PackLine.id) == line.id, col(PackLine.ordered) == 0, col(PackLine.gone) == 0)
        if work.session.exec(delete(PackLine).where(*untouched)).rowcount != 1:
            raise conflict("stocks.stale")


def _raise(work: Work, batch: Batch) -> None:
    """The animals live again, their tags are free for the true sheet, the examined lot waits again."""
    its = (col(Carcass.batch_id) == batch.id, col(Carcass.withdrawn).is_(False))
    work.session.exec(update(Carcass).where(*its).values(withdrawn=True))
    slaughter.unmark(work, batch.id)
    lairage.unbind(work, batch)


def _free_sheets(work: Work, done: Done) -> None:
    """The sheet that led to the act may be taken in again, mended or as it was."""
    ids = [one.id for one in (*done.sources, *done.made)]
    kept = select(SheetImport).where(
        col(SheetImport.batch_id).in_(ids), SheetImport.state == ImportState.DONE.value, _LEAD_TO_ACTS
    )
    for row in work.session.exec(kept).all():
        if (row.kind == SheetKind.CARCASSES and done.slaughter) or row.details.get("act") == done.operation.id:
            row.state, row.version = ImportState.UNDONE.value, row.version + 1


def _events(work: Work, operation_id: str) -> list[Event]:
    """The events of an act that still count."""
    its = select(Event).where(Event.operation == operation_id, col(Event.corrects_id).is_(None), event_reads.counts())
    return list(work.session.exec(its.order_by(col(Event.id))))
