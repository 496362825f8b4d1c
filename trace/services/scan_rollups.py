"""Writes looks and what they add up to: device and day, place and day, the code, the week of the registry.

One transaction takes up to a thousand looks. What a look costs does not depend on how often its code was looked at:
devices of one code are told apart up to ``rules.scans.MOST_DEVICES`` a day, the rest is only counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlmodel import Session, col

from brand.kernel import rows
from brand.kernel.clock import local_day
from trace.models.scans import Scan, ScanCode, ScanPlace, ScanTotal
from trace.rules.scans import MOST_DEVICES, MOST_PAIRS, Point, impossible
from trace.rules.verdicts import Colour
from trace.services import scan_alarms


@dataclass(frozen=True, slots=True)
class Look:
    """One look at one code; ``reason`` is the heaviest of the verdict, ``token`` and ``place`` what the server saw."""

    at: datetime
    batch_code: str
    serial: str
    known: bool
    colour: str
    reason: str
    token: str = ""
    place: str = ""

    @property
    def day(self) -> date:
        return local_day(self.at)


Device = tuple[str, date, str]
Points = Mapping[str, Point]


def record(session: Session, looks: Sequence[Look], points: Points | None = None) -> None:
    """Add the looks to all that is kept of them, and have codes judged that new devices looked at."""
    in_order = sorted(looks, key=lambda one: one.at)
    devices = _by_device(in_order)
    there = _there(session, devices)
    crowded = _crowded(session, devices, there)
    if crowded:
        devices = _by_device(in_order, crowded, there)
    fresh = [one for one in devices if one not in there and one[2]]
    scans = [_scan(key, found) for key, found in sorted(devices.items())]
    rows.add(session, Scan, scans, summed=["looks"], replaced=["last_at", "colour", "reason"])
    _add_places(session, devices, fresh)
    _add_totals(session, devices, fresh)
    known = [one for one in fresh if devices[one][0].known]
    _add_codes(session, in_order, known, points or {})
    now = in_order[-1].at
    scan_alarms.judge(session, {serial for serial, _, _ in known}, now)
    # A label that was never put on a pack is answered with red; nothing else need be asked whether it is a control.
    scan_alarms.watch_controls(session, {one[0] for one in known if devices[one][-1].colour == Colour.RED}, now)


_THERE = select(col(Scan.serial), col(Scan.day), col(Scan.token)).where(
    col(Scan.serial).in_(bindparam("serials", expanding=True)),
    col(Scan.day).in_(bindparam("days", expanding=True)),
    col(Scan.token).in_(bindparam("tokens", expanding=True)),
)
_PLACES = (
    select(col(ScanPlace.serial), col(ScanPlace.day), func.sum(ScanPlace.devices).label("devices"))
    .where(
        col(ScanPlace.serial).in_(bindparam("serials", expanding=True)),
        col(ScanPlace.day).in_(bindparam("days", expanding=True)),
    )
    .group_by(col(ScanPlace.serial), col(ScanPlace.day))
)
_BEFORE = select(
    col(ScanCode.serial), col(ScanCode.last_at), col(ScanCode.last_place), col(ScanCode.last_token), col(ScanCode.jumps)
).where(col(ScanCode.serial).in_(bindparam("serials", expanding=True)))


def _by_device(
    looks: Iterable[Look], crowded: frozenset[tuple[str, date]] = frozenset(), there: frozenset[Device] = frozenset()
) -> dict[Device, list[Look]]:
    """The looks of each device and day; of a crowded code new devices are not told apart any more."""
    found: dict[Device, list[Look]] = defaultdict(list)
    for one in looks:
        key = (one.serial, one.day, one.token)
        if key not in there and key[:2] in crowded:
            key = (one.serial, one.day, "")
        found[key].append(one)
    return found


def _there(session: Session, devices: Iterable[Device]) -> frozenset[Device]:
    """Devices that had looked at the same code on the same day before."""
    serials, days, tokens = (list({one[place] for one in devices}) for place in range(3))
    return frozenset(tuple(one) for one in rows.ask(session, _THERE, serials=serials, days=days, tokens=tokens))


def _crowded(session: Session, devices: Iterable[Device], there: frozenset[Device]) -> frozenset[tuple[str, date]]:
    coming: dict[tuple[str, date], int] = defaultdict(int)
    for one in devices:
        coming[one[:2]] += one not in there
    if not any(coming.values()):
        return frozenset()
    serials, days = (list({one[place] for one in coming}) for place in range(2))
    counted = {one[:2]: one.devices for one in rows.ask(session, _PLACES, serials=serials, days=days)}
    return frozenset(one for one, count in coming.items() if counted.get(one, 0) + count > MOST_DEVICES)


def _scan(key: Device, looks: Sequence[Look]) -> dict[str, Any]:
    first, last = looks[0], looks[-1]
    return {
        "serial": key[0],
        "day": key[1],
        "token": key[2],
        "batch_code": first.batch_code,
        "place": first.place,
        "known": first.known,
        "colour": last.colour,
        "reason": last.reason,
        "first_at": first.at,
        "last_at": last.at,
        "looks": len(looks),
    }


def _add_places(session: Session, devices: Mapping[Device, Sequence[Look]], fresh: Iterable[Device]) -> None:
    """A device counts where its first look of the day came from, so that one on a train is not several."""
    found: dict[tuple[str, str, date], dict[str, Any]] = {}
    new = set(fresh)
    for key, looks in devices.items():
        if not looks[0].known:
            continue
        for number, one in enumerate(looks):
            row = found.setdefault(
                (one.serial, one.place, key[1]),
                {"serial": one.serial, "place": one.place, "day": key[1], "devices": 0, "looks": 0, "first_at": one.at},
            )
            row["devices"] += number == 0 and key in new
            row["looks"] += 1
            row["first_at"] = min(row["first_at"], one.at)
            row["last_at"] = max(row.get("last_at", one.at), one.at)
    in_order = [found[key] for key in sorted(found)]
    rows.add(session, ScanPlace, in_order, summed=["devices", "looks"], replaced=["last_at"])


def _add_totals(session: Session, devices: Mapping[Device, Sequence[Look]], fresh: Iterable[Device]) -> None:
    found: dict[tuple[date, str, str], dict[str, Any]] = {}
    new = set(fresh)
    for key, looks in devices.items():
        monday = key[1] - timedelta(days=key[1].weekday())
        for number, one in enumerate(looks):
            row = found.setdefault(
                (monday, one.place, one.colour),
                {"day": monday, "place": one.place, "colour": one.colour, "looks": 0, "devices": 0},
            )
            row["looks"] += 1
            row["devices"] += number == 0 and key in new
    rows.add(session, ScanTotal, [found[key] for key in sorted(found)], summed=["devices", "looks"])


def _add_codes(session: Session, looks: Sequence[Look], fresh: Sequence[Device], points: Points) -> None:
    by_code: dict[str, list[Look]] = defaultdict(list)
    for one in looks:
        if one.known:
            by_code[one.serial].append(one)
    before = {one.serial: one for one in rows.ask(session, _BEFORE, serials=list(by_code))}
    new: dict[str, int] = defaultdict(int)
    for serial, _, _ in fresh:
        new[serial] += 1
    codes = [_code(serial, by_code[serial], new[serial], before.get(serial), points) for serial in sorted(by_code)]
    replaced = ["last_at", "last_place", "last_token", "jumps"]
    rows.add(session, ScanCode, codes, summed=["looks", "devices"], replaced=replaced)


def _code(serial: str, looks: Sequence[Look], devices: int, before: Any, points: Points) -> dict[str, Any]:
    last_at, last_place, last_token = (
        (before.last_at, before.last_place, before.last_token) if before else (None, "", "")
    )
    jumps = set(before.jumps.split()) if before else set()
    for one in looks:
        if not one.place:
            continue
        here, there = points.get(last_place), points.get(one.place)
        # A device that seems to jump is a network's trick; a code that jumps between devices may be two packs.
        if last_at and here and there and one.token != last_token and impossible(here, last_at, there, one.at):
            jumps.add("-".join(sorted((last_place, one.place))))
        last_at, last_place, last_token = one.at, one.place, one.token
    return {
        "serial": serial,
        "looks": len(looks),
        "devices": devices,
        "first_at": looks[0].at,
        "first_place": looks[0].place,
        "last_at": last_at or looks[-1].at,
        "last_place": last_place,
        "last_token": last_token,
        "jumps": " ".join(sorted(jumps)[:MOST_PAIRS]),
        "score": 0,
        "signals": "",
        "warning": "",
    }
