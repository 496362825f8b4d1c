"""What the sheets of keepers share: whose they are, the herds their rows name, and how they are refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from brand.kernel.errors import Fault
from brand.kernel.work import Work
from trace.formats.line_sheets import LineSheet
from trace.formats.lines import Line, in_reading_order
from trace.models.herds import Herd
from trace.queries import herds as herd_reads
from trace.services import batches
from trace.services.intakes import Target, Upload, plain_id


@dataclass(frozen=True)
class Outlook:
    """What a sheet would do: rows by act and herd; ``unchanged`` rows say what is recorded already."""

    counts: Mapping[tuple[str, str], int]
    unchanged: int = 0

    @property
    def rows_of(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Row:
    """One line with the herd it names."""

    line: Line
    herd: Herd

    def get(self, field: str, otherwise: Any = "") -> Any:
        return self.line.values.get(field, otherwise)


def permit(work: Work, target: Target) -> str:
    work.actor.require("herds.write", plain_id(target))
    return plain_id(target)


def rows_of(work: Work, enterprise_id: str, sheet: LineSheet) -> tuple[list[Row], list[Fault]]:
    """The lines with their open herds; herds that are not there are faults."""
    known = {one.code: one for one in herd_reads.of_enterprise(work.session, enterprise_id)}
    rows, faults = [], []
    for line in sheet.rows:
        herd = known.get(str(line.values["herd"]))
        if herd is None:
            faults.append(sheet.fault(line, "herd", "herds.code_unknown", {"code": line.values["herd"]}))
        else:
            rows.append(Row(line, herd))
    return rows, faults


def refuse(sheet: LineSheet, faults: Sequence[Fault]) -> None:
    batches.refuse_faults(in_reading_order([*sheet.faults, *faults]))


def quiet(take: Callable[[Work, Target, Upload], None]) -> Callable[[Work, Target, Upload], str | None]:
    def run(work: Work, target: Target, upload: Upload) -> str | None:
        take(work, target, upload)
        return None

    return run


def figures(sheet: LineSheet) -> dict[str, Any]:
    """Rows by what they say happened."""
    acts = Counter(str(line.values.get("coming") or line.values.get("leaving") or "care") for line in sheet.rows)
    return {"acts": dict(acts)}
