"""What one entry of the log says: its members, its one spelling, and how it is read back.

Source: codes-and-log plan, part 5; RFC 8785 for the spelling. A statement names no person.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

VERSION = 1


def statement(
    kind: str,
    subject: str,
    issuer: str,
    at: datetime,
    commitment: str,
    facts: Mapping[str, Any],
    place: int,
    previous: int | None,
) -> dict[str, Any]:
    """The members of the entry at ``place``; ``previous`` is the place of the last one on the same subject."""
    said: dict[str, Any] = {
        "v": VERSION,
        "type": kind,
        "subject": subject,
        "issuer": issuer,
        "at": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "seq": place,
        "commit": commitment,
    }
    if facts:
        said["facts"] = dict(facts)
    if previous is not None:
        said["prev"] = previous
    return said
