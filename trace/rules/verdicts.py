"""Decide what a person who scanned a code is told: green, amber or red, and why. Page, API, commands and phones agree.

Source: design notes on codes §1. A signature proves who issued a code, never that the pack is no copy, so green
promises no more than the record holds. Red only for: bad signature, distrusted key, unknown, void, recalled, never
activated. Everything else that is amiss is amber. Golden vectors for programs in other languages:
``trace/rules/data/verdict-vectors.json``, explained in ``docs/verdicts.md``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from trace.rules.scans import Signal


class Colour(StrEnum):
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class Signature(StrEnum):
    OK = "ok"
    BAD = "bad"
    ABSENT = "absent"
    TYPED = "typed"  # the line under the symbol was typed; it never carries a signature


class KeyState(StrEnum):
    KNOWN = "known"
    UNKNOWN = "unknown"
    DISTRUSTED = "distrusted"


class LicenceStatus(StrEnum):
    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    EXPIRED = "expired"
    NONE = "none"  # there was no licence for this product on that day


@dataclass(frozen=True)
class BrandHalt:
    """The brand because of which a licence did not count on a day; ``state`` is suspended or ended."""

    brand: str
    state: str


class CodeRecord(NamedTuple):
    """What the registry holds about one code it issued.

    ``signed``: issued with a signature (not the compact profile). ``one_pack``: the code names a single pack, so that
    repeated scans mean something. ``shelf_life_ends``: last good day, where the pack is dated. ``held``: the goods, or
    something they were made from, stand still while somebody looks into them. ``stopped``: a stop
    switch bears on this very code, ``some_stopped``: of a batch, on labels of some of its packs. ``steps_missing``:
    steps and papers the product's rule needs before labels and the chain has not. ``scans_before``: device-days before
    this look, None where nobody counts (off line).
    ``signals``: what speaks for copies, each with its number, where together it is worth a warning. ``sold_on``: the
    day a shop reported the pack as sold.
    """

    batch: str
    enterprise: str
    signed: bool
    one_pack: bool
    activated: bool
    void: bool
    recalled: bool
    licence_today: LicenceStatus
    licence_at_packing: LicenceStatus
    shelf_life_ends: date | None
    breaches_open: int
    scans_before: int | None
    steps_missing: int = 0
    brand_halt_today: BrandHalt | None = None
    brand_halt_at_packing: BrandHalt | None = None
    held: bool = False
    stopped: bool = False
    some_stopped: bool = False
    signals: tuple[tuple[Signal, int], ...] = ()
    sold_on: date | None = None


@dataclass(frozen=True)
class Lists:
    """Lists a device took along to where there is no network: the day they were made, the last day they serve."""

    made_on: date
    good_until: date


class Facts(NamedTuple):
    """All a verdict rests on; ``code`` is ``None`` where the registry never issued such a code.

    ``key`` is ``None`` where the address names none. A distrusted key is one distrusted *for this code*: codes entered
    in the log before the distrust stay good, and the caller says so with ``KNOWN``. ``looked_up``: the registry, or a
    list of all its codes, was asked for ``code``; False on a device that holds keys only. ``lists``: what a device
    without a network judged by, None when the registry itself was asked.
    """

    today: date
    signature: Signature
    key: KeyState | None
    code: CodeRecord | None
    looked_up: bool = True
    lists: Lists | None = None


@dataclass(frozen=True)
class Reason:
    """A dotted code with texts in ``translations``, and how heavily it weighs (green: said for information)."""

    code: str
    weight: Colour
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """The colour, and the reasons in the order they are to be read: red, amber, then information."""

    colour: Colour
    reasons: tuple[Reason, ...]


def decide(facts: Facts) -> Verdict:
    """The verdict on one scan. The colour is that of the heaviest reason.

    Reassuring information is withheld under red, and the warning that a code can be copied stands under every other
    colour.
    """
    red = tuple(_red(facts))
    amber = (*_off_line(facts), *_amber(facts))
    if red:
        return Verdict(Colour.RED, red + amber)
    return Verdict(Colour.AMBER if amber else Colour.GREEN, (*amber, *_information(facts)))


def _red(facts: Facts) -> Iterator[Reason]:
    code = facts.code
    if facts.signature is Signature.BAD:
        yield Reason("verdicts.bad_signature", Colour.RED)
    if facts.key is KeyState.DISTRUSTED:
        yield Reason("verdicts.key_distrusted", Colour.RED)
    if code is None:
        if facts.looked_up:
            yield Reason("verdicts.code_unknown", Colour.RED)
        return
    if code.void:
        yield Reason("verdicts.void", Colour.RED)
    if code.recalled:
        yield Reason("verdicts.recalled", Colour.RED, {"batch": code.batch})
    if not code.activated and not code.void:
        yield Reason("verdicts.not_activated", Colour.RED)


def _off_line(facts: Facts) -> Iterator[Reason]:
    """What a device without a network, or without the key, cannot vouch for."""
    lists = facts.lists
    if lists is not None and facts.today < lists.made_on:
        yield Reason("verdicts.clock_back", Colour.AMBER, {"made": lists.made_on.isoformat()})
    if lists is not None and facts.today > lists.good_until:
        yield Reason("verdicts.lists_expired", Colour.AMBER, {"made": lists.made_on.isoformat()})
    if facts.key is KeyState.UNKNOWN:
        yield Reason("verdicts.key_unknown", Colour.AMBER)
    if facts.code is None and not facts.looked_up:
        yield Reason("verdicts.not_looked_up", Colour.AMBER)


def _amber(facts: Facts) -> Iterator[Reason]:
    code = facts.code
    if code is None:
        return
    if code.held:
        yield Reason("verdicts.held", Colour.AMBER)
    if code.stopped:
        yield Reason("verdicts.stopped", Colour.AMBER)
    elif code.some_stopped:
        yield Reason("verdicts.some_stopped", Colour.AMBER)
    if code.signed and facts.signature is Signature.ABSENT:
        yield Reason("verdicts.signature_missing", Colour.AMBER)
    yield from _licence("at_packing", code.licence_at_packing, code.brand_halt_at_packing)
    yield from _licence("today", code.licence_today, code.brand_halt_today)
    if code.shelf_life_ends is not None and facts.today > code.shelf_life_ends:
        yield Reason("verdicts.shelf_life_over", Colour.AMBER, {"ended": code.shelf_life_ends.isoformat()})
    if code.breaches_open:
        yield Reason("verdicts.breach_open", Colour.AMBER, {"count": code.breaches_open})
    if code.steps_missing:
        yield Reason("verdicts.chain_incomplete", Colour.AMBER, {"count": code.steps_missing})
    if code.one_pack:
        for signal, count in code.signals:
            yield Reason(f"verdicts.suspicious.{signal}", Colour.AMBER, {"count": count})


def _licence(when: str, status: LicenceStatus, halt: BrandHalt | None) -> Iterator[Reason]:
    """Where a brand is the reason, it is named: the enterprise's own licence is not what is amiss."""
    if halt is not None:
        yield Reason(f"verdicts.brand_{when}.{halt.state}", Colour.AMBER, {"brand": halt.brand})
    elif status is not LicenceStatus.VALID:
        yield Reason(f"verdicts.licence_{when}.{status}", Colour.AMBER)


def _information(facts: Facts) -> Iterator[Reason]:
    code, signature = facts.code, facts.signature
    if facts.lists is not None:
        yield Reason("verdicts.off_line", Colour.GREEN, {"made": facts.lists.made_on.isoformat()})
    if code is not None:
        yield Reason("verdicts.issued", Colour.GREEN, {"batch": code.batch, "enterprise": code.enterprise})
        if signature is Signature.TYPED:
            yield Reason("verdicts.typed", Colour.GREEN)
        elif not code.signed:
            yield Reason("verdicts.unsigned", Colour.GREEN)
        if code.one_pack:
            yield from _looks(code)
    yield Reason("verdicts.can_be_copied", Colour.GREEN)


def _looks(code: CodeRecord) -> Iterator[Reason]:
    """Who holds a pack may know whether somebody was there before; what it means is another matter."""
    if code.sold_on is not None:
        yield Reason("verdicts.sold", Colour.GREEN, {"on": code.sold_on.isoformat()})
    if code.scans_before:
        yield Reason("verdicts.scanned_before", Colour.GREEN, {"count": code.scans_before})
    elif code.scans_before == 0:
        yield Reason("verdicts.first_scan", Colour.GREEN)
