"""Label orders: serials reserved against pack line and allowance, signed and stored; activation, voiding, prints.

Rule R3 of the security notes: what is scarce changes by one guarded UPDATE, backed by a CHECK.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, Update
from sqlmodel import Session, col, func, select, update

from brand.kernel import audit
from brand.kernel.errors import AppError, Fault, conflict, invalid, quota_exceeded, unknown
from brand.kernel.numbers import next_number
from brand.kernel.work import Work
from brand.rules.product_rules import Stage
from brand.services import licences
from trace.crypto.readings import Reading, keys_of
from trace.crypto.second_codes import SecondCodes
from trace.crypto.typed_codes import in_groups
from trace.models.batches import Batch, PackLine
from trace.models.labels import Label, LabelOrder, PrintRun
from trace.queries import gtins, log, sheets
from trace.rules.control_labels import check_by_range, check_controls
from trace.rules.label_flow import FLOW, check_released, check_signed
from trace.rules.labels import (
    AT_ONCE,
    LARGEST_ORDER,
    LabelState,
    Profile,
    VoidReason,
    check_order_size,
    check_range,
)
from trace.services import gate, keys, label_issues, label_stops
from trace.services.signer import LabelSigner


@dataclass(frozen=True)
class Change:
    """What a call did: labels changed now, and labels that were in the wanted state already."""

    changed: int
    already: int


def order(
    work: Work,
    signer: LabelSigner,
    *,
    pack_line_id: str,
    packs: int,
    profile: str = Profile.UNIT.value,
    second: SecondCodes | None = None,
    controls: int = 0,
) -> LabelOrder:
    """Issue ``packs`` labels for one pack line, all or nothing; with ``second`` each has a hidden second code.

    Costs ``packs`` × net weight of the licence's allowance of the running year; ``controls`` labels more, which never
    go onto a pack, cost nothing. Raises ``labels.order_size`` (more than one request signs are reserved),
    ``labels.controls_too_many``, ``labels.no_gtin``, what stands at the release gate, ``labels.unprintable``,
    ``labels.packs_exceeded``, ``licences.cap_exceeded`` and the refusals of the keys.
    """
    made = _taken(work, signer, pack_line_id, packs, profile, second, controls, most=AT_ONCE)
    made.state = FLOW.apply("new", "order", {}).next_state
    work.session.flush()
    label_issues.issue(work, signer, made, second)
    return made


def reserve(
    work: Work,
    signer: LabelSigner,
    *,
    pack_line_id: str,
    packs: int,
    profile: str = Profile.UNIT.value,
    second: SecondCodes | None = None,
    controls: int = 0,
) -> LabelOrder:
    """Take packs and weight for an order that a job signs piece by piece; raises what ``order`` raises."""
    made = _taken(work, signer, pack_line_id, packs, profile, second, controls, most=LARGEST_ORDER)
    move = FLOW.apply("new", "reserve", {})
    made.state = move.next_state
    work.session.flush()
    told = {"number": made.number, "packs": packs, "kg": made.kg}
    audit.record(work, move.audit, "label_order", made.id, enterprise_id=batch_of(work, made).licensee_id, **told)
    return made


def _taken(
    work: Work,
    signer: LabelSigner,
    pack_line_id: str,
    packs: int,
    profile: str,
    second: SecondCodes | None,
    controls: int,
    *,
    most: int,
) -> LabelOrder:
    """The order with its packs, its weight and its key; nothing is signed yet."""
    line, batch = _line(work, pack_line_id)
    work.actor.require("labels.order", batch.licensee_id)
    check_order_size(packs, most - controls)
    check_controls(packs, controls)
    named = _named_by(work, Profile(profile), batch, line)
    gate.release(work, batch, Stage.LABEL)
    _refuse_unprintable(work, batch, line)
    licence_id = batch.licence_id
    assert licence_id is not None  # the gate has refused goods without one
    _take_packs(work, line, packs)
    kg = packs * line.net_kg
    year = licences.spend(work, licence_id, work.today.year, kg=kg, labels=packs)
    key = keys.current(work, signer, batch.licensee_id)
    label_stops.refuse_stopped(work, licence_id=licence_id, kid=key.kid)
    made = LabelOrder(
        number=next_number(work, "labels"),
        batch_id=batch.id,
        pack_line_id=line.id,
        licence_id=licence_id,
        licence_year_id=year.id,
        kid=key.kid,
        **named,
        second_code=second is not None,
        packs=packs,
        controls=controls,
        kg=kg,
        ordered_at=work.now,
        ordered_by=work.actor.person_id or "",
    )
    work.session.add(made)
    work.session.flush()
    return made


def activate(work: Work, order_id: str, *, first: int, last: int) -> Change:
    """Declare labels ``first``…``last`` of an order to be on packs; repeating it changes nothing.

    Void labels in the range stay void. Raises ``labels.range``, ``labels.scan_each`` where the order has control
    labels, ``labels.not_released`` or what stands at the gate.
    """
    found = _changing(work, "labels.activate", order_id)
    check_range(first, last, found.size)
    check_by_range(found.controls)
    return _activate(work, found, _between(found, first, last))


def activate_codes(work: Work, readings: Sequence[Reading]) -> Change:
    """Activate single labels as they were scanned or typed at packing; one that is not ours to activate stops all.

    Raises ``labels.codes_unknown`` or ``labels.codes_put_aside``, with a fault per code that points at its place.
    """
    work.actor.require("labels.activate")
    changed = already = 0
    for order_id, serials in sorted(_by_order(work, readings).items()):
        found = _changing(work, "labels.activate", order_id)
        done = _activate(work, found, col(Label.serial).in_(serials))
        changed, already = changed + done.changed, already + done.already
    return Change(changed, already)


def void(work: Work, order_id: str, *, first: int, last: int, reason: VoidReason, version: int) -> Change:
    """Withdraw labels for good; what they cost is not given back.

    ``version`` is that of the order as the person saw it. Raises ``labels.stale``, ``.range``, ``.not_signed``.
    """
    found = _changing(work, "labels.void", order_id)
    check_signed(found.state)
    if found.version != version:
        raise conflict("labels.stale")
    check_range(first, last, found.size)
    here = _between(found, first, last)
    already = _count(work, here, LabelState.VOID)
    values = {"state": LabelState.VOID.value, "voided_at": work.now, "void_reason": reason.value}
    changed = _run(work, update(Label).where(here, col(Label.state) != LabelState.VOID.value).values(**values))
    _note(work, found, "labels.void", changed, first=first, last=last, reason=str(reason))
    return Change(changed, already)


def check_print(work: Work, order_id: str, *, first: int, last: int) -> LabelOrder:
    """The order, if the actor may have this range of it printed.

    Raises ``labels.range``, ``labels.not_released`` or ``label_stops.stopped``.
    """
    found = check_look(work, order_id, first=first, last=last)
    check_released(found.state)
    return found


def check_look(work: Work, order_id: str, *, first: int, last: int) -> LabelOrder:
    """The same for whoever only looks how a label would be printed, which is all there is before the release."""
    found = reached(work, "labels.print", order_id)
    check_range(first, last, found.size)
    label_stops.refuse_stopped(work, licence_id=found.licence_id, kid=found.kid, order_id=found.id)
    return found


def check_file(work: Work, order_id: str, *, first: int, last: int) -> LabelOrder:
    """The order, if a file of this range may be made now.

    Raises what ``check_print`` raises, and ``labels.not_in_head`` until the log has signed for the issue of the codes.
    """
    found = check_print(work, order_id, first=first, last=last)
    if not in_signed_head(work.session, order_id):
        raise conflict("labels.not_in_head")
    return found


def in_signed_head(session: Session, order_id: str) -> bool:
    """Whether the log can prove each code of the order, so that none leaves the house untold."""
    return log.is_signed_for(session, "label_order", order_id, "labels.order")


def record_print(work: Work, order_id: str, *, first: int, last: int, layout: str) -> PrintRun:
    """Note in the reprint log that sheets of these labels leave the house; called once the file is whole."""
    found = check_file(work, order_id, first=first, last=last)
    run = PrintRun(
        order_id=order_id, at=work.now, person_id=work.actor.person_id or "", first=first, last=last, layout=layout
    )
    work.session.add(run)
    licensee = batch_of(work, found).licensee_id
    audit.record(work, "labels.print", "label_order", order_id, enterprise_id=licensee, first=first, last=last)
    return run


def _line(work: Work, pack_line_id: str) -> tuple[PackLine, Batch]:
    line = work.session.get(PackLine, pack_line_id)
    batch = work.session.get(Batch, line.batch_id) if line is not None else None
    if line is None or batch is None:
        raise unknown()
    return line, batch


def _named_by(work: Work, profile: Profile, batch: Batch, line: PackLine) -> dict[str, Any]:
    """What the symbols name: the GTIN of the goods, for tills with the last good day, or (nothing here) the batch."""
    if profile in (Profile.UNIT, Profile.COMPACT):
        return {"signed": profile is Profile.UNIT}
    found = gtins.of_line(work.session, batch, line, work.today)
    if found is None:
        code = "labels.no_gtin"
        raise invalid(code, faults=[Fault(code, "/profile", {"goods": line.cut})], goods=line.cut)
    item, source = found
    named: dict[str, Any] = {"gtin": item.gtin, "gtin_source": source}
    if profile is Profile.GTIN_EXPIRY:
        named["expiry"] = f"{line.packed_on + timedelta(days=line.shelf_life_days):%y%m%d}"
    return named


def _refuse_unprintable(work: Work, batch: Batch, line: PackLine) -> None:
    """Labels nobody could print would spend packs and weight for nothing."""
    found = sheets.unprintable(work.session, batch, line)
    if found is None:
        return
    name, words, character = found
    told = {
        "text": f"labels.text.{name}",
        "words": words,
        "character": character,
        "code_point": f"U+{ord(character):04X}",
    }
    raise invalid("labels.unprintable", faults=[Fault("labels.unprintable", "/pack_line_id", told)], **told)


def _take_packs(work: Work, line: PackLine, packs: int) -> None:
    taken = (
        update(PackLine)
        .where(col(PackLine.id) == line.id, col(PackLine.ordered) + packs <= col(PackLine.packs))
        .values(ordered=col(PackLine.ordered) + packs)
    )
    if _run(work, taken) == 1:
        return
    work.session.refresh(line)
    code, left = "labels.packs_exceeded", line.packs - line.ordered
    fault = Fault(code, "/packs", {"packs": line.packs, "ordered": line.ordered, "asked": packs, "left": left})
    raise _with_fault(quota_exceeded(code, **fault.params), fault)


def _with_fault(error: AppError, fault: Fault) -> AppError:
    error.faults = (fault,)
    return error


def reached(work: Work, permission: str, order_id: str) -> LabelOrder:
    """The order, if the actor holds the permission for the batch's licensee (or for its holder, who packs)."""
    found = work.session.get(LabelOrder, order_id)
    if found is None:
        raise unknown()
    batch = batch_of(work, found)
    packers = (batch.holder_id,) if permission == "labels.activate" else ()
    work.actor.require(permission, batch.licensee_id, *packers)
    return found


