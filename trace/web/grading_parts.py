"""Puts grading into words and pictures: carcasses against the table, what persons decided, the six axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from brand.edge.languages import say
from brand.edge.pages import moment, number
from brand.edge.scatter import Measured, Zone, scatter
from brand.rules.grade_tables import CarcassClass, Criterion, Grade, GradeTable, Interval, Row
from trace.models.batches import Carcass
from trace.models.grading import AxisStatement, GradeDecision
from trace.queries.axes import Axes
from trace.queries.grading import Graded
from trace.rules.axes import Axis
from trace.web import batch_parts

#: More dots than this nobody tells apart; the rest is in the list and its file.
MOST_DOTS = 600
#: A row written from memory; the page says that it waits for the printed standard.
_FROM_MEMORY = "B"
_KINDS = (
    "Grade of the table",
    "No grade of the table",
    "Graders differ or a second is to come",
    "Decided by two persons",
)


def scatters(carcasses: Sequence[Graded], table: GradeTable) -> list[dict[str, Any]]:
    """A picture for each class that occurs: cold weight across, backfat up, the table's rows behind."""
    found = []
    for kind in CarcassClass:
        inside = [one for one in carcasses if one.carcass.animal_class == kind][:MOST_DOTS]
        if inside:
            points = [Measured(one.carcass.cold_kg, one.carcass.backfat_cm, _kind(one)) for one in inside]
            zones = [zone for row in table.classes[kind] if (zone := _zone(row)) is not None]
            found.append(
                {
                    "name": say(f"grading.classes.{kind}"),
                    "chart": scatter(points, zones),
                    "rows": [_row(one) for one in inside],
                    "doubtful": any(row.confidence == _FROM_MEMORY for row in table.classes[kind]),
                }
            )
    return found


def kinds() -> list[str]:
    """What each kind of dot means, in their order."""
    return [say(one) for one in _KINDS]


def _kind(one: Graded) -> int:
    if one.disputed or one.waiting:
        return 2
    if one.by_persons:
        return 3
    return 1 if one.grade == Grade.MANUAL else 0


def _zone(row: Row) -> Zone | None:
    """The part of the plane a row of the table covers; rows that state no weight have none."""
    weight, fat = row.asks.get(Criterion.CARCASS_KG), row.asks.get(Criterion.BACKFAT_CM)
    if not isinstance(weight, Interval):
        return None
    up = (fat.low, fat.high) if isinstance(fat, Interval) else (None, None)
    return Zone(say(f"grading.grades.{row.grade}"), weight.low, weight.high, *up)


def _row(one: Graded) -> tuple[str, str, str, str, str]:
    carcass = one.carcass
    kg, fat = (f"{value.normalize():f}" for value in (carcass.cold_kg, carcass.backfat_cm))
    return carcass.carcass_no, kg, fat, say(f"grading.grades.{one.grade}"), say(_KINDS[_kind(one)])


def told(carcass: Carcass, made: Sequence[GradeDecision], names: Mapping[str, str]) -> dict[str, Any]:
    """What persons decided on one carcass, oldest first; names only for those who may read them."""
    decisions = [
        {
            "when": moment(one.decided_at),
            "who": names.get(one.grader_id, ""),
            "grade": say(f"grading.grades.{one.grade}"),
            "method": say(f"grade_decisions.method.{one.method}"),
            "reason": one.reason,
        }
        for one in made
    ]
    last = made[-1]
    return {
        "number": carcass.carcass_no,
        "table": say(f"grading.grades.{carcass.grade}"),
        "standing": say(f"grading.grades.{last.standing}"),
        "disputed": last.disputed,
        "waiting": last.waiting,
        "decisions": decisions,
    }


def axes(found: Axes) -> list[dict[str, Any]]:
    """The six axes in the plan's order: words of the records, and what was stated beside them."""
    records = {
        Axis.BREED: "、".join(f"{breed} {number(head)}" for breed, head in found.breeds),
        Axis.QUALITY: "、".join(
            f"{say(f'grading.grades.{one.grade}')} {number(one.head)}" for one in found.shares if one.head
        ),
        Axis.CUT: "、".join(batch_parts.cut_words(cut, how) for cut, how in found.cuts),
        Axis.REARING: _ages(found),
        Axis.SHELF_LIFE: "、".join(
            say("%(days)s days, %(storage)s", days=days, storage=how) for days, how in found.keeps
        ),
        Axis.PACKAGING: "",
    }
    return [
        {"axis": one, "name": say(f"axes.{one}"), "record": records[one], "stated": _stated(found.stated.get(one))}
        for one in Axis
    ]


def _ages(found: Axes) -> str:
    if found.youngest is None or found.oldest is None:
        return ""
    youngest, oldest = (f"{one.normalize():f}" for one in (found.youngest, found.oldest))
    if youngest == oldest:
        return say("%(age)s months", age=youngest)
    return say("%(youngest)s–%(oldest)s months", youngest=youngest, oldest=oldest)


def _stated(one: AxisStatement | None) -> str:
    if one is None:
        return ""
    return f"{one.value} · {say(f'grade_decisions.method.{one.method}')} · {moment(one.stated_at)}"
