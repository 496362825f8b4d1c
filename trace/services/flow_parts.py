"""What the acts on goods share: their inputs locked and owned, their outputs measured, made, joined and recorded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from typing import Any, TypeVar

from sqlmodel import col, select

from brand.kernel import audit
from brand.kernel.errors import AppError, Fault, Kind, invalid
from brand.kernel.work import Work
from brand.queries import product_rules
from brand.rules.product_rules import RuleKind
from trace.models.batches import Batch
from trace.models.flows import Operation
from trace.queries import lineage
from trace.rules.events import EventKind, moment_of_day
from trace.rules.flows import MOST_BATCHES, Measure, OperationKind, check_day, checked_kg, measure
from trace.rules.goods import BatchKind, Unit
from trace.rules.weights import plain
from trace.services import events, holds, ledger, new_batches
from trace.services.events import Step
from trace.services.holds import NOWHERE
from trace.services.ledger import Act
from trace.services.new_batches import Newborn

T = TypeVar("T")


@dataclass(frozen=True)
class Part:
    """So many kilograms of one batch."""

    batch_id: str
    kg: Decimal


@dataclass(frozen=True)
class Output:
    """A batch to be made: its lot, how much of it, and where it matters its stage (a key of ``flows.json``)."""

    lot: str
    kg: Decimal | None = None
    quantity: Decimal | None = None
    unit: str = Unit.KG.value
    form: str = ""


@dataclass(frozen=True)
class Transformation:
    """Goods of one stage become goods of the next; what is not in the outputs is declared lost, to the gram."""

    process: str
    inputs: tuple[Part, ...]
    outputs: tuple[Output, ...]
    loss_kg: Decimal
    day: date
    words: str = ""
    place_id: str = ""


def content(one: Transformation) -> dict[str, Any]:
    """A transformation as JSON, for a proposal."""
    return {
        "process": one.process,
        "inputs": [{"batch_id": each.batch_id, "kg": str(each.kg)} for each in one.inputs],
        "outputs": [
            {name: str(value) for name, value in vars(each).items() if value is not None} for each in one.outputs
        ],
        "loss_kg": str(one.loss_kg),
        "day": one.day.isoformat(),
        "words": one.words,
        "place_id": one.place_id,
    }


def from_content(said: Mapping[str, Any]) -> Transformation:
    """The same the other way round."""
    return Transformation(
        said["process"],
        tuple(Part(each["batch_id"], Decimal(each["kg"])) for each in said["inputs"]),
        tuple(_output(each) for each in said["outputs"]),
        Decimal(said["loss_kg"]),
        date.fromisoformat(said["day"]),
        said["words"],
        said.get("place_id", ""),
    )


def _output(said: Mapping[str, str]) -> Output:
    kg, quantity = (Decimal(said[name]) if name in said else None for name in ("kg", "quantity"))
    return Output(said["lot"], kg, quantity, said["unit"], said["form"])


def held(
    work: Work, enterprise_id: str, batch_ids: Sequence[str], *, held_too: bool = False, at: Mapping[str, str] = NOWHERE
) -> dict[str, Batch]:
    """The batches, locked, held by the enterprise and free; ``held_too`` takes held and recalled ones as well.

    ``at`` says for their ids where they stand in the input.

    Another's batch answers like one that is not there. Raises ``flows.not_yours``, ``batches.withdrawn`` and the
    refusals of ``holds.check_free``.
    """
    holds.lock(work, batch_ids)
    mine = select(Batch).where(col(Batch.id).in_(batch_ids), Batch.holder_id == enterprise_id)
    rows = work.session.exec(mine.execution_options(populate_existing=True)).all()
    found = {one.id: one for one in rows}
    missing = [Fault("flows.not_yours", at.get(one, "")) for one in batch_ids if one not in found]
    if missing:
        raise invalid("flows.not_yours", faults=missing)
    for one in rows:
        if one.withdrawn:
            code = "batches.withdrawn"
            faults = [Fault(code, at.get(one.id, ""), {"lot": one.lot})]
            raise AppError(Kind.CONFLICT, code, faults=faults, lot=one.lot)
    (holds.refuse_moving if held_too else holds.refuse_held)(work, batch_ids, at)
    return {one: found[one] for one in batch_ids}


def inputs(
    work: Work, enterprise_id: str, parts: Sequence[Part], day: date, *, least: int
) -> tuple[dict[str, Batch], dict[str, Decimal]]:
    """The batches and what is taken of each, kg. Raises ``flows.count``, ``flows.twice`` and what ``held`` raises."""
    check_count(parts, "inputs", least)
    ids = [one.batch_id for one in parts]
    for place, one in enumerate(ids):
        if one in ids[:place]:
            raise invalid("flows.twice", faults=[Fault("flows.twice", f"/inputs/{place}")])
    sources = held(work, enterprise_id, ids, at={one: f"/inputs/{place}" for place, one in enumerate(ids)})
    check_day(day, work.today, ((one.lot, one.made_on) for one in sources.values()))
    taken = {one.batch_id: checked_kg(one.kg, f"/inputs/{place}/kg") for place, one in enumerate(parts)}
    return sources, taken


def check_count(found: Sequence[object], field: str, least: int = 1) -> None:
    """Raises ``flows.count``."""
    if not least <= len(found) <= MOST_BATCHES:
        params = {"least": least, "most": MOST_BATCHES}
        raise invalid("flows.count", faults=[Fault("flows.count", f"/{field}", params)], **params)


def measured(work: Work, product_id: str, one: Output, day: date, at: str) -> Measure:
    """The output in its unit and in kg, by what the product's units weigh on that day."""
    units = product_rules.in_force(work.session, product_id, RuleKind.UNITS, day).content
    return measure(one.unit, one.quantity, one.kg, units, at)


