"""Reads what an act on goods made and took, and every record that stands in the way of taking it back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, func, select

from brand.kernel.actors import Actor
from brand.kernel.errors import Fault, unknown
from trace.models.batches import Batch, Flow, PackLine, Slaughter
from trace.models.checks import GoodsCheck, Sample
from trace.models.commitments import Commitment
from trace.models.containers import ContainerLine, PackMove, PackStock
from trace.models.events import Event
from trace.models.flows import Draw, Operation
from trace.models.quality import LabReport
from trace.models.shipments import Shipment, ShipmentLine
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
    operation = session.get(Operation, operation_id)
    if operation is None:
        raise unknown()
    actor.require("flows.record", operation.enterprise_id)
    return of(session, operation)


def of(session: Session, operation: Operation) -> Done:
    """Everything the books hold of an act."""
    drawn = {one.batch_id: one.kg for one in session.exec(select(Draw).where(Draw.operation_id == operation.id))}
    sources = session.exec(select(Batch).where(col(Batch.id).in_(drawn)).order_by(Batch.lot)).all()
    made = session.exec(select(Batch).where(Batch.operation_id == operation.id).order_by(Batch.lot)).all()
    lines = session.exec(select(PackLine).where(PackLine.operation_id == operation.id)).all()
    slaughtered = select(Slaughter.batch_id).where(col(Slaughter.batch_id).in_([one.id for one in made]))
    undone = session.exec(select(Operation.id).where(Operation.undoes_id == operation.id)).first()
    slaughter = session.exec(slaughtered).first() is not None
    moves = select(PackLine, PackMove.packs).join(PackMove, col(PackMove.pack_line_id) == col(PackLine.id))
    moved = tuple(session.exec(moves.where(PackMove.operation_id == operation.id).order_by(PackLine.id)).all())
    its = select(Batch).where(col(Batch.id).in_({line.batch_id for line, _ in moved})).order_by(Batch.lot)
    packed = tuple(session.exec(its).all())
    done = (tuple(sources), tuple(made), tuple(lines), slaughter, undone is not None)
    return Done(operation, drawn, *done, moved, packed)


def in_the_way(session: Session, done: Done) -> list[Fault]:
    """Everything that was done since with the goods, each with the lot and the number of its record."""
    holder = done.operation.enterprise_id
    away = [one for one in (*done.sources, *done.made) if one.holder_id != holder]
    found = [Fault("undoing.elsewhere", "", {"lot": one.lot}) for one in away]
    for batch in done.made:
        found += _of_batch(session, batch)
    for line in done.lines:
        found += _of_line(session, line, holder)
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


def _of_line(session: Session, line: PackLine, holder_id: str) -> Iterator[Fault]:
    cut = {"cut": line.cut, "net": f"{plain(line.net_kg)}"}
    if line.ordered:
        yield Fault("undoing.labelled", "", {**cut, "count": line.ordered})
    boxed = session.exec(select(ContainerLine.packs).where(ContainerLine.pack_line_id == line.id)).all()
    if boxed:
        yield Fault("undoing.boxed", "", {**cut, "count": sum(boxed)})
    before = select(PackMove.id).where(PackMove.pack_line_id == line.id)
    if not line.gone and session.exec(before.limit(1)).first():
        yield Fault("undoing.packs_moved", "", cut)
    mine = select(PackStock.packs).where(PackStock.pack_line_id == line.id, PackStock.holder_id == holder_id)
    there = session.exec(mine).first() or 0
    if not boxed and there != line.packs:
        yield Fault("undoing.packs_gone", "", {**cut, "count": line.packs - there})


def undone_of(session: Session, operation_ids: Sequence[str]) -> frozenset[str]:
    """Those of these acts that were taken back."""
    taken = select(Operation.undoes_id).where(col(Operation.undoes_id).in_(operation_ids))
    return frozenset(one for one in session.exec(taken) if one)
