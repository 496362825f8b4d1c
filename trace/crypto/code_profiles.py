"""What a code can name: a pack, a batch, a case or pallet, goods that bear a GTIN; path and element string of each.

Source: codes-and-log plan, parts 2 and 3; GS1 General Specifications section 7.9 (check digit), GS1 Digital Link URI
syntax (order of identifiers). Lot and serial keep to the characters that GB/T 33993 leaves for addresses. A profile
reads its own path and query; what differs by a letter from what it would write is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from brand.kernel.errors import invalid
from trace.crypto import crockford
from trace.rules.gtins import check_gtin

BATCH_SIZE, SERIAL_SIZE = 8, 16
BATCH_MARK = 1
_BATCH = re.compile(f"{crockford.LETTER}{{{BATCH_SIZE}}}")
_SERIAL = re.compile(f"{crockford.LETTER}{{{SERIAL_SIZE}}}")
_LOT = re.compile("[A-Z0-9.-]{1,20}")
_DAY = re.compile("[0-9]{6}")

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class UnitCode:
    """One pack: its batch (8 characters, the last a check character) and its serial (16 characters, 80 random bits)."""

    batch: str
    serial: str
    mark: ClassVar[str] = "u"

    def __post_init__(self) -> None:
        check_batch(self.batch)
        if not _SERIAL.fullmatch(self.serial):
            raise invalid("codes.serial_shape", serial=self.serial)

    @property
    def element(self) -> str:
        return f"u:{self.batch}:{self.serial}"

    @property
    def address(self) -> str:
        return f"/u/{self.batch}/{self.serial}"

    @classmethod
    def read(cls, segments: Sequence[str], query: Pairs) -> UnitCode:
        _only(segments, 2, query)
        return cls(segments[0], segments[1])


@dataclass(frozen=True, slots=True)
class BatchCode:
    """A batch or a case of it."""

    batch: str
    mark: ClassVar[str] = "b"

    def __post_init__(self) -> None:
        check_batch(self.batch)

    @property
    def element(self) -> str:
        return f"b:{self.batch}"

    @property
    def address(self) -> str:
        return f"/b/{self.batch}"

    @classmethod
    def read(cls, segments: Sequence[str], query: Pairs) -> BatchCode:
        _only(segments, 1, query)
        return cls(segments[0])


@dataclass(frozen=True, slots=True)
class ContainerCode:
    """A case or a pallet, whatever lies in it; its characters are shaped like those of a batch, and drawn with them."""

    container: str
    mark: ClassVar[str] = "c"

    def __post_init__(self) -> None:
        check_batch(self.container)

    @property
    def element(self) -> str:
        return f"c:{self.container}"

    @property
    def address(self) -> str:
        return f"/c/{self.container}"

    @classmethod
    def read(cls, segments: Sequence[str], query: Pairs) -> ContainerCode:
        _only(segments, 1, query)
        return cls(segments[0])


@dataclass(frozen=True, slots=True)
class GtinCode:
    """Goods of a lot under a GTIN of 14 figures, one pack of them where there is a serial; ``expiry`` is YYMMDD."""

    gtin: str
    lot: str
    serial: str | None = None
    expiry: str | None = None
    mark: ClassVar[str] = "01"

    def __post_init__(self) -> None:
        check_gtin(self.gtin)
        for name, value in (("lot", self.lot), ("serial", self.serial)):
            if value is not None and not _LOT.fullmatch(value):
                raise invalid(f"codes.gtin_{name}_shape", value=value)
        if self.expiry is not None and not _exists(self.expiry):
            raise invalid("codes.expiry_shape", expiry=self.expiry)

    @property
    def element(self) -> str:
        serial = f"(21){self.serial}" if self.serial is not None else ""
        return f"(01){self.gtin}(10){self.lot}{serial}" + (f"(17){self.expiry}" if self.expiry is not None else "")

    @property
    def address(self) -> str:
        """Path and, where the expiry is in the code, the beginning of the query."""
        serial = f"/21/{self.serial}" if self.serial is not None else ""
        return f"/01/{self.gtin}/10/{self.lot}{serial}" + (f"?17={self.expiry}" if self.expiry is not None else "")

    @classmethod
    def read(cls, segments: Sequence[str], query: Pairs) -> GtinCode:
        if len(segments) not in (3, 5) or segments[1] != "10" or (len(segments) == 5 and segments[3] != "21"):
            raise invalid("codes.path_shape")
        if len(query) > 1 or any(key != "17" for key, _ in query):
            raise invalid("codes.query_shape")
        serial = segments[4] if len(segments) == 5 else None
        return cls(segments[0], segments[2], serial, query[0][1] if query else None)


Code = UnitCode | BatchCode | ContainerCode | GtinCode
PROFILES: dict[str, type[UnitCode] | type[BatchCode] | type[ContainerCode] | type[GtinCode]] = {
    one.mark: one for one in (UnitCode, BatchCode, ContainerCode, GtinCode)
}


def check_batch(batch: str) -> None:
    """Refuse what is not a batch code: ``codes.batch_shape``, or ``codes.batch_check`` when a character is wrong."""
    if not _BATCH.fullmatch(batch):
        raise invalid("codes.batch_shape", batch=batch)
    if not crockford.is_checked(batch, mark=BATCH_MARK):
        raise invalid("codes.batch_check", batch=batch)


def _only(segments: Sequence[str], count: int, query: Pairs) -> None:
    if len(segments) != count:
        raise invalid("codes.path_shape")
    if query:
        raise invalid("codes.query_shape")


def _exists(day: str) -> bool:
    """YYMMDD with a day of the calendar: 00, «the whole month», is no day on which a pack goes off."""
    if not _DAY.fullmatch(day):
        return False
    try:
        date(2000 + int(day[:2]), int(day[2:4]), int(day[4:]))
    except ValueError:
        return False
    return True
