"""May this database be written? What its log says beside what the signer last signed for.

Source: threat model, part 5 (restore is the dangerous moment). No answer but «live» lets anything be written, and
nothing turns one answer into another but the missing entries themselves.
"""

from __future__ import annotations

from enum import StrEnum


class Standing(StrEnum):
    """``behind``: entries are missing that were signed for. ``frozen``: two histories; people must look."""

    LIVE = "live"
    BEHIND = "behind"
    FROZEN = "frozen"
    UNKNOWN = "unknown"


#: The refusal of every change, by standing.
REFUSALS = {
    Standing.BEHIND: "service.behind",
    Standing.FROZEN: "service.frozen",
    Standing.UNKNOWN: "service.signer_silent",
}


def standing(*, size: int, noted: int, signed: int | None, same: bool) -> Standing:
    """``size`` entries here; ``noted``: the largest head with a signature (0: none), ``signed``: the signer's last.

    ``same``: the root over the first ``signed`` entries here is the one that was signed. Entries beyond the signer's
    head are the ordinary case of work not signed yet; a *signature* beyond it is one the signer knows nothing of.
    """
    known = signed or 0
    if size < known:
        return Standing.BEHIND
    if known and not same:
        return Standing.FROZEN
    return Standing.FROZEN if noted > known else Standing.LIVE
