"""Registers batches: one slaughter day of one producer, every carcass weighed, graded and bound to its tag."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from brand.kernel import audit
from brand.kernel.clock import local_day
from brand.kernel.errors import AppError, Fault, Kind, conflict, invalid, unknown
from brand.kernel.ids import new_id
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from brand.models.licences import Licence
from brand.models.schemes import Product
from brand.queries import licences, product_rules, standards
from brand.rules.grade_tables import Grade, GradeTable
from brand.rules.grading import Carcass as Graded
from brand.rules.grading import GradeResult, grade, ungraded
from brand.rules.product_rules import Making, RuleKind, preset
from trace.formats.carcass_sheet import COLUMNS, CarcassRow, CarcassSheet
from trace.models.batches import Batch, Carcass, Slaughter
from trace.models.events import Event
from trace.rules.alike import Graded as Counted
from trace.rules.alike import alike
from trace.rules.carcass_classes import animal_class, carcass_class, species_of_goods
from trace.rules.ear_tags import Species
from trace.rules.events import EventKind, shown
from trace.rules.flows import Measure, OperationKind, Share, Yield, share_of
from trace.rules.goods import BatchKind, Unit
from trace.rules.holds import HoldReason
from trace.rules.lots import check_lot, one_shift
from trace.rules.mass_balance import BatchBalance, Weights, check_batch
from trace.services import capacities, events, holds, lairage, ledger, new_batches, seats, slaughter
from trace.services.capacities import Need
from trace.services.new_batches import Newborn
from trace.services.slaughter import Links

GRADED_ON = "cold_kg"
#: Tags looked up in one statement; databases limit the parameters of one.
_AT_ONCE = 500
#: Unusual carcasses named in the hold; the sheet has them all.
_TOLD = 10
_HEADINGS = {column.field: column.heading for column in COLUMNS}


@dataclass(frozen=True)
class Plan:
    """What the person says beside the sheet: whose animals, which product, and the abattoir's own lot number."""

    abattoir_id: str
    producer_id: str
    product_id: str
    lot: str


@dataclass(frozen=True)
class GradedRow:
    """One line of the sheet with what the rules make of it."""

    line: CarcassRow
    animal_class: str
    result: GradeResult

    @property
    def counted(self) -> Counted:
        line, result = self.line, self.result
        return Counted(
            line.breed,
            self.animal_class,
            Decimal(line.age_months),
            [one.value for one in result.not_assessed],
            result.grade.value,
            line.cold_kg,
            result.to_be_checked,
        )


@dataclass(frozen=True)
class Outlook:
    """What a sheet would become, weights in kg."""

    plan: Plan
    licence: Licence
    slaughtered_on: date
    table: GradeTable | None
    carcasses: tuple[GradedRow, ...]
    balance: BatchBalance
    links: Links
    unusual: tuple[Share, ...] = ()

    @property
    def grades(self) -> dict[Grade, int]:
        """Carcasses per grade, best first, empty grades included."""
        count = Counter(one.result.grade for one in self.carcasses)
        return {one: count[one] for one in Grade}

    @property
    def to_be_checked(self) -> int:
        return sum(one.result.to_be_checked for one in self.carcasses)


