"""Grade and laboratory results of a pack's batch, in a buyer's words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from brand.edge.languages import say
from brand.edge.lean import path
from brand.edge.pages import day, kg, number
from brand.rules.grade_tables import CarcassClass, GradeTable, Interval
from brand.rules.standards import slug
from brand.web.standard_tables import interval
from trace.queries.grading import GradeShare
from trace.queries.pack_records import Item, Report
from trace.queries.packs import Origin, Story
from trace.rules.lab_reports import Relief, Status
from trace.web import pack_shelf

Pair = tuple[str, str]
#: A fact marked so in the domain notes was read in a copy and waits for the printed standard.
_TO_BE_CHECKED = "B"


def grade(story: Story) -> dict[str, Any] | None:
    """How the carcasses of the batch were graded: packs of a cut are not kept apart by grade, and the page says so."""
    if story.origin is None:
        return None
    sheet, table, found = story.origin.sheet, story.origin.table, story.origin.carcasses
    shares = [one for one in found.grades if one.head]
    by_table = bool(sheet.grade_table)
    doubtful = sum(one.to_be_checked for one in shares)
    facts = [(say(f"grading.grades.{one.grade}"), _share(one, sheet.head)) for one in shares]
    if doubtful:
        facts.append((say("Resting on rows to be checked"), number(doubtful)))
    return {
        "name": say("%(count)s carcasses, graded one by one", count=number(sheet.head)),
        "meaning": say("scan.grade.meaning") if by_table else say("scan.grade.by_hand"),
        "table": f"{sheet.grade_table} ({sheet.grade_edition})" if by_table else "",
        "decided_by": "",
        "facts": facts,
        "asks": asks(story.origin),
        "not_assessed": [say(f"grading.criteria.{one}") for one in found.not_assessed],
        "to_be_checked": by_table and (table is None or table.attribution == _TO_BE_CHECKED),
    }


def grades(story: Story) -> str:
    """The grades the carcasses of the batch were given, best first; a pack may be of any of them."""
    shares = story.origin.carcasses.grades if story.origin is not None else ()
    return say("、").join(say(f"grading.grades.{one.grade}") for one in shares if one.head)


def asks(origin: Origin) -> str:
    """What each row of the table asks of a carcass of the classes slaughtered: one part for all packs of a table."""
    table = origin.table
    classes = [one for one in table.classes if one.value in origin.carcasses.classes] if table else []
    if table is None or not classes:
        return ""
    told = (origin.wording, origin.sheet.grade_table, *classes)
    href = path("standards.show", slug=slug(origin.sheet.grade_table))
    return pack_shelf.part("scan/asks.html", told, lambda: {"asks": _rows(table, classes), "href": href})


def _rows(table: GradeTable, classes: Iterable[CarcassClass]) -> list[Pair]:
    """For each grade of each class weight and back fat."""
    return [
        (
            f"{say(f'grading.grades.{row.grade}')} · {say(f'grading.classes.{one}')}",
            "; ".join(
                f"{say(f'grading.criteria.{name}')} {interval(asked)}"
                for name, asked in row.asks.items()
                if isinstance(asked, Interval)
            ),
        )
        for one in classes
        for row in table.classes[one]
    ]


def _share(one: GradeShare, head: int) -> str:
    percent = f"{100 * one.head / head:.1f}"
    return say(
        "%(count)s carcasses (%(percent)s %%), %(weight)s",
        count=number(one.head),
        percent=percent,
        weight=kg(one.cold_kg),
    )


def tests(story: Story) -> dict[str, Any]:
    """Every item of every report, and the reports they stand in."""
    return {
        "tests": [_item(item, report.against) for report in story.past().reports for item in report.items],
        "test_reports": [
            {
                "number": one.number,
                "lab": one.laboratory,
                "date": day(one.tested_on),
                "status": standing(one),
            }
            for one in story.past().reports
        ],
    }


def standing(one: Report) -> str:
    """Whose word a report is, and what took its effect away: a failure that counts no more must not frighten."""
    by_office = one.official and one.status == Status.DECLARED
    words = say("scan.report.official" if by_office else f"scan.report.{one.status}")
    over = one.relief in (Relief.OVERTURNED, Relief.RELEASED)
    return f"{words} · {say(f'scan.report.{one.relief}')}" if over else words


def _item(item: Item, against: bool) -> dict[str, Any]:
    return {
        "item": item.name,
        "result": _with_unit(item.result, item.unit),
        "limit": _with_unit(item.limit, item.unit),
        "colour": "green" if item.passed else ("red" if against else "amber"),
        "verdict": say("scan.test.passed") if item.passed else say("scan.test.failed"),
    }


def _with_unit(value: str, unit: str) -> str:
    """The unit belongs to figures only: «not found μg/kg» reads like a slip."""
    return f"{value} {unit}" if value[:1].isdigit() else value or "–"
