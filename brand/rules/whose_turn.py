"""With whom an application lies now, until when, and what comes next; roles, never a person's name.

Source: the table in ``licence_flow`` (who may take the next step) and domain notes A5.9 (the notice has a last day; no
rulebook sets one for the other stations; theirs are policy values, see ``terms``, which the query adds).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from brand.kernel.permissions import Role
from brand.kernel.workflow import Facts
from brand.rules.licence_flow import REVIEWING
from brand.rules.reviews import ReviewKind, unmet

APPLICANT = "application.party.applicant"
PUBLIC = "application.party.public"
_CLERK, _APPROVER, _INSPECTOR = (f"role.{one}" for one in (Role.BRAND_CLERK, Role.BRAND_APPROVER, Role.INSPECTOR))
#: Who makes a record, where it is not the office's clerk.
_MAKES = {ReviewKind.RECOMMENDATION: f"role.{Role.TOWNSHIP_CLERK}", ReviewKind.SITE: _INSPECTOR}
_WITH = {"draft": APPLICANT, "returned": APPLICANT, "submitted": _CLERK}


@dataclass(frozen=True)
class Turn:
    """``key`` names the sentence ``application.turn.<key>``; ``party`` is a message id, empty once it is finished.

    ``due`` None: no term is set. ``provisional``: the day may still move. The rule itself knows only a notice's day.
    ``policy`` is the key of the value the day rests on.
    """

    key: str
    party: str = ""
    due: date | None = None
    provisional: bool = False
    policy: str = ""


def turn(state: str, facts: Facts) -> Turn:
    """Whose turn it is, by the facts the guards of ``licence_flow`` look at."""
    if state in _WITH:
        return Turn(state, _WITH[state])
    if state == "refused" and facts["appeal_changed"]:
        return Turn("reconsider", _CLERK)
    if state in REVIEWING:
        return _under_review(facts)
    return _on_notice(facts) if state == "on_notice" else Turn(state)


def _under_review(facts: Facts) -> Turn:
    lacking = unmet(facts["reviews_required"], facts["reviews_done"])
    if not lacking:
        return Turn("publish", _CLERK)
    return Turn(f"review.{lacking[0]}", _MAKES.get(lacking[0], _CLERK))


def _on_notice(facts: Facts) -> Turn:
    end: Any = facts["notice_end"]
    if facts["open_objections"]:
        return Turn("objections", _CLERK)
    if end.provisional or facts["today"] <= end.end:
        return Turn("on_notice", PUBLIC, end.end, end.provisional)
    return Turn("decide", _APPROVER)