def look(work: Work, plan: Plan, sheet: CarcassSheet) -> Outlook:
    """What registering would do, changing nothing.

    Raises ``imports.faulty`` with every fault of the sheet at its row, and for what was said beside it
    ``batches.abattoir_not_confirmed``, ``.producer_not_confirmed``, ``.product_unknown``, ``.no_licence``,
    ``.no_grade_table``, ``.species``, ``.lot_taken``, ``lots.shape`` and ``capacities.exceeded``. Tags of registered
    animals are held against these (``slaughter.*``): alive, in the producer's herd, of that age, breed and sex, in no
    withdrawal period.
    Of a lot that was announced, only what was read and found fit is slaughtered (``lairage.*``).
    """
    work.actor.require("batches.register", plan.abattoir_id)
    lot = check_lot(plan.lot)
    lairage.check_parties(work, plan.abattoir_id, plan.producer_id, plan.product_id)
    new_batches.check_lot_free(work, plan.abattoir_id, lot)
    refuse_faults([*sheet.faults, *sheet.doubts])
    _check_species(work, plan, sheet.species)
    refuse_faults([*_time_faults(work, sheet.rows), *_tag_faults(work, sheet.rows)])
    links = slaughter.link(work, plan.producer_id, plan.product_id, sheet.rows)
    before = lairage.faults(work, (plan.abattoir_id, plan.producer_id, plan.product_id, lot), sheet.rows)
    refuse_faults([_of_animal(row, fault) for row, fault in (*links.faults, *before)])
    day = local_day(min(row.slaughtered_at for row in sheet.rows))
    seats.said(work, plan.abattoir_id, EventKind.SLAUGHTERING, day)
    licence, table = _licence(work, plan, day), _grade_table(work, plan, day, sheet.species)
    weights = [Weights(row.live_kg, row.hot_kg, row.cold_kg) for row in sheet.rows]
    shares = _dressing(work, plan.product_id, sheet.rows, day)
    refuse_faults(
        [at_row("flows.yield_impossible", row, "hot_kg", **one.params) for row, one in shares if one.impossible]
    )
    capacities.check(work, _need(plan, day, len(sheet.rows)))
    return Outlook(
        Plan(plan.abattoir_id, plan.producer_id, plan.product_id, lot),
        licence,
        day,
        table,
        tuple(graded(table, row, sheet.species) for row in sheet.rows),
        check_batch(weights),
        links,
        tuple(one for _, one in shares if one.standing is Yield.SECOND),
    )


def register(work: Work, plan: Plan, sheet: CarcassSheet) -> Batch:
    """Make the batch with its carcasses, its slaughtering and its grading; raises what ``look`` raises."""
    outlook = look(work, plan, sheet)
    batch, figures = _add_batch(work, outlook)
    capacities.take(work, _need(plan, batch.made_on, figures.head), batch.id)
    _add_carcasses(work, batch, outlook)
    event = _record_events(work, batch, figures, outlook)
    hold_unusual(work, batch, outlook.unusual, f"yield:{batch.operation_id}")
    slaughter.mark(work, outlook.links, outlook.slaughtered_on, event.id)
    lairage.bind(work, batch, figures.head)
    work.session.refresh(batch)  # weights as every later reader gets them, to the gram
    audit.record(
        work,
        "batches.register",
        "batch",
        batch.id,
        enterprise_id=batch.maker_id,
        batch=batch.code,
        licence=outlook.licence.number,
        producer=batch.producer_id,
        lot=batch.lot,
        head=figures.head,
        cold_kg=batch.total_kg,
    )
    return batch


def hold_unusual(work: Work, batch: Batch, unusual: Sequence[Share], cause: str) -> None:
    """Goods whose weights are unusual stand still until a second person of the office has looked at them."""
    if unusual:
        words = ", ".join(
            f"{one.of} {one.percent} % ({one.params['least']}–{one.params['most']} %)".strip()
            for one in unusual[:_TOLD]
        )
        holds.place_automatic(work, batch.id, reason_code=HoldReason.YIELD, cause=cause, words=words)


def _dressing(work: Work, product_id: str, rows: Sequence[CarcassRow], day: date) -> list[tuple[int, Share]]:
    """Hot carcass against live animal, row by row, by the product's band of that day."""
    bands = product_rules.in_force(work.session, product_id, RuleKind.YIELDS, day).content["processes"]
    band = bands.get(Making.DRESSING)
    what = f"making.{Making.DRESSING}"
    return [(row.row, share_of(what, row.hot_kg, row.live_kg, band, of=row.carcass_no)) for row in rows]


def _need(plan: Plan, day: date, head: int) -> Need:
    """Every head slaughtered is one of the producer's season."""
    return Need(plan.producer_id, None, plan.product_id, day, Unit.HEAD, Decimal(head))


def held(work: Work, batch_id: str) -> Batch:
    """The batch, for somebody who records events for its present holder; raises ``batches.withdrawn``."""
    batch = work.session.get(Batch, batch_id)
    if batch is None:
        raise unknown()
    work.actor.require("events.record", batch.holder_id)
    if batch.withdrawn:
        raise conflict("batches.withdrawn", lot=batch.lot)
    return batch


