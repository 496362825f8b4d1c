"""The life of a label order: reserved, signed, released to whoever prints it; then files are made and packs activated.

Source: issue 5, item 1; threats T1, T10 and T34 of the security notes (nothing leaves the house before its step, and
whoever prints is known). How many of its labels are on packs or void is counted, not a state.
"""

from __future__ import annotations

from enum import StrEnum

from brand.kernel.errors import Fault, invalid, refused
from brand.kernel.workflow import Step, Workflow


class OrderState(StrEnum):
    RESERVED = "reserved"
    SIGNED = "signed"
    RELEASED = "released"
    CALLED_OFF = "called_off"


class PrinterKind(StrEnum):
    """Who prints: the producer itself, or a printing house that is named."""

    OWN = "own"
    HOUSE = "house"


FLOW = Workflow(
    "label_orders",
    (
        Step("new", "order", OrderState.SIGNED, "labels.order", "labels.order"),
        # Too many for one request: packs and weight are taken at once, a job signs piece by piece.
        Step("new", "reserve", OrderState.RESERVED, "labels.order", "labels.reserve"),
        Step(OrderState.RESERVED, "sign", OrderState.SIGNED, "labels.order", "labels.order"),
        Step(OrderState.RESERVED, "call_off", OrderState.CALLED_OFF, "labels.order", "labels.call_off"),
        Step(OrderState.SIGNED, "release", OrderState.RELEASED, "labels.print", "labels.release"),
        # A second printing house, or another one because the first could not.
        Step(OrderState.RELEASED, "release", OrderState.RELEASED, "labels.print", "labels.release"),
    ),
)


def check_printer(kind: PrinterKind, name: str) -> str:
    """The printing house's name as it is kept; raises ``labels.printer_missing`` or ``labels.printer_own``."""
    if kind is PrinterKind.HOUSE and not name:
        raise _at("labels.printer_missing")
    if kind is PrinterKind.OWN and name:
        raise _at("labels.printer_own")
    return name


def check_released(state: str) -> None:
    """Files are made and labels activated of what was released: ``labels.not_released``."""
    if state != OrderState.RELEASED:
        raise refused("labels.not_released")


def check_signed(state: str) -> None:
    """Labels become void once all of the order are signed: ``labels.not_signed``."""
    if state not in (OrderState.SIGNED, OrderState.RELEASED):
        raise refused("labels.not_signed")


def _at(code: str) -> Exception:
    return invalid(code, faults=[Fault(code, "/name")])
