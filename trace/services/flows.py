"""Acts on goods that are in the books: split, merged, made into something else, sold, destroyed, lost.

Every act locks the batches it takes from, asks the rules, and books itself in the ledger; an unusual yield waits as a
proposal until another person agrees (``services/flow_proposals``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from brand.kernel.errors import AppError, Fault, invalid, pointing
from brand.kernel.work import Work
from brand.queries import product_rules
from brand.rules.product_rules import RuleKind
from trace.models.batches import Batch
from trace.models.flows import FlowProposal, Operation
from trace.queries import lots
from trace.rules.events import EventKind, moment_of_day
from trace.rules.flows import (
    Measure,
    OperationKind,
    Share,
    Yield,
    check_day,
    check_leaving,
    check_process,
    check_sums,
    checked_kg,
    refuse_impossible,
    share_of,
)
from trace.rules.goods import BatchKind, Unit
from trace.rules.lots import next_parts
from trace.rules.weights import plain
from trace.services import events, flow_proposals, ledger, seats
from trace.services.flow_parts import (
    Making,
    Output,
    Part,
    Transformation,
    check_count,
    content,
    held,
    inputs,
    like,
    make,
    make_all,
    measured,
    producer_of,
    record,
    same,
    unlicensed,
)
from trace.services.ledger import Said
from trace.services.new_batches import Newborn

_SPLIT = (OperationKind.SPLIT, EventKind.SPLITTING)
#: What an act that takes goods out of the books is in the chain.
LEAVING = {
    OperationKind.SELL: EventKind.SELLING,
    OperationKind.DESTROY: EventKind.DESTROYING,
    OperationKind.LOSE: EventKind.LOSING,
    OperationKind.SHORTAGE: EventKind.LOSING,
}


def split(work: Work, enterprise_id: str, batch_id: str, outputs: Sequence[Output], day: date) -> list[Batch]:
    """Parts of a batch become batches of their own; what is not named stays where it is.

    Raises ``flows.not_yours``, ``flows.more_than_left``, ``flows.count`` and the refusals of ``holds.check_free``.
    """
    work.actor.require("flows.record", enterprise_id)
    check_count(outputs, "outputs")
    sources = held(work, enterprise_id, [batch_id])
    at = [f"/outputs/{place}" for place in range(len(outputs))]
    return make(work, *_SPLIT, enterprise_id, _division(work, enterprise_id, sources[batch_id], outputs, day, at))


def split_off(work: Work, enterprise_id: str, parts: Sequence[Part]) -> list[Batch]:
    """So much of each batch becomes a batch of its own today, under its lot with the next free number.

    Raises what ``split`` raises, of the second part at ``/parts/1``.
    """
    work.actor.require("flows.record", enterprise_id)
    places = {one.batch_id: f"/parts/{place}" for place, one in enumerate(parts)}
    sources = held(work, enterprise_id, [*places], at=places)
    stems = {batch_id: f"{source.lot[:16]}-" for batch_id, source in sources.items()}
    numbers = {
        stem: iter(next_parts(partial(_numbered, work, enterprise_id, stem), count))
        for stem, count in Counter(stems[one.batch_id] for one in parts).items()
    }
    many = []
    for place, one in enumerate(parts):
        stem = stems[one.batch_id]
        outputs = [Output(f"{stem}{next(numbers[stem])}", one.kg)]
        at = [f"/parts/{place}"]
        many.append(_division(work, enterprise_id, sources[one.batch_id], outputs, work.today, at))
    return [part for (part,) in make_all(work, *_SPLIT, enterprise_id, many)]


def _numbered(work: Work, maker_id: str, stem: str, numbers: Iterable[int]) -> set[int]:
    """Which of these numbers a standing lot of the maker's with that stem has."""
    named = lots.standing(work.session, maker_id, [f"{stem}{number}" for number in numbers])
    return {int(lot.removeprefix(stem)) for lot in named}


def _division(
    work: Work, enterprise_id: str, source: Batch, outputs: Sequence[Output], day: date, at: Sequence[str]
) -> Making:
    check_day(day, work.today, [(source.lot, source.made_on)])
    much = [measured(work, source.product_id, one, day, where) for one, where in zip(outputs, at, strict=True)]
    new = [
        like(source, BatchKind.SPLIT, source.form, enterprise_id, source.made_on, one.lot, kg, source.place_id)
        for one, kg in zip(outputs, much, strict=True)
    ]
    taken = {source.id: sum((one.kg for one in much), Decimal(0))}
    return Making({source.id: source}, taken, new, day, {source.id: f"{at[0]}/kg" if len(at) == 1 else "/outputs"}, at)


def merge(work: Work, enterprise_id: str, parts: Sequence[Part], lot: str, day: date) -> Batch:
    """Goods of one product and stage are put together; of several producers their mixer answers for them.

    Raises ``flows.mixed`` where product or stage differ, ``flows.twice`` and what ``split`` raises.
    """
    work.actor.require("flows.record", enterprise_id)
    sources, taken = inputs(work, enterprise_id, parts, day, least=2)
    if len({(one.product_id, one.form) for one in sources.values()}) != 1:
        raise _at("flows.mixed", "inputs")
    first = next(iter(sources.values()))
    whole = sum(taken.values(), Decimal(0))
    oldest = min(one.made_on for one in sources.values())
    producer = producer_of(sources.values(), enterprise_id)
    new = [
        Newborn(
            BatchKind.MERGED,
            first.form,
            first.product_id,
            producer,
            enterprise_id,
            oldest,
            lot,
            Measure(Unit.KG, whole, whole),
            same(one.place_id for one in sources.values()),
            same(one.licence_id for one in sources.values()),
            unlicensed(work, sources.values(), producer),
        )
    ]
    kinds = (OperationKind.MERGE, EventKind.MERGING)
    with pointing({"/outputs/0/lot": "/lot"}):
        return make(work, *kinds, enterprise_id, Making(sources, taken, new, day, _of_inputs(parts)))[0]


