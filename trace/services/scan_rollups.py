"""Writes looks and what they add up to: device and day, place and day, the code, the week of the registry.

One transaction takes up to a thousand looks. What a look costs does not depend on how often its code was looked at:
devices of one code are told apart up to ``rules.scans.MOST_DEVICES`` a day, the rest is only counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col, func, select

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
    connection = session.connection()
    in_order = sorted(looks, key=lambda one: one.at)
    devices = _by_device(in_order)
    there = _there(session, devices)
    devices = _by_device(in_order, _crowded(session, devices, there), there)
    fresh = [one for one in devices if one not in there and one[2]]
    _upsert(connection, Scan, [_scan(key, found) for key, found in sorted(devices.items())], ("looks",), _LAST)
    _add_places(connection, devices, fresh)
    _add_totals(connection, devices, fresh)
    known = [one for one in fresh if devices[one][0].known]
    _add_codes(session, in_order, known, points or {})
    now = in_order[-1].at
    scan_alarms.judge(session, {serial for serial, _, _ in known}, now)
    # A label that was never put on a pack is answered with red; nothing else need be asked whether it is a control.
    scan_alarms.watch_controls(session, {one[0] for one in known if devices[one][-1].colour == Colour.RED}, now)


_LAST = ("last_at", "colour", "reason")


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
    serials, days, tokens = ({one[place] for one in devices} for place in range(3))
    statement = select(col(Scan.serial), col(Scan.day), col(Scan.token)).where(
        col(Scan.serial).in_(serials), col(Scan.day).in_(days), col(Scan.token).in_(tokens)
    )
    return frozenset((serial, day, token) for serial, day, token in session.exec(statement))


def _crowded(session: Session, devices: Iterable[Device], there: frozenset[Device]) -> frozenset[tuple[str, date]]:
    coming: dict[tuple[str, date], int] = defaultdict(int)
    for one in devices:
        coming[one[:2]] += one not in there
    if not any(coming.values()):
        return frozenset()
    statement = (
        select(col(ScanPlace.serial), col(ScanPlace.day), func.sum(ScanPlace.devices))
        .where(
            col(ScanPlace.serial).in_({one[0] for one in coming}), col(ScanPlace.day).in_({one[1] for one in coming})
        )
        .group_by(col(ScanPlace.serial), col(ScanPlace.day))
    )
    counted = {(serial, day): count for serial, day, count in session.exec(statement)}
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


def _add_places(connection: Connection, devices: Mapping[Device, Sequence[Look]], fresh: Iterable[Device]) -> None:
    """A device counts where its first look of the day came from, so that one on a train is not several."""
    rows: dict[tuple[str, str, date], dict[str, Any]] = {}
    new = set(fresh)
    for key, looks in devices.items():
        if not looks[0].known:
            continue
        for number, one in enumerate(looks):
            row = rows.setdefault(
                (one.serial, one.place, key[1]),
                {"serial": one.serial, "place": one.place, "day": key[1], "devices": 0, "looks": 0, "first_at": one.at},
            )
            row["devices"] += number == 0 and key in new
            row["looks"] += 1
            row["first_at"] = min(row["first_at"], one.at)
            row["last_at"] = max(row.get("last_at", one.at), one.at)
    _upsert(connection, ScanPlace, [rows[key] for key in sorted(rows)], ("devices", "looks"), ("last_at",))


def _add_totals(connection: Connection, devices: Mapping[Device, Sequence[Look]], fresh: Iterable[Device]) -> None:
    rows: dict[tuple[date, str, str], dict[str, Any]] = {}
    new = set(fresh)
    for key, looks in devices.items():
        monday = key[1] - timedelta(days=key[1].weekday())
        for number, one in enumerate(looks):
            row = rows.setdefault(
                (monday, one.place, one.colour),
                {"day": monday, "place": one.place, "colour": one.colour, "looks": 0, "devices": 0},
            )
            row["looks"] += 1
            row["devices"] += number == 0 and key in new
    _upsert(connection, ScanTotal, [rows[key] for key in sorted(rows)], ("devices", "looks"), ())


def _add_codes(session: Session, looks: Sequence[Look], fresh: Sequence[Device], points: Points) -> None:
    by_code: dict[str, list[Look]] = defaultdict(list)
    for one in looks:
        if one.known:
            by_code[one.serial].append(one)
    before = {one.serial: one for one in session.exec(select(ScanCode).where(col(ScanCode.serial).in_(by_code)))}
    new: dict[str, int] = defaultdict(int)
    for serial, _, _ in fresh:
        new[serial] += 1
    rows = [_code(serial, by_code[serial], new[serial], before.get(serial), points) for serial in sorted(by_code)]
    _upsert(
        session.connection(),
        ScanCode,
        rows,
        ("looks", "devices"),
        ("last_at", "last_place", "last_token", "jumps"),
    )
    session.expire_all()


def _code(serial: str, looks: Sequence[Look], devices: int, before: ScanCode | None, points: Points) -> dict[str, Any]:
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


def _upsert(
    connection: Connection,
    model: type[SQLModel],
    rows: Sequence[dict[str, Any]],
    add: Sequence[str],
    set_: Sequence[str],
) -> None:
    """Insert the rows; where the key is there, add to the counts and overwrite what is named."""
    if rows:
        connection.execute(_upserting(connection.dialect.name, model, tuple(add), tuple(set_)), rows)


@lru_cache(maxsize=16)
def _upserting(dialect_name: str, model: type[SQLModel], add: tuple[str, ...], set_: tuple[str, ...]) -> Any:
    """The statement, made once: building it anew cost as much as writing a hundred rows."""
    table = model.__table__  # type: ignore[attr-defined]
    statement = (sqlite if dialect_name == "sqlite" else postgresql).insert(table)
    changes = {name: table.c[name] + statement.excluded[name] for name in add}
    changes |= {name: statement.excluded[name] for name in set_}
    return statement.on_conflict_do_update(index_elements=table.primary_key.columns, set_=changes)
