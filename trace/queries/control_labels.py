"""Reads which labels of an order never go onto a pack, for those who watch codes and nobody else."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from brand.kernel.actors import Actor
from trace.models.labels import Label
from trace.models.scans import ScanCode


@dataclass(frozen=True)
class Control:
    """One control label; ``looks`` are device-days on which somebody looked at its code."""

    position: int
    serial: str
    looks: int


def of_order(session: Session, actor: Actor, order_id: str) -> list[Control]:
    """In the order of the file."""
    actor.require("scans.watch")
    statement = (
        select(Label.position, Label.serial, ScanCode.devices)
        .join(ScanCode, col(ScanCode.serial) == col(Label.serial), isouter=True)
        .where(Label.order_id == order_id, col(Label.control))
        .order_by(col(Label.position))
    )
    return [Control(position, serial, devices or 0) for position, serial, devices in session.exec(statement)]
