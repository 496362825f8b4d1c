"""Reads what all looks of the registry add up to, by place and week, from the rollup."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlmodel import Session, col, func, select

from trace.models.scans import ScanTotal


class Week(NamedTuple):
    """Looks from one place (a code of GB/T 2260, empty: unknown) in the week that begins on ``monday``."""

    monday: date
    place: str
    devices: int
    looks: int


def by_place_and_week(session: Session, first: date) -> list[Week]:
    """The weeks that begin on ``first`` or later, in order, the loudest place of each week first."""
    week, place, devices = col(ScanTotal.day), col(ScanTotal.place), func.sum(ScanTotal.devices)
    statement = (
        select(week, place, devices, func.sum(ScanTotal.looks))
        .where(week >= first)
        .group_by(week, place)
        .order_by(week, devices.desc(), place)
    )
    return [Week._make(one) for one in session.connection().execute(statement)]
