"""What one entry of the log says: its members and its one spelling.

Source: codes-and-log plan, part 5; RFC 8785 for the spelling. A statement names no person.
"""

from __future__ import annotations

from datetime import UTC, datetime
from json.encoder import encode_basestring as text

VERSION = 1


def spelled(
    kind: str, subject: str, issuer: str, at: datetime, commitment: str, facts: str, place: int, previous: int | None
) -> str:
    """The entry at ``place`` in canonical JSON: v, type, subject, issuer, at, seq, commit, and facts and prev if any.

    ``facts`` is the canonical JSON of the public figures, ``{}`` for none; ``previous`` the place of the last entry on
    the same subject. Raises ``TypeError`` for what is no text.
    """
    figures = "" if facts == "{}" else f'"facts":{facts},'
    before = "" if previous is None else f'"prev":{previous},'
    moment = at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()
    return (
        f'{{"at":"{moment}Z","commit":{text(commitment)},{figures}"issuer":{text(issuer)},{before}'
        f'"seq":{place},"subject":{text(subject)},"type":{text(kind)},"v":{VERSION}}}'
    )
