"""The life of an edition of a standard: drafted, submitted, published by another person, superseded, never changed.

Source: domain notes A1.23 (five things unified under the brand), A2.4 (advisory group, drafting, issued by the bureaus,
adopted in batches, a grade cites standard and version).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from brand.kernel.errors import Fault, invalid, refused
from brand.kernel.workflow import Facts, Step, Workflow
from brand.rules import grade_table_checks


class EditionState(StrEnum):
    """``new`` is before the first word; no row ever carries it."""

    NEW = "new"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class StandardKind(StrEnum):
    """``brand``: the county's own, which says all five things; ``reference``: issued elsewhere and transcribed here."""

    BRAND = "brand"
    REFERENCE = "reference"


class Section(StrEnum):
    """The five things a brand standard unifies (A1.23)."""

    SPEC = "spec"
    PRICE = "price"
    QUALITY = "quality"
    PACKAGING = "packaging"
    AFTER_SALES = "after_sales"


Content = Mapping[str, Any]

#: What an edition says, empty; also the complete list of what it may say.
EMPTY: Content = {
    "title": "",
    "title_en": "",
    "kind": StandardKind.BRAND.value,
    "issuer": "",
    "issuer_en": "",
    "advisory_group": "",
    "advisory_group_en": "",
    "effective_on": "",
    "source": "",
    "source_en": "",
    "sections": {one.value: {"zh": "", "en": ""} for one in Section},
    "grade_table": None,
    "documents": [],
}
#: States whose words the public may read.
PUBLIC_STATES = (EditionState.PUBLISHED, EditionState.SUPERSEDED)


def slug(code: str) -> str:
    """The code as it stands in an address: ``NY/T 630-2002`` is ``ny-t-630-2002``."""
    return re.sub(r"[^a-z0-9]+", "-", code.lower()).strip("-")


def changed(content: Content, changes: Content) -> dict[str, Any]:
    """The content with some of its entries replaced; an entry editions do not have is a mistake of ours."""
    if unheard := changes.keys() - EMPTY.keys():
        raise ValueError(f"no edition says {sorted(unheard)}")
    return {**EMPTY, **content, **changes}


def digest(code: str, label: str, content: Content) -> str:
    """SHA-256 over code, edition and every word of the content in canonical JSON, as hexadecimal."""
    whole = {"code": code, "edition": label, "content": content}
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def content_is_complete(facts: Facts) -> None:
    """Title, issuer and effective day always; a brand standard all five sections, a transcribed one its source."""
    faults = list(_missing(facts["content"]))
    if faults:
        raise invalid("standards.incomplete", faults=faults, count=len(faults))


def _missing(content: Content) -> Iterator[Fault]:
    needed = ["title", "issuer", "effective_on"]
    if content["kind"] == StandardKind.REFERENCE:
        needed.append("source")
        if not content["grade_table"] and not any(_words(content, one) for one in Section):
            yield Fault("standards.says_nothing", "/sections")
    else:
        for one in Section:
            if not _words(content, one):
                yield Fault("standards.section_missing", f"/sections/{one}", {"section": f"standard.section.{one}"})
    for name in needed:
        if not content[name]:
            yield Fault("standards.field_missing", f"/{name}", {"field": f"standard.field.{name}"})


def _words(content: Content, section: Section) -> str:
    words: str = content["sections"].get(section, {}).get("zh", "")
    return words


def table_is_sound(facts: Facts) -> None:
    table = facts["content"]["grade_table"]
    faults = list(grade_table_checks.check(table)) if table is not None else []
    if faults:
        raise invalid("standards.table_faulty", faults=faults, count=len(faults))


def content_is_the_submitted(facts: Facts) -> None:
    """An approval covers a digest of the content; one changed word and it is worth nothing."""
    if facts["digest"] != facts["submitted_digest"]:
        raise refused("standards.not_the_submitted")


def published_by_another_person(facts: Facts) -> None:
    """Persons are compared, never accounts: whoever wrote, edited or submitted does not publish."""
    if facts["person_id"] in facts["hands"]:
        raise refused("standards.four_eyes")


def starts_after_the_one_in_force(facts: Facts) -> None:
    """A successor begins today or later and after its predecessor, so that nothing graded is regraded."""
    before: date | None = facts["latest_effective"]
    if before is None:
        return
    first: date = facts["effective_on"]
    if first <= before or first < facts["today"]:
        code = "standards.starts_too_early"
        params = {"day": first.isoformat(), "before": before.isoformat()}
        raise invalid(code, faults=[Fault(code, "/effective_on", params)], **params)


def comment_is_given(facts: Facts) -> None:
    if not facts["comment"].strip():
        raise invalid("standards.comment_missing", faults=[Fault("standards.comment_missing", "/comment")])


_WHOLE = (content_is_complete, table_is_sound)
_WRITE, _PUBLISH = "standards.write", "standards.publish"

#: ``load`` brings what is shipped with the program; ``supersede`` is taken when a successor is published.
STANDARD = Workflow(
    "standards",
    [
        Step("new", "draft", "draft", _WRITE, "standards.draft"),
        Step("new", "load", "published", "schemes.manage", "standards.load", _WHOLE),
        Step("draft", "edit", "draft", _WRITE, "standards.edit"),
        Step("submitted", "edit", "draft", _WRITE, "standards.edit"),
        Step("draft", "submit", "submitted", _WRITE, "standards.submit", _WHOLE),
        Step("submitted", "return", "draft", _PUBLISH, "standards.return", (comment_is_given,)),
        Step(
            "submitted",
            "publish",
            "published",
            _PUBLISH,
            "standards.publish",
            (*_WHOLE, content_is_the_submitted, published_by_another_person, starts_after_the_one_in_force),
        ),
        Step("published", "supersede", "superseded", _PUBLISH, "standards.supersede"),
        Step("draft", "withdraw", "withdrawn", _WRITE, "standards.withdraw"),
        Step("submitted", "withdraw", "withdrawn", _WRITE, "standards.withdraw"),
    ],
)

MOST_DOCUMENTS = 20
LARGEST_DOCUMENT = 7_000_000
