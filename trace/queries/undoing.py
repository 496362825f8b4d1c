"""Reads what an act on goods made and took, and every record that stands in the way of taking it back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, func, select

from brand.kernel.actors import Actor
from brand.kernel.errors import Fault, unknown
from brand.queries.lookups import by_id
from trace.models.batches import Batch, Flow, PackLine, Slaughter
from trace.models.checks import GoodsCheck, Sample
from trace.models.commitments import Commitment
from trace.models.containers import ContainerLine, PackMove, PackStock
from trace.models.events import Event
from trace.models.flows import Draw, Operation
from trace.models.quality import LabReport
from trace.models.shipments import Shipment, ShipmentLine
from trace.queries.lineage import portions
from trace.rules.flows import OperationKind
from trace.rules.goods import Subject
from trace.rules.lab_reports import Status
from trace.rules.undoing import UNDOABLE
from trace.rules.weights import plain


@dataclass(frozen=True)
class Done:
    """One act: what it drew of which batch (kg), the batches it made, the packs it made, and whether it is undone.

    ``moved`` are packs that left the books with it, by their line, and ``packed`` the batches those are of.
    """

    operation: Operation
    drawn: dict[str, Decimal]
    sources: tuple[Batch, ...]
    made: tuple[Batch, ...]
    lines: tuple[PackLine, ...]
    slaughter: bool
    undone: bool
    moved: tuple[tuple[PackLine, int], ...] = ()
    packed: tuple[Batch, ...] = ()

    @property
    def goods(self) -> tuple[Batch, ...]:
        """Every batch the act is about."""
        return (*self.sources, *self.made, *self.packed)

    def open_to(self, actor: Actor) -> bool:
        """Whether this person may take it back, if nothing stands in the way."""
        mine = actor.may("flows.record", self.operation.enterprise_id)
        return mine and not self.undone and self.operation.kind in UNDOABLE


def find(session: Session, actor: Actor, operation_id: str) -> Done:
    """The act, for those who act on goods for its enterprise; raises ``access.unknown``."""
    return find_all(session, actor, [operation_id])[0]


def find_all(session: Session, actor: Actor, operation_ids: Sequence[str]) -> list[Done]:
    """The same of as many acts as one statement takes, in their order."""
    known = {one.id: one for one in session.exec(select(Operation).where(col(Operation.id).in_(operation_ids)))}
    for one in operation_ids:
        if one not in known:
            raise unknown()
    for enterprise_id in sorted({one.enterprise_id for one in known.values()}):
        actor.require("flows.record", enterprise_id)
    return of_all(session, [known[one] for one in operation_ids])


def of(session: Session, operation: Operation) -> Done:
    """Everything the books hold of an act."""
    return of_all(session, [operation])[0]


def of_all(session: Session, operations: Sequence[Operation]) -> list[Done]:
    """The same of many acts, each kind of record by one statement."""
    ids = [one.id for one in operations]
    drawn: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for one in session.exec(select(Draw).where(col(Draw.operation_id).in_(ids))):
        drawn[one.operation_id][one.batch_id] = one.kg
    made: dict[str | None, list[Batch]] = defaultdict(list)
    for batch in session.exec(select(Batch).where(col(Batch.operation_id).in_(ids))):
        made[batch.operation_id].append(batch)
    lines: dict[str | None, list[PackLine]] = defaultdict(list)
    for line in session.exec(select(PackLine).where(col(PackLine.operation_id).in_(ids))):
        lines[line.operation_id].append(line)
    moved: dict[str, list[tuple[PackLine, int]]] = defaultdict(list)
    moves = select(PackMove.operation_id, PackLine, PackMove.packs)
    joined = moves.join(PackLine, col(PackMove.pack_line_id) == col(PackLine.id)).order_by(col(PackLine.id))
    for operation_id, line, packs in session.exec(joined.where(col(PackMove.operation_id).in_(ids))):
        moved[operation_id].append((line, packs))
    packed = {line.batch_id for each in moved.values() for line, _ in each}
    batches = by_id(session, Batch, packed | {at for each in drawn.values() for at in each})
    begun = [one.id for each in made.values() for one in each]
    slaughtered = set(session.exec(select(Slaughter.batch_id).where(col(Slaughter.batch_id).in_(begun))))
    undone = undone_of(session, ids)
    return [
        Done(
            one,
            drawn[one.id],
            _by_lot(batches[at] for at in drawn[one.id]),
            _by_lot(made[one.id]),
            tuple(lines[one.id]),
            any(batch.id in slaughtered for batch in made[one.id]),
            one.id in undone,
            tuple(moved[one.id]),
            _by_lot(batches[at] for at in {line.batch_id for line, _ in moved[one.id]}),
        )
        for one in operations
    ]


def _by_lot(batches: Iterable[Batch]) -> tuple[Batch, ...]:
    return tuple(sorted(batches, key=lambda one: one.lot))


def doubtful(session: Session, acts: Sequence[Done]) -> list[Done]:
    """Those of many acts that something may stand in the way of: of all others ``in_the_way`` finds nothing."""
    ids = [one.operation.id for one in acts]
    made = [batch.id for one in acts for batch in one.made]
    speaking: set[str | None] = set()
    for model in (ShipmentLine, Commitment, LabReport, Sample, GoodsCheck):
        its: Any = model.batch_id
        speaking |= set(session.exec(select(its).where(its.in_(made))))
    boxed = select(Event.operation).where(col(Event.operation).in_(ids), Event.subject == Subject.CONTAINER.value)
    speaking |= set(session.exec(boxed))
    return [one for one in acts if not _is_plain(one, speaking)]


def _is_plain(done: Done, speaking: Collection[str | None]) -> bool:
    """Goods alone, all where they were, untouched, and its own sums come out."""
    if done.lines or done.moved or done.operation.kind == OperationKind.PACK or done.operation.id in speaking:
        return False
    here = all(one.holder_id == done.operation.enterprise_id for one in (*done.sources, *done.made))
    unused = all(not one.used_kg and one.id not in speaking for one in done.made)
    return here and unused and sum(done.drawn.values(), Decimal(0)) == done.operation.in_kg


def in_the_way(session: Session, done: Done) -> list[Fault]:
    """Everything that was done since with the goods, each with the lot and the number of its record."""
    holder = done.operation.enterprise_id
    away = [one for one in (*done.sources, *done.made) if one.holder_id != holder]
    found = [Fault("undoing.elsewhere", "", {"lot": one.lot}) for one in away]
    for batch in done.made:
        found += _of_batch(session, batch)
    found += _of_lines(session, done.lines, holder)
    boxed = select(Event.id).where(Event.operation == done.operation.id, Event.subject == Subject.CONTAINER.value)
    if session.exec(boxed).first():
        found.append(Fault("undoing.container", ""))
    packed = sum((one.net_kg * one.packs for one in done.lines), Decimal(0))
    gone = sum((line.net_kg * packs for line, packs in done.moved), Decimal(0))
    taken = sum(done.drawn.values(), gone)
    if taken != done.operation.in_kg or (done.operation.kind == "pack" and packed != done.operation.out_kg):
        found.append(Fault("undoing.packs_unknown", ""))
    return found


def _of_batch(session: Session, batch: Batch) -> Iterator[Fault]:
    if batch.used_kg:
        onward = (
            select(Batch.lot)
            .join(Flow, col(Flow.output_id) == col(Batch.id))
            .where(Flow.input_id == batch.id, col(Batch.withdrawn).is_(False))
        )
        lots = "、".join(sorted(session.exec(onward))) or _last_act(session, batch)
        params = {"used": f"{plain(batch.used_kg)}", "lots": lots}
        yield Fault("undoing.used", "", {"lot": batch.lot, **params})
    for code, number in (*_numbered(session, batch), *_looked_at(session, batch)):
        yield Fault(code, "", {"lot": batch.lot, "number": number})


def _last_act(session: Session, batch: Batch) -> str:
    """How the goods left that went into no other batch: the newest act that took of them, as its text is keyed."""
    took = select(Operation.kind).join(Draw, col(Draw.operation_id) == col(Operation.id))
    its = (Draw.batch_id == batch.id, col(Draw.kg) > 0, Operation.kind != OperationKind.UNDONE.value)
    found = session.exec(took.where(*its).order_by(col(Operation.recorded_at).desc(), col(Operation.id))).first()
    return f"flows.kind.{found}" if found else "–"


def _numbered(session: Session, batch: Batch) -> Iterator[tuple[str, str]]:
    """Records of others that speak for these goods: journeys, certificates, tests."""
    journeys = select(Shipment.number).join(ShipmentLine, col(ShipmentLine.shipment_id) == col(Shipment.id))
    gone: Any = (ShipmentLine.batch_id == batch.id, Shipment.state != "called_off")
    yield from (("undoing.shipped", one) for one in session.exec(journeys.where(*gone)))
    papers = select(Commitment.number).where(Commitment.batch_id == batch.id, Commitment.state == "valid")
    yield from (("undoing.committed", one) for one in session.exec(papers))
    tests = select(LabReport.number).where(LabReport.batch_id == batch.id, LabReport.status != Status.WITHDRAWN.value)
    yield from (("undoing.tested", one) for one in session.exec(tests))


def _looked_at(session: Session, batch: Batch) -> Iterator[tuple[str, str]]:
    """Samples and checks: what an inspector took or saw does not vanish with its batch."""
    seals = session.exec(select(Sample.seal).where(Sample.batch_id == batch.id))
    yield from (("undoing.sampled", one) for one in seals)
    checks = session.exec(select(func.count()).select_from(GoodsCheck).where(GoodsCheck.batch_id == batch.id)).one()
    if checks:
        yield "undoing.checked", str(checks)


def _of_lines(session: Session, lines: Sequence[PackLine], holder_id: str) -> Iterator[Fault]:
    boxed, there, moved = dict[str, int](), dict[str, int](), set[str]()
    for some in portions(one.id for one in lines):
        inside = select(ContainerLine.pack_line_id, func.sum(ContainerLine.packs))
        its = inside.where(col(ContainerLine.pack_line_id).in_(some)).group_by(col(ContainerLine.pack_line_id))
        boxed |= dict(session.exec(its).all())
        moved |= set(session.exec(select(PackMove.pack_line_id).where(col(PackMove.pack_line_id).in_(some))))
        mine = select(PackStock.pack_line_id, PackStock.packs).where(PackStock.holder_id == holder_id)
        there |= dict(session.exec(mine.where(col(PackStock.pack_line_id).in_(some))).all())
    for line in lines:
        cut = {"cut": line.cut, "net": f"{plain(line.net_kg)}"}
        if line.ordered:
            yield Fault("undoing.labelled", "", {**cut, "count": line.ordered})
        if line.id in boxed:
            yield Fault("undoing.boxed", "", {**cut, "count": boxed[line.id]})
        if not line.gone and line.id in moved:
            yield Fault("undoing.packs_moved", "", cut)
        here = there.get(line.id, 0)
        if line.id not in boxed and here != line.packs:
            yield Fault("undoing.packs_gone", "", {**cut, "count": line.packs - here})


def undone_of(session: Session, operation_ids: Sequence[str]) -> frozenset[str]:
    """Those of these acts that were taken back."""
    taken = select(Operation.undoes_id).where(col(Operation.undoes_id).in_(operation_ids))
    return frozenset(one for one in session.exec(taken) if one)
