"""Packs and whole containers leave the books: sold, destroyed, lost. Loose weight does in ``services/flows``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from brand.kernel import audit
from brand.kernel.clock import local_day
from brand.kernel.errors import Fault, invalid
from brand.kernel.work import Work
from trace.models.batches import Batch
from trace.models.containers import Container
from trace.models.flows import Operation
from trace.queries import containers as reading
from trace.queries.containers import Contents
from trace.rules.containers import LEFT, VOIDED
from trace.rules.events import moment_of_day
from trace.rules.flows import OperationKind, check_day, check_leaving
from trace.rules.goods import Subject
from trace.rules.weights import plain
from trace.services import container_labels, containers, events, holds, ledger, stocks
from trace.services.flows import LEAVING


def packs_out(
    work: Work,
    enterprise_id: str,
    batch_id: str,
    kind: str,
    packs: Mapping[str, int],
    day: date,
    *,
    words: str = "",
    buyer: str = "",
) -> Operation:
    """Packs of a batch the enterprise has outside any case, by pack line. Held goods are not sold.

    Another's packs answer like packs that are not there. Raises ``flows.leaving_kind``, ``.buyer_needed``,
    ``.words_needed``, ``.day_ahead``, ``.before_input``, ``stocks.none``, ``stocks.not_there`` and the refusals of
    ``holds.check_free``.
    """
    work.actor.require("flows.record", enterprise_id)
    check_leaving(kind, words, buyer)
    leaving = OperationKind(kind)
    holds.lock(work, [batch_id])
    batch = work.session.get(Batch, batch_id)
    if not packs or batch is None:
        raise invalid("stocks.none", faults=[Fault("stocks.none", "/packs")])
    gone_kg = stocks.weigh(work, batch_id, enterprise_id, packs, "/packs")
    if batch.holder_id == enterprise_id:
        holds.refuse_moving(work, [batch_id])
    if leaving is OperationKind.SELL:
        holds.refuse_bound(work, [batch_id])
    check_day(day, work.today, [(batch.lot, batch.made_on)])
    at = moment_of_day(day, work.now)
    sums = {"packs_kg": gone_kg, "gone_kg": gone_kg}
    said: dict[str, Any] = {**sums, "words": words, "buyer": buyer}
    made = ledger.book(work, leaving, enterprise_id, at, **said)
    stocks.take_out(work, made, enterprise_id, packs)
    data = {"day": day.isoformat(), "packs": sum(packs.values()), "gone_kg": f"{plain(gone_kg)}"}
    who = {"operation": made.id, "enterprise_id": enterprise_id}
    events.record(work, batch, LEAVING[leaving], event_time=at, data=data, **who)
    detail = {"operation": made.id, "batch": batch.code, "kg": gone_kg, "packs": sum(packs.values())}
    audit.record(work, f"flows.{kind}", "batch", batch.id, enterprise_id=enterprise_id, **detail)
    return made


def container_out(
    work: Work, enterprise_id: str, code: str, kind: str, day: date, *, version: int, words: str = "", buyer: str = ""
) -> Container:
    """A case or pallet with everything in it, for good; a pallet takes its cases along.

    Raises what ``packs_out`` and ``containers.take`` raise.
    """
    work.actor.require("flows.record", enterprise_id)
    check_leaving(kind, words, buyer)
    leaving = OperationKind(kind)
    found = containers.take(work, enterprise_id, [code], versions={code: version})[0]
    inside = reading.contents(work.session, [found])
    holds.lock(work, inside.batch_ids)
    if leaving is OperationKind.SELL:
        holds.refuse_bound(work, inside.batch_ids)
    batches = {one.batch.id: one.batch for one in inside.packed} | {one.id: one for _, one in inside.loose}
    check_day(day, work.today, [(one.lot, one.made_on) for one in batches.values()])
    if day < (packed_on := local_day(found.packed_at)):
        params = {"code": code, "packed_on": packed_on.isoformat(), "day": day.isoformat()}
        raise invalid(
            "containers.before_packing", faults=[Fault("containers.before_packing", "/day", params)], **params
        )
    empty_out(work, found, inside, leaving, day, enterprise_id=enterprise_id, words=words, buyer=buyer)
    return found


def empty_out(
    work: Work,
    found: Container,
    inside: Contents,
    leaving: OperationKind,
    day: date,
    *,
    enterprise_id: str,
    words: str = "",
    buyer: str = "",
) -> Operation:
    """The books of a container that is gone: one act, an event on it and on each of its batches.

    Needs no permission of its own: the services that call it have asked for theirs and hold the locks.
    """
    at = moment_of_day(day, work.now)
    drawn = {batch.id: batch.total_kg - batch.used_kg for _, batch in inside.loose if batch.total_kg > batch.used_kg}
    gone_kg = inside.packs_kg + sum(drawn.values(), Decimal(0))
    figures: dict[str, Any] = {"draws": drawn, "packs_kg": inside.packs_kg, "gone_kg": gone_kg}
    made = ledger.book(work, leaving, enterprise_id, at, **figures, words=words, buyer=buyer)
    packs: dict[str, int] = defaultdict(int)
    weights: dict[str, Decimal] = defaultdict(Decimal, drawn)
    counts: dict[str, int] = defaultdict(int)
    for one in inside.packed:
        packs[one.line.id] += one.packs
        counts[one.batch.id] += one.packs
        weights[one.batch.id] += one.line.net_kg * one.packs
    stocks.be_gone(work, made, packs)
    for container in (found, *inside.cases):
        container.state = LEFT[leaving].value
    work.session.flush()
    if leaving in VOIDED:
        container_labels.withdraw(work, [found.id, *(one.id for one in inside.cases)], VOIDED[leaving])
    for batch_id, kg in sorted(weights.items()):
        data = {"day": day.isoformat(), "container": found.code, "packs": counts[batch_id], "gone_kg": f"{plain(kg)}"}
        who = {"operation": made.id, "enterprise_id": enterprise_id}
        batch = work.session.get_one(Batch, batch_id)
        events.record(work, batch, LEAVING[leaving], event_time=at, data=data, **who)
    way = {"shipment": words} if leaving is OperationKind.SHORTAGE else {}
    containers.tell_way(work, found, LEAVING[leaving], {"gone_kg": f"{plain(gone_kg)}", **way}, made.id)
    for case in inside.cases:
        containers.tell_way(work, case, LEAVING[leaving], {"pallet": found.code, **way}, made.id)
    detail = {"operation": made.id, "kg": gone_kg, "code": found.code}
    audit.record(
        work, f"containers.{leaving}", Subject.CONTAINER.value, found.id, enterprise_id=enterprise_id, **detail
    )
    return made
