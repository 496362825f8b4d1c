"""Takes a packing list: packs of a batch within its cold weight, to the gram, however many people pack at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import select

from brand.kernel import audit
from brand.kernel.errors import Fault
from brand.kernel.ids import new_ids
from brand.kernel.rows import add
from brand.kernel.work import Work
from brand.queries import product_rules
from brand.rules.product_rules import Rule, RuleKind, Stage
from trace.formats.packing_sheet import COLUMNS, PackingRow, PackingSheet
from trace.models.batches import Batch, PackLine
from trace.models.containers import PackStock
from trace.models.flows import Operation
from trace.rules.cuts import MEAT, Naming, naming, refuses
from trace.rules.events import EventKind, moment_of_day
from trace.rules.flows import OperationKind, Share, Yield, share_of
from trace.rules.lots import same_lot
from trace.rules.mass_balance import check_packs
from trace.rules.weights import plain
from trace.services import batches, events, gate, holds, ledger, seats

#: Lines written by one statement.
_AT_ONCE = 500
_HEADINGS = {column.field: column.heading for column in COLUMNS}


@dataclass(frozen=True)
class Outlook:
    """What a packing list would become; weights in kg. ``namings``: how each cut is named in the product's list."""

    batch: Batch
    lines: tuple[PackingRow, ...]
    packs: int
    total_kg: Decimal
    left_kg: Decimal
    namings: Mapping[str, Naming]
    unusual: tuple[Share, ...] = ()


def look(work: Work, batch_id: str, sheet: PackingSheet) -> Outlook:
    """Hold the list against the batch, changing nothing.

    Raises ``imports.faulty`` (with ``packing.other_lot``, ``.packed_too_early``, ``.packed_in_future``, ``.cut_twice``,
    ``.cut_unlisted``, ``.packed_already`` at their rows), ``mass_balance.packs_above_cold`` with the figures, or what
    stands at the release gate.
    """
    batch = batches.held(work, batch_id)
    total = sum((row.total_kg for row in sheet.rows), Decimal(0))
    gate.check(work, batch, Stage.PACK, total)
    batches.refuse_faults(sheet.faults)
    cuts = product_rules.in_force(work.session, batch.product_id, RuleKind.CUT_LIST)
    faults = [*_row_faults(work, batch, sheet.rows), *_unlisted(cuts, sheet.rows), *_repeats(work, batch, sheet.rows)]
    batches.refuse_faults(faults)
    shares = _shares(work, batch, sheet.rows)
    batches.refuse_faults(
        [_at(row, "flows.yield_impossible", "cut", **one.params) for row, one in shares if one.impossible]
    )
    for row in sheet.rows:
        seats.said(work, batch.holder_id, EventKind.PACKING, row.packed_on)
    left = check_packs(plain(batch.total_kg), plain(batch.used_kg), plain(total))
    meat = batch.form in MEAT
    namings = {row.cut: naming(row.cut, cuts.content) if meat else Naming.NO_CUT for row in sheet.rows}
    unusual = tuple(one for _, one in shares if one.standing is Yield.SECOND)
    return Outlook(batch, sheet.rows, sum(row.packs for row in sheet.rows), total, left, namings, unusual)


def record(
    work: Work, batch_id: str, sheet: PackingSheet, heard: Callable[[int], None] = lambda _rows: None
) -> Operation:
    """Take the packs out of the batch's weight and add their lines and events; raises what ``look`` raises.

    ``heard`` is told now and then how many lines are written.
    """
    # First the turn at the batch: what is left of it, and of what a grade allows, is shared by all who pack.
    holds.lock(work, [batch_id])
    work.session.refresh(batches.held(work, batch_id))
    outlook = look(work, batch_id, sheet)
    batch, packed_on = outlook.batch, max(row.packed_on for row in outlook.lines)
    done = ledger.book(
        work,
        OperationKind.PACK,
        batch.holder_id,
        moment_of_day(packed_on, work.now),
        draws={batch.id: outlook.total_kg},
        out_kg=outlook.total_kg,
    )
    for at in range(0, len(outlook.lines), _AT_ONCE):
        some = outlook.lines[at : at + _AT_ONCE]
        _add_lines(work, batch, done.id, some)
        heard(at + len(some))
    for day in sorted({row.packed_on for row in outlook.lines}):
        _record_day(work, batch, done.id, day, [row for row in outlook.lines if row.packed_on == day])
    batches.hold_unusual(work, batch, outlook.unusual, f"yield:{done.id}")
    audit.record(
        work,
        "batches.record_packing",
        "batch",
        batch.id,
        enterprise_id=batch.holder_id,
        batch=batch.code,
        packs=outlook.packs,
        packed_kg=outlook.total_kg,
    )
    return done


