"""Takes in sheets of animals: born, bought or written down for the first time; rows already recorded change nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from brand.kernel.errors import conflict
from brand.kernel.work import Work
from trace.formats import herd_sheets as forms
from trace.formats.line_sheets import LineSheet, pieces
from trace.models.events import Event
from trace.models.herds import Animal, AnimalId, Stay
from trace.models.imports import SheetImport
from trace.queries.animals import in_parts
from trace.rules.animals import Coming, IdKind
from trace.services import animals, herd_undoing, newcomers
from trace.services.herd_sheets import Outlook, Row, figures, permit, quiet, refuse, rows_of
from trace.services.intakes import Intake, Target, Upload, plain_id
from trace.services.newcomers import Newcomer

#: Animals that came into one herd in one way on one day from one seller: one event.
Act = tuple[str, Coming, date, str]


def look_at_animals(work: Work, target: Target, sheet: LineSheet) -> Outlook:
    """Births, purchases and first recordings; rows that say what is recorded already change nothing."""
    return _animals(work, target, sheet)[0]


def _animals(work: Work, target: Target, sheet: LineSheet) -> tuple[Outlook, dict[Act, list[Newcomer]]]:
    rows, faults = rows_of(work, plain_id(target), sheet)
    recorded = _recorded(work, rows)
    groups: dict[Act, list[Row]] = defaultdict(list)
    unchanged = 0
    for row in rows:
        if _is_recorded(row, recorded):
            unchanged += 1
        else:
            groups[row.herd.id, Coming(row.get("coming")), row.get("day"), row.get("note")].append(row)
    made: dict[Act, list[Newcomer]] = {}
    for key, members in groups.items():
        made[key] = [_newcomer(row) for row in members]
        _, coming, day, _ = key
        found = newcomers.check(work, members[0].herd, coming, day, made[key])
        faults += [
            sheet.fault(members[one.place].line, one.field, one.code, one.params)
            for one in found.faults
            if one.code != "animals.number_twice"  # the sheet itself has said so, with the row it stood in first
        ]
    refuse(sheet, faults)
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for (_, coming, _, _), members in groups.items():
        counts[coming.value, members[0].herd.name] += len(members)
    return Outlook(dict(counts), unchanged), made


def take_animals(work: Work, target: Target, upload: Upload) -> None:
    for (herd_id, coming, day, note), arrivals in _animals(work, target, upload.sheet)[1].items():
        animals.bring_in(work, herd_id, coming, day, arrivals, note=note, import_id=upload.import_id)


def undo_animals(work: Work, row: SheetImport) -> None:
    """The animals are taken out again, while nothing else was recorded of any; raises ``herds.undo_touched``."""
    mine = list(work.session.exec(select(Animal.id).where(Animal.import_id == row.id)))
    came: set[str] = set()
    for part in in_parts(mine):
        came.update(work.session.exec(select(Stay.came_event_id).where(col(Stay.animal_id).in_(part))))
    acts = [one for some in in_parts(sorted(came)) for one in work.session.exec(_events(some))]
    herd_undoing.came_not(work, acts, mine, conflict("herds.undo_touched"), row.file_name)


def _events(ids: Sequence[str]) -> SelectOfScalar[Event]:
    return select(Event).where(col(Event.id).in_(ids)).order_by(col(Event.id))


def _newcomer(row: Row) -> Newcomer:
    said = ("ear_tag", "own_number", "association", "breed")
    return Newcomer(
        sex=row.get("sex"),
        born_on=row.get("born_on", None),
        birth=row.get("birth", "day"),
        **{name: row.get(name) for name in said},
    )


def _recorded(work: Work, rows: Sequence[Row]) -> dict[tuple[str, str], tuple[Animal, str]]:
    """(kind, number) → the animal that bears it and the herd it is in, among the numbers of these rows."""
    found: dict[tuple[str, str], tuple[Animal, str]] = {}
    for name, kind in newcomers.NUMBERS.items():
        values = [str(row.get(name)) for row in rows if row.get(name)]
        for part in in_parts(values):
            statement = (
                select(AnimalId.value, Animal, Stay.herd_id)
                .join(Animal, col(Animal.id) == col(AnimalId.animal_id))
                .join(Stay, col(Stay.animal_id) == col(Animal.id))
                .where(AnimalId.current == kind.value, col(AnimalId.value).in_(part), Stay.current == 1)
            )
            if kind is not IdKind.EAR_TAG:
                statement = statement.where(AnimalId.scope == (rows[0].herd.enterprise_id))
            for value, animal, herd_id in work.session.exec(statement):
                found[kind.value, value] = (animal, herd_id)
    return found


def _is_recorded(row: Row, recorded: Mapping[tuple[str, str], tuple[Animal, str]]) -> bool:
    """Whether the line says exactly what is recorded of one animal that is in that herd now."""
    named = [(kind.value, str(row.get(name))) for name, kind in newcomers.NUMBERS.items() if row.get(name)]
    hits = {recorded[one][0].id for one in named if one in recorded}
    if len(hits) != 1 or any(one not in recorded for one in named):
        return False
    animal, herd_id = recorded[named[0]]
    same_birth = row.get("born_on", None) in (None, animal.born_on) and row.get("birth", "day") == animal.birth
    return (
        herd_id == row.herd.id
        and row.get("sex") == animal.sex
        and row.get("breed", "") in ("", animal.breed)
        and same_birth
    )


ANIMALS = Intake(forms.ANIMALS.read, permit, look_at_animals, quiet(take_animals), undo_animals, pieces, figures)