def transform(work: Work, enterprise_id: str, one: Transformation) -> list[Batch] | FlowProposal:
    """Do it, or, where the yield is unusual, keep it until another person agrees; beyond the possible it is refused.

    Raises ``flows.process``, ``.wrong_form``, ``.mixed``, ``.more_than_went_in``, ``.loss_differs``,
    ``.yield_impossible`` and what ``merge`` raises.
    """
    work.actor.require("flows.record", enterprise_id)
    plan = _plan(work, enterprise_id, one)
    unusual = [share for share in plan.shares if share.standing is Yield.SECOND]
    if unusual:
        first = one.inputs[0].batch_id
        return flow_proposals.add(work, OperationKind.TRANSFORM, enterprise_id, content(one), unusual, batch_id=first)
    return _carry_out(work, enterprise_id, one, plan, None)


def carry_out(work: Work, enterprise_id: str, one: Transformation, said: Said) -> list[Batch]:
    """What another person agreed to, done now; everything is asked again but the band."""
    return _carry_out(work, enterprise_id, one, _plan(work, enterprise_id, one), said)


@dataclass(frozen=True)
class _Plan:
    sources: Mapping[str, Batch]
    taken: Mapping[str, Decimal]
    new: list[Newborn]
    shares: tuple[Share, ...]


def _plan(work: Work, enterprise_id: str, one: Transformation) -> _Plan:
    check_count(one.outputs, "outputs")
    sources, taken = inputs(work, enterprise_id, one.inputs, one.day, least=1)
    products = {batch.product_id for batch in sources.values()}
    if len(products) != 1:
        raise _at("flows.mixed", "inputs")
    product = products.pop()
    forms = check_process(one.process, (batch.form for batch in sources.values()), [each.form for each in one.outputs])
    much = [measured(work, product, each, one.day, f"/outputs/{at}") for at, each in enumerate(one.outputs)]
    in_kg, out_kg = sum(taken.values(), Decimal(0)), sum((each.kg for each in much), Decimal(0))
    if one.loss_kg:
        checked_kg(one.loss_kg, "/loss_kg")
    check_sums(in_kg, out_kg, one.loss_kg)
    band = product_rules.in_force(work.session, product, RuleKind.YIELDS, one.day).content["processes"].get(one.process)
    shares = (share_of(f"making.{one.process}", out_kg, in_kg, band),)
    refuse_impossible(shares)
    producer = producer_of(sources.values(), enterprise_id)
    licence, strange = (
        same(batch.licence_id for batch in sources.values()),
        unlicensed(work, sources.values(), producer),
    )
    new = [
        Newborn(BatchKind.MADE, form, product, producer, enterprise_id, one.day, each.lot, kg, None, licence, strange)
        for form, each, kg in zip(forms, one.outputs, much, strict=True)
    ]
    return _Plan(sources, taken, new, shares)


def _carry_out(work: Work, enterprise_id: str, one: Transformation, plan: _Plan, said: Said | None) -> list[Batch]:
    extra: dict[str, Any] = {"process": one.process, "words": one.words, "loss_kg": one.loss_kg, "said": said}
    kinds = (OperationKind.TRANSFORM, EventKind.TRANSFORMING)
    with seats.here(work, enterprise_id, one.place_id):
        making = Making(plan.sources, plan.taken, plan.new, one.day, _of_inputs(one.inputs))
        return make(work, *kinds, enterprise_id, making, **extra)


def take_out(
    work: Work, enterprise_id: str, kind: str, part: Part, day: date, *, words: str = "", buyer: str = ""
) -> Operation:
    """Loose weight leaves the books: ``sell`` (to whom), ``destroy`` or ``lose`` (why). Held goods are not sold.

    Raises ``flows.leaving_kind``, ``flows.buyer_needed``, ``flows.words_needed`` and what ``split`` raises.
    """
    work.actor.require("flows.record", enterprise_id)
    check_leaving(kind, words, buyer)
    leaving = OperationKind(kind)
    source = held(work, enterprise_id, [part.batch_id], held_too=leaving is not OperationKind.SELL)[part.batch_id]
    check_day(day, work.today, [(source.lot, source.made_on)])
    kg, at = checked_kg(part.kg), moment_of_day(day, work.now)
    drawn = {source.id: kg}
    said: dict[str, Any] = {"words": words, "buyer": buyer, "places": {source.id: "/kg"}}
    made = ledger.book(work, leaving, enterprise_id, at, draws=drawn, gone_kg=kg, **said)
    data = {"day": day.isoformat(), "gone_kg": f"{plain(kg)}"}
    events.record(work, source, LEAVING[leaving], event_time=at, data=data, operation=made.id)
    record(work, made, source)
    return made


def _of_inputs(parts: Sequence[Part]) -> dict[str, str]:
    """Where the weight taken of each batch stands."""
    return {one.batch_id: f"/inputs/{place}/kg" for place, one in enumerate(parts)}


def _at(code: str, field: str) -> AppError:
    return invalid(code, faults=[Fault(code, f"/{field}")])
