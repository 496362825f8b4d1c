"""Packs cases and pallets and opens them again: what is inside is in one container at a time and stands still there.

Containers are taken before their batches, batches before stocks, so that nobody waits in a ring.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from brand.kernel import audit
from brand.kernel.errors import Fault, conflict, invalid, pointing
from brand.kernel.work import Work
from trace.crypto.readings import Reading
from trace.models.batches import Batch, PackLine
from trace.models.containers import Container, ContainerBatch, ContainerLabel, ContainerLine
from trace.queries import containers as reading
from trace.queries.containers import Contents
from trace.rules.containers import (
    ContainerKind,
    ContainerState,
    barred,
    check_filling,
    check_put_on,
    check_taken_off,
    check_there,
)
from trace.rules.events import EventKind
from trace.rules.goods import Subject
from trace.rules.weights import plain
from trace.services import container_labels, events, flows, holds, new_batches, stocks
from trace.services.container_labels import Range
from trace.services.flow_parts import Part


@dataclass(frozen=True)
class Filling:
    """What goes in: unlabelled packs by pack line, labelled ones by code or range, loose kg by batch; or full cases."""

    packs: Mapping[str, int] = field(default_factory=dict)
    codes: Sequence[Reading] = ()
    ranges: Sequence[Range] = ()
    loose: Mapping[str, Decimal] = field(default_factory=dict)
    cases: Sequence[str] = ()


def pack(work: Work, enterprise_id: str, kind: str, filling: Filling) -> Container:
    """A case of packs and loose goods, or a pallet of cases; held and recalled goods are not packed up.

    Raises ``containers.case_holds``, ``.pallet_holds``, ``.code_unknown``, ``.order_unknown``, ``.label_void``,
    ``.label_inside``, ``.not_yours``, ``.ended``, ``.on_a_pallet``, ``.on_the_way``, ``stocks.not_there`` and the
    refusals of ``holds.check_free``.
    """
    work.actor.require("flows.record", enterprise_id)
    labels = container_labels.found(work, enterprise_id, filling.codes, filling.ranges)
    packs = dict(filling.packs)
    for line_id in labels.values():
        packs[line_id] = packs.get(line_id, 0) + 1
    check_filling(kind, sum(packs.values()), len(packs), filling.loose, filling.cases)
    made = Container(
        code=new_batches.free_code(work),
        kind=ContainerKind(kind).value,
        maker_id=enterprise_id,
        holder_id=enterprise_id,
        packed_at=work.now,
        packed_by=work.actor.person_id or "",
    )
    if kind == ContainerKind.CASE:
        _fill_case(work, made, packs, labels, filling)
    else:
        _stack(work, made, filling.cases)
    inside = reading.contents(work.session, [made])
    _tell(work, made, EventKind.AGGREGATING, inside)
    _record(work, "containers.pack", made, packs=sum(packs.values()), cases=len(inside.cases), kg=inside.kg)
    return made


def counted(told: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """What a door was told of packs, by pack line; a line named twice counts together."""
    found: dict[str, int] = {}
    for one in told:
        found[one["pack_line_id"]] = found.get(one["pack_line_id"], 0) + one["packs"]
    return found


def unpack(work: Work, enterprise_id: str, code: str, *, version: int) -> Container:
    """Everything comes out: packs and loose goods are the holder's as such again, cases stand by themselves.

    Held goods are opened too: whoever must find and destroy them has to get at them.
    Raises ``containers.not_yours``, ``.stale``, ``.ended``, ``.on_a_pallet`` and ``.on_the_way``.
    """
    work.actor.require("flows.record", enterprise_id)
    found = take(work, enterprise_id, [code], versions={code: version})[0]
    inside = reading.contents(work.session, [found])
    holds.lock(work, inside.batch_ids)
    own = [one for one in inside.packed if one.container_id == found.id]
    for one in own:
        stocks.put_back(work, one.line.id, found.holder_id, one.packs)
    for case in inside.cases:
        _stand_alone(work, found, case)
    for table in (ContainerLabel, ContainerBatch):
        its = (col(table.container_id) == found.id, col(table.ended_at).is_(None))
        work.session.exec(update(table).where(*its).values(ended_at=work.now))
    found.state = ContainerState.EMPTIED.value
    work.session.flush()
    _tell(work, found, EventKind.DISAGGREGATING, inside)
    _record(work, "containers.unpack", found)
    return found


def take_off(work: Work, enterprise_id: str, code: str, cases: Sequence[str], *, version: int) -> Container:
    """Some cases come off a pallet and stand by themselves; a pallet nothing is left on is opened with that.

    Raises ``containers.no_pallet``, ``.take_off``, ``.not_on_it`` and what ``unpack`` raises.
    """
    work.actor.require("flows.record", enterprise_id)
    pallet = take(work, enterprise_id, [code], versions={code: version})[0]
    if pallet.kind != ContainerKind.PALLET:
        raise conflict("containers.no_pallet", code=code)
    there = {one.code: one for one in reading.contents(work.session, [pallet]).cases}
    check_taken_off(code, cases, there)
    off = [there[one] for one in cases]
    for case in off:
        _stand_alone(work, pallet, case)
    if len(off) == len(there):
        pallet.state = ContainerState.EMPTIED.value
    work.session.flush()
    _tell(work, pallet, EventKind.DISAGGREGATING, replace(reading.contents(work.session, off), cases=tuple(off)))
    _record(work, "containers.take_off", pallet, cases=len(off), left=len(there) - len(off))
    return pallet


def _stand_alone(work: Work, pallet: Container, case: Container) -> None:
    case.parent_id, case.version = None, case.version + 1
    tell_way(work, case, EventKind.DISAGGREGATING, {"pallet": pallet.code})


def put_on(work: Work, enterprise_id: str, code: str, cases: Sequence[str], *, version: int) -> Container:
    """Further cases go onto a pallet that still stands with its holder; held and recalled goods do not.

    Raises ``containers.no_pallet``, ``.pallet_holds``, ``.twice``, ``.no_case``, the refusals of ``holds.check_free``
    and what ``unpack`` raises: a pallet on the way, sold or opened takes nothing more.
    """
    work.actor.require("flows.record", enterprise_id)
    pallet = take(work, enterprise_id, [code], versions={code: version})[0]
    if pallet.kind != ContainerKind.PALLET:
        raise conflict("containers.no_pallet", code=code)
    there = reading.contents(work.session, [pallet])
    check_put_on(cases, len(there.cases))
    check_free(work, there)
    added = _stack(work, pallet, cases)
    _tell(work, pallet, EventKind.AGGREGATING, replace(reading.contents(work.session, added), cases=tuple(added)))
    _record(work, "containers.put_on", pallet, cases=len(added), there=len(there.cases) + len(added))
    return pallet


def take(
    work: Work, enterprise_id: str, codes: Sequence[str], *, versions: Mapping[str, int] | None = None, at: str = ""
) -> list[Container]:
    """Containers the enterprise has, standing by themselves, each taken by one guarded statement.

    ``at`` is where their codes stand in the input as a list; empty where the address names the container. Another's
    answers like one that is not there. Raises what ``unpack`` raises; for services only.
    """
    places = {one: f"{at}/{place}" if at else "" for place, one in enumerate(codes)}
    mine = select(Container).where(col(Container.code).in_(set(codes)), Container.holder_id == enterprise_id)
    found = {one.code: one for one in work.session.exec(mine)}
    missing = [Fault("containers.not_yours", places[one], {"code": one}) for one in codes if one not in found]
    if missing:
        raise invalid("containers.not_yours", faults=missing, code=missing[0].params["code"])
    for one in sorted(found.values(), key=lambda each: each.id):
        seen = (versions or {}).get(one.code)
        turn = update(Container).where(col(Container.id) == one.id, col(Container.holder_id) == enterprise_id)
        if seen is not None:
            turn = turn.where(col(Container.version) == seen)
        taken = work.session.exec(turn.values(version=col(Container.version) + 1)).rowcount
        work.session.refresh(one)
        if taken != 1:
            raise conflict("containers.stale", code=one.code)
        check_there(one.state, one.code, places[one.code], on_a_pallet=one.parent_id is not None)
    moving = reading.on_the_way(work.session, [one.id for one in found.values()])
    for one in found.values():
        if one.id in moving:
            params = {"code": one.code, "number": moving[one.id]}
            raise barred("containers.on_the_way", places[one.code], params)
    return [found[one] for one in codes]


def _fill_case(
    work: Work, made: Container, packs: Mapping[str, int], labels: Mapping[str, str], filling: Filling
) -> None:
    lines = {one.id: one for one in work.session.exec(select(PackLine).where(col(PackLine.id).in_(packs)))}
    of_packs = {one.batch_id for one in lines.values()}
    holds.lock(work, of_packs | set(filling.loose))
    places = {
        line_id: f"/packs/{place}" if line_id in filling.packs else "/codes" for place, line_id in enumerate(packs)
    }
    at = {one.batch_id: places[one.id] for one in lines.values()}
    holds.refuse_bound(work, of_packs, at)
    with_batch = select(Batch.id).where(col(Batch.id).in_(of_packs), Batch.holder_id == made.holder_id)
    holds.refuse_moving(work, work.session.exec(with_batch).all(), at)
    parts = _part_off(work, made.holder_id, filling.loose)
    work.session.add(made)
    work.session.flush()
    for line_id, count in sorted(packs.items()):
        stocks.put_away(work, line_id, made.holder_id, count, places[line_id])
        work.session.add(ContainerLine(container_id=made.id, pack_line_id=line_id, packs=count))
    for part in parts:
        work.session.add(ContainerBatch(container_id=made.id, batch_id=part.id))
    work.session.flush()
    container_labels.put_in(work, made.id, labels)


def _part_off(work: Work, holder_id: str, loose: Mapping[str, Decimal]) -> list[Batch]:
    """Loose goods as batches of their own; what is wrong with one points at its place."""
    with pointing({"/parts": "/loose"}):
        return flows.split_off(work, holder_id, [Part(batch_id, kg) for batch_id, kg in loose.items()])


def _stack(work: Work, pallet: Container, codes: Sequence[str]) -> list[Container]:
    """These cases stand on the pallet from now on."""
    if len(set(codes)) != len(codes):
        raise invalid("containers.twice", faults=[Fault("containers.twice", "/cases")])
    cases = take(work, pallet.holder_id, codes, at="/cases")
    for at, one in enumerate(cases):
        if one.kind != ContainerKind.CASE:
            params = {"code": one.code}
            raise invalid("containers.no_case", faults=[Fault("containers.no_case", f"/cases/{at}", params)], **params)
    check_free(work, reading.contents(work.session, cases), "/cases")
    work.session.add(pallet)
    work.session.flush()
    for one in cases:
        one.parent_id = pallet.id
        tell_way(work, one, EventKind.AGGREGATING, {"pallet": pallet.code})
    work.session.flush()
    return cases


def check_free(work: Work, inside: Contents, at: str = "") -> None:
    """Nothing that is inside is held or called back; its turn is taken. Raises ``holds.held`` or ``holds.recalled``.

    ``at`` is where the containers stand in the input.
    """
    holds.lock(work, inside.batch_ids)
    holds.refuse_bound(work, inside.batch_ids, dict.fromkeys(inside.batch_ids, at))


def tell_way(
    work: Work, one: Container, kind: EventKind, data: Mapping[str, Any], operation: str | None = None
) -> None:
    """One more event of a container, answered for by who has it; needs no permission of its own."""
    said = {"code": one.code, "kind": one.kind, **data}
    events.record_for(
        work, Subject.CONTAINER, one.id, one.holder_id, kind, event_time=work.now, data=said, operation=operation
    )


def _tell(work: Work, one: Container, kind: EventKind, inside: Contents) -> None:
    lots = sorted({each.batch.lot for each in inside.packed} | {batch.lot for _, batch in inside.loose})
    packs = sum(each.packs for each in inside.packed)
    data = {
        "lots": lots,
        "packs": packs,
        "cases": [each.code for each in inside.cases],
        "total_kg": f"{plain(inside.kg)}",
    }
    tell_way(work, one, kind, data)
    touch(work, inside.batch_ids)


def touch(work: Work, batch_ids: Collection[str]) -> None:
    """Pages of these batches have moved on."""
    if batch_ids:
        events.touch(work, batch_ids)


def _record(work: Work, action: str, one: Container, **detail: Any) -> None:
    about = {"code": one.code, "kind": one.kind, **detail}
    audit.record(work, action, Subject.CONTAINER.value, one.id, enterprise_id=one.holder_id, **about)
