"""What all packs of a batch tell alike, whichever line, order or licence year they are of: one part for all of them.

Land, chain, temperatures, grades, tests and promises are read from the database only when this part is made anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

from brand.edge.languages import language, say
from brand.edge.lean import path
from trace.queries.packs import Story
from trace.queries.places import PublicPlace
from trace.queries.verification import Edition
from trace.rules import areas
from trace.rules.completeness import Line
from trace.rules.cuts import MEAT
from trace.web import pack_shelf
from trace.web.pack_chain import steps
from trace.web.pack_grade import grade, tests
from trace.web.supply_words import contracted

TEMPLATE = "scan/goods.html"
#: Of what an edition counts, all that these sections do not tell: licence, allowance, authorities, the code's entry.
_UNTOLD = frozenset({"licence_version", "labels_this_year", "used_kg", "endorsements", "brand_steps", "log_entry"})
_TOLD = [name for name in Edition._fields if name not in _UNTOLD]


def part(story: Story) -> Markup:
    """The sections, kept for a day under the edition of the batch and what the page says of it anyway."""
    edition = (getattr(story.edition, name) for name in _TOLD)
    origin = (story.origin.wording, story.origin.carcasses) if story.origin is not None else None
    told = (story.batch.id, story.told_on, *edition, story.asked, story.producer, origin)
    return pack_shelf.part(TEMPLATE, told, lambda: _words(story))


def _words(story: Story) -> dict[str, Any]:
    past = story.past()
    return {
        "lang": language(),
        "chain": steps(story),
        "contracted": contracted(past.contracts),
        "grown": story.origin is None and story.batch.form not in MEAT,
        "asked": asked(story.asked),
        "axes": [(say(f"axes.{axis}"), value) for axis, value in past.axes.items()],
        "grounds": [(one, _area(one), path("places.place", code=one.code)) for one in past.grounds],
        "grade": grade(story),
        **tests(story),
        "promises": [(one.number, path("commitments.everybody", code=one.code)) for one in past.promises],
    }


def _area(land: PublicPlace) -> str:
    """Its size in mu, rounded as for everybody; empty where none was measured."""
    return f"{areas.for_the_public(land.area_m2):,f}" if land.area_m2 else ""


def asked(lines: Iterable[Line]) -> list[tuple[str, bool, bool]]:
    """What the product must have: its name, whether it is there, whether its absence stops something."""
    return [(say(f"chain.item.{one.item}"), one.there, one.needed) for one in lines]
