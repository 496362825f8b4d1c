"""Reads what all looks of the registry add up to, by place, from the rollup."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlmodel import Session, col, func, select

from trace.models.scans import ScanTotal


class PlaceTotal(NamedTuple):
    """Looks from one place, a code of GB/T 2260 or empty for unknown; ``red``: those that were answered with red."""

    place: str
    devices: int
    looks: int
    red: int


def by_place(session: Session, first: date, most: int) -> list[PlaceTotal]:
    """Of the weeks that begin on ``first`` or later, the loudest places first."""
    place, devices, looks = col(ScanTotal.place), func.sum(ScanTotal.devices), func.sum(ScanTotal.looks)
    red = func.coalesce(func.sum(ScanTotal.looks).filter(col(ScanTotal.colour) == "red"), 0)
    statement = (
        select(place, devices, looks, red)
        .where(col(ScanTotal.day) >= first)
        .group_by(place)
        .order_by(devices.desc(), place)
        .limit(most)
    )
    return [PlaceTotal._make(one) for one in session.connection().execute(statement)]
