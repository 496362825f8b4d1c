"""What a case and a pallet may hold, and how either ends: full cases on pallets, packs and loose goods in cases.

Source: issue 4 line 3; aggregation after EPCIS 2.0 (AggregationEvent). The bounds are those of the program, no policy.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Sized
from enum import StrEnum

from brand.kernel.errors import AppError, Fault, Kind, invalid
from trace.rules.flows import OperationKind
from trace.rules.label_stops import Bearing
from trace.rules.labels import VoidReason
from trace.rules.verdicts import Colour

#: Packs in one case, kinds of packs in it, and cases on one pallet.
MOST_PACKS = 5000
MOST_KINDS = 100
MOST_CASES = 200


class ContainerKind(StrEnum):
    CASE = "case"
    PALLET = "pallet"


class ContainerState(StrEnum):
    """``packed`` is closed and counts; a container ends once and is never filled again."""

    PACKED = "packed"
    EMPTIED = "emptied"
    SOLD = "sold"
    DESTROYED = "destroyed"
    LOST = "lost"


#: What an act that takes a container out of the books leaves it as.
LEFT = {
    OperationKind.SELL: ContainerState.SOLD,
    OperationKind.DESTROY: ContainerState.DESTROYED,
    OperationKind.LOSE: ContainerState.LOST,
    OperationKind.SHORTAGE: ContainerState.LOST,
}

#: Why the labels of packs that are gone with a container are void from then on; those of sold packs stay good.
VOIDED = {
    OperationKind.DESTROY: VoidReason.WITHDRAWN,
    OperationKind.LOSE: VoidReason.LOST,
    OperationKind.SHORTAGE: VoidReason.LOST,
}


class Told(StrEnum):
    """What whoever reads a container's code is told of it, the gravest first."""

    RECALLED = "recalled"
    LOST = "lost"
    DESTROYED = "destroyed"
    HELD = "held"
    STOPPED = "stopped"
    PERHAPS_STOPPED = "perhaps_stopped"
    EMPTIED = "emptied"
    SOLD = "sold"
    PACKED = "packed"


#: The colour of the banner; the code is not signed, so green says «on record» and nothing of the case in one's hand.
COLOURS = {
    Told.RECALLED: Colour.RED,
    Told.LOST: Colour.RED,
    Told.DESTROYED: Colour.RED,
    Told.HELD: Colour.AMBER,
    Told.STOPPED: Colour.AMBER,
    Told.PERHAPS_STOPPED: Colour.AMBER,
    Told.EMPTIED: Colour.AMBER,
    Told.SOLD: Colour.GREEN,
    Told.PACKED: Colour.GREEN,
}


#: What is told of stopped labels in a container, or on it.
STOPS = {Bearing.SURE: Told.STOPPED, Bearing.PERHAPS: Told.PERHAPS_STOPPED}
_WHOLE = (ContainerState.PACKED, ContainerState.SOLD)


def told(state: str, *, held: bool, recalled: bool, stops: Bearing) -> tuple[Told, ...]:
    """What is told of a container, the gravest first. A recall and a hold speak for the goods, a stop for their labels,
    whatever became of the container around them; goods called back stand still anyway."""
    grave = [Told.RECALLED] if recalled else [Told.HELD] if held and state in _WHOLE else []
    doubted = [STOPS[stops]] if stops in STOPS and state in _WHOLE else []
    return tuple(grave + doubted) or (Told(state),)


def check_filling(kind: str, packs: int, kinds: int, loose: Sized, cases: Sized) -> None:
    """Raises ``containers.case_holds`` or ``containers.pallet_holds`` for nothing, too much or the wrong things."""
    if kind == ContainerKind.CASE:
        fits = packs + len(loose) >= 1 and packs <= MOST_PACKS and kinds + len(loose) <= MOST_KINDS
        if not fits or len(cases):
            params = {"most": MOST_PACKS, "kinds": MOST_KINDS}
            raise invalid("containers.case_holds", faults=[Fault("containers.case_holds", "/packs", params)], **params)
    elif packs or len(loose) or not 1 <= len(cases) <= MOST_CASES:
        params = {"most": MOST_CASES}
        raise invalid("containers.pallet_holds", faults=[Fault("containers.pallet_holds", "/cases", params)], **params)


def check_taken_off(pallet: str, codes: Sequence[str], there: Collection[str]) -> None:
    """Cases named once each that stand on that pallet; raises ``containers.take_off`` or ``containers.not_on_it``."""
    if not codes or len(set(codes)) != len(codes):
        raise invalid("containers.take_off", faults=[Fault("containers.take_off", "/cases")])
    missing = [
        Fault("containers.not_on_it", f"/cases/{at}", {"code": one, "pallet": pallet})
        for at, one in enumerate(codes)
        if one not in there
    ]
    if missing:
        raise invalid("containers.not_on_it", faults=missing, **missing[0].params)


def check_put_on(codes: Sized, there: int) -> None:
    """At least one case, and no more on one pallet than it holds; raises ``containers.pallet_holds``."""
    if not codes or there + len(codes) > MOST_CASES:
        params = {"most": MOST_CASES}
        raise invalid("containers.pallet_holds", faults=[Fault("containers.pallet_holds", "/cases", params)], **params)


def check_there(state: str, code: str, at: str, *, on_a_pallet: bool) -> None:
    """Only what is packed and stands by itself is opened, sent or sold; ``at`` is where its code stands in the input.

    Raises ``containers.ended`` or ``containers.on_a_pallet``.
    """
    if state != ContainerState.PACKED:
        raise barred("containers.ended", at, {"code": code, "state": f"containers.state.{state}"})
    if on_a_pallet:
        raise barred("containers.on_a_pallet", at, {"code": code})


def barred(code: str, at: str, params: Mapping[str, str]) -> AppError:
    """What stands against acts on a container, at its place in the input."""
    return AppError(Kind.CONFLICT, code, faults=[Fault(code, at, params)], **params)
