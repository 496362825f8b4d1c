"""Reads one cell as a number, word, moment, day, code or free text, or says by name why it cannot be.

Source: times are Chinese wall-clock time (GB/T 7408 writing); NFKC (Unicode UAX #15) for full-width digits and letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Protocol
from zoneinfo import ZoneInfo

from brand.kernel.delimited import restored
from brand.kernel.errors import invalid
from trace.formats.tables import Cell

CHINA = ZoneInfo("Asia/Shanghai")
NUMBER = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{0,15})?")
DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})[日号]?")
#: 20260715, as text or number; and a day with the midnight that some programs write beside it.
_COMPACT_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_MIDNIGHT = re.compile(r"[ T]+0?0:00(:00)?$")
#: A spreadsheet counts days from here; years 2000 to 2099. Some count from 1904, so that nobody can be sure of it.
_SERIALS, _SERIAL_ZERO = range(36526, 73051), date(1899, 12, 30)
#: A comma that may stand for a decimal point or part thousands.
_COMMAS = re.compile(r"[+-]?[0-9]+(,[0-9]+)+(\.[0-9]+)?")
MOMENT = re.compile(DAY.pattern + r"[ T]*([0-9]{1,2})[:时]([0-9]{2})(?:分|:([0-9]{2})(?:\.0+)?)?")


class Kind(Protocol):
    """How the cells of a column are read."""

    def read(self, cell: Cell) -> object:
        """The value in a cell that is not blank; raises ``imports.*`` (invalid) with the limits as params."""


@dataclass(frozen=True)
class Number:
    """A quantity between two bounds (both allowed) with at most ``places`` decimals → Decimal."""

    low: Decimal
    high: Decimal
    places: int

    def read(self, cell: Cell) -> Decimal:
        number = _number(cell)
        if not self.low <= number <= self.high:
            raise invalid("imports.out_of_range", value=shown(cell), low=str(self.low), high=str(self.high))
        exponent = number.normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > self.places:
            raise invalid("imports.too_many_places", value=shown(cell), places=self.places)
        return number


@dataclass(frozen=True)
class Whole:
    """A count between two bounds (both allowed) → int."""

    low: int
    high: int

    def read(self, cell: Cell) -> int:
        number = _number(cell)
        if number != number.to_integral_value():
            raise invalid("imports.not_whole", value=shown(cell))
        if not self.low <= number <= self.high:
            raise invalid("imports.out_of_range", value=shown(cell), low=str(self.low), high=str(self.high))
        return int(number)


@dataclass(frozen=True)
class Words:
    """One word of a list → the English word the rules use."""

    meanings: Mapping[str, str]

    @property
    def first_words(self) -> dict[str, str]:
        """English word → the word a template offers for it: the first one listed."""
        return {meaning: word for word, meaning in reversed(list(self.meanings.items()))}

    @property
    def choices(self) -> list[str]:
        """The words a person is asked to choose from, in the order listed."""
        return [word for word, meaning in self.meanings.items() if self.first_words[meaning] == word]

    def read(self, cell: Cell) -> str:
        word = compact(shown(cell))
        if word not in self.meanings:
            raise invalid("imports.unknown_word", value=shown(cell), words="、".join(self.choices))
        return self.meanings[word]


@dataclass(frozen=True)
class Moment:
    """A date with a time on a Chinese clock → aware UTC."""

    def read(self, cell: Cell) -> datetime:
        if isinstance(cell, datetime):
            return _utc(cell.replace(microsecond=0))
        match = MOMENT.fullmatch(_text(cell)) if isinstance(cell, str) else None
        if match is None:
            raise invalid("imports.not_a_time", value=shown(cell))
        try:
            return _utc(datetime(*(int(part or 0) for part in match.groups())))  # type: ignore[arg-type]  # noqa: DTZ001
        except ValueError:
            raise invalid("imports.not_a_time", value=shown(cell)) from None


@dataclass(frozen=True)
class Day:
    """A calendar day → date. A time beside it is accepted only when it is midnight.

    The bare number a spreadsheet keeps of a day is refused with the day it would mean.
    """

    def read(self, cell: Cell) -> date:
        if isinstance(cell, datetime) and cell.time() == datetime.min.time():
            return cell.date()
        if isinstance(cell, date) and not isinstance(cell, datetime):
            return cell
        text = _MIDNIGHT.sub("", unicodedata.normalize("NFKC", shown(cell)).strip())
        match = DAY.fullmatch(text) or _COMPACT_DAY.fullmatch(text)
        try:
            if match is not None:
                return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            pass
        if text.isdecimal() and len(text) == 5 and int(text) in _SERIALS:
            meant = _SERIAL_ZERO + timedelta(days=int(text))
            raise invalid("imports.day_as_number", value=text, day=meant.isoformat())
        raise invalid("imports.not_a_day", value=shown(cell))


@dataclass(frozen=True)
class Identifier:
    """A number or code that names something → text, full-width forms made plain; 15-digit tags stored as numbers read
    back whole, longer numbers have lost digits in the spreadsheet already and are refused.
    """

    longest: int = 40

    def read(self, cell: Cell) -> str:
        if isinstance(cell, Decimal):
            return _whole_digits(cell)
        text = compact(shown(cell))
        if len(text) > self.longest:
            raise invalid("imports.too_long", value=text[: self.longest], longest=self.longest)
        return text


@dataclass(frozen=True)
class Text:
    """Free words → text as typed, only the blanks around it taken off."""

    longest: int = 200

    def read(self, cell: Cell) -> str:
        text = restored(shown(cell).strip())
        if len(text) > self.longest:
            raise invalid("imports.too_long", value=text[: self.longest], longest=self.longest)
        return text


def shown(cell: Cell) -> str:
    """A cell as the person sees it, for messages."""
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


def was_normalised(cell: Cell) -> bool:
    """Whether reading the cell changed its signs (``１８.３`` → 18.3), beyond blanks around them."""
    return isinstance(cell, str) and unicodedata.normalize("NFKC", cell).strip() != cell.strip()


def _number(cell: Cell) -> Decimal:
    if isinstance(cell, Decimal):
        return cell
    text = _text(cell) if isinstance(cell, str) else ""
    if _COMMAS.fullmatch(text):
        raise invalid("imports.comma_in_number", value=shown(cell))
    if NUMBER.fullmatch(text) is None:
        raise invalid("imports.not_a_number", value=shown(cell))
    return Decimal(text)


def _whole_digits(number: Decimal) -> str:
    if number != number.to_integral_value() or abs(number) >= Decimal(10) ** 15:
        raise invalid("imports.digits_lost", value=shown(number))
    return f"{int(number)}"


def _text(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).strip()


def compact(text: str) -> str:
    """The text in plain signs (NFKC) without any blank."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=CHINA).astimezone(UTC)


def shown_moment(moment: datetime) -> str:
    """A moment as a sheet writes it, on a Chinese clock; seconds only where there are any."""
    local = moment.astimezone(CHINA)
    return f"{local:%Y-%m-%d %H:%M:%S}" if local.second else f"{local:%Y-%m-%d %H:%M}"
