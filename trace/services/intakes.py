"""What one kind of sheet means: how it is read, whose it is, what looking at it, taking it in and undoing it do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from brand.kernel.work import Work
from trace.formats.lab_report import LabSheet
from trace.models.imports import SheetImport, SheetKind
from trace.services.batches import Plan

#: Where a sheet goes: a plan for carcasses, else the id of the batch or the enterprise it belongs to.
Target = Plan | str
#: Bytes and name of a file (and what was said beside it, where the kind asks) → the sheet: ``rows``, ``faults`` and
#: ``digest`` at least.
Reader = Callable[..., Any]


@dataclass(frozen=True)
class Unread:
    """A sheet of which only the SHA-256 is known yet, and what was said beside it."""

    digest: str
    rows: tuple[Any, ...] = ()
    said: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Upload:
    """A file and what is written in it; ``import_id`` names the kept sheet while it is taken in.

    ``place_id``: where what it tells happened, if somebody said so. ``heard`` is told now and then how many of its rows
    are taken in.
    """

    kind: SheetKind
    name: str
    data: bytes
    sheet: Any
    import_id: str = ""
    place_id: str = ""
    heard: Callable[[int], None] = lambda _rows: None

    @property
    def count(self) -> int:
        """Filled lines of the sheet."""
        return lines_of(self.sheet)


def lines_of(sheet: Any) -> int:
    """Filled lines of a sheet or of a piece of one; a report has a line for each of its items."""
    if isinstance(sheet, LabSheet):
        return sum(len(report.items) for report in sheet.rows)
    return len(sheet.rows)


@dataclass(frozen=True)
class Intake:
    """One kind of sheet.

    ``permit`` gives the enterprise for which the person acts (what is not theirs does not exist); ``look`` changes
    nothing and raises every refusal that ``take`` would; ``take`` gives the id of the batch, if it made or fed one.
    ``undo`` takes back what the sheet brought; kinds without it are only ever corrected. ``pieces`` cuts a long sheet
    into parts that a job looks at one by one; ``figures`` are what the job tells of the whole. ``rehearsed``: looking
    carries the rows out and undoes them, so its transaction must be one that may write. ``tells``: taking in tells how
    far it is, so nobody has to look once more before.
    """

    read: Reader
    permit: Callable[[Work, Target], str]
    look: Callable[[Work, Target, Any], Any]
    take: Callable[[Work, Target, Upload], str | None]
    undo: Callable[[Work, SheetImport], None] | None = None
    pieces: Callable[[Any, int], Iterable[Any]] | None = None
    figures: Callable[[Any], dict[str, Any]] = lambda _sheet: {}
    rehearsed: bool = False
    tells: bool = False


def plain_id(target: Target) -> str:
    """The target of every kind but carcasses."""
    assert isinstance(target, str)
    return target
