"""The six axes goods are graded on, and what may be stated on an axis beside what the records themselves show.

Source: Urad Middle Banner plan, line 65 (品种、品质、部位、养殖周期、质保、包装), domain notes A2.2. Breed, quality,
cut, age and shelf life follow from carcasses, grades and packs where there are any; how animals were kept and how packs
are made is stated.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from brand.kernel.errors import Fault, invalid


class Axis(StrEnum):
    """In the order of the plan."""

    BREED = "breed"
    QUALITY = "quality"
    CUT = "cut"
    REARING = "rearing"
    SHELF_LIFE = "shelf_life"
    PACKAGING = "packaging"


def check_statement(axis: Axis, shown: Collection[Axis], before: str | None, value: str, reason: str) -> None:
    """What records show is not typed beside them; a statement says something new, and whoever changes one says why.

    ``shown``: the axes on which the records of the batch speak. Raises ``axes.from_records``, ``axes.no_change`` or
    ``axes.reason_needed``.
    """
    if axis in shown:
        code, params = "axes.from_records", {"axis": f"axes.{axis.value}"}
        raise invalid(code, faults=[Fault(code, "/axis", params)], **params)
    if value == before:
        raise invalid("axes.no_change", faults=[Fault("axes.no_change", "/value")])
    if before is not None and not reason:
        raise invalid("axes.reason_needed", faults=[Fault("axes.reason_needed", "/reason")])
