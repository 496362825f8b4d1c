"""Acts on goods beside slaughter and packing: begun, split, merged, made into something else, sold, destroyed, lost.

Every act locks the batches it takes from, asks the rules, and books itself in the ledger; an unusual yield waits as a
proposal until another person agrees (``services/flow_proposals``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import col, select

from brand.kernel.errors import AppError, Fault, invalid, pointing
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise, EnterpriseState
from brand.models.schemes import Product
from brand.queries import product_rules
from brand.rules.product_rules import RuleKind
from trace.models.batches import Batch
from trace.models.flows import FlowProposal, Operation
from trace.models.places import Place
from trace.rules import purchases
from trace.rules.events import EventKind, moment_of_day
from trace.rules.flows import (
    Measure,
    OperationKind,
    Share,
    Yield,
    check_day,
    check_grown,
    check_leaving,
    check_process,
    check_sums,
    checked_kg,
    commissioned,
    refuse_impossible,
    share_of,
)
from trace.rules.goods import BatchKind, Unit
from trace.rules.lots import check_lot, next_part
from trace.rules.places import BEARING, IN_USE
from trace.rules.weights import plain
from trace.services import capacities, events, flow_proposals, ledger, plot_care, seats
from trace.services.capacities import Need
from trace.services.flow_parts import (
    Output,
    Part,
    Transformation,
    check_count,
    content,
    held,
    inputs,
    like,
    make,
    measured,
    producer_of,
    record,
    same,
    stated,
    unlicensed,
)
from trace.services.ledger import Newborn, Said

_BEGUN = {BatchKind.HARVEST: EventKind.HARVEST, BatchKind.COLLECTED: EventKind.COLLECTING}
#: What an act that takes goods out of the books is in the chain.
LEAVING = {
    OperationKind.SELL: EventKind.SELLING,
    OperationKind.DESTROY: EventKind.DESTROYING,
    OperationKind.LOSE: EventKind.LOSING,
    OperationKind.SHORTAGE: EventKind.LOSING,
}


@dataclass(frozen=True)
class Beginning:
    """Goods that enter the books: ``kind`` is harvest or collected; ``producer_id`` whose they are.

    Goods bought under a contract name the buyer's licence and, where the contract does, the ``plot_id`` they grew on.
    """

    kind: BatchKind
    product_id: str
    form: str
    producer_id: str
    day: date
    output: Output
    place_id: str | None = None
    licence_id: str | None = None
    plot_id: str | None = None


def commission(work: Work, enterprise_id: str, one: Beginning, *, with_papers: bool = False) -> Batch:
    """A batch that begins a chain: a harvest from its plot, or goods a station collected from their producer.

    Takes what a season allows of the plot and its producer; ``with_papers`` is said by ``services/purchases``, which
    keeps them. Raises ``purchases.papers_needed``, ``flows.begun_kind``, ``flows.form``,
    ``flows.producer``, ``flows.place``, ``flows.place_kind``, ``plot_care.safe_interval``, ``batches.product_unknown``,
    ``capacities.exceeded`` and what ``measure``,
    ``check_day`` and ``ledger.add_batch`` raise.
    """
    much, place = check_beginning(work, enterprise_id, one, with_papers=with_papers)
    at = moment_of_day(one.day, work.now)
    made = ledger.book(work, OperationKind.COMMISSION, enterprise_id, at, out_kg=much.kg)
    its = (one.product_id, one.producer_id, enterprise_id, one.day, one.output.lot)
    new = Newborn(one.kind, one.form, *its, much, one.place_id, one.licence_id)
    batch = ledger.add_batch(work, made, new)
    with pointing({"": "/kg"}):
        for need in _needs(one, much):
            capacities.take(work, need, batch.id)
    data = {"day": one.day.isoformat(), **stated(much)} | ({"place": place.code} if place else {})
    where = place.id if place else None
    events.record(work, batch, _BEGUN[one.kind], event_time=at, data=data, operation=made.id, place_id=where)
    record(work, made, batch, producer=one.producer_id)
    return batch


def check_beginning(
    work: Work, enterprise_id: str, one: Beginning, *, with_papers: bool = False
) -> tuple[Measure, Place | None]:
    """How much it is and from where, changing nothing; raises what ``commission`` raises."""
    work.actor.require("flows.record", enterprise_id)
    if one.kind not in _BEGUN:
        raise _at("flows.begun_kind", "kind")
    if one.form not in commissioned():
        raise _at("flows.form", "form")
    check_day(one.day, work.today, ())
    _check_producer(work, enterprise_id, one)
    if one.producer_id != enterprise_id and not with_papers:
        purchases.check_begun(one.form, one.day)
    place = _check_place(work, enterprise_id, one)
    if place is not None and one.kind is BatchKind.HARVEST:
        plot_care.check_harvest(work, place.id, one.day)
    much = measured(work, one.product_id, one.output, one.day, "")
    ledger.check_lot_free(work, enterprise_id, check_lot(one.output.lot))
    with pointing({"": "/kg"}):
        for need in _needs(one, much):
            capacities.check(work, need)
    return much, place


def split(work: Work, enterprise_id: str, batch_id: str, outputs: Sequence[Output], day: date) -> list[Batch]:
    """Parts of a batch become batches of their own; what is not named stays where it is.

    Raises ``flows.not_yours``, ``flows.more_than_left``, ``flows.count`` and the refusals of ``holds.check_free``.
    """
    work.actor.require("flows.record", enterprise_id)
    check_count(outputs, "outputs")
    source = held(work, enterprise_id, [batch_id])[batch_id]
    check_day(day, work.today, [(source.lot, source.made_on)])
    much = [measured(work, source.product_id, one, day, f"/outputs/{at}") for at, one in enumerate(outputs)]
    new = [
        like(source, BatchKind.SPLIT, source.form, enterprise_id, source.made_on, one.lot, kg, source.place_id)
        for one, kg in zip(outputs, much, strict=True)
    ]
    taken = {batch_id: sum((one.kg for one in much), Decimal(0))}
    kinds, places = (
        (OperationKind.SPLIT, EventKind.SPLITTING),
        {batch_id: "/outputs/0/kg" if len(much) == 1 else "/outputs"},
    )
    return make(work, *kinds, enterprise_id, {batch_id: source}, taken, new, day, places=places)


def split_off(work: Work, enterprise_id: str, batch_id: str, kg: Decimal) -> Batch:
    """So much of a batch becomes a batch of its own today, under its lot with the next free number.

    Raises what ``split`` raises.
    """
    source = work.session.get(Batch, batch_id)
    stem = f"{source.lot[:16]}-" if source else ""

    def taken(numbers: Iterable[int]) -> set[int]:
        lots = [f"{stem}{number}" for number in numbers]
        mine = select(Batch.lot).where(Batch.maker_id == enterprise_id, col(Batch.lot).in_(lots))
        standing = mine.where(col(Batch.withdrawn).is_(False))
        return {int(lot.removeprefix(stem)) for lot in work.session.exec(standing)}

    lot = f"{stem}{next_part(taken)}"
    return split(work, enterprise_id, batch_id, [Output(lot, kg)], work.today)[0]


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
        return make(work, *kinds, enterprise_id, sources, taken, new, day, places=_of_inputs(parts))[0]


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
    extra["places"] = _of_inputs(one.inputs)
    kinds = (OperationKind.TRANSFORM, EventKind.TRANSFORMING)
    with seats.here(work, enterprise_id, one.place_id):
        return make(work, *kinds, enterprise_id, plan.sources, plan.taken, plan.new, one.day, **extra)


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


def _check_producer(work: Work, enterprise_id: str, one: Beginning) -> None:
    """A harvest is one's own; collected goods are another's who is confirmed, or one's own."""
    producer = work.session.get(Enterprise, one.producer_id)
    strange = one.kind is BatchKind.HARVEST and one.producer_id != enterprise_id
    if producer is None or producer.state != EnterpriseState.CONFIRMED or strange:
        raise _at("flows.producer", "producer_id")
    if work.session.get(Product, one.product_id) is None:
        raise _at("batches.product_unknown", "product_id")


def _check_place(work: Work, enterprise_id: str, one: Beginning) -> Place | None:
    """A harvest names its plot, in use and open on that day; a collection may name the station."""
    if not one.place_id and one.kind is BatchKind.COLLECTED:
        return None
    place = work.session.get(Place, one.place_id or "")
    if place is None or place.enterprise_id != enterprise_id or place.state not in IN_USE or place.opened_on > one.day:
        raise _at("flows.place", "place_id")
    if one.kind is BatchKind.HARVEST:
        if place.kind not in BEARING:
            raise _at("flows.place", "place_id")
        check_grown(one.form, place.kind)
    return place


def _needs(one: Beginning, much: Measure) -> list[Need]:
    """What it takes of the season of the plot and its producer, in kilograms and where stated so in heads."""
    place_id = one.place_id if one.kind is BatchKind.HARVEST else one.plot_id
    amounts = {Unit.KG: much.kg} | ({Unit.HEAD: much.quantity} if much.unit is Unit.HEAD else {})
    return [Need(one.producer_id, place_id, one.product_id, one.day, *amount) for amount in amounts.items()]


def _at(code: str, field: str) -> AppError:
    return invalid(code, faults=[Fault(code, f"/{field}")])
