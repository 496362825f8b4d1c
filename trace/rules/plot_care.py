"""What must be written down of treatments of plots, and on which days they keep a harvest closed.

Source: 农产品质量安全法 (2022) art. 27 (name, source, use, dose and dates of what is used) and art. 29 (safe interval);
the number of days is never ours: it stands on the label. Days are counted as in ``rules/withdrawal``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from brand.kernel.errors import AppError, Fault, Kind, invalid
from trace.rules.withdrawal import Use, running


class PlotCareKind(StrEnum):
    PESTICIDE = "pesticide"
    FERTILISER = "fertiliser"
    OTHER = "other"


def check_label(kind: PlotCareKind, approval: str) -> None:
    """A pesticide is known by the registration number on its label; raises ``plot_care.approval_needed``."""
    if kind is PlotCareKind.PESTICIDE and not approval:
        raise invalid("plot_care.approval_needed", faults=[Fault("plot_care.approval_needed", "/approval")])


def check_harvest(uses: Iterable[Use], day: date) -> None:
    """Raises ``plot_care.safe_interval`` with what was used and the last closed day, the longest first."""
    found = running(uses, day)
    if found:
        longest = found[0]
        until = longest.closed_until or day
        params = {"name": longest.medicine, "lot": longest.lot, "until": until.isoformat()}
        fault = Fault("plot_care.safe_interval", "/day", params)
        raise AppError(Kind.REFUSED, "plot_care.safe_interval", faults=[fault], **params)