def graded(table: GradeTable | None, line: CarcassRow, species: Species) -> GradedRow:
    """One carcass by that table, on its cold weight; without one two persons grade it by hand."""
    if table is None:
        return GradedRow(line, animal_class(species, line.age_months, line.incisor_pairs), ungraded())
    kind = carcass_class(line.age_months, line.incisor_pairs)
    seen = Graded(kind, line.cold_kg, line.backfat_cm, line.marbling, line.firmness, line.lean_colour, line.fat_colour)
    return GradedRow(line, kind.value, grade(table, seen))


def refuse_faults(faults: Sequence[Fault]) -> None:
    """Raise ``imports.faulty`` when there are any; ``input.invalid`` where they are of what was typed, of no sheet."""
    if faults and all(one.row is None for one in faults):
        raise invalid("input.invalid", faults=faults)
    if faults:
        raise invalid("imports.faulty", faults=faults, count=len(faults))


def _licence(work: Work, plan: Plan, day: date) -> Licence:
    """The producer's licence for the product on the slaughter day."""
    found = licences.valid_for(work.session, plan.producer_id, plan.product_id, day)
    if found is None:
        params = {
            "producer": work.session.get_one(Enterprise, plan.producer_id).name,
            "product": work.session.get_one(Product, plan.product_id).name,
            "day": day.isoformat(),
        }
        code = "batches.no_licence"
        raise AppError(Kind.REFUSED, code, faults=[Fault(code, "/producer_id", params)], **params)
    return found


def _check_species(work: Work, plan: Plan, species: Species) -> None:
    """Beef is of cattle and lamb of sheep; raises ``batches.species``. Other goods may be of either."""
    product = work.session.get_one(Product, plan.product_id)
    wanted = species_of_goods(preset(product.code))
    if wanted is not None and species is not wanted:
        params = {"product": product.name, "of": f"animal.species.{wanted}", "found": f"animal.species.{species}"}
        code = "batches.species"
        raise AppError(Kind.REFUSED, code, faults=[Fault(code, "/product_id", params)], **params)


def _grade_table(work: Work, plan: Plan, day: date, species: Species) -> GradeTable | None:
    """The table of the edition in force on the slaughter day, of the standard the product cites.

    Tables are of the classes of sheep: cattle have none, every carcass of theirs is graded by hand.
    """
    if species is Species.CATTLE:
        return None
    product = work.session.get_one(Product, plan.product_id)
    found = standards.grade_table(work.session, product.standard, day)
    if found is None:
        params = {"product": product.name, "standard": product.standard or "–", "day": day.isoformat()}
        code = "batches.no_grade_table"
        raise AppError(Kind.REFUSED, code, faults=[Fault(code, "/product_id", params)], **params)
    return found


def _time_faults(work: Work, rows: Sequence[CarcassRow]) -> Iterable[Fault]:
    """Slaughter times that have not come yet, and carcasses of another day."""
    first = min(row.slaughtered_at for row in rows)
    for row in rows:
        if row.slaughtered_at > work.now:
            yield at_row("batches.slaughter_in_future", row.row, "slaughtered_at", at=shown(row.slaughtered_at))
        elif not one_shift(first, row.slaughtered_at):
            yield at_row("batches.another_day", row.row, "slaughtered_at", first=shown(first))


def _tag_faults(work: Work, rows: Sequence[CarcassRow]) -> Iterable[Fault]:
    """Ear tags that a carcass bears already; whose carcass that is stays untold."""
    tags = [row.ear_tag for row in rows]
    known: set[str] = set()
    for start in range(0, len(tags), _AT_ONCE):
        some = select(Carcass.ear_tag).where(col(Carcass.ear_tag).in_(tags[start : start + _AT_ONCE]))
        known.update(work.session.exec(some.where(col(Carcass.withdrawn).is_(False))))
    for row in rows:
        if row.ear_tag in known:
            yield at_row("batches.tag_slaughtered", row.row, "ear_tag", tag=row.ear_tag)


def _of_animal(row: int, fault: Fault) -> Fault:
    """What stands against slaughtering a registered animal, at its row."""
    return at_row(fault.code, row, fault.pointer.lstrip("/"), **{name: str(one) for name, one in fault.params.items()})


