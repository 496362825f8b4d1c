"""Takes in sheets of animals that went to another herd, died, were sold or lost; undone while nothing came of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import col, select

from brand.kernel.errors import conflict
from brand.kernel.work import Work
from trace.formats import herd_sheets as forms
from trace.formats.line_sheets import LineSheet, pieces
from trace.models.events import Event
from trace.models.herds import AnimalId, Herd, Stay
from trace.models.imports import SheetImport
from trace.queries import animals as reads
from trace.queries import herds as herd_reads
from trace.rules.animals import DEPARTURES, Leaving
from trace.rules.last_digits import Endings
from trace.rules.withdrawal import running
from trace.services import animals, herd_undoing
from trace.services.herd_sheets import Outlook, Row, figures, permit, quiet, refuse, rows_of
from trace.services.intakes import Intake, Target, Upload, plain_id


def look_at_moves(work: Work, target: Target, sheet: LineSheet) -> Outlook:
    """Animals to other herds, dead, sold, lost."""
    return _moves(work, target, sheet)[0]


def _moves(work: Work, target: Target, sheet: LineSheet) -> tuple[Outlook, dict[tuple[str, str, date, str], list[str]]]:
    rows, faults = rows_of(work, plain_id(target), sheet)
    known = {one.code: one for one in herd_reads.of_enterprise(work.session, plain_id(target))}
    present = {herd.id: _present(work, herd.id) for herd in {row.herd.id: row.herd for row in rows}.values()}
    groups: dict[tuple[str, str, date, str], list[str]] = defaultdict(list)
    counts: dict[tuple[str, str], int] = defaultdict(int)
    seen: dict[str, int] = {}
    at_row: dict[str, Row] = {}
    for row in rows:
        animal_id, wrong = _move_of(work, row, present[row.herd.id], known)
        if animal_id and seen.setdefault(animal_id, row.line.number) != row.line.number:
            params = {"value": row.get("number"), "first_row": seen[animal_id]}
            wrong.append(("number", "herds.number_twice", params))
        faults += [sheet.fault(row.line, *one) for one in wrong]
        if animal_id and not wrong:
            at_row[animal_id] = row
            to = known[str(row.get("to_herd"))].id if row.get("leaving") == "move" else ""
            groups[row.get("leaving"), to, row.get("day"), row.get("note")].append(animal_id)
            counts[row.get("leaving"), row.herd.name] += 1
    faults += [sheet.fault(at_row[at].line, *one) for at, one in _sold_too_early(work, groups)]
    refuse(sheet, faults)
    return Outlook(dict(counts)), groups


def take_moves(work: Work, target: Target, upload: Upload) -> None:
    for (leaving, to, day, note), ids in _moves(work, target, upload.sheet)[1].items():
        if leaving == "move":
            animals.move(work, ids, to, day, import_id=upload.import_id)
        else:
            animals.leave(work, plain_id(target), ids, Leaving(leaving), day, note=note, import_id=upload.import_id)


def undo_moves(work: Work, row: SheetImport) -> None:
    """The animals are where they were, alive; raises ``herds.undo_touched`` once anything was recorded of one since."""
    stated = select(Event).where(
        Event.enterprise_id == row.enterprise_id, Event.record_time == row.at, col(Event.kind).in_(DEPARTURES)
    )
    found = [one for one in work.session.exec(stated).all() if one.data.get("import") == row.id]
    if not found:
        raise conflict("herds.undo_touched")
    for event in found:
        herd_undoing.left_not(work, event, conflict("herds.undo_touched"), row.file_name)


def _move_of(
    work: Work, row: Row, present: Endings[tuple[str, date]], known: Mapping[str, Herd]
) -> tuple[str, list[tuple[str, str, Mapping[str, Any]]]]:
    """Which animal the line names, and what is wrong with it: (field, code, params)."""
    number = str(row.get("number")).upper()
    hits = present.whole(number) or present.of(number)
    if len({at for at, _ in hits}) != 1:
        code = "animals.number_ambiguous" if hits else "animals.number_unknown"
        return "", [("number", code, {"number": number, "count": len(hits)})]
    animal_id, since = hits[0]
    wrong: list[tuple[str, str, Mapping[str, Any]]] = []
    day = row.get("day")
    if day > work.today:
        wrong.append(("day", "animals.in_future", {"day": day.isoformat(), "today": work.today.isoformat()}))
    elif day < since:
        wrong.append(("day", "animals.before_coming", {"day": day.isoformat(), "since": since.isoformat()}))
    to = known.get(str(row.get("to_herd")))
    if row.get("leaving") == "move" and (to is None or to.id == row.herd.id or to.species != row.herd.species):
        wrong.append(("to_herd", "herds.code_unknown", {"code": row.get("to_herd")}))
    elif row.get("leaving") == "move" and to is not None and day < to.since:
        begun = {"name": to.name, "day": day.isoformat(), "since": to.since.isoformat()}
        wrong.append(("day", "herds.not_begun", begun))
    return animal_id, wrong


def _sold_too_early(
    work: Work, groups: Mapping[tuple[str, str, date, str], Sequence[str]]
) -> Iterator[tuple[str, tuple[str, str, Mapping[str, Any]]]]:
    for (leaving, _, day, _), ids in groups.items():
        if leaving != Leaving.SALE:
            continue
        names = reads.tag_names(work.session, ids)
        for at, given in reads.uses_of(work.session, ids).items():
            for use in running(given, day)[:1]:
                yield at, ("number", "animals.in_withdrawal", reads.withdrawal_words(names.get(at, "—"), use))


def _present(work: Work, herd_id: str) -> Endings[tuple[str, date]]:
    """Number → (animal, the day it came) of every animal now in the herd."""
    statement = (
        select(AnimalId.value, AnimalId.animal_id, col(Stay.since))
        .join(Stay, col(Stay.animal_id) == col(AnimalId.animal_id))
        .where(Stay.herd_id == herd_id, Stay.current == 1, col(AnimalId.current).is_not(None))
    )
    return Endings((value, (animal_id, since)) for value, animal_id, since in work.session.exec(statement))


MOVES = Intake(forms.MOVES.read, permit, look_at_moves, quiet(take_moves), undo_moves, pieces, figures)
