"""Steps that say nothing but yes, so that one of them may be taken on several records at once.

Source: product notes, «bulk actions with count and per-row result»; whatever wants words, a reason or the digest of
what was read is done record by record.
"""

from __future__ import annotations

from enum import StrEnum


class SeveralStep(StrEnum):
    """The step as the audit trail calls it; the text of its button is ``several.<value>``."""

    CONFIRM = "enterprises.confirm"
    START_REVIEW = "applications.start_review"
    ACCEPT = "complaints.accept"

    @property
    def permission(self) -> str:
        """What whoever takes it must hold."""
        return _PERMISSIONS[self]


_PERMISSIONS = {
    SeveralStep.CONFIRM: "enterprises.confirm",
    SeveralStep.START_REVIEW: "applications.review",
    SeveralStep.ACCEPT: "complaints.handle",
}