def like(
    source: Batch,
    kind: BatchKind,
    form: str,
    maker_id: str,
    made_on: date,
    lot: str,
    much: Measure,
    place_id: str | None,
) -> Newborn:
    """A batch of the same goods under the same licence."""
    its = (source.product_id, source.producer_id)
    return Newborn(kind, form, *its, maker_id, made_on, lot, much, place_id, source.licence_id)


def producer_of(sources: Iterable[Batch], maker_id: str) -> str:
    """Whose goods a mixture is: the one producer's, else its mixer's."""
    return same(one.producer_id for one in sources) or maker_id


def same(values: Iterable[T | None]) -> T | None:
    """The value all agree on, else nothing."""
    found = set(values)
    return found.pop() if len(found) == 1 else None


def unlicensed(work: Work, sources: Collection[Batch], producer_id: str) -> bool:
    """Whether goods of another than that producer, without a licence, are in these: mixing licenses nothing.

    A producer's own goods from before the licence are no such goods.
    """
    open_ones = [one.id for one in sources if one.licence_id is None]
    if not open_ones:
        return False
    strange = (col(Batch.licence_id).is_(None), Batch.producer_id != producer_id)
    past = lineage.back(work.session, open_ones)
    return any(
        work.session.exec(select(Batch.id).where(col(Batch.id).in_(some), *strange).limit(1)).first()
        for some in lineage.portions(past)
    )


@dataclass(frozen=True)
class Making:
    """What one act takes, kg of which batches, and makes of it on that day.

    ``places`` says where in the input the weight of a batch stands, ``at`` where each new one does.
    """

    sources: Mapping[str, Batch]
    taken: Mapping[str, Decimal]
    new: Sequence[Newborn]
    day: date
    places: Mapping[str, str] = field(default_factory=dict)
    at: Sequence[str] = ()

    @property
    def pointers(self) -> Sequence[str]:
        return self.at or [f"/outputs/{place}" for place in range(len(self.new))]


