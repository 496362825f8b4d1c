"""Goods that enter the books beside slaughter: a harvest from its plot, goods a station collected from a producer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from brand.kernel.errors import AppError, Fault, invalid, pointing
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise, EnterpriseState
from brand.models.schemes import Product
from brand.queries.lookups import by_id
from trace.models.batches import Batch
from trace.models.flows import Operation
from trace.models.places import Place
from trace.rules import purchases
from trace.rules.events import EventKind, moment_of_day
from trace.rules.flows import Measure, OperationKind, check_day, check_grown, commissioned
from trace.rules.goods import BatchKind, Unit
from trace.rules.lots import check_lot
from trace.rules.places import BEARING, IN_USE
from trace.services import capacities, events, ledger, new_batches, plot_care
from trace.services.capacities import Need
from trace.services.events import Step
from trace.services.flow_parts import Output, measured, record_all, stated
from trace.services.ledger import Act
from trace.services.new_batches import Newborn

_BEGUN = {BatchKind.HARVEST: EventKind.HARVEST, BatchKind.COLLECTED: EventKind.COLLECTING}


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
    ``flows.producer``, ``flows.place``, ``flows.place_kind``, ``events.place_not_open``, ``plot_care.safe_interval``,
    ``batches.product_unknown``,
    ``capacities.exceeded`` and what ``measure``, ``check_day`` and ``new_batches.add_batch`` raise.
    """
    return commission_all(work, enterprise_id, [one], with_papers=with_papers)[0]


def commission_all(
    work: Work, enterprise_id: str, many: Sequence[Beginning], *, with_papers: bool = False
) -> list[Batch]:
    """The same for many, each an act of its own; raises what one of them would, or all of them together."""
    work.actor.require("flows.record", enterprise_id)
    plots = by_id(work.session, Place, {one.place_id for one in many if one.place_id})
    begun = [_checked(work, enterprise_id, one, plots, with_papers) for one in many]
    new_batches.check_lots_free(work, {enterprise_id: {check_lot(one.said.output.lot): "/lot" for one in begun}})
    with pointing({"": "/kg"}):
        capacities.check_all(work, [need for one in begun for need in _needs(one)])
    acts = [Act(OperationKind.COMMISSION, enterprise_id, one.at, out_kg=one.much.kg) for one in begun]
    done = ledger.book_all(work, acts)
    born = [(made, _newborn(enterprise_id, one), "/lot") for made, one in zip(done, begun, strict=True)]
    batches = new_batches.add_batches(work, born)
    needs = [(need, batch.id) for batch, one in zip(batches, begun, strict=True) for need in _needs(one)]
    with pointing({"": "/kg"}):
        capacities.take_all(work, needs)
    told = list(zip(done, batches, begun, strict=True))
    events.record_all(work, [_step(made, batch, one) for made, batch, one in told])
    record_all(work, [(made, batch, {"producer": one.said.producer_id}) for made, batch, one in told])
    return batches


@dataclass(frozen=True)
class _Begun:
    """What was said of goods that begin a chain, held against the rules: how much, when, and where if anywhere."""

    said: Beginning
    much: Measure
    at: datetime
    place: Place | None


def _checked(work: Work, enterprise_id: str, one: Beginning, plots: Mapping[str, Place], with_papers: bool) -> _Begun:
    if one.kind not in _BEGUN:
        raise _at("flows.begun_kind", "kind")
    if one.form not in commissioned():
        raise _at("flows.form", "form")
    check_day(one.day, work.today, ())
    _check_producer(work, enterprise_id, one)
    if one.producer_id != enterprise_id and not with_papers:
        purchases.check_begun(one.form, one.day)
    place = _check_place(enterprise_id, one, plots)
    if place is not None and one.kind is BatchKind.HARVEST:
        plot_care.check_harvest(work, place.id, one.day)
    much = measured(work, one.product_id, one.output, one.day, "")
    return _Begun(one, much, moment_of_day(one.day, work.now), place)


def _newborn(enterprise_id: str, one: _Begun) -> Newborn:
    said = one.said
    its = (said.product_id, said.producer_id, enterprise_id, said.day, said.output.lot)
    return Newborn(said.kind, said.form, *its, one.much, said.place_id, said.licence_id)


def _step(made: Operation, batch: Batch, one: _Begun) -> Step:
    where = {"place": one.place.code} if one.place else {}
    data = {"day": one.said.day.isoformat(), **stated(one.much), **where}
    place_id = one.place.id if one.place else None
    return Step(batch, _BEGUN[one.said.kind], one.at, data, place_id=place_id, operation=made.id)


def _check_producer(work: Work, enterprise_id: str, one: Beginning) -> None:
    """A harvest is one's own; collected goods are another's who is confirmed, or one's own."""
    producer = work.session.get(Enterprise, one.producer_id)
    strange = one.kind is BatchKind.HARVEST and one.producer_id != enterprise_id
    if producer is None or producer.state != EnterpriseState.CONFIRMED or strange:
        raise _at("flows.producer", "producer_id")
    if work.session.get(Product, one.product_id) is None:
        raise _at("batches.product_unknown", "product_id")


def _check_place(enterprise_id: str, one: Beginning, plots: Mapping[str, Place]) -> Place | None:
    """A harvest names its plot, in use and open on that day; a collection may name the station."""
    if not one.place_id and one.kind is BatchKind.COLLECTED:
        return None
    place = plots.get(one.place_id or "")
    if place is None or place.enterprise_id != enterprise_id or place.state not in IN_USE:
        raise _at("flows.place", "place_id")
    if place.opened_on > one.day:
        days = {"opened": place.opened_on.isoformat(), "day": one.day.isoformat()}
        raise _at("events.place_not_open", "place_id", name=place.name, **days)
    if one.kind is BatchKind.HARVEST:
        if place.kind not in BEARING:
            raise _at("flows.place", "place_id")
        check_grown(one.form, place.kind)
    return place


def _needs(one: _Begun) -> list[Need]:
    """What it takes of the season of the plot and its producer, in kilograms and where stated so in heads."""
    said, much = one.said, one.much
    place_id = said.place_id if said.kind is BatchKind.HARVEST else said.plot_id
    amounts = {Unit.KG: much.kg} | ({Unit.HEAD: much.quantity} if much.unit is Unit.HEAD else {})
    return [Need(said.producer_id, place_id, said.product_id, said.day, *amount) for amount in amounts.items()]


def _at(code: str, field: str, **params: str) -> AppError:
    return invalid(code, faults=[Fault(code, f"/{field}", params)], **params)