def at_row(code: str, row: int, field: str, **params: str) -> Fault:
    return Fault(code, "", {**params, "column": _HEADINGS[field], "row": row}, row, _HEADINGS[field])


def _add_batch(work: Work, outlook: Outlook) -> tuple[Batch, Slaughter]:
    plan, total, table = outlook.plan, outlook.balance.total, outlook.table
    at = max(one.line.slaughtered_at for one in outlook.carcasses)
    made = ledger.book(work, OperationKind.COMMISSION, plan.abattoir_id, at, out_kg=total.cold_kg)
    new = Newborn(
        BatchKind.SLAUGHTER,
        "carcass",
        plan.product_id,
        plan.producer_id,
        plan.abattoir_id,
        outlook.slaughtered_on,
        plan.lot,
        Measure(Unit.KG, total.cold_kg, total.cold_kg),
        licence_id=outlook.licence.id,
    )
    batch = new_batches.add_batch(work, made, new)
    slaughter = Slaughter(
        batch_id=batch.id,
        head=len(outlook.carcasses),
        live_kg=total.live_kg,
        hot_kg=total.hot_kg,
        cold_kg=total.cold_kg,
        grade_table=table.name if table else "",
        grade_edition=table.edition if table else "",
        alike=alike(one.counted for one in outlook.carcasses),
    )
    work.session.add(slaughter)
    work.session.flush()
    return batch, slaughter


def _add_carcasses(work: Work, batch: Batch, outlook: Outlook) -> None:
    """Two sheets that bear one tag wait for each other here, and the later one is told which tag it is."""
    rows = [_carcass(batch, one, outlook.links) for one in outlook.carcasses]
    try:
        with work.session.begin_nested():
            work.session.connection().execute(insert(Carcass), rows)
    except IntegrityError:
        refuse_faults([*_tag_faults(work, [one.line for one in outlook.carcasses])])
        raise


def _carcass(batch: Batch, one: GradedRow, links: Links) -> dict[str, object]:
    line, result = one.line, one.result
    return {
        "id": new_id(),
        "batch_id": batch.id,
        "ear_tag": line.ear_tag,
        "animal_id": links.animals.get(line.ear_tag),
        "carcass_no": line.carcass_no,
        "breed": line.breed,
        "sex": line.sex,
        "age_months": Decimal(line.age_months),
        "incisor_pairs": line.incisor_pairs,
        "live_kg": line.live_kg,
        "hot_kg": line.hot_kg,
        "cold_kg": line.cold_kg,
        "backfat_cm": line.backfat_cm,
        "marbling": line.marbling,
        "firmness": line.firmness,
        "lean_colour": line.lean_colour,
        "fat_colour": line.fat_colour,
        "slaughtered_at": line.slaughtered_at,
        "grader": line.grader,
        "remark": line.remark,
        "animal_class": one.animal_class,
        "grade": result.grade.value,
        "decided_by": result.decided_by.value if result.decided_by else "",
        "not_assessed": [criterion.value for criterion in result.not_assessed],
        "to_be_checked": result.to_be_checked,
        "grade_table": result.table,
        "grade_edition": result.edition,
        "graded_on": GRADED_ON,
    }


def _record_events(work: Work, batch: Batch, found: Slaughter, outlook: Outlook) -> Event:
    times = [one.line.slaughtered_at for one in outlook.carcasses]
    weights = {"live_kg": str(found.live_kg), "hot_kg": str(found.hot_kg), "cold_kg": str(found.cold_kg)}
    slaughtering = {"head": found.head, **weights, "from": min(times).isoformat(), "until": max(times).isoformat()}
    joined = batch.operation_id
    made = events.record(
        work, batch, EventKind.SLAUGHTERING, event_time=max(times), data=slaughtering, operation=joined
    )
    grading = {
        "table": found.grade_table,
        "edition": found.grade_edition,
        "graded_on": GRADED_ON,
        "grades": {name.value: count for name, count in outlook.grades.items()},
        "to_be_checked": outlook.to_be_checked,
    }
    events.record(work, batch, EventKind.GRADING, event_time=work.now, data=grading, operation=joined)
    return made
