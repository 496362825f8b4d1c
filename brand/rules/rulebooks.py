"""The office's rulebook: numbered clauses, which clause each reason rests on, and how an edition comes into force.

Source: domain notes A1.7 (a written brand plan, quoted by each licence), A1.26 (every refusal has a reason, published
criteria). An edition is written by one person and published by another; once published it is never changed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from brand.kernel.errors import AppError, Fault, conflict, invalid, refused
from brand.kernel.workflow import Facts, Step, Workflow
from brand.rules.licence_flow import Refusal
from brand.rules.sanctions import Sanction

SHIPPED = Path(__file__).resolve().parent / "data" / "rulebook.json"
GRANT = "decision.grant"
#: Everything the office may decide; each must rest on a clause.
CODES = (GRANT, *(str(one) for one in Refusal), *(str(one) for one in Sanction))
_NUMBER = r"\d{1,3}(?:\.\d{1,3}){0,3}|第[一二三四五六七八九十百零〇]{1,7}条"
_HEAD = re.compile(rf"^({_NUMBER})[ \t\u3000、.]+(\S.{{0,79}})$")


class RulebookState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"


@dataclass(frozen=True)
class Clause:
    """One numbered rule."""

    number: str
    title: str
    text: str


def read_clauses(text: str) -> list[Clause]:
    """Clauses from one text: a line «2.1 title» or «第三条 title» begins a clause, the lines below are its words.

    Raises ``rulebooks.no_clause``, ``rulebooks.clause_twice`` or ``rulebooks.clause_empty``.
    """
    heads: list[tuple[str, str, list[str]]] = []
    for line in text.split("\n"):
        head = _HEAD.match(line.strip())
        if head:
            heads.append((head[1], head[2], []))
        elif heads:
            heads[-1][2].append(line.strip())
        elif line.strip():
            raise _at("text", "rulebooks.no_clause")
    found = [Clause(number, title, "\n".join(words).strip()) for number, title, words in heads]
    if not found:
        raise _at("text", "rulebooks.no_clause")
    seen: set[str] = set()
    for one in found:
        if one.number in seen:
            raise _at("text", "rulebooks.clause_twice", number=one.number)
        if not one.text:
            raise _at("text", "rulebooks.clause_empty", number=one.number)
        seen.add(one.number)
    return found


def written(clauses: Iterable[Clause]) -> str:
    """The clauses as the text ``read_clauses`` reads."""
    return "\n\n".join(f"{one.number} {one.title}\n{one.text}" for one in clauses)


def digest(title: str, effective_on: str, clauses: Iterable[Clause], codes: Mapping[str, str]) -> str:
    """SHA-256 in hex of what is approved; a changed comma changes it."""
    content = [title, effective_on, [asdict(one) for one in clauses], sorted(codes.items())]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def every_code_has_a_clause(facts: Facts) -> None:
    """A decision whose reason rests on no clause could not be defended."""
    numbers = {one.number for one in facts["clauses"]}
    lacking = [code for code in CODES if facts["codes"].get(code) not in numbers]
    if lacking:
        raise invalid("rulebooks.code_unclaimed", faults=[_lacking(code) for code in lacking], count=len(lacking))


def _lacking(code: str) -> Fault:
    return Fault("rulebooks.code_needs_clause", f"/{code.replace('.', '_')}", {"code": code})


def comes_into_force_later(facts: Facts) -> None:
    """No rule reaches back: an edition takes effect on the day of its publication at the earliest."""
    if facts["effective_on"] < facts["today"]:
        raise _at("effective_on", "rulebooks.effective_past", day=facts["today"].isoformat())


def published_by_another_person(facts: Facts) -> None:
    if facts["person_id"] in facts["hands"]:
        raise refused("rulebooks.four_eyes")


def published_as_submitted(facts: Facts) -> None:
    """The yes covers exactly what was submitted."""
    if facts["digest"] != facts["submitted_digest"]:
        raise conflict("rulebooks.stale")


def return_is_explained(facts: Facts) -> None:
    if not facts["comment"].strip():
        raise _at("comment", "rulebooks.comment_missing")


_WRITE, _PUBLISH = "rulebooks.write", "rulebooks.publish"

FLOW = Workflow(
    "rulebooks",
    [
        Step("new", "draft", "draft", _WRITE, "rulebooks.draft"),
        Step("draft", "edit", "draft", _WRITE, "rulebooks.edit"),
        Step("draft", "submit", "submitted", _WRITE, "rulebooks.submit", (every_code_has_a_clause,)),
        Step("submitted", "return", "draft", _PUBLISH, "rulebooks.return", (return_is_explained,)),
        Step(
            "submitted",
            "publish",
            "published",
            _PUBLISH,
            "rulebooks.publish",
            (
                every_code_has_a_clause,
                comes_into_force_later,
                published_by_another_person,
                published_as_submitted,
            ),
        ),
    ],
)


@dataclass(frozen=True)
class ShippedRulebook:
    """The demonstration text that comes with the program."""

    edition: str
    title: str
    effective_on: str
    source: str
    source_en: str
    confidence: str
    clauses: Sequence[Clause]
    codes: Mapping[str, str]


@cache
def shipped() -> ShippedRulebook:
    """The demonstration rulebook, read once."""
    found: dict[str, Any] = json.loads(SHIPPED.read_text(encoding="utf-8"))
    clauses = tuple(Clause(**one) for one in found.pop("clauses"))
    return ShippedRulebook(clauses=clauses, **found)


def _at(field: str, code: str, **params: object) -> AppError:
    return invalid(code, faults=[Fault(code, f"/{field}", params)], **params)
