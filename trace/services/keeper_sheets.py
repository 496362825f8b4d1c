"""Takes in lists of herds and of quarantine certificates: what stands already changes nothing, untouched rows go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlmodel import select

from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from trace.formats import herd_sheets, journey_sheets
from trace.formats.lines import Line
from trace.models.herds import Herd
from trace.models.imports import SheetImport
from trace.models.quarantine import QuarantineCertificate
from trace.rules.quarantine import number_key
from trace.services import herds, quarantine, row_sheets
from trace.services.place_sheets import township
from trace.services.row_sheets import RowSheet

_PAPER = ("form", "number", "county_code", "issued_on", "goods", "quantity", "from_place", "to_place")


def _open(work: Work, owner: str, lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        yield herds.open_herd(work, owner, code=line.values["herd"], **_entries(work, owner, line)).id


def _entries(work: Work, owner: str, line: Line) -> dict[str, Any]:
    said = line.values
    where = township(work.session.get_one(Enterprise, owner), said["township"]) or said["township"]
    kept = {name: said.get(name, "") for name in ("name", "species", "breed", "since")}
    return kept | {"township_code": where}


def _open_already(work: Work, owner: str, line: Line) -> bool:
    held = select(Herd).where(Herd.enterprise_id == owner, Herd.code == line.values["herd"])
    found = work.session.exec(held).first()
    return found is not None and all(getattr(found, at) == one for at, one in _entries(work, owner, line).items())


def _close(work: Work, _row: SheetImport, made: Sequence[str]) -> None:
    for one in made:
        herds.take_back(work, one)


def _write_down(work: Work, owner: str, lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        said = {name: line.values[name] for name in (*_PAPER, "valid_days")}
        yield quarantine.declare(work, owner, upload=None, **said).id


def _written_already(work: Work, owner: str, line: Line) -> bool:
    said = line.values
    held = select(QuarantineCertificate).where(
        QuarantineCertificate.enterprise_id == owner,
        QuarantineCertificate.form == said["form"],
        QuarantineCertificate.county_code == said["county_code"],
        QuarantineCertificate.key == number_key(said["number"]),
    )
    found = work.session.exec(held).first()
    if found is None or (found.valid_until - found.issued_on).days + 1 != said["valid_days"]:
        return False
    return all(getattr(found, name) == said[name] for name in _PAPER if name != "number")


def _tear_up(work: Work, _row: SheetImport, made: Sequence[str]) -> None:
    for one in made:
        quarantine.take_back(work, one)


HERDS = row_sheets.intake(
    RowSheet(
        herd_sheets.HERDS,
        "herds.write",
        _open,
        says="species",
        undo=_close,
        known=_open_already,
        columns={"code": "herd", "township_code": "township"},
    )
)
CERTIFICATES = row_sheets.intake(
    RowSheet(
        journey_sheets.CERTIFICATES,
        "quarantine.write",
        _write_down,
        says="form",
        undo=_tear_up,
        known=_written_already,
        together="number",
    )
)
