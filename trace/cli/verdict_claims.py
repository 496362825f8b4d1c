"""The checker ``brandtrace audit verdict``: the facts about a code as JSON, and what a person is told of them.

It is also how the golden vectors are read, so that a program in another language can be held against the same file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from brand.kernel.errors import invalid
from trace.cli.claims import Claim, day, only, text, whole
from trace.rules.scans import Signal
from trace.rules.verdicts import (
    BrandHalt,
    CodeRecord,
    Facts,
    KeyState,
    LicenceStatus,
    Lists,
    Signature,
    Verdict,
    decide,
)

T = TypeVar("T", bound=StrEnum)
_NEEDED = (
    "batch",
    "enterprise",
    "signed",
    "one_pack",
    "activated",
    "void",
    "recalled",
    "licence_today",
    "licence_at_packing",
    "shelf_life_ends",
    "breaches_open",
    "scans_before",
)
_OPTIONAL = (
    "steps_missing",
    "brand_halt_today",
    "brand_halt_at_packing",
    "held",
    "stopped",
    "some_stopped",
    "signals",
    "sold_on",
)


def check_verdict(claim: Claim) -> object:
    """Decide what a person who scanned a code is told, from the facts alone."""
    return told(decide(facts(claim)))


def told(verdict: Verdict) -> dict[str, Any]:
    """The colour, and the reasons in the order they are read; the headline is that of the first."""
    return {
        "colour": verdict.colour.value,
        "reasons": [
            {"code": one.code, "weight": one.weight.value, "params": dict(one.params)} for one in verdict.reasons
        ],
    }


def facts(claim: Claim) -> Facts:
    """Raises ``input.*`` where the claim has another shape than ``docs/verdicts.md`` gives it."""
    only(claim, needed=("today", "signature", "key", "code"), optional=("looked_up", "lists"))
    return Facts(
        today=day(claim, "today"),
        signature=_one_of(claim, "signature", Signature),
        key=None if claim["key"] is None else _one_of(claim, "key", KeyState),
        code=_inner(claim, "code", _code),
        looked_up=_flag(claim, "looked_up") if "looked_up" in claim else True,
        lists=_inner(claim, "lists", _lists),
    )


def _code(claim: Claim) -> CodeRecord:
    only(claim, needed=_NEEDED, optional=_OPTIONAL)
    values: dict[str, Any] = {
        **{name: text(claim, name) for name in ("batch", "enterprise")},
        **{name: _flag(claim, name) for name in ("signed", "one_pack", "activated", "void", "recalled")},
        **{name: _one_of(claim, name, LicenceStatus) for name in ("licence_today", "licence_at_packing")},
    }
    return CodeRecord(
        **values,
        breaches_open=_count(claim, "breaches_open"),
        scans_before=None if claim["scans_before"] is None else _count(claim, "scans_before"),
        shelf_life_ends=_day(claim, "shelf_life_ends"),
        steps_missing=_count(claim, "steps_missing") if "steps_missing" in claim else 0,
        brand_halt_today=_inner(claim, "brand_halt_today", _halt),
        brand_halt_at_packing=_inner(claim, "brand_halt_at_packing", _halt),
        held=_flag(claim, "held") if "held" in claim else False,
        stopped=_flag(claim, "stopped") if "stopped" in claim else False,
        some_stopped=_flag(claim, "some_stopped") if "some_stopped" in claim else False,
        signals=_signals(claim.get("signals", [])),
        sold_on=_day(claim, "sold_on"),
    )


def _halt(claim: Claim) -> BrandHalt:
    only(claim, needed=("brand", "state"))
    return BrandHalt(text(claim, "brand"), text(claim, "state"))


def _lists(claim: Claim) -> Lists:
    only(claim, needed=("made_on", "good_until"))
    return Lists(day(claim, "made_on"), day(claim, "good_until"))


def _signals(value: object) -> tuple[tuple[Signal, int], ...]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise invalid("input.not_a_list", field="signals")
    for one in value:
        only(one, needed=("signal", "count"))
    return tuple((_one_of(one, "signal", Signal), _count(one, "count")) for one in value)


def _inner(claim: Claim, field: str, read: Callable[[Claim], Any]) -> Any:
    value = claim.get(field)
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise invalid("input.not_an_object", field=field)
    return read(dict(value))


def _day(claim: Claim, field: str) -> date | None:
    return None if claim.get(field) is None else day(claim, field)


def _flag(claim: Claim, field: str) -> bool:
    value = claim[field]
    if not isinstance(value, bool):
        raise invalid("input.not_yes_no", field=field)
    return value


def _count(claim: Claim, field: str) -> int:
    value = whole(claim, field)
    if value < 0:
        raise invalid("input.not_a_whole_number", field=field)
    return value


def _one_of(claim: Claim, field: str, words: type[T]) -> T:
    value = text(claim, field)
    if value not in set(words):
        raise invalid("input.not_a_choice", field=field)
    return words(value)


VERDICTS: dict[str, Callable[[Claim], object]] = {"verdict": check_verdict}