def _shares(work: Work, batch: Batch, rows: Sequence[PackingRow]) -> list[tuple[PackingRow, Share]]:
    """All packs of a cut against the carcasses they are from, for cuts with a band; other goods consist of one cut."""
    if batch.form != "carcass":
        return []
    content = product_rules.in_force(work.session, batch.product_id, RuleKind.YIELDS).content["shares"]
    packed: dict[str, Decimal] = defaultdict(Decimal)
    for line in work.session.exec(select(PackLine).where(PackLine.batch_id == batch.id)):
        packed[line.cut] += line.net_kg * line.packs
    for row in rows:
        packed[row.cut] += row.total_kg
    firsts = {row.cut: row for row in reversed(rows) if row.cut in content}
    return [(row, share_of(cut, packed[cut], batch.total_kg, content[cut], of=cut)) for cut, row in firsts.items()]


def _add_lines(work: Work, batch: Batch, done_id: str, rows: Sequence[PackingRow]) -> None:
    shared = {"batch_id": batch.id, "operation_id": done_id, "ordered": 0, "gone": 0}
    lines = [
        shared | {"id": fresh} | {name: getattr(row, name) for name in _KEPT}
        for fresh, row in zip(new_ids(len(rows)), rows, strict=True)
    ]
    add(work.session, PackLine, lines)
    stocks = [{"pack_line_id": one["id"], "holder_id": batch.holder_id, "packs": one["packs"]} for one in lines]
    add(work.session, PackStock, [one | {"id": fresh} for one, fresh in zip(stocks, new_ids(len(stocks)), strict=True)])


def _record_day(work: Work, batch: Batch, done_id: str, day: date, rows: Sequence[PackingRow]) -> None:
    moment = moment_of_day(day, work.now)
    kg = sum((row.total_kg for row in rows), Decimal(0))
    cuts = {"day": day.isoformat(), "cuts": sorted({row.cut for row in rows}), "total_kg": str(kg)}
    packs = {"day": day.isoformat(), "packs": sum(row.packs for row in rows), "total_kg": str(kg)}
    if batch.form in MEAT:
        events.record(work, batch, EventKind.CUTTING, event_time=moment, data=cuts, operation=done_id)
    events.record(work, batch, EventKind.PACKING, event_time=moment, data=packs, operation=done_id)


_KEPT = ("cut", "net_kg", "packs", "packed_on", "shelf_life_days", "storage")


def _row_faults(work: Work, batch: Batch, rows: Sequence[PackingRow]) -> Iterable[Fault]:
    """Rows of another lot, or packed on a day that cannot be."""
    for row in rows:
        if not same_lot(row.source_lot, batch.lot):
            yield _at(row, "packing.other_lot", "source_lot", written=row.source_lot, lot=batch.lot)
        if row.packed_on < batch.made_on:
            yield _at(row, "packing.packed_too_early", "packed_on", slaughtered=batch.made_on.isoformat())
        if row.packed_on > work.today:
            yield _at(row, "packing.packed_in_future", "packed_on", today=work.today.isoformat())


def _unlisted(cuts: Rule, rows: Sequence[PackingRow]) -> Iterable[Fault]:
    """Names that are not on the list the office decided on for this product."""
    for row in rows:
        if refuses(row.cut, cuts.content, cuts.edition):
            yield _at(row, "packing.cut_unlisted", "cut", cut=row.cut, edition=cuts.edition)


def _repeats(work: Work, batch: Batch, rows: Sequence[PackingRow]) -> Iterable[Fault]:
    """A cut of one size and day stated twice, in this list or in an earlier one."""
    lines = work.session.exec(select(PackLine).where(PackLine.batch_id == batch.id))
    packed = {(line.cut, line.net_kg, line.packed_on): line.packs for line in lines}
    first_rows: dict[tuple[str, Decimal, date], int] = {}
    for row in rows:
        key = (row.cut, row.net_kg, row.packed_on)
        first_row = first_rows.setdefault(key, row.row)
        if key in packed:
            yield _at(row, "packing.packed_already", "cut", cut=row.cut, packs=packed[key])
        elif first_row != row.row:
            yield _at(row, "packing.cut_twice", "cut", cut=row.cut, first_row=first_row)


def _at(row: PackingRow, code: str, field: str, **params: object) -> Fault:
    return Fault(code, "", {**params, "column": _HEADINGS[field], "row": row.row}, row.row, _HEADINGS[field])
