"""Writes down that a signed-in person was refused: which step on which record, by which rule, never what was typed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from brand.kernel import audit
from brand.kernel.errors import not_signed_in
from brand.kernel.work import Work
from brand.queries.audit import REFUSED, refusals_since

#: So many refusals of one person are written down within the time; whoever tries everything fills no disk.
MOST, WITHIN = 200, timedelta(hours=1)


def record(
    work: Work,
    *,
    code: str,
    step: str,
    topic: str,
    record_id: str = "",
    pointers: Sequence[str] = (),
    rules: Sequence[str] = (),
) -> bool:
    """One line of the audit trail about a refusal; false when the person has had as many as are written in the time.

    ``code`` names the rule, ``step`` the door that was tried, ``pointers`` the places of the input that were wrong and
    ``rules`` what each of them broke. Values are never given, so that nothing typed by mistake (a password, a
    telephone) stays behind.
    """
    if not work.actor.signed_in:
        raise not_signed_in()
    earlier = refusals_since(work.session, work.actor.person_id or "", work.now - WITHIN)
    if earlier >= MOST:
        return False
    said: dict[str, Any] = {"code": code, "step": step, "pointers": list(pointers), "rules": list(rules)}
    if earlier == MOST - 1:
        said["last_written"] = True
    audit.record(work, REFUSED, topic, record_id, **said)
    return True
