"""Tell the class of a carcass from age and teeth, and whether a stated age can go with the teeth seen.

Source: domain notes B1.2 (classes) and B1.4 (AUS-MEAT dentition); limits in ``data/carcass-classes.json``.
"""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from brand.kernel.errors import invalid
from brand.rules.grade_tables import CarcassClass
from trace.rules.ear_tags import Species

DATA = Path(__file__).parent / "data"


#: The one class of cattle: no source was read for classes by age, and no table grades them.
CATTLE = "cattle"


def animal_class(species: Species, age_months: Decimal | int, incisor_pairs: int) -> str:
    """The class a carcass is kept under; raises ``carcass_classes.age`` or ``carcass_classes.teeth``."""
    if species is not Species.CATTLE:
        return carcass_class(age_months, incisor_pairs).value
    _check(age_months, incisor_pairs)
    return CATTLE


def cattle_source(language: str) -> str:
    """Where the grades of cattle were read of, in the reader's language."""
    return str(_limits()["cattle"]["source" if language == "zh" else "source_en"])


def species_of_goods(preset: str) -> Species | None:
    """Of which species the goods of a preset (``brand.rules.product_rules.preset``) are; None: of any."""
    found = _limits()["species"].get(preset)
    return Species(found) if found else None


def carcass_class(age_months: Decimal | int, incisor_pairs: int) -> CarcassClass:
    """The class by age in months and pairs of permanent incisors.

    A lamb is under 12 months *and* has milk teeth only; a fat lamb is one of 4 to 6 months, both included; below 4
    months it is a lamb. Everything else is mutton: exactly 12 months, over 12 with milk teeth still in, and any age
    with a changed pair. Whoever fails one half of the definition of lamb does not get its easier table.
    Raises ``carcass_classes.age`` or ``carcass_classes.teeth``.
    """
    _check(age_months, incisor_pairs)
    limits = _limits()
    if incisor_pairs or age_months >= Decimal(limits["lamb"]["under_months"]):
        return CarcassClass.MUTTON
    fat_lamb = limits["fat_lamb"]
    if Decimal(fat_lamb["from_months"]) <= age_months <= Decimal(fat_lamb["to_months"]):
        return CarcassClass.FAT_LAMB
    return CarcassClass.LAMB


def age_matches_teeth(age_months: Decimal | int, incisor_pairs: int) -> bool:
    """Whether the two statements can both be true: no changed pair before 10 months, none missing after 18.

    Wide on purpose: sheep with the same teeth differ by up to two years, so only the first pair has a window.
    """
    _check(age_months, incisor_pairs)
    teeth = _limits()["teeth"]
    if incisor_pairs:
        return age_months >= Decimal(teeth["first_pair_not_before_months"])
    return age_months <= Decimal(teeth["no_pair_not_after_months"])


def _check(age_months: Decimal | int, incisor_pairs: int) -> None:
    limits = _limits()
    age, most_age = Decimal(age_months), Decimal(limits["age_months"]["most"])
    if not age.is_finite() or not 0 <= age <= most_age:
        raise invalid("carcass_classes.age", age=str(age_months), most=str(most_age))
    pairs = limits["permanent_incisor_pairs"]
    if not pairs["least"] <= incisor_pairs <= pairs["most"]:
        raise invalid("carcass_classes.teeth", pairs=incisor_pairs, least=pairs["least"], most=pairs["most"])


@cache
def _limits() -> Any:
    return json.loads((DATA / "carcass-classes.json").read_text(encoding="utf-8"))