def _changing(work: Work, permission: str, order_id: str) -> LabelOrder:
    """The order, locked: two who change its labels take turns instead of dead-locking row by row."""
    found = reached(work, permission, order_id)
    work.session.refresh(found, ["version"], with_for_update=True)
    return found


def batch_of(work: Work, found: LabelOrder) -> Batch:
    return work.session.get_one(Batch, found.batch_id)


def _between(found: LabelOrder, first: int, last: int) -> ColumnElement[bool]:
    return (col(Label.order_id) == found.id) & col(Label.position).between(first, last)


def _activate(work: Work, found: LabelOrder, here: ColumnElement[bool]) -> Change:
    check_released(found.state)
    gate.release(work, batch_of(work, found), Stage.LABEL)
    label_stops.refuse_stopped(work, licence_id=found.licence_id, kid=found.kid, order_id=found.id)
    already = _count(work, here, LabelState.ACTIVATED)
    values = {"state": LabelState.ACTIVATED.value, "activated_at": work.now}
    changed = _run(work, update(Label).where(here, col(Label.state) == LabelState.ISSUED.value).values(**values))
    _note(work, found, "labels.activate", changed)
    return Change(changed, already)


def _by_order(work: Work, readings: Sequence[Reading]) -> dict[str, list[str]]:
    """Serials by order; a code that is not there, forged, or not this actor's to activate looks the same: unknown."""
    reach = work.actor.reach("labels.activate")
    statement = (
        select(Label, Batch, LabelOrder)
        .join(Batch, col(Batch.id) == col(Label.batch_id))
        .join(LabelOrder, col(LabelOrder.id) == col(Label.order_id))
        .where(col(Label.serial).in_({one.serial for one in readings}))
    )
    mine = {
        key: (label, order.kid)
        for label, batch, order in work.session.exec(statement)
        if reach is None or reach & {batch.licensee_id, batch.holder_id}
        for key in keys_of(batch.code, label.serial, batch.lot, order.gtin, order.expiry)
    }
    code = "labels.code_unknown"
    missing = [
        Fault(code, f"/codes/{place}", {"place": place + 1, "serial": in_groups(one.serial)})
        for place, one in enumerate(readings)
        if one.key not in mine or not one.is_of(mine[one.key][1], mine[one.key][0].signature)
    ]
    if missing:
        raise invalid("labels.codes_unknown", faults=missing, count=len(missing))
    _put_aside([mine[one.key][0] for one in readings])
    grouped: dict[str, list[str]] = {}
    for order_id, serial in sorted({(one.order_id, one.serial) for one, _ in mine.values()}):
        grouped.setdefault(order_id, []).append(serial)
    return grouped


