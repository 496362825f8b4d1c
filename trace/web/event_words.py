"""Puts into words who answers for an event, on whose behalf, where it happened and when it was written down."""

from __future__ import annotations

from brand.edge.languages import say
from brand.edge.pages import moment, named
from brand.kernel.clock import local_day
from brand.rules.places import county
from trace.models.events import Event
from trace.queries.batches import Step
from trace.queries.events import Told


def answers(told: Told) -> dict[str, str]:
    """``who``, ``where`` and ``recorded`` of one event, for people who may read persons' names."""
    behalf = say("stated by a service station on its behalf") if told.event.on_behalf_of else ""
    place = f"{say(f'place.kind.{told.place.kind}')} {told.place.name}" if told.place else seat(told.event)
    return {
        "who": " · ".join(one for one in (named(told.enterprise), told.person, behalf) if one),
        "where": place,
        "recorded": moment(told.event.record_time) + (f" · {say('written down late')}" if told.event.late else ""),
    }


def taken_back(told: Told | None) -> str:
    """That an event was withdrawn, why, by whom and when; empty where nobody did."""
    if told is None:
        return ""
    its = answers(told)
    why = (say("withdrawn"), say("It counts for nothing any more."), told.event.data["reason"])
    return " · ".join((*why, its["who"], its["recorded"]))


def seat(event: Event | Step) -> str:
    """The county of whoever answers for it, where no place is named."""
    found = county(event.county_code, local_day(event.event_time))
    return found.name if found else "–"
