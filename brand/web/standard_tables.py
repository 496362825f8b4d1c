"""Grade tables as people read them: one small table per class, every edge said in words, and trial carcasses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from brand.edge.languages import language, say
from brand.rules.grade_tables import MEASURED, CarcassClass, Criterion, Grade, GradeTable, Interval, table_of
from brand.rules.grading import Carcass, GradeResult
from brand.rules.grading import grade as grade_by
from brand.rules.presets import Confidence


@dataclass(frozen=True)
class ClassTable:
    """One class: columns and rows for the data table part."""

    key: str
    name: str
    columns: list[dict[str, str]]
    rows: list[dict[str, Any]]


@dataclass(frozen=True)
class Trial:
    """What a table makes of a carcass: the grade, what decided, and the grade by every criterion."""

    result: GradeResult
    criteria: list[tuple[str, str, bool]]


def shown(raw: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Everything a page shows of a grade table in its JSON form; nothing where there is none."""
    if raw is None:
        return None
    sites, chinese = raw.get("measuring_sites", {}), raw.get("measuring_sites_zh", {})
    return {
        "classes": [_class(one, raw["classes"][one.value]) for one in CarcassClass if raw["classes"].get(one.value)],
        "source": _own(raw.get("source_zh", ""), raw.get("source", "")),
        "attribution": raw.get("attribution_confidence", ""),
        "sites": [
            (say(f"grading.criteria.{one}"), _own(chinese.get(one.value, ""), sites.get(one.value, "")))
            for one in MEASURED
        ],
        "doubtful": _doubtful(raw),
    }


def _own(chinese: str, english: str) -> str:
    """The reader's language, else the other."""
    return (chinese or english) if language() == "zh" else (english or chinese)


def _doubtful(raw: Mapping[str, Any]) -> bool:
    marks = [
        raw.get("attribution_confidence"),
        *(row["confidence"] for rows in raw["classes"].values() for row in rows),
    ]
    return Confidence.BACKGROUND in marks


def _class(one: CarcassClass, rows: list[dict[str, Any]]) -> ClassTable:
    stated = [criterion for criterion in Criterion if any(criterion.value in row for row in rows)]
    columns = [{"key": "grade", "label": say("Grade")}]
    columns += [{"key": criterion.value, "label": say(f"grading.criteria.{criterion}")} for criterion in stated]
    columns.append({"key": "confidence", "label": say("How sure")})
    return ClassTable(one.value, say(f"grading.classes.{one}"), columns, [_row(row, stated) for row in rows])


def _row(row: Mapping[str, Any], stated: list[Criterion]) -> dict[str, Any]:
    cells: dict[str, Any] = {criterion.value: _asked(row.get(criterion.value)) for criterion in stated}
    mark = row["confidence"]
    doubt = mark == Confidence.BACKGROUND
    sure: Any = ("status", "amber", say("to be checked")) if doubt else say(f"confidence.{mark}")
    return {"grade": say(f"grading.grades.{row['grade']}"), **cells, "confidence": sure}


def _asked(asked: Any) -> str:
    if asked is None:
        return "–"
    return say(f"grading.words.{asked}") if isinstance(asked, str) else interval(Interval.from_json(asked))


def interval(one: Interval) -> str:
    """``≥ 22, < 25``: which row an edge belongs to is never left to guess."""
    low = f"{'≥' if one.low_included else '>'} {one.low}" if one.low is not None else ""
    high = f"{'≤' if one.high_included else '<'} {one.high}" if one.high is not None else ""
    return say("%(low)s and %(high)s", low=low, high=high) if low and high else low or high


def trial(raw: Mapping[str, Any], given: Mapping[str, Any]) -> Trial:
    """One carcass by the table; raises what ``rules.grading.grade`` raises."""
    values = {**given, "carcass_class": CarcassClass(given["carcass_class"])}
    result = grade_by(table_of(raw), Carcass(**values))
    found = [
        (say(f"grading.criteria.{name}"), say(f"grading.grades.{grade}"), name is result.decided_by)
        for name, grade in result.by_criterion.items()
    ]
    return Trial(result, found)


def edges(raw: Mapping[str, Any]) -> list[tuple[str, list[dict[str, str]]]]:
    """For each class and measure: every edge of the table and the grade exactly there, by that measure alone."""
    table = table_of(raw)
    return [
        (f"{say(f'grading.classes.{one}')} · {say(f'grading.criteria.{measure}')}", rows)
        for one in table.classes
        for measure in MEASURED
        if (rows := list(_edges(table, one, measure)))
    ]


def _edges(table: GradeTable, one: CarcassClass, measure: Criterion) -> Iterator[dict[str, str]]:
    asked = [row.asks.get(measure) for row in table.classes[one]]
    stretches = [each for each in asked if isinstance(each, Interval)]
    ends = {end for each in stretches for end in (each.low, each.high) if end is not None}
    step = Decimal("0.001") if measure is Criterion.CARCASS_KG else Decimal("0.01")
    for end in sorted(ends):
        row = {"edge": str(end)}
        for name, value in (("below", end - step), ("at", end), ("above", end + step)):
            row[name] = say(f"grading.grades.{_by(table, one, measure, value)}") if value >= 0 else "–"
        yield row


def _by(table: GradeTable, one: CarcassClass, measure: Criterion, value: Decimal) -> Grade:
    rows = (row for row in table.classes[one] if table.meets(measure, value, row.asks[measure]))
    return next((row.grade for row in rows), Grade.MANUAL)
