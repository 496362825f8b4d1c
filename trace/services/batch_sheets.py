"""Takes in sheets of pH readings, samples and grades of batches that are named by their lots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlmodel import Session, col, select

from brand.kernel.remembered import remembered
from brand.kernel.work import Work
from trace.formats import batch_sheets as forms
from trace.formats.lines import Line
from trace.models.batches import Batch
from trace.models.checks import Sample
from trace.models.events import Event
from trace.models.imports import SheetImport
from trace.queries import events as event_reads
from trace.rules.events import EventKind
from trace.rules.look_alikes import one_spelling
from trace.services import events, grading, ph, row_sheets, samples
from trace.services.row_sheets import RowSheet, batch_of, place_id

_READ = ("hours", "head", "lowest", "highest")


def _measure(work: Work, owner: str, lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        batch = batch_of(work, owner, line)
        said = {name: line.values[name] for name in _READ}
        at = place_id(work, owner, line.values.get("place", "")) or ""
        yield ph.record(work, batch.id, version=batch.version, place_id=at, **said).id


def _measured_already(work: Work, owner: str, line: Line) -> bool:
    """Whether a reading of that lot that still counts says the same figures."""
    said = line.values
    wanted = (said["head"], str(said["hours"]), f"{said['lowest']:f}", f"{said['highest']:f}")
    return wanted in _readings(work.session, owner, said["lot"])


@remembered
def _readings(session: Session, owner: str, lot: str) -> frozenset[tuple[Any, ...]]:
    """Head, hours and both figures of the readings of a lot that count; a sheet has many rows of one lot."""
    its = select(Event.data).join(Batch, col(Batch.id) == col(Event.batch_id))
    mine = its.where(Batch.holder_id == owner, Batch.lot == lot, Event.kind == EventKind.PH.value)
    found = session.exec(mine.where(event_reads.counts()))
    return frozenset(tuple(data.get(name) for name in ("head", "hours", "lowest_ph", "highest_ph")) for data in found)


def _withdraw(work: Work, row: SheetImport, made: Sequence[str]) -> None:
    """The readings count for nothing; raises what ``events.withdraw`` raises."""
    events.withdraw_all(work, made, reason=row.file_name)


def _take_samples(work: Work, owner: str, lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        said = {name: line.values[name] for name in ("seal", "where", "quantity", "unit", "taken_at")}
        batch = batch_of(work, owner, line)
        yield samples.take(work, batch.id, spare=bool(line.values.get("spare")), **said).id


def _taken_already(work: Work, owner: str, line: Line) -> bool:
    said = line.values
    held = select(Sample).where(Sample.enterprise_id == owner, Sample.seal_key == one_spelling(said["seal"]))
    found = work.session.exec(held).first()
    if found is None or work.session.get_one(Batch, found.batch_id).lot != said["lot"]:
        return False
    same = ("where", "quantity", "unit", "taken_at")
    return found.spare == bool(said.get("spare")) and all(getattr(found, at) == said[at] for at in same)


def _grade(work: Work, owner: str, lines: Sequence[Line]) -> list[str]:
    """Rows of one lot, grade, method, reason and place are one person's act."""
    said, batch = lines[0].values, batch_of(work, owner, lines[0])
    told = grading.Said(
        version=batch.version,
        carcasses=[line.values["carcass_no"] for line in lines],
        grade=said.get("grade", ""),
        method=said["method"],
        reason=said.get("reason", ""),
        place_id=place_id(work, owner, said.get("place", "")) or "",
    )
    return [grading.grade(work, batch.id, told).id]


def _take_back(work: Work, row: SheetImport, made: Sequence[str]) -> None:
    for one in reversed(made):
        grading.take_back(work, one, words=row.file_name)


PH = row_sheets.intake(
    RowSheet(
        forms.PH,
        "events.record",
        _measure,
        says="lot",
        undo=_withdraw,
        known=_measured_already,
        together="lot",
    )
)
#: Under seal is under seal: no undo.
SAMPLES = row_sheets.intake(
    RowSheet(forms.SAMPLES, "events.record", _take_samples, says="lot", known=_taken_already, together="seal")
)
GRADED = row_sheets.intake(
    RowSheet(
        forms.GRADED,
        "events.record",
        _grade,
        says="lot",
        undo=_take_back,
        group=("lot", "grade", "method", "reason", "place"),
        apart=True,
        together="lot",
        columns={"carcasses": "carcass_no"},
    )
)
