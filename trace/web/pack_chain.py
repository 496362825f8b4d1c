"""The chain of a pack for its buyer: each event as a step with place, day and the figures that were stated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from brand.edge.languages import language, say
from brand.edge.lean import path
from brand.edge.pages import day, kg, moment, number
from brand.kernel.clock import local_day
from brand.rules.places import county
from trace.queries.batches import Step
from trace.queries.pack_records import Chilling, Report
from trace.queries.packs import Origin, Story
from trace.rules.events import COLD, EventKind
from trace.web.pack_grade import standing

Details = list[tuple[str, Any]]
ICONS: Mapping[str, str] = {
    EventKind.HARVEST: "pasture",
    EventKind.TRANSFORMING: "scale",
    EventKind.SLAUGHTERING: "slaughter",
    EventKind.GRADING: "certificate",
    EventKind.REGRADING: "certificate",
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


def steps(story: Story) -> list[dict[str, Any]]:
    """From the pasture to the pack, as ``parts/chain.html`` shows it."""
    before = [_pasture(story, story.origin)] if story.origin else []
    return [*before, *(_step(story, one) for one in story.past().chain if _told(one))]


def _told(step: Step) -> bool:
    """A making is told by what came out of it, not a second time by what went in."""
    return step.kind in _DETAILS and (step.kind != EventKind.TRANSFORMING or "made_of" in step.data)


def _pasture(story: Story, origin: Origin) -> dict[str, Any]:
    details: Details = [(say("Breed"), say("、").join(origin.carcasses.breeds)), (say("Age"), _ages(origin))]
    details.append((say("Ear tags read"), number(origin.sheet.head)))
    return {
        "date": say("until %(day)s", day=day(story.batch.made_on)),
        "place": " · ".join(one for one in (story.producer.county, story.producer.township) if one),
        "title": say("scan.step.pasture"),
        "icon": "pasture",
        "details": details,
        "evidence": [],
        "colour": "",
    }


def _ages(origin: Origin) -> str:
    youngest, oldest = (f"{one.normalize():f}" for one in (origin.carcasses.youngest, origin.carcasses.oldest))
    if youngest == oldest:
        return say("%(age)s months", age=youngest)
    return say("%(youngest)s–%(oldest)s months", youngest=youngest, oldest=oldest)


def _step(story: Story, step: Step) -> dict[str, Any]:
    report = _report(story, step)
    details = [] if step.withdrawn else _DETAILS[step.kind](story, step.data)
    if step.late:
        details.append((say("Written down late"), moment(step.record_time)))
    if step.on_behalf_of is not None:
        details.append((say("Stated by"), say("a service station on its behalf")))
    details += [_correction(one) for one in step.corrections]
    return {
        "date": day(step.event_time) if step.day_only else moment(step.event_time),
        "place": _place(step),
        "title": _title(step),
        "icon": ICONS[step.kind],
        "details": details,
        "evidence": _evidence(report, step),
        "picture": _picture(story, step),
        "colour": _colour(report, step),
    }


def _picture(story: Story, step: Step) -> Mapping[str, Any] | None:
    """The temperature record behind a step; of what was withdrawn none."""
    log = _log(story, step.data) if step.kind in COLD and not step.withdrawn else None
    return log.curve if log is not None else None


def _log(story: Story, data: Mapping[str, Any]) -> Chilling | None:
    begun = datetime.fromisoformat(data["from"])
    return next((one for one in story.past().chillings if one.started_at == begun), None)


def _title(step: Step) -> str:
    process = step.data.get("process")
    return say(f"making.{process}") if process else say(f"scan.step.{step.kind}")


def _place(step: Step) -> str:
    name = step.enterprise_en if language() == "en" and step.enterprise_en else step.enterprise
    seat = county(step.county_code, local_day(step.event_time))
    return " · ".join(one for one in (seat.name if seat else "", name) if one)


def _report(story: Story, step: Step) -> Report | None:
    """The report behind a test of these goods; None for tests of what they were made from."""
    if step.kind != EventKind.TESTING or step.withdrawn:
        return None
    its = (step.data["number"], step.data["laboratory"])
    return next((one for one in story.past().reports if (one.number, one.laboratory) == its), None)


def _colour(report: Report | None, step: Step) -> str:
    if step.withdrawn:
        return "amber"
    if step.kind in COLD and step.data.get("breaches") and not step.answered:
        return "amber"
    if step.kind == EventKind.TESTING and not step.data.get("passed"):
        return "red" if report is None or report.against else "amber"
    return ""


def _evidence(report: Report | None, step: Step) -> list[tuple[str, None]]:
    if step.kind != EventKind.TESTING or step.withdrawn:
        return []
    number = say("Report %(number)s", number=step.data["number"])
    return [(f"{number} · {standing(report)}" if report else number, None)]


def _correction(step: Step) -> tuple[str, str]:
    if step.kind == EventKind.ANSWER:
        return say("Answered on %(day)s", day=day(step.record_time)), f"{step.data['cause']} {step.data['measure']}"
    if step.kind == EventKind.WITHDRAWN:
        return say("Withdrawn on %(day)s", day=day(step.record_time)), say("It counts for nothing any more.")
    changes = step.data.get("changes", {})
    words = [f"{name}: {one['was']} → {one['is']}" for name, one in changes.items()]
    return say("Corrected on %(day)s", day=day(step.record_time)), "; ".join(words)


def _harvest(_story: Story, data: Mapping[str, Any]) -> Details:
    """How much, and the public page of the plot, which says no more than township and rounded area."""
    plot = data.get("place")
    return _weighed(_story, data) + ([(say("Plot"), ("link", plot, path("places.place", code=plot)))] if plot else [])


def _weighed(_story: Story, data: Mapping[str, Any]) -> Details:
    return [(say("Weight"), kg(Decimal(data["got_kg"])))] if "got_kg" in data else []


def _slaughtering(_story: Story, data: Mapping[str, Any]) -> Details:
    return [(say("Carcasses"), number(data["head"])), (say("Cold weight"), kg(Decimal(data["cold_kg"])))]


def _grading(_story: Story, data: Mapping[str, Any]) -> Details:
    by = f"{data['table']} ({data['edition']})" if data["table"] else say("hand; no table is for such animals")
    return [(say("Graded one by one by"), by)]


def _regrading(_story: Story, data: Mapping[str, Any]) -> Details:
    """How many and how; why stays with the abattoir and the office."""
    return [(say("Carcasses"), number(data["head"])), (say("Method"), say(f"grade_decisions.method.{data['method']}"))]


def _chilling(story: Story, data: Mapping[str, Any]) -> Details:
    details: Details = [
        (say("Temperature recorded for"), say("%(hours)s hours", hours=data["hours"])),
        (say("Limits of"), data["standard"]),
    ]
    if "final_core_c" in data:
        details.insert(1, (say("Core at the end"), f"{data['final_core_c']} ℃"))
    log = _log(story, data)
    return details + (_breaches(log) if log else [])


def _breaches(log: Chilling) -> Details:
    return [
        (
            say("Outside the limits"),
            say(f"chilling.{one['kind']}", limit=one["limit_c"], worst=one["worst_c"])
            + say(" (%(first)s to %(last)s)", first=_clock(one["start"]), last=_clock(one["end"])),
        )
        for one in log.breaches
    ]


def _clock(text: str) -> str:
    return moment(datetime.fromisoformat(text))


def _ante_mortem(_story: Story, data: Mapping[str, Any]) -> Details:
    """How many animals were examined, and how many did not go on."""
    return [(say("Animals examined"), number(data["head"])), (say("Kept back"), number(data["unfit"]))]


def _ph(_story: Story, data: Mapping[str, Any]) -> Details:
    """The two ends of the readings, and what they suggest."""
    suggests = say(f"ph.verdict.{data['ph_verdict']}")
    return [
        (say("Readings"), f"{data['lowest_ph']}–{data['highest_ph']} · {suggests}"),
        (say("Measured"), say("%(hours)s hours after slaughter", hours=data["hours"])),
    ]


def _cutting(_story: Story, data: Mapping[str, Any]) -> Details:
    return [(say("Cuts"), say("、").join(data["cuts"]))]


def _packing(_story: Story, data: Mapping[str, Any]) -> Details:
    return [(say("Packs"), number(data["packs"])), (say("Packed weight"), kg(Decimal(data["total_kg"])))]


def _testing(_story: Story, data: Mapping[str, Any]) -> Details:
    return [
        (say("Laboratory"), data["laboratory"]),
        (say("Items"), number(data["items"])),
        (say("Result"), say("scan.test.passed") if data["passed"] else say("scan.test.failed")),
    ]


_DETAILS: Mapping[str, Callable[[Story, Mapping[str, Any]], Details]] = {
    EventKind.HARVEST: _harvest,
    EventKind.TRANSFORMING: _weighed,
    EventKind.SLAUGHTERING: _slaughtering,
    EventKind.GRADING: _grading,
    EventKind.REGRADING: _regrading,
    EventKind.CHILLING: _chilling,
    EventKind.AGEING: _chilling,
    EventKind.COLD_TRANSPORT: _chilling,
    EventKind.COLD_STORAGE: _chilling,
    EventKind.ANTE_MORTEM: _ante_mortem,
    EventKind.PH: _ph,
    EventKind.CUTTING: _cutting,
    EventKind.PACKING: _packing,
    EventKind.TESTING: _testing,
}
