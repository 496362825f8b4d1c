"""Finds the labelled packs that go into a case, by scanned code or range of an order, and binds each to one case.

Needs no permission of its own: the services that call it have asked for theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from brand.kernel import audit
from brand.kernel.errors import AppError, Fault, conflict, invalid
from brand.kernel.ids import new_id
from brand.kernel.work import Work
from trace.crypto.readings import Reading, keys_of
from trace.models.batches import Batch
from trace.models.containers import ContainerLabel, PackStock
from trace.models.labels import Label, LabelOrder
from trace.queries.lineage import portions
from trace.rules.containers import MOST_PACKS
from trace.rules.labels import LabelState, VoidReason


@dataclass(frozen=True)
class Range:
    """Labels ``first`` to ``last`` of an order, by its number."""

    order: str
    first: int
    last: int


@dataclass(frozen=True)
class Scanned:
    """A label as it was found by its code: ``signed`` is key id and signature."""

    line_id: str
    state: str
    signed: tuple[str, str]


def found(work: Work, holder_id: str, codes: Sequence[Reading], ranges: Sequence[Range]) -> dict[str, str]:
    """Serial → pack line of every label named; each is of packs the holder has.

    Raises ``containers.code_unknown``, ``.order_unknown``, ``.scan_each``, ``.label_twice`` and ``.label_void``.
    """
    serials: dict[str, str] = {}
    for place, one in enumerate(ranges):
        for serial, line_id, state in _of_range(work, holder_id, one, place):
            _add(serials, serial, line_id, state, f"/ranges/{place}")
    known = _of_codes(work, holder_id, codes)
    for place, code in enumerate(codes):
        there = known.get(code.key)
        # A forged symbol is no label of ours, although it names one.
        if there is None or not code.is_of(*there.signed):
            raise _at("containers.code_unknown", f"/codes/{place}", place=place + 1)
        _add(serials, code.serial, there.line_id, there.state, f"/codes/{place}")
    return serials


def put_in(work: Work, container_id: str, serials: Mapping[str, str]) -> None:
    """Each label is in one case; of two who pack the same one only one does. Raises ``containers.label_inside``."""
    rows = [{"id": new_id(), "container_id": container_id, "serial": one} for one in sorted(serials)]
    if not rows:
        return
    try:
        with work.session.begin_nested():
            work.session.connection().execute(insert(ContainerLabel), rows)
    except IntegrityError:
        for some in portions(serials):
            there = (col(ContainerLabel.serial).in_(some), col(ContainerLabel.ended_at).is_(None))
            taken = work.session.exec(select(ContainerLabel.serial).where(*there)).first()
            if taken:
                raise conflict("containers.label_inside", serial=taken) from None
        raise


def withdraw(work: Work, container_ids: Collection[str], reason: VoidReason) -> None:
    """Labels of packs that are gone with these cases are void, whatever they were: one act per label order."""
    inside = select(ContainerLabel.serial).where(
        col(ContainerLabel.container_id).in_(container_ids), col(ContainerLabel.ended_at).is_(None)
    )
    good = (col(Label.serial).in_(inside), col(Label.state) != LabelState.VOID.value)
    ids = select(Label.order_id).where(*good).distinct()
    # Locked in one order before their labels, as everybody does who changes labels.
    orders = work.session.exec(
        select(LabelOrder).where(col(LabelOrder.id).in_(ids)).order_by(LabelOrder.id).with_for_update()
    ).all()
    void = {"state": LabelState.VOID.value, "voided_at": work.now, "void_reason": reason.value}
    for order in orders:
        its = update(Label).where(*good, col(Label.order_id) == order.id)
        changed = work.session.exec(its.values(**void)).rowcount
        order.version += 1
        licensee = work.session.get_one(Batch, order.batch_id).licensee_id
        about = {"number": order.number, "labels": changed, "reason": reason.value}
        audit.record(work, "labels.void", "label_order", order.id, enterprise_id=licensee, **about)
    work.session.flush()


def _add(serials: dict[str, str], serial: str, line_id: str, state: str, at: str) -> None:
    if serial in serials:
        raise _at("containers.label_twice", at, serial=serial)
    if state == LabelState.VOID:
        raise _at("containers.label_void", at, serial=serial)
    serials[serial] = line_id


def _of_range(work: Work, holder_id: str, one: Range, place: int) -> Sequence[tuple[str, str, str]]:
    wanted = one.last - one.first + 1
    if not 1 <= wanted <= MOST_PACKS:
        raise _at("containers.range", f"/ranges/{place}", most=MOST_PACKS)
    statement = _held(holder_id, Label.serial, LabelOrder.pack_line_id, Label.state, LabelOrder.controls).where(
        LabelOrder.number == one.order, col(Label.position).between(one.first, one.last)
    )
    rows = work.session.exec(statement).all()
    if len(rows) != wanted:
        raise _at("containers.order_unknown", f"/ranges/{place}", order=one.order, first=one.first, last=one.last)
    if rows[0][3]:
        raise _at("containers.scan_each", f"/ranges/{place}", order=one.order)
    return [row[:3] for row in rows]


def _of_codes(work: Work, holder_id: str, codes: Sequence[Reading]) -> dict[tuple[str, ...], Scanned]:
    rows: dict[tuple[str, ...], Scanned] = {}
    for some in portions({one.serial for one in codes}):
        statement = _held(holder_id, Batch, Label, LabelOrder)
        its = statement.join(Batch, col(Batch.id) == col(Label.batch_id)).where(col(Label.serial).in_(some))
        for batch, label, order in work.session.exec(its):
            # One that belongs onto no pack is told like a void one, so that nobody learns which it is.
            state = LabelState.VOID.value if label.control else label.state
            found = Scanned(order.pack_line_id, state, (order.kid, label.signature))
            rows |= dict.fromkeys(keys_of(batch.code, label.serial, batch.lot, order.gtin, order.expiry), found)
    return rows


def _held(holder_id: str, *columns: Any) -> Any:
    """Of labels whose packs this holder has or had: another's are as if they were not there."""
    return (
        select(*columns)
        .select_from(Label)
        .join(LabelOrder, col(LabelOrder.id) == col(Label.order_id))
        .join(PackStock, col(PackStock.pack_line_id) == col(LabelOrder.pack_line_id))
        .where(PackStock.holder_id == holder_id)
    )


def _at(code: str, pointer: str, **params: object) -> AppError:
    return invalid(code, faults=[Fault(code, pointer, params)], **params)
