"""The sums and words of label orders: how many at once, which quarter's key, and why a label may be voided.

Source: codes-and-log plan, part 3 (a key per licensee and quarter, its public half kept until the last shelf-life date
plus two years); issue 2, step 8.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from brand.kernel.errors import Fault, invalid

LARGEST_ORDER = 1_000_000  # what one machine signs in some minutes and one key may sign in a day: policy of ours
AT_ONCE = 20_000  # one transaction and one PDF stay within seconds and tens of megabytes; more is a job's work
YEARS_KEPT = 2
_CHINA = ZoneInfo("Asia/Shanghai")
_QUARTER = re.compile(r"(\d{4})Q([1-4])")


class LabelState(StrEnum):
    ISSUED = "issued"
    ACTIVATED = "activated"
    VOID = "void"


class Profile(StrEnum):
    """What the symbol on a pack names: its batch, its goods by GTIN, or these with the last good day for tills.

    ``compact`` names the batch without a signature: for packs too small for a larger symbol, checked on line only.
    """

    UNIT = "unit"
    GTIN = "gtin"
    GTIN_EXPIRY = "gtin_expiry"
    COMPACT = "compact"


class VoidReason(StrEnum):
    """Why a label is withdrawn. The allowance it cost is not given back."""

    LEFT_OVER = "left_over"
    SPOILT = "spoilt"
    MISPRINTED = "misprinted"
    LOST = "lost"
    WITHDRAWN = "withdrawn"


def check_order_size(packs: int, most: int = LARGEST_ORDER) -> None:
    """Refuse an order of no labels or of more than ``most``: ``labels.order_size``."""
    if not 1 <= packs <= most:
        code = "labels.order_size"
        raise invalid(code, faults=[Fault(code, "/packs", {"most": most})], most=most)


def check_at_once(first: int, last: int) -> None:
    """Refuse a range that one request is too short for: ``labels.too_many_at_once``."""
    if last - first >= AT_ONCE:
        code = "labels.too_many_at_once"
        raise invalid(code, faults=[Fault(code, "/last", {"most": AT_ONCE})], most=AT_ONCE)


def check_range(first: int, last: int, packs: int) -> None:
    """Refuse a range of positions outside 1…``packs`` or upside down: ``labels.range``."""
    if not 1 <= first <= last <= packs:
        code = "labels.range"
        wrong = "/first" if not 1 <= first <= packs else "/last"
        raise invalid(code, faults=[Fault(code, wrong, {"most": packs})], most=packs)


def quarter_of(day: date) -> str:
    """The calendar quarter as it names keys, e.g. ``2026Q3``."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def quarter_window(quarter: str) -> tuple[datetime, datetime]:
    """First moment of the quarter in China and first moment after it, both UTC: the time in which its key may sign."""
    found = _QUARTER.fullmatch(quarter)
    if found is None:
        raise ValueError(f"not a quarter: {quarter}")
    year, number = int(found[1]), int(found[2])
    after = (year + number // 4, number % 4 * 3 + 1)
    return _midnight(date(year, number * 3 - 2, 1)), _midnight(date(*after, 1))


def kept_until(quarter: str, last_good_day: date | None) -> datetime:
    """Until when the public half is published: two years beyond the last day on which anything signed is good."""
    return kept_from(quarter_window(quarter)[1], last_good_day)


def year_window(year: int) -> tuple[datetime, datetime]:
    """The moments between which a key of the office signs: a calendar year in China."""
    return _midnight(date(year, 1, 1)), _midnight(date(year + 1, 1, 1))


def kept_from(signing_ends: datetime, last_good_day: date | None) -> datetime:
    """Two years beyond the last moment at which the key signs or anything it signed is good."""
    goods_end = signing_ends if last_good_day is None else max(signing_ends, _midnight(last_good_day + timedelta(1)))
    if (goods_end.month, goods_end.day) == (2, 29):
        goods_end += timedelta(days=1)
    return goods_end.replace(year=goods_end.year + YEARS_KEPT)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=_CHINA).astimezone(UTC)
