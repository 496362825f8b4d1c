"""Which refusals and facts must not pass unseen.

Source: domain notes B4 (second slaughter of a tag = alarm) and B5 (withdrawal), security notes T7 (outside animals
entered as local).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from brand.kernel.errors import Fault


class AlarmKind(StrEnum):
    SECOND_SLAUGHTER = "second_slaughter"
    IN_WITHDRAWAL = "in_withdrawal"
    NOT_ALIVE = "not_alive"
    LATE_TREATMENT = "late_treatment"
    LATE_PLOT_TREATMENT = "late_plot_treatment"


#: Codes of faults on a carcass sheet and the alarm each is.
_OF_FAULTS = {
    "batches.tag_slaughtered": AlarmKind.SECOND_SLAUGHTER,
    "slaughter.not_alive.slaughtered": AlarmKind.SECOND_SLAUGHTER,
    "slaughter.not_alive.dead": AlarmKind.NOT_ALIVE,
    "slaughter.in_withdrawal": AlarmKind.IN_WITHDRAWAL,
    "slaughter.tag_replaced": AlarmKind.NOT_ALIVE,
}
#: A sheet that is wrong from top to bottom is one mistake; its first lines say enough.
MOST = 50


def of_faults(faults: Iterable[Fault]) -> list[tuple[AlarmKind, str, Mapping[str, Any]]]:
    """(kind, ear tag, what was said) of the faults that are alarms, one of each kind and tag."""
    found = {(_OF_FAULTS[one.code], str(one.params["tag"])): one.params for one in faults if one.code in _OF_FAULTS}
    return [(kind, tag, dict(params)) for (kind, tag), params in list(found.items())[:MOST]]
