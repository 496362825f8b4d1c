"""What an outsider who reads every entry of a log may hold the office to.

Goods without a licence in force, more codes than the weight allows, codes under a key outside its window, a decision
before the notice was over. Only public figures are read, so anybody can apply it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from brand.rules.working_day_seed import seed_calendar
from brand.rules.working_days import add_working_days

_COUNTY = ZoneInfo("Asia/Shanghai")
#: The shortest notice the plans ask for, in working days.
LEAST_NOTICE = 5
_IN_FORCE = {"licence.reinstate": True, "licence.suspend": False, "licence.revoke": False}

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Seen:
    """What is wrong (a dotted code), at which entry, with figures."""

    code: str
    place: int
    params: Facts = field(default_factory=dict)


@dataclass
class _Licence:
    valid_from: date
    valid_until: date
    cap_kg: Decimal | None
    in_force: bool = True
    used: dict[int, Decimal] = field(default_factory=dict)


@dataclass
class _Batch:
    kg: Decimal
    packed_kg: Decimal = Decimal(0)
    codes_kg: Decimal = Decimal(0)


@dataclass
class _Key:
    not_before: datetime
    not_after: datetime
    ended: bool = False


class Watch:
    """One reading of one log from its first entry; ``look`` is given every entry in order."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}
        self._licences: dict[str, _Licence] = {}
        self._numbers: dict[str, str] = {}
        self._batches: dict[str, _Batch] = {}
        self._keys: dict[str, _Key] = {}
        self._notices: dict[str, Facts] = {}
        self.log_keys: dict[str, tuple[datetime, datetime]] = {}
        self._rules: Mapping[str, Callable[[int, datetime, str, Facts], Iterator[Seen]]] = {
            "licence.grant": self._granted,
            **dict.fromkeys(_IN_FORCE, self._moved),
            "batch.register": self._registered,
            "event": self._happened,
            "correction": self._corrected,
            "code.issue": self._issued,
            "key.add": self._added,
            "key.retire": self._ended,
            "key.distrust": self._ended,
            "application.notice": self._noticed,
            "application.decide": self._decided,
        }

    def look(self, place: int, said: Facts) -> Iterator[Seen]:
        """What is wrong at one entry; a statement that cannot be read is wrong too (``watch.unreadable``)."""
        try:
            kind, subject = str(said["type"]), str(said["subject"])
            at = datetime.fromisoformat(said["at"]).astimezone(_COUNTY)
            if said["seq"] != place or said.get("prev") != self._last.get(subject):
                yield Seen("watch.order", place)
            self._last[subject] = place
            rule = self._rules.get(kind)
            if rule is not None:
                self._kind = kind
                yield from rule(place, at, subject, said.get("facts", {}))
        except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as error:
            yield Seen("watch.unreadable", place, {"reason": type(error).__name__})

    def _granted(self, place: int, at: datetime, subject: str, facts: Facts) -> Iterator[Seen]:
        cap = Decimal(facts["cap_kg"]) if "cap_kg" in facts else None
        first, last = date.fromisoformat(facts["valid_from"]), date.fromisoformat(facts["valid_until"])
        self._licences[subject] = _Licence(first, last, cap)
        self._numbers[facts["number"]] = subject
        yield from ()

    def _moved(self, place: int, at: datetime, subject: str, facts: Facts) -> Iterator[Seen]:
        self._licences[subject].in_force = _IN_FORCE[self._kind]
        yield from ()

    def _registered(self, place: int, at: datetime, subject: str, facts: Facts) -> Iterator[Seen]:
        self._batches[facts["batch"]] = _Batch(Decimal(facts["cold_kg"]))
        if not self._licensed(facts.get("licence"), at):
            yield Seen("watch.batch_without_licence", place, {"batch": facts["batch"]})

    def _happened(self, place: int, at: datetime, subject: str, facts: Facts) -> Iterator[Seen]:
        code = facts.get("batch")
        if code is None:
            return
        if "packed_kg" in facts:
            batch = self._batches[code]
            batch.packed_kg += Decimal(facts["packed_kg"])
            if batch.packed_kg > batch.kg:
                figures = {"batch": code, "packed": str(batch.packed_kg), "weighed": str(batch.kg)}
                yield Seen("watch.more_packed_than_weighed", place, figures)
        elif "kg" in facts and code not in self._batches:  # the first act on a batch is the one that made it
            self._batches[code] = _Batch(Decimal(facts["kg"]))

    def _corrected(self, place: int, at: datetime, subject: str, facts: Facts) -> Iterator[Seen]:
        if facts.get("kind") == "pack":
            for code in facts.get("batches", ()):
                self._batches[code].packed_kg -= abs(Decimal(facts["kg"]))
        yield from ()

    def _issued(self, place: int, at: datetime, subject: str, facts: Facts) -> Iterator[Seen]:
        kg, batch = Decimal(facts["kg"]), self._batches.get(facts["batch"])
        if batch is None:
            yield Seen("watch.batch_unknown", place, {"batch": facts["batch"]})
        else:
            batch.codes_kg += kg
            most = min(batch.packed_kg, batch.kg)
            if batch.codes_kg > most:
                figures = {"batch": facts["batch"], "codes": str(batch.codes_kg), "packed": str(most)}
                yield Seen("watch.more_codes_than_weight", place, figures)
        if not self._licensed(facts.get("licence"), at):
            yield Seen("watch.codes_without_licence", place, {"batch": facts["batch"]})
        else:
            yield from self._spent(place, at.year, facts["licence"], kg)
        key = self._keys.get(f"key:{facts['kid']}")
        if key is None or key.ended or not key.not_before <= at < key.not_after:
            yield Seen("watch.key_outside_window", place, {"kid": facts["kid"]})

    def _spent(self, place: int, year: int, number: str, kg: Decimal) -> Iterator[Seen]:
        licence = self._licences[self._numbers[number]]
        licence.used[year] = licence.used.get(year, Decimal(0)) + kg
        if licence.cap_kg is not None and licence.used[year] > licence.cap_kg:
            figures = {"number": number, "used": str(licence.used[year]), "cap": str(licence.cap_kg)}
            yield Seen("watch.cap_exceeded", place, figures)

    def _licensed(self, number: Any, at: datetime) -> bool:
        licence = self._licences.get(self._numbers.get(str(number), ""))
        return licence is not None and licence.in_force and licence.valid_from <= at.date() <= licence.valid_until

    def _added(self, place: int, at: datetime, subject: str, facts: Facts) -> Iterator[Seen]:
        window = (datetime.fromisoformat(facts["not_before"]), datetime.fromisoformat(facts["not_after"]))
        if facts["role"] == "log":
            self.log_keys[facts["public_key"]] = window
        self._keys[subject] = _Key(*window)
        yield from ()

    def _ended(self, place: int, at: datetime, subject: str, facts: Facts) -> Iterator[Seen]:
        self._keys[subject].ended = True
        yield from ()

    def _noticed(self, place: int, at: datetime, subject: str, facts: Facts) -> Iterator[Seen]:
        days, last = int(facts["working_days"]), date.fromisoformat(facts["ends_on"])
        least = add_working_days(seed_calendar(), at.date(), max(days, LEAST_NOTICE))
        if days < LEAST_NOTICE or (last < least.end and not least.provisional):
            yield Seen("watch.notice_short", place, {"days": days, "ends_on": last.isoformat(), "least": LEAST_NOTICE})
        self._notices[subject] = facts

    def _decided(self, place: int, at: datetime, subject: str, facts: Facts) -> Iterator[Seen]:
        """Only a grant needs the notice to be over; a refusal names its reason."""
        if facts.get("reason_code"):
            return
        notice = self._notices.get(subject)
        if notice is None or at.date() <= date.fromisoformat(notice["ends_on"]):
            yield Seen("watch.decided_before_notice", place, {"ends_on": notice["ends_on"] if notice else ""})
