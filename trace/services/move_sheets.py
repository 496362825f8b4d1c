"""Takes in sheets of animals that went to another herd, died, were sold or lost; only ever corrected, never undone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import col, select

from brand.kernel.work import Work
from trace.formats.herd_sheets import HerdSheet, pieces, read_moves
from trace.models.herds import AnimalId, Herd, Stay
from trace.queries import animals as reads
from trace.queries import herds as herd_reads
from trace.rules.animals import Leaving
from trace.rules.withdrawal import running
from trace.services import animals
from trace.services.herd_sheets import Outlook, Row, figures, permit, quiet, refuse, rows_of
from trace.services.intakes import Intake, Target, Upload, plain_id


def look_at_moves(work: Work, target: Target, sheet: HerdSheet) -> Outlook:
    """Animals to other herds, dead, sold, lost."""
    return _moves(work, target, sheet)[0]


def _moves(work: Work, target: Target, sheet: HerdSheet) -> tuple[Outlook, dict[tuple[str, str, date, str], list[str]]]:
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
            animals.move(work, ids, to, day)
        else:
            animals.leave(work, plain_id(target), ids, Leaving(leaving), day, note=note)


def _move_of(
    work: Work, row: Row, present: Mapping[str, tuple[str, date]], known: Mapping[str, Herd]
) -> tuple[str, list[tuple[str, str, Mapping[str, Any]]]]:
    """Which animal the line names, and what is wrong with it: (field, code, params)."""
    number = str(row.get("number")).upper()
    hits = [number] if number in present else [one for one in present if one.endswith(number)]
    if len({present[one][0] for one in hits}) != 1:
        code = "animals.number_ambiguous" if hits else "animals.number_unknown"
        return "", [("number", code, {"number": number, "count": len(hits)})]
    animal_id, since = present[hits[0]]
    wrong: list[tuple[str, str, Mapping[str, Any]]] = []
    day = row.get("day")
    if day > work.today:
        wrong.append(("day", "animals.in_future", {"day": day.isoformat(), "today": work.today.isoformat()}))
    elif day < since:
        wrong.append(("day", "animals.before_coming", {"day": day.isoformat(), "since": since.isoformat()}))
    to = known.get(str(row.get("to_herd")))
    if row.get("leaving") == "move" and (to is None or to.id == row.herd.id or to.species != row.herd.species):
        wrong.append(("to_herd", "herds.code_unknown", {"code": row.get("to_herd")}))
    return animal_id, wrong


def _sold_too_early(
    work: Work, groups: Mapping[tuple[str, str, date, str], Sequence[str]]
) -> Iterator[tuple[str, tuple[str, str, Mapping[str, Any]]]]:
    for (leaving, _, day, _), ids in groups.items():
        if leaving != Leaving.SALE:
            continue
        for at, given in reads.uses_of(work.session, ids).items():
            for use in running(given, day)[:1]:
                yield at, ("number", "animals.in_withdrawal", reads.withdrawal_words(str(at), use))


def _present(work: Work, herd_id: str) -> dict[str, tuple[str, date]]:
    """Number → (animal, the day it came) of every animal now in the herd."""
    statement = (
        select(AnimalId.value, AnimalId.animal_id, col(Stay.since))
        .join(Stay, col(Stay.animal_id) == col(AnimalId.animal_id))
        .where(Stay.herd_id == herd_id, Stay.current == 1, col(AnimalId.current).is_not(None))
    )
    return {value: (animal_id, since) for value, animal_id, since in work.session.exec(statement)}


MOVES = Intake(read_moves, permit, look_at_moves, quiet(take_moves), None, pieces, figures)
