"""May this database be written? What its log says beside what the signer last signed for.

Source: threat model, part 5 (restore is the dangerous moment). No answer but «live» lets anything be written, and
nothing turns one answer into another but the missing entries themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
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


#: What a witness says that knows entries of this log which are not here, or another history of it.
AHEAD, AGAINST = "witnesses.ahead", ("witnesses.contradicts", "witnesses.unproven")


def with_witnesses(found: Standing, said: Mapping[str, str], enough: Callable[[Collection[str]], bool]) -> Standing:
    """The same after the witnesses were asked; ``said`` gives each one's code, empty where it cosigned.

    One that is silent, or says so alone, changes nothing: whoever could stop the office by itself would be a danger of
    its own. ``enough`` tells whether those are as many as the policy asks to be believed.
    """
    against = [name for name, code in said.items() if code in AGAINST]
    ahead = [name for name, code in said.items() if code == AHEAD]
    if found is Standing.LIVE and enough(against):
        return Standing.FROZEN
    return Standing.BEHIND if found is Standing.LIVE and enough([*against, *ahead]) else found


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