def _put_aside(scanned: Sequence[Label]) -> None:
    """Void labels and control labels are told alike: whoever packs has to know that they go onto no pack, not why."""
    code = "labels.put_aside"
    wrong = [
        Fault(code, f"/codes/{place}", {"place": place + 1, "serial": in_groups(one.serial)})
        for place, one in enumerate(scanned)
        if one.control or one.state == LabelState.VOID
    ]
    if wrong:
        raise invalid("labels.codes_put_aside", faults=wrong, count=len(wrong))


def _count(work: Work, here: ColumnElement[bool], state: LabelState) -> int:
    return work.session.exec(select(func.count()).where(here, col(Label.state) == state.value)).one()


def controls_within(work: Work, order_id: str, first: int, last: int) -> int:
    """Control labels of a range that are not void."""
    here = (col(Label.order_id) == order_id, col(Label.position).between(first, last), col(Label.control))
    return work.session.exec(select(func.count()).where(*here, col(Label.state) != LabelState.VOID.value)).one()


def _note(work: Work, found: LabelOrder, action: str, changed: int, **detail: Any) -> None:
    """Count the order's version up and write the audit entry, unless the call changed nothing."""
    if not changed:
        return
    _run(work, update(LabelOrder).where(col(LabelOrder.id) == found.id).values(version=col(LabelOrder.version) + 1))
    work.session.refresh(found, ["version"])
    licensee = batch_of(work, found).licensee_id
    about = {"number": found.number, "labels": changed}
    audit.record(work, action, "label_order", found.id, enterprise_id=licensee, **about, **detail)


def _run(work: Work, statement: Update) -> int:
    result: CursorResult[Any] = work.session.connection().execute(statement)
    return result.rowcount
