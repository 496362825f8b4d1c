"""A county's quality endorsement of a product or batch: its life, its digest, and what it is worth on a day.

Source: plan line in domain notes A3.9 (government quality endorsement, revocable, shown with scope and date). It is a
statement of an authority by two persons; the digest binds the second person's yes to the words the first one wrote.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from brand.kernel.errors import Fault, conflict, invalid, refused
from brand.kernel.workflow import Facts, Step, Workflow


class Subject(StrEnum):
    PRODUCT = "product"
    BATCH = "batch"


class Revocation(StrEnum):
    """Why an endorsement is taken back; each has a text."""

    ACCIDENT = "accident"
    FAILED_TEST = "failed_test"
    FALSE_DATA = "false_data"
    LICENCE_ENDED = "licence_ended"
    MISTAKE = "mistake"


#: What the digest covers, in this order of the alphabet; nothing else is part of the statement.
WORDS = ("authority", "number", "scope", "statement", "subject", "valid_from", "valid_until")
_BATCH_CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{8}")

#: Under which name the signature stands: it fits no other kind of statement.
TOPIC = "endorsement"


def digest(words: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of the statement's canonical bytes."""
    return hashlib.sha256(canonical(words)).hexdigest()


def canonical(words: Mapping[str, Any]) -> bytes:
    """The statement as canonical JSON: keys in order, no spaces, UTF-8, days in ISO form; what is signed."""
    plain = {one: words[one].isoformat() if isinstance(words[one], date) else words[one] for one in WORDS}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def subject_of(kind: Subject, *, batch_code: str = "", enterprise_id: str = "", product_id: str = "") -> str:
    """What is endorsed, as one text; raises ``endorsements.batch_code`` or ``endorsements.product_needed``.

    A batch is named by its public code only: whether there is one is asked of whoever keeps the batches.
    """
    if kind is Subject.BATCH:
        code = batch_code.strip().upper()
        if not _BATCH_CODE.fullmatch(code):
            raise invalid("endorsements.batch_code", faults=[Fault("endorsements.batch_code", "/batch_code")])
        return f"batch:{code}"
    missing = [name for name, value in (("enterprise_id", enterprise_id), ("product_id", product_id)) if not value]
    if missing:
        raise invalid(
            "endorsements.product_needed", faults=[Fault("endorsements.product_needed", f"/{one}") for one in missing]
        )
    return f"product:{enterprise_id}:{product_id}"


def check_term(valid_from: date, valid_until: date) -> None:
    if valid_until < valid_from:
        raise invalid("endorsements.term", faults=[Fault("endorsements.term", "/valid_until")])


def holds(state: str, valid_from: date, valid_until: date, day: date) -> str:
    """The word for a reader on ``day``: draft, dropped, revoked, not_yet, expired or issued."""
    if state != "issued":
        return state
    if day < valid_from:
        return "not_yet"
    return "expired" if day > valid_until else "issued"


def _by_another_person(facts: Facts) -> None:
    if facts["person_id"] == facts["written_by"]:
        raise refused("endorsements.four_eyes")


def _the_words_that_were_read(facts: Facts) -> None:
    """The yes covers exactly what the person saw; a word changed since then voids it."""
    if facts["digest_seen"] != facts["digest"]:
        raise conflict("endorsements.stale")


def _not_over(facts: Facts) -> None:
    if facts["valid_until"] < facts["today"]:
        raise refused("endorsements.over")


def _reason_given(facts: Facts) -> None:
    if facts.get("reason_code") not in list(Revocation):
        raise invalid("endorsements.reason_needed", faults=[Fault("endorsements.reason_needed", "/reason_code")])


_WRITE, _ISSUE = "endorsements.write", "endorsements.issue"

FLOW = Workflow(
    "endorsements",
    (
        Step("new", "write", "draft", _WRITE, _WRITE),
        Step("draft", "drop", "dropped", _WRITE, "endorsements.drop"),
        Step(
            "draft",
            "issue",
            "issued",
            _ISSUE,
            _ISSUE,
            (_by_another_person, _the_words_that_were_read, _not_over),
        ),
        Step("issued", "revoke", "revoked", _ISSUE, "endorsements.revoke", (_reason_given,), reason=True),
    ),
)
