"""Let outsiders check our rules without our code: ``brandtrace audit WHAT``, one JSON object per line in and out.

Every line in gives one line out, ``{"ok": bool, "value": …, "code": "reason"}``, at once and whatever the line holds.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import click

from brand.kernel.errors import AppError, Fault, invalid
from brand.rules.grade_tables import CarcassClass, nyt630_2002
from brand.rules.grading import Carcass, grade
from brand.rules.identifiers import check_credit_code, half_width
from brand.rules.working_day_seed import seed_calendar
from brand.rules.working_days import add_working_days
from trace.cli.claims import Claim, day, only, text, whole
from trace.cli.code_claims import CODES
from trace.cli.log_audit import audit_log
from trace.cli.proof_claims import PROOFS
from trace.cli.verdict_claims import VERDICTS
from trace.formats.carcass_sheet import read_carcasses
from trace.formats.tables import MAX_BYTES
from trace.rules.ear_tags import check_ear_tag

LOG = "log"
LONGEST_LINE = 1_048_576  # bytes; a statement of the log may have 65,535, escaped six characters for one
NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?")


@dataclass(frozen=True)
class Refusal:
    """What a checker returns when a claim fails and there is still something to show: the faults of a file."""

    code: str
    value: object


def check_grade(claim: Claim) -> object:
    """Grade one carcass by NY/T 630-2002."""
    words = ("marbling", "firmness", "lean_colour", "fat_colour")
    only(claim, needed=("class", "carcass_kg"), optional=("backfat_cm", *words))
    result = grade(
        nyt630_2002(),
        Carcass(
            _class(claim),
            _number(claim, "carcass_kg"),
            _number(claim, "backfat_cm") if "backfat_cm" in claim else None,
            **{word: text(claim, word) for word in words if word in claim},
        ),
    )
    value = {
        "grade": result.grade,
        "decided_by": result.decided_by,
        "table": result.table,
        # One lean colour serves every grade of the table, so a claim that leaves it out lacks nothing.
        "not_assessed": [one for one in result.not_assessed if one != "lean_colour"],
    }
    return value | ({"to_be_checked": True} if result.to_be_checked else {})


def check_uscc(claim: Claim) -> object:
    """Check a unified social credit code."""
    only(claim, needed=("code",))
    found = check_credit_code(text(claim, "code"))
    return {"code": found.text, "warnings": list(found.warnings)}


def check_working_days(claim: Claim) -> object:
    """Count working days from the day after the start, by the notices the registry is delivered with."""
    only(claim, needed=("start", "days"))
    deadline = add_working_days(seed_calendar(), day(claim, "start"), whole(claim, "days"))
    return {"end": deadline.end.isoformat(), "provisional": deadline.provisional}


def check_tag(claim: Claim) -> object:
    """Check a sheep's ear tag on a day."""
    only(claim, needed=("tag", "on"))
    tag = check_ear_tag(text(claim, "tag"), day(claim, "on"))
    return {
        "tag": tag.text,
        "species": tag.species,
        "county": tag.county.code,
        "county_name": tag.county.name,
        "serial": tag.serial,
    }


def check_carcass_file(claim: Claim) -> object:
    """Read a carcass sheet as an upload would be read, storing nothing: how many rows, and each fault at its cell."""
    only(claim, needed=("path",))
    path = Path(text(claim, "path"))
    sheet = read_carcasses(_content(path), path.name)
    value = {"rows": sheet.count, "faults": _cells(sheet.faults)}
    if sheet.doubts:
        value["doubts"] = _cells(sheet.doubts)
    return value if sheet.accepted else Refusal("imports.faults", value)


def _content(path: Path) -> bytes:
    """The beginning of an ordinary file, one byte more than a table may have; devices and pipes are not opened."""
    try:
        if path.is_file():
            with path.open("rb") as file:
                return file.read(MAX_BYTES + 1)
    except (OSError, ValueError):
        pass
    raise invalid("imports.no_such_file", path=str(path))


