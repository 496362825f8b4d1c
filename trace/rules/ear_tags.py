"""Read a livestock ear tag: one species digit, six digits of county, eight of serial.

Source: 畜禽标识和养殖档案管理办法 (agriculture ministry order 67), domain notes B4. There is no check digit.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from brand.kernel.errors import invalid
from brand.rules.identifiers import half_width
from brand.rules.places import County, county

LENGTH = 15
#: Letters of a text that is no tag which a refusal repeats, so that it can be found in a list.
SHOWN = 20


class Species(StrEnum):
    """The first digit of a tag, by name."""

    PIG = "pig"
    CATTLE = "cattle"
    SHEEP = "sheep"  # goats carry the same digit


SPECIES_DIGITS = {"1": Species.PIG, "2": Species.CATTLE, "3": Species.SHEEP}
#: Of which there is a carcass sheet.
SLAUGHTERED = (Species.SHEEP, Species.CATTLE)


@dataclass(frozen=True)
class EarTag:
    """A tag whose every part was found good; ``serial`` keeps its leading zeros."""

    text: str
    species: Species
    county: County
    serial: str


def check_ear_tag(text: str, on: date, *, species: Species = Species.SHEEP) -> EarTag:
    """The parts of a tag put on (or read) on that day, of an animal of that species.

    Full-width digits and surrounding space are made ordinary. Raises ``ear_tags.length``, ``.digits``, ``.species`` or
    ``.county``, the first that applies. A county that changed its code leaves old codes in old ears: pass the day
    of tagging or of birth where it is known, the day of reading otherwise.
    """
    tag = half_width(text)
    if len(tag) != LENGTH:
        raise invalid("ear_tags.length", tag=tag[:SHOWN], length=len(tag), expected=LENGTH)
    if not re.fullmatch(r"[0-9]+", tag):
        raise invalid("ear_tags.digits", tag=tag)
    if SPECIES_DIGITS.get(tag[0]) is not species:
        raise invalid("ear_tags.species", tag=tag, digit=tag[0], expected=_digit(species))
    place = county(tag[1:7], on)
    if place is None:
        raise invalid("ear_tags.county", tag=tag, county=tag[1:7], on=on.isoformat())
    return EarTag(tag, species, place, tag[7:])


def species_of(tags: Iterable[str]) -> Species:
    """What most of these tags say, among the species that are slaughtered; sheep where none of them says any."""
    digits = Counter(half_width(one)[:1] for one in tags)
    return max(SLAUGHTERED, key=lambda one: digits[_digit(one)])


def _digit(species: Species) -> str:
    return next(digit for digit, name in SPECIES_DIGITS.items() if name is species)
