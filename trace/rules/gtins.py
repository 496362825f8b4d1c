"""Which GTINs may stand in a code: 14 figures, a right check digit, and a prefix that is one enterprise's own or lent.

Source: GS1 General Specifications sections 1.4 (prefixes for restricted circulation), 2.1 and 7.9 (check digit); codes
once given are never given again (GTIN Management Standard). The list of restricted prefixes is read from memory of
those sections and shown as «to be checked».
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from stdnum import ean

from brand.kernel.errors import Fault, invalid, refused
from brand.kernel.workflow import Facts, Step, Workflow
from brand.rules.identifiers import half_width

SIZE = 14
SHORTEST_PREFIX, LONGEST_PREFIX = 4, 12
_FIGURES = re.compile("[0-9]{14}")
_PRINTED = re.compile("[0-9]{12,14}")
_PREFIX = re.compile(f"[0-9]{{{SHORTEST_PREFIX},{LONGEST_PREFIX}}}")
#: First two figures of the 13-figure view: restricted circulation. To be checked against GS1's list.
RESTRICTED = frozenset({"02", "04", *(str(prefix) for prefix in range(20, 30))})


class GtinSource(StrEnum):
    """Whose prefix a GTIN stands under; ``none``: the goods have no GTIN and their codes name the batch."""

    PRODUCER = "producer"
    BRAND_OWNER = "brand_owner"
    NONE = "none"


#: What can be declared of a prefix.
SOURCES = (GtinSource.PRODUCER, GtinSource.BRAND_OWNER)


def check_gtin(gtin: str) -> None:
    """Refuse what is no GTIN of 14 figures that anybody outside one shop may read.

    Raises ``gtins.shape``, ``gtins.check_digit``, ``gtins.zero`` or ``gtins.restricted``.
    """
    if not _FIGURES.fullmatch(gtin):
        raise invalid("gtins.shape", gtin=gtin[:20])
    if not gtin.strip("0"):
        raise invalid("gtins.zero")
    if ean.calc_check_digit(gtin[:-1]) != gtin[-1]:
        raise invalid("gtins.check_digit", gtin=gtin)
    if gtin[1:3] in RESTRICTED:
        raise invalid("gtins.restricted", gtin=gtin, prefix=gtin[1:3])


def as_written(text: str) -> str:
    """A GTIN as people copy it from a pack, of 12, 13 or 14 figures, with blanks: its 14 figures; ``gtins.shape``."""
    figures = half_width(text).replace(" ", "")
    if not _PRINTED.fullmatch(figures):
        raise invalid("gtins.shape", gtin=text[:20])
    return figures.zfill(SIZE)


def check_prefix(prefix: str) -> None:
    """Refuse what is no company prefix: ``gtins.prefix_shape``, ``gtins.prefix_restricted``."""
    if not _PREFIX.fullmatch(prefix) or not prefix.strip("0") or prefix.startswith("00000"):
        raise _at("prefix", "gtins.prefix_shape", least=SHORTEST_PREFIX, most=LONGEST_PREFIX)
    if prefix[:2] in RESTRICTED:
        raise _at("prefix", "gtins.prefix_restricted", prefix=prefix[:2])


def check_owner(source: GtinSource, owner: str) -> None:
    """A lent prefix names who lends it: ``gtins.owner_missing``."""
    if source is GtinSource.BRAND_OWNER and not owner:
        raise _at("owner", "gtins.owner_missing")


def under(gtin: str, prefixes: Iterable[str]) -> str | None:
    """The longest of the prefixes under which the GTIN stands (the first figure of 14 is no part of it), or None."""
    return max((one for one in prefixes if gtin[1:].startswith(one)), key=len, default=None)


def overlap(one: str, other: str) -> bool:
    """Whether two prefixes could give the same GTIN."""
    return one.startswith(other) or other.startswith(one)


def counts_on(state: str, valid_until: date | None, day: date) -> bool:
    """Whether GTINs may be given under a prefix in that state on that day."""
    return state == "confirmed" and (valid_until is None or day <= valid_until)


def _by_another_person(facts: Facts) -> None:
    if facts["person_id"] == facts["declared_by"]:
        raise refused("gtins.four_eyes")


def _nobody_elses(facts: Facts) -> None:
    """An own prefix is one enterprise's; what another has been confirmed for is not confirmed again."""
    if facts["taken"]:
        raise refused("gtins.prefix_taken")


_OPEN = ("declared", "confirmed")

FLOW = Workflow(
    "gtins",
    (
        Step("new", "declare", "declared", "enterprises.edit", "gtins.declare"),
        Step(
            "declared", "confirm", "confirmed", "assets.confirm", "gtins.confirm", (_by_another_person, _nobody_elses)
        ),
        Step("declared", "refuse", "refused", "assets.confirm", "gtins.refuse"),
        *(Step(state, "end", "ended", "enterprises.edit", "gtins.end") for state in _OPEN),
    ),
)


def _at(field: str, code: str, **params: object) -> Exception:
    return invalid(code, faults=[Fault(code, f"/{field}", params)], **params)