def _cells(faults: Sequence[Fault]) -> list[Claim]:
    """Row number and column letters as a spreadsheet shows them at its edges."""
    return [{"row": fault.row, "column": fault.pointer.rstrip("0123456789"), "code": fault.code} for fault in faults]


# One entry for each WHAT: a claim in; the value of the answer out, or a Refusal, or an AppError where a rule is broken.
CHECKERS: dict[str, Callable[[Claim], object]] = {
    "grade": check_grade,
    "uscc": check_uscc,
    "working-days": check_working_days,
    "ear-tag": check_tag,
    "import-carcasses": check_carcass_file,
    **CODES,
    **PROOFS,
    **VERDICTS,
}


class Known(click.ParamType[str]):
    """A name in CHECKERS, looked up when called, so that checkers registered later are found."""

    name = "what"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value not in {*CHECKERS, LOG}:
            self.fail(", ".join(sorted({*CHECKERS, LOG})), param, ctx)
        return value


@click.command("audit")
@click.argument("what", type=Known())
def audit(what: str) -> None:
    """Check claims of kind WHAT: one JSON object per line in, one answer per line out.

    WHAT «log» asks for nothing: it reads the whole log of this installation again, values and not only hashes.
    """
    if what == LOG:
        return audit_log()
    checker = CHECKERS[what]
    source = sys.stdin.buffer
    while line := source.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            _drain(source)
        click.echo(json.dumps(answer(checker, line)))
        sys.stdout.flush()


def answer(checker: Callable[[Claim], object], line: bytes) -> Claim:
    """The answer to one line. A mistake of ours is one too: not ok, its kind on stderr, and the next line is read."""
    try:
        value = checker(_claim(line))
    except AppError as error:
        return {"ok": False, "value": None, "code": error.code}
    except Exception as error:
        click.echo(type(error).__name__, err=True)
        return {"ok": False, "value": None, "code": "input.unexpected"}
    if isinstance(value, Refusal):
        return {"ok": False, "value": value.value, "code": value.code}
    return {"ok": True, "value": value, "code": ""}


def _claim(line: bytes) -> Claim:
    if len(line) > LONGEST_LINE:
        raise invalid("input.too_long", most=LONGEST_LINE)
    try:
        found = json.loads(
            line.decode("utf-8"), parse_float=Decimal, parse_constant=_refuse, object_pairs_hook=_without_repeats
        )
    except (ValueError, RecursionError, DecimalException) as error:
        raise invalid("input.not_json") from error
    if not isinstance(found, dict):
        raise invalid("input.not_an_object")
    return found


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)  # NaN and Infinity are no JSON


def _without_repeats(pairs: list[tuple[str, Any]]) -> Claim:
    if len(dict(pairs)) != len(pairs):
        raise invalid("input.repeated_field")
    return dict(pairs)


def _drain(source: BinaryIO) -> None:
    """Read the rest of an overlong line away, in pieces, so that it costs no memory and the next line is the next."""
    while (piece := source.readline(LONGEST_LINE)) and not piece.endswith(b"\n"):
        pass


def _class(claim: Claim) -> CarcassClass:
    value = text(claim, "class")
    if value not in list(CarcassClass):
        raise invalid("grading.class", value=value)
    return CarcassClass(value)


def _number(claim: Claim, field: str) -> Decimal:
    """Plain decimal figures, as text or as a JSON number; units, exponents and signs other than minus are refused."""
    value = claim[field]
    text = half_width(value) if isinstance(value, str) else format(value, "f") if _is_number(value) else ""
    if not NUMBER.fullmatch(text):
        raise invalid(f"grading.{field}.not_a_number", value=text or str(value)[:40])
    return Decimal(text)


def _is_number(value: object) -> bool:
    """A JSON number of a sane size: writing 1e999999999 out would fill the memory."""
    if isinstance(value, Decimal):
        return -12 <= value.adjusted() <= 12
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**12
