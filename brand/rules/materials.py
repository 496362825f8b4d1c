"""The papers behind an application: which kinds there are, and which are still lacking by the office's policy.

Source: domain notes B6 end (application file by 垣曲, 天赋河套 and others), A5.13 and A5.14 (no complete data, no
acceptance; attachments kept with their hash). How many of each kind are needed is a policy value, not a constant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from brand.kernel.errors import AppError, Fault, invalid


class MaterialKind(StrEnum):
    """What a paper proves."""

    CREDIT_CODE = "credit_code"
    ORIGIN = "origin"
    TRADEMARK = "trademark"
    STANDARD = "standard"
    CERTIFICATE = "certificate"
    TEST_REPORT = "test_report"
    TRACE = "trace"
    PROMISE = "promise"


#: Kinds that end; without a last day nobody could say whether one is in force.
ENDING = frozenset({MaterialKind.CERTIFICATE})
#: Kinds that speak of goods; who uses a brand without goods owes none of them.
OF_GOODS = frozenset({MaterialKind.ORIGIN, MaterialKind.STANDARD, MaterialKind.TEST_REPORT, MaterialKind.TRACE})
#: The most papers one application may hold.
MOST = 40


@dataclass(frozen=True)
class Need:
    """How many papers of a kind the policy asks for, and how many count today."""

    kind: MaterialKind
    needed: int
    present: int

    @property
    def lacking(self) -> int:
        return max(self.needed - self.present, 0)


def policy_key(kind: MaterialKind) -> str:
    """The policy value that says how many papers of the kind are needed."""
    return f"material_{kind}"


def needs(
    wanted: Mapping[str, int], papers: Iterable[tuple[str, date | None]], day: date, *, goods: bool = True
) -> list[Need]:
    """Every kind with what is asked for and what is there; ``papers`` are (kind, last day), ended ones do not count.

    Without ``goods`` nothing is asked for that speaks of them.
    """
    held = [kind for kind, until in papers if until is None or until >= day]
    asked = [kind for kind in MaterialKind if goods or kind not in OF_GOODS]
    return [
        Need(kind, wanted.get(policy_key(kind), 0) if kind in asked else 0, held.count(kind)) for kind in MaterialKind
    ]


def check_term(kind: MaterialKind, valid_until: date | None, day: date) -> None:
    """Raise ``materials.until_missing`` or ``materials.expired`` where the kind ends."""
    if kind in ENDING and valid_until is None:
        raise _at("materials.until_missing")
    if valid_until is not None and valid_until < day:
        raise _at("materials.expired", day=valid_until.isoformat())


def missing(found: Iterable[Need]) -> AppError | None:
    """The refusal that lists every lacking kind, or nothing."""
    lacking = [one for one in found if one.lacking]
    if not lacking:
        return None
    faults = [
        Fault("materials.lacking", "/materials", {"kind": f"material.{one.kind}", "count": one.lacking})
        for one in lacking
    ]
    return invalid("applications.materials_missing", faults=faults, count=len(lacking))


def _at(code: str, **params: object) -> AppError:
    return invalid(code, faults=[Fault(code, "/valid_until", params)], **params)
