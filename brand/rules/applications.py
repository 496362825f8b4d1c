"""What exactly is decided about an application: one digest over all that was asked for, proved and seen.

Source: product capability R3, «approval covers a digest of the content, an edit voids it». Canonical form: JSON with
sorted keys and no spaces, weights as plain decimals, days in ISO 8601, lists in the order of their own digests.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from brand.kernel.errors import Fault, conflict, invalid
from brand.kernel.workflow import Facts


@dataclass(frozen=True)
class Paper:
    """One paper that stands: its kind, the SHA-256 of its bytes, and the last day of what it certifies."""

    kind: str
    digest: str
    valid_until: date | None


@dataclass(frozen=True)
class Seen:
    """One record of the office that counts, with the papers and pictures it rests on."""

    kind: str
    position: int
    held_on: date
    opinion: str
    scores: Mapping[str, int]
    sheet: str
    comment: str
    papers: tuple[Paper, ...]


@dataclass(frozen=True)
class Asked:
    """What the applicant asks for and promises; ``cap_kg`` in kg per calendar year, none without goods."""

    enterprise_id: str
    brand_id: str
    product_id: str | None
    cap_kg: Decimal | None
    uses: tuple[str, ...]
    capacity: str
    promise: bool
    renews_id: str | None


@dataclass(frozen=True)
class Digests:
    """SHA-256 in hex: of what was sent, of what was put on notice ("" before), and of both as they stand now."""

    sent: str
    noticed: str
    asked_now: str
    seen_now: str


def digest(asked: Asked, papers: Iterable[Paper], seen: Iterable[Seen] = ()) -> str:
    """SHA-256 in hex of what is decided; a gram, a word or a byte of a paper changes it."""
    content = {
        "asked": [
            asked.enterprise_id,
            asked.brand_id,
            asked.product_id or "",
            _plain(asked.cap_kg),
            sorted(asked.uses),
            asked.capacity,
            asked.promise,
            asked.renews_id or "",
        ],
        "papers": _papers(papers),
        "seen": [_record(one) for one in sorted(seen, key=lambda one: one.position)],
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _record(one: Seen) -> list[object]:
    points = sorted(one.scores.items())
    said = [one.kind, one.position, one.held_on.isoformat(), one.opinion, points, one.sheet, one.comment]
    return [*said, _papers(one.papers)]


def _papers(papers: Iterable[Paper]) -> list[list[str]]:
    return sorted([one.kind, one.digest, one.valid_until.isoformat() if one.valid_until else ""] for one in papers)


def _plain(weight: Decimal | None) -> str:
    return "" if weight is None else f"{weight.normalize():f}"


def content_is_as_sent(facts: Facts) -> None:
    """What goes on notice is what the applicant sent and the office looked at."""
    found: Digests = facts["digests"]
    if found.sent and found.asked_now != found.sent:
        raise conflict("applications.content_changed")


def content_is_as_noticed(facts: Facts) -> None:
    """What is granted is what was on notice."""
    found: Digests = facts["digests"]
    if found.noticed and found.seen_now != found.noticed:
        raise conflict("applications.content_changed")


def content_was_read(facts: Facts) -> None:
    """Whoever grants names the content they had before their eyes.

    Raises ``applications.digest_missing``, or ``applications.content_changed`` where it is another one by now.
    """
    if not facts["digest_shown"]:
        raise invalid("applications.digest_missing", faults=[Fault("applications.digest_missing", "/digest")])
    if facts["digest_shown"] != facts["digests"].seen_now:
        raise conflict("applications.content_changed")
