"""Under which licence a pack carries the name, as its page says it: one part for all packs of that licence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

from brand.edge.languages import say
from brand.edge.lean import path
from brand.edge.pages import day, kg, named, number
from brand.rules.licence_terms import LicenceStatus
from trace.queries.pack_records import Year
from trace.queries.packs import Story
from trace.web import pack_card, pack_shelf

Pair = tuple[str, Any]


def part(story: Story) -> Markup:
    """The section; kept under everything that its words are made of."""
    told = (story.licence, story.status, story.brand, story.tier, story.licensee, story.years)
    return pack_shelf.part("scan/licence.html", told, lambda: {"licence": _words(story)})


def _words(story: Story) -> dict[str, Any]:
    licence = story.licence
    facts: list[Pair] = [(say("Holder"), pack_card.producer_name(story.licensee))]
    if story.licensee.credit_code:
        facts.append((say("Credit code"), ("code", story.licensee.credit_code)))
    facts += [
        (say("Licence number"), ("code", licence.number)),
        (say("Brand"), named(story.brand)),
        (say("Tier"), named(story.tier)),
        (say("Term"), say("%(first)s to %(last)s", first=day(licence.valid_from), last=day(licence.valid_until))),
    ]
    return {
        "facts": facts,
        "colour": "green" if story.status is LicenceStatus.VALID else "amber",
        "state": say(f"licence.state.{story.status}"),
        "href": path("register.show", number=licence.number),
        "totals": _totals(story.years),
    }


def _totals(years: Iterable[Year]) -> list[Pair]:
    """The allowances of the licence so far, year by year; a year that has not begun has nothing to tell."""
    return [
        (
            str(year.year),
            say(
                "%(labels)s labels, %(used)s of %(cap)s",
                labels=number(year.labels),
                used=kg(year.used_kg),
                cap=kg(year.cap_kg),
            ),
        )
        for year in years
        if year.labels
    ]
