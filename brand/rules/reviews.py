"""What is looked at between an application and its public notice, how it is scored, and in which order.

Source: domain notes B6 (天赋河套: banners recommend, joint check on site, scored against the rules; 县品牌: expert
meeting) and A5.14 (two-valued result, attachments with hash). Which records are required and the pass mark are policy.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from brand.kernel.errors import AppError, Fault, invalid

SHIPPED = Path(__file__).resolve().parent / "data" / "score-sheets.json"


class ReviewKind(StrEnum):
    """The records in the order they are made; a later one closes the earlier ones."""

    RECOMMENDATION = "recommendation"
    DESK = "desk"
    SITE = "site"
    EXPERTS = "experts"


class Opinion(StrEnum):
    """Qualified or not: two values, signed by the one who wrote it."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"


ORDER = tuple(ReviewKind)
#: So many pictures and papers a record takes at most; a policy value that asks for more asks for these.
MOST_FILES = 8
#: The step of the life cycle that makes each record.
ACTIONS: Mapping[str, ReviewKind] = {
    "recommend": ReviewKind.RECOMMENDATION,
    "review_desk": ReviewKind.DESK,
    "inspect_site": ReviewKind.SITE,
    "hear_experts": ReviewKind.EXPERTS,
}


@dataclass(frozen=True)
class Item:
    """One line of a score sheet: up to ``most`` points."""

    code: str
    most: int


@dataclass(frozen=True)
class Sheet:
    """What is scored in one kind of record."""

    edition: str
    items: Sequence[Item]


@cache
def sheets() -> Mapping[ReviewKind, Sheet]:
    """The score sheets that come with the program, by kind of record; the others carry an opinion only."""
    found = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return {
        ReviewKind(kind): Sheet(found["edition"], tuple(Item(**one) for one in items))
        for kind, items in found["sheets"].items()
    }


def policy_key(kind: ReviewKind) -> str:
    """The policy value that says whether the record is required (1) or not (0)."""
    return f"review_{kind}"


def percent(sheet: Sheet | None, scores: Mapping[str, int]) -> int | None:
    """The points as a share of all points of the sheet, rounded down; None where the record has no sheet.

    Raises ``reviews.scores`` with one fault per item that is missing, unknown or out of range.
    """
    items = {one.code: one.most for one in sheet.items} if sheet else {}
    faults = [
        Fault("reviews.score_range", f"/score_{code}", {"most": most})
        for code, most in items.items()
        if not 0 <= scores.get(code, -1) <= most
    ]
    faults += [Fault("reviews.score_unknown", f"/score_{code}") for code in scores if code not in items]
    if faults:
        raise invalid("reviews.scores", faults=faults, count=len(faults))
    return sum(scores.values()) * 100 // sum(items.values()) if items else None


def check_day(held_on: date, today: date) -> None:
    """A record tells of what has happened; raises ``reviews.day_ahead``."""
    if held_on > today:
        raise invalid("reviews.day_ahead", faults=[Fault("reviews.day_ahead", "/held_on")])


def check_pictures(kind: ReviewKind, pictures: int, needed: int) -> None:
    """A site inspection comes with as many pictures as the policy asks for; raises ``reviews.pictures``."""
    if kind is ReviewKind.SITE and pictures < needed:
        params = {"needed": needed, "given": pictures}
        raise invalid("reviews.pictures", faults=[Fault("reviews.pictures", "/files", params)], **params)


def unmet(
    required: Iterable[ReviewKind], done: Mapping[str, str], before: ReviewKind | None = None
) -> list[ReviewKind]:
    """Required records that are lacking or say «fail»; with ``before`` only those that come earlier than it."""
    wanted = set(required)
    ahead = ORDER if before is None else ORDER[: ORDER.index(before)]
    return [one for one in ahead if one in wanted and done.get(one) != Opinion.PASS]


def lacking(kinds: Iterable[ReviewKind]) -> AppError | None:
    """The refusal that names every record still to be made, or nothing."""
    found = list(kinds)
    if not found:
        return None
    faults = [Fault("reviews.lacking", "", {"kind": f"review.{one}"}) for one in found]
    return invalid("applications.reviews_missing", faults=faults, count=len(found))
