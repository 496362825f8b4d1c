"""Puts batches into words and pictures for pages: charts with their figures, what decided a grade, steps of a chain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from brand.edge import charts
from brand.edge.languages import say
from brand.edge.pages import day, moment
from brand.edge.pages import kg as kg_words
from brand.rules.grade_tables import Grade
from trace.models.batches import Batch, Carcass, Slaughter
from trace.models.events import ChillingLog
from trace.queries.batches import Entry, Step
from trace.rules.chilling import Limits, Reading, Report
from trace.rules.cuts import PLAIN, Naming
from trace.rules.events import COLD, WITHDRAWABLE, EventKind, correctable
from trace.services import chilling
from trace.services.batches import GradedRow
from trace.web.event_words import seat

ICONS = {
    EventKind.SLAUGHTERING: "slaughter",
    EventKind.GRADING: "scale",
    EventKind.REGRADING: "scale",
    EventKind.CHILLING: "cold",
    EventKind.AGEING: "cold",
    EventKind.COLD_TRANSPORT: "truck",
    EventKind.COLD_STORAGE: "cold",
    EventKind.ANTE_MORTEM: "check-circle",
    EventKind.PH: "flask",
    EventKind.CUTTING: "cut",
    EventKind.PACKING: "pack",
    EventKind.TESTING: "flask",
}
#: What still has to happen to a batch, in the order of the day, and the sheet that says so.
OWED = ((EventKind.CHILLING, "chilling"), (EventKind.TESTING, "lab_report"), (EventKind.PACKING, "packing"))
_TIMES = frozenset({"from", "until"})
#: How services write a moment; a person correcting one writes what they like.
_WRITTEN_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00")
_TENTH = Decimal("0.1")
_MEASURED = {"carcass_kg": "cold_kg", "backfat_cm": "backfat_cm"}


def grade_chart(heads: Mapping[Grade, int]) -> charts.BarChart:
    """Carcasses per grade."""
    bars = [(say(f"batches.grade.{grade}"), Decimal(head)) for grade, head in heads.items()]
    return charts.bar_chart(bars, unit=say("head"))


def weight_chart(batch: Batch, slaughter: Slaughter) -> charts.BarChart:
    """How the weight grows less on the way, kg; shares are of the live weight."""
    live = slaughter.live_kg
    later = (
        ("Hot carcass", slaughter.hot_kg),
        ("Cold carcass", slaughter.cold_kg),
        ("Taken out so far", batch.used_kg),
    )
    steps = (("Live", live), *later)
    chart = charts.bar_chart([(say(name), kg) for name, kg in steps], unit="kg")
    shares = [f"{(kg / live * 100).quantize(_TENTH)} %" for _, kg in steps]
    rows = tuple((say(name), kg_words(kg), share) for (name, kg), share in zip(steps, shares, strict=True))
    words = [f"{text} · {share}" if place else text for place, (_, text, share) in enumerate(rows)]
    bars = tuple(replace(bar, text=text) for bar, text in zip(chart.bars, words, strict=True))
    return replace(chart, bars=bars, rows=rows)


def chilling_chart(readings: Sequence[Reading], limits: Limits) -> tuple[charts.LineChart, list[str]]:
    """Room and core against the limits, whichever were measured, and the headings of the table beside it."""
    series: list[charts.Series] = []
    bounds: list[charts.Limit] = []
    headings = [say("Time")]
    if any(one.room_c is not None for one in readings):
        warmest = say("room at most %(limit)s ℃", limit=limits.room_most_c)
        series.append(charts.Series(say("Room"), [one.room_c for one in readings]))
        bounds.append(charts.Limit(0, warmest, limits.room_least_c, limits.room_most_c))
        headings.append(say("Room ℃"))
    if any(one.core_c is not None for one in readings):
        hours = f"{limits.core_from / timedelta(hours=1):g}"
        since = "core from %(hours)s h at most %(limit)s ℃" if limits.core_from else "core at most %(limit)s ℃"
        coldest = say(since, hours=hours, limit=limits.core_most_c)
        from_then = readings[0].at + limits.core_from
        bounds.append(charts.Limit(len(series), coldest, highest=limits.core_most_c, after=from_then))
        series.append(charts.Series(say("Core"), [one.core_c for one in readings]))
        headings.append(say("Core ℃"))
    return charts.line_chart([one.at for one in readings], series, bounds), headings


def readings_of(log: ChillingLog) -> list[Reading]:
    return [
        Reading(log.started_at + timedelta(seconds=seconds), _degrees(room), _degrees(core))
        for seconds, room, core in log.readings
    ]


def _degrees(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def breach_words(breaches: Iterable[Mapping[str, Any]], gaps: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """(when, what) of everything the limits found."""
    found = [
        (_span(one), say(f"chilling.{one['kind']}", limit=one["limit_c"], worst=one["worst_c"])) for one in breaches
    ]
    return found + [(_span(one), say("chilling.gap", minutes=_minutes(one))) for one in gaps]


def report_words(report: Report) -> list[tuple[str, str]]:
    """The same of a file that is not kept yet."""
    return breach_words(map(chilling.breach_record, report.breaches), map(chilling.gap_record, report.gaps))


def _span(one: Mapping[str, Any]) -> str:
    start, end = _moment(one["start"]), _moment(one["end"])
    return f"{moment(start)} – {moment(end)[11:]}" if day(start) == day(end) else f"{moment(start)} – {moment(end)}"


def _minutes(one: Mapping[str, Any]) -> int:
    return int((_moment(one["end"]) - _moment(one["start"])).total_seconds() // 60)


def _moment(text: object) -> datetime:
    return datetime.fromisoformat(str(text))


def decided(carcass: Carcass) -> str:
    """What put a carcass into its grade, e.g. «backfat: 0.85 cm»."""
    return _decided(carcass.decided_by, carcass)


def decided_row(row: GradedRow) -> str:
    return _decided(row.result.decided_by.value if row.result.decided_by else "", row.line)


def _decided(criterion: str, one: Any) -> str:
    if not criterion:
        return say("No table: graded by hand")
    value = getattr(one, _MEASURED.get(criterion, criterion))
    words = f"{value.normalize():f}" if isinstance(value, Decimal) else say(f"grading.words.{value}")
    return say("%(criterion)s: %(value)s", criterion=say(f"grading.criteria.{criterion}"), value=words)


def cut_words(cut: str, how: Naming) -> str:
    """A cut with a word beside it where nobody compared its name with the printed standard."""
    return cut if how in PLAIN else say("%(cut)s (%(mark)s)", cut=cut, mark=say(f"cuts.{how}"))


def owed(entry: Entry) -> list[tuple[EventKind, str]]:
    """Steps this batch of carcasses has not had, each with the kind of sheet that records it."""
    if entry.slaughter is None:
        return []
    return [(kind, sheet) for kind, sheet in OWED if kind not in entry.kinds]


def progress(entry: Entry) -> list[dict[str, str]]:
    """The way from slaughter to packing as a row of steps; other goods have a way of their own."""
    if entry.slaughter is None:
        return []
    way = (EventKind.SLAUGHTERING, EventKind.GRADING, *(kind for kind, _ in OWED))
    waiting = [kind for kind in way if kind not in entry.kinds]
    return [{"title": say(f"event.kind.{kind}"), "state": _state(kind, waiting)} for kind in way]


def _state(kind: EventKind, waiting: Sequence[EventKind]) -> str:
    if kind not in waiting:
        return "done"
    return "current" if kind == waiting[0] else "waiting"


def timeline(steps: Iterable[Step], persons: Mapping[str, str]) -> list[dict[str, Any]]:
    """The chain for staff: when it happened and when it was written down, who answers, what was stated."""
    return [_step(one, persons) for one in steps]


def _step(one: Step, persons: Mapping[str, str]) -> dict[str, Any]:
    who = f"{one.enterprise} · {persons.get(one.id, '')}"
    return {
        "id": one.id,
        "when": day(one.event_time) if one.day_only else moment(one.event_time),
        "recorded": moment(one.record_time),
        "title": say(f"event.kind.{one.kind}"),
        "icon": ICONS.get(EventKind(one.kind), "tag"),
        "who": who,
        "said": stated(one.data),
        "corrections": [_correction(each, persons) for each in one.corrections if each.kind == EventKind.CORRECTION],
        "answers": [_answer(each, persons) for each in one.corrections if each.kind == EventKind.ANSWER],
        "open": one.kind in COLD and bool(one.data.get("breaches")) and not one.answered and not one.withdrawn,
        "late": one.late,
        "on_behalf": one.on_behalf_of is not None,
        "seat": seat(one),
        "withdrawn": [_withdrawal(each, persons) for each in one.corrections if each.kind == EventKind.WITHDRAWN],
        "words": bool(correctable(one.data)),
        "withdrawable": one.kind in WITHDRAWABLE,
    }


def _correction(one: Step, persons: Mapping[str, str]) -> dict[str, Any]:
    changes = [
        say(
            "%(name)s: %(was)s, corrected to %(now)s",
            name=say(f"event.data.{name}"),
            was=value_words(name, values["was"]),
            now=value_words(name, values["is"]),
        )
        for name, values in one.data["changes"].items()
    ]
    return {
        "when": moment(one.record_time),
        "who": persons.get(one.id, ""),
        "changes": changes,
        "why": one.data["reason"],
    }


def _withdrawal(one: Step, persons: Mapping[str, str]) -> dict[str, str]:
    return {"when": moment(one.record_time), "who": persons.get(one.id, ""), "why": one.data["reason"]}


def _answer(one: Step, persons: Mapping[str, str]) -> dict[str, str]:
    return {
        "when": moment(one.record_time),
        "who": persons.get(one.id, ""),
        "cause": one.data["cause"],
        "measure": one.data["measure"],
    }


def stated(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The values of an event in words."""
    return [(say(f"event.data.{name}"), value_words(name, value)) for name, value in data.items() if name != "day"]


def value_words(name: str, value: Any) -> str:
    """One stated value as people read it."""
    if isinstance(value, bool):
        return say("passed") if value else say("not passed")
    if isinstance(value, dict):
        return "，".join(f"{say(f'grading.grades.{grade}')} {count}" for grade, count in value.items())
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    if name in _TIMES and _WRITTEN_TIME.fullmatch(str(value)):
        return moment(_moment(value))
    if name == "test_kind":
        return say(f"test.kind.{value}")
    if name == "ph_verdict":
        return say(f"ph.verdict.{value}")
    if name == "method":
        return say(f"grade_decisions.method.{value}")
    if name == "graded_on":
        return say(f"batches.weight.{value}")
    return str(value)
