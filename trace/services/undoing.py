"""Takes acts on goods back: a new act gives weight, season, animals and papers their due and empties what was made.

Nothing is edited: the act and its events stay to be read, and what takes it back has the same figures below zero.
"""

from __future__ import annotations

from collections.abc import Sequence

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
from trace.queries.animals import in_parts
from trace.queries.lineage import portions
from trace.queries.undoing import Done
from trace.rules.undoing import check_free, check_kind
from trace.services import capacities, events, holds, lairage, ledger, slaughter, stocks, storing, supply_goods
from trace.services.ledger import Taken

_LEAD_TO_ACTS = col(SheetImport.kind).in_((SheetKind.CARCASSES.value, SheetKind.PACKING.value))


def undo(work: Work, operation_id: str, *, words: str) -> Operation:
    """Take one act back, all of it or nothing; ``words`` say why.

    Raises ``access.unknown``, ``undoing.words``, ``undoing.kind``, ``undoing.done_already``, everything of
    ``queries.undoing.in_the_way`` (``undoing.used``, ``.labelled``, ``.shipped`` …) and what holds refuse.
    """
    return undo_all(work, [operation_id], words=words)[0]


def undo_all(work: Work, operation_ids: Sequence[str], *, words: str) -> list[Operation]:
    """The same for acts none of which rests on another of them; raises what the first that may not be raises."""
    return [one for some in in_parts(operation_ids) for one in _undo(work, some, words)]


def _undo(work: Work, operation_ids: Sequence[str], words: str) -> list[Operation]:
    acts = reads.find_all(work.session, work.actor, operation_ids)  # asks for ``flows.record`` of their enterprise
    if not words.strip():
        raise invalid("undoing.words", faults=[Fault("undoing.words", "/words")])
    for one in acts:
        check_kind(one.operation.kind)
    # Whoever uses, packs, ships or labels these goods takes turns with us; what they did meanwhile is read after.
    holds.lock(work, {each.id for one in acts for each in one.goods})
    work.session.expire_all()
    acts = reads.find_all(work.session, work.actor, operation_ids)
    if any(one.undone for one in acts):
        raise conflict("undoing.done_already")
    for one in reads.doubtful(work.session, acts):
        check_free(reads.in_the_way(work.session, one))
    holds.lift_automatic(work, *(f"yield:{one}" for one in operation_ids), words=words)
    holds.refuse_held(work, {each.id for one in acts for each in one.made})
    holds.refuse_called(work, {each.id for one in acts for each in (*one.sources, *one.packed)})
    return _take_back(work, acts, words)


def _take_back(work: Work, acts: Sequence[Done], words: str) -> list[Operation]:
    taken = [Taken(one.operation, one.drawn, [each.id for each in one.made]) for one in acts]
    undone = ledger.take_back(work, taken, words)
    for made, done in zip(undone, acts, strict=True):
        _remove_packs(work, done)
        stocks.come_back(work, made, done.operation.enterprise_id, {line.id: packs for line, packs in done.moved})
    begun = [batch.id for one in acts for batch in one.made]
    capacities.give_back(work, *begun)
    supply_goods.give_back(work, *begun)
    storing.leave(work, work.now, *begun)
    for done in acts:
        if done.slaughter:
            _raise(work, done.made[0])
    events.void_all(work, _events(work, [one.operation.id for one in acts]), words)
    _free_sheets(work, acts)
    for made, done in zip(undone, acts, strict=True):
        _tell(work, made, done, words)
    work.session.flush()
    return undone


def _tell(work: Work, made: Operation, done: Done, words: str) -> None:
    codes = sorted({one.code for one in (*done.sources, *done.made)})
    about = {"kind": done.operation.kind, "lots": [one.lot for one in done.goods], "batches": codes}
    detail = {"undoes": done.operation.id, "kg": done.operation.out_kg, **about}
    audit.record(work, "flows.undone", "operation", made.id, enterprise_id=made.enterprise_id, words=words, **detail)


def _remove_packs(work: Work, done: Done) -> None:
    """Packs nobody labelled or moved are loose goods again; the statement refuses what happened meanwhile."""
    for line in done.lines:
        work.session.expunge(line)
    # Nothing in hand has to learn of it: the engine would hold every statement against every record.
    silent = {"synchronize_session": False}
    for some in portions(line.id for line in done.lines):
        work.session.exec(delete(PackStock).where(col(PackStock.pack_line_id).in_(some)), execution_options=silent)
        untouched = (col(PackLine.id).in_(some), col(PackLine.ordered) == 0, col(PackLine.gone) == 0)
        gone = work.session.exec(delete(PackLine).where(*untouched), execution_options=silent)
        if gone.rowcount != len(some):
            raise conflict("stocks.stale")


def _raise(work: Work, batch: Batch) -> None:
    """The animals live again, their tags are free for the true sheet, the examined lot waits again."""
    its = (col(Carcass.batch_id) == batch.id, col(Carcass.withdrawn).is_(False))
    work.session.exec(update(Carcass).where(*its).values(withdrawn=True))
    slaughter.unmark(work, batch.id)
    lairage.unbind(work, batch)


def _free_sheets(work: Work, acts: Sequence[Done]) -> None:
    """The sheets that led to the acts may be taken in again, mended or as they were."""
    ids = {batch.id for one in acts for batch in (*one.sources, *one.made)}
    kept = select(SheetImport).where(
        col(SheetImport.batch_id).in_(ids), SheetImport.state == ImportState.DONE.value, _LEAD_TO_ACTS
    )
    undone = {one.operation.id for one in acts}
    slaughtered = {batch.id for one in acts if one.slaughter for batch in (*one.sources, *one.made)}
    for row in work.session.exec(kept).all():
        if (row.kind == SheetKind.CARCASSES and row.batch_id in slaughtered) or row.details.get("act") in undone:
            row.state, row.version = ImportState.UNDONE.value, row.version + 1


def _events(work: Work, operation_ids: Sequence[str]) -> list[Event]:
    """The events of these acts that still count."""
    its = select(Event).where(
        col(Event.operation).in_(operation_ids), col(Event.corrects_id).is_(None), event_reads.counts()
    )
    return list(work.session.exec(its.order_by(col(Event.id))))