def make(
    work: Work, kind: OperationKind, step: EventKind, enterprise_id: str, one: Making, **booked: Any
) -> list[Batch]:
    """One act: weights drawn, new batches made, an event on every batch it touches, edges from all to all."""
    return make_all(work, kind, step, enterprise_id, [one], **booked)[0]


def make_all(
    work: Work, kind: OperationKind, step: EventKind, enterprise_id: str, many: Sequence[Making], **booked: Any
) -> list[list[Batch]]:
    """Many acts of one kind, each an operation of its own; the new batches of each."""
    acts = [_act(work, kind, enterprise_id, one, booked) for one in many]
    done = ledger.book_all(work, acts)
    born = [
        (act, new, f"{at}/lot")
        for act, one in zip(done, many, strict=True)
        for new, at in zip(one.new, one.pointers, strict=True)
    ]
    fresh = iter(new_batches.add_batches(work, born))
    made = [list(islice(fresh, len(one.new))) for one in many]
    steps = [_steps(step, act, *each) for act, each in zip(done, zip(many, made, strict=True), strict=True)]
    written = iter(events.record_all(work, [*chain(*steps)], person_id=done[0].person_id if done else None))
    joints = []
    for one, batches in zip(many, made, strict=True):
        ids = [next(written) for _ in range(len(one.sources) + len(batches))][len(one.sources) :]
        kg = {batch.id: batch.total_kg for batch in batches}
        joints.append((one.taken, kg, dict(zip(kg, ids, strict=True))))
    ledger.join(work, joints)
    record_all(
        work,
        [
            (act, batch, {"inputs": sorted(one.sources)})
            for act, one, batches in zip(done, many, made, strict=True)
            for batch in batches
        ],
    )
    return made


def _act(work: Work, kind: OperationKind, enterprise_id: str, one: Making, booked: Mapping[str, Any]) -> Act:
    at, out_kg = moment_of_day(one.day, work.now), sum((new.measure.kg for new in one.new), Decimal(0))
    return Act(kind, enterprise_id, at, draws=one.taken, out_kg=out_kg, places=one.places, **booked)


def _steps(kind: EventKind, done: Operation, one: Making, made: Sequence[Batch]) -> Iterator[Step]:
    """What every batch it took from became, and what every new one was made of."""
    said = {"day": one.day.isoformat()} | ({"process": done.process} if done.process else {})
    became, made_of = [batch.lot for batch in made], [source.lot for source in one.sources.values()]
    for source in one.sources.values():
        data = said | {"became": became, "taken_kg": f"{plain(one.taken[source.id])}"}
        yield Step(source, kind, done.at, data, operation=done.id)
    for batch, new in zip(made, one.new, strict=True):
        yield Step(batch, kind, done.at, said | {"made_of": made_of, **stated(new.measure)}, operation=done.id)


def stated(much: Measure) -> dict[str, str]:
    """A weight for an event, and the quantity in its unit where that is no kilogram."""
    counted = {"quantity": f"{plain(much.quantity)}", "unit": much.unit.value} if much.unit is not Unit.KG else {}
    return {"got_kg": f"{plain(much.kg)}", **counted}


def record(work: Work, done: Operation, batch: Batch, **detail: Any) -> None:
    """One line of the audit trail for a batch an act made or took from."""
    record_all(work, [(done, batch, detail)])


def record_all(work: Work, told: Sequence[tuple[Operation, Batch, Mapping[str, Any]]]) -> None:
    """The same for batches of many acts of one kind and enterprise, each batch once."""
    details = {
        batch.id: {
            "operation": done.id,
            "batch": batch.code,
            "kg": batch.total_kg if batch.operation_id == done.id else done.in_kg,
            **detail,
        }
        for done, batch, detail in told
    }
    for done, _, _ in told[:1]:
        audit.record_all(work, f"flows.{done.kind}", "batch", details, enterprise_id=done.enterprise_id)
