"""Looking at goods and places by a list: questions with their clause, answers, and the digest the person signs.

Source: ``data/checklists.json``; every question names the clause it rests on (domain notes B2, B5, B5.1).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from brand.kernel.errors import Fault, invalid

SHIPPED = Path(__file__).resolve().parent / "data" / "checklists.json"


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class Question:
    code: str
    zh: str
    en: str
    source: str
    source_en: str
    confidence: str


@dataclass(frozen=True)
class Checklist:
    code: str
    edition: str
    name: str
    name_en: str
    questions: tuple[Question, ...]


@cache
def checklists() -> Mapping[str, Checklist]:
    """The lists by code."""
    found = json.loads(SHIPPED.read_text(encoding="utf-8"))["checklists"]
    return {
        one["code"]: Checklist(
            one["code"],
            one["edition"],
            one["name"],
            one["name_en"],
            tuple(Question(**each) for each in one["questions"]),
        )
        for one in found
    }


def check_answers(checklist: Checklist, answers: Mapping[str, str], words: str) -> int:
    """How many questions were answered with no; every question must be answered, and a no explained.

    Raises ``input.invalid`` with ``checks.answer_needed`` per question, ``checks.unknown_question`` or
    ``checks.words_needed``.
    """
    known = {one.code for one in checklist.questions}
    faults = [Fault("checks.answer_needed", f"/answers/{one}") for one in known if answers.get(one) not in list(Answer)]
    faults += [Fault("checks.unknown_question", f"/answers/{one}") for one in sorted(set(answers) - known)]
    findings = sum(answers.get(one) == Answer.NO for one in known)
    if findings and not words.strip():
        faults.append(Fault("checks.words_needed", "/words"))
    if faults:
        raise invalid("input.invalid", faults=sorted(faults, key=lambda one: one.pointer))
    return findings


def digest(words: Mapping[str, Any], files: Collection[str]) -> str:
    """SHA-256 (hex) of what was seen as canonical JSON, with the digests of the photos: what the person signed."""
    text = json.dumps(
        dict(words) | {"files": sorted(files)}, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
    )
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Look:
    """One look at a batch by a list; ``signed_at`` orders those of one day, ``official``: by the authority."""

    check_id: str
    batch_id: str
    checklist: str
    official: bool
    checked_on: date
    signed_at: datetime
    findings: int


def open_findings(looks: Iterable[Look]) -> tuple[Look, ...]:
    """The looks whose findings still stand, oldest first.

    The latest look of a list at a batch counts, so a later one that finds nothing closes an earlier finding; a finding
    of the authority ends only with the authority's own later look.
    """
    latest: dict[tuple[str, str], Look] = {}
    official: dict[tuple[str, str], Look] = {}
    for one in sorted(looks, key=lambda each: (each.checked_on, each.signed_at, each.check_id)):
        key = one.batch_id, one.checklist
        latest[key] = one
        if one.official:
            official[key] = one
    standing = {one.check_id: one for one in (*latest.values(), *official.values()) if one.findings}
    return tuple(sorted(standing.values(), key=lambda one: (one.checked_on, one.signed_at, one.check_id)))


def check_day(checked_on: date, made_on: date, today: date) -> None:
    """Raises ``checks.day_ahead`` or ``checks.too_early``: nobody looks at goods before they are there."""
    if checked_on > today:
        raise invalid("input.invalid", faults=[Fault("checks.day_ahead", "/checked_on")])
    if checked_on < made_on:
        params = {"day": made_on.isoformat()}
        raise invalid("input.invalid", faults=[Fault("checks.too_early", "/checked_on", params)])
