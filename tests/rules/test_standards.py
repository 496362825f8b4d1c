"""The life of an edition: every state × action by hand, and every guard."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from brand.kernel.errors import AppError
from brand.rules import shipped_standards, standards
from brand.rules.standards import STANDARD

#: (state, action) → next state, written from the brief and not from the table.
MOVES = {
    ("new", "draft"): "draft",
    ("new", "load"): "published",
    ("draft", "edit"): "draft",
    ("submitted", "edit"): "draft",
    ("draft", "submit"): "submitted",
    ("submitted", "return"): "draft",
    ("submitted", "publish"): "published",
    ("published", "supersede"): "superseded",
    ("draft", "withdraw"): "withdrawn",
    ("submitted", "withdraw"): "withdrawn",
}
WHOLE = {
    **standards.EMPTY,
    "title": "示范标准",
    "issuer": "示范局",
    "effective_on": "2026-10-01",
    "sections": {one.value: {"zh": "示范", "en": ""} for one in standards.Section},
}
FACTS: dict[str, Any] = {
    "content": WHOLE,
    "digest": "d",
    "submitted_digest": "d",
    "hands": {"clerk"},
    "person_id": "approver",
    "effective_on": date(2026, 10, 1),
    "latest_effective": date(2003, 3, 1),
    "today": date(2026, 9, 14),
    "comment": "示范",
}


def test_every_state_and_action() -> None:
    for state in STANDARD.states:
        for action in STANDARD.actions:
            if (state, action) in MOVES:
                assert STANDARD.apply(state, action, FACTS).next_state == MOVES[state, action]
            else:
                with pytest.raises(AppError, match=r"standards\.wrong_state"):
                    STANDARD.apply(state, action, FACTS)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"content": {**WHOLE, "title": ""}}, "standards.incomplete"),
        ({"content": {**WHOLE, "sections": {}}}, "standards.incomplete"),
        ({"content": {**WHOLE, "kind": "reference"}}, "standards.incomplete"),
        ({"content": {**WHOLE, "grade_table": {}}}, "standards.table_faulty"),
        ({"submitted_digest": "another"}, "standards.not_the_submitted"),
        ({"person_id": "clerk"}, "standards.four_eyes"),
        ({"effective_on": date(2003, 3, 1)}, "standards.starts_too_early"),
        ({"effective_on": date(2026, 9, 13)}, "standards.starts_too_early"),
    ],
)
def test_what_stands_in_the_way_of_publishing(changed: dict[str, Any], code: str) -> None:
    with pytest.raises(AppError) as caught:
        STANDARD.apply("submitted", "publish", FACTS | changed)
    assert caught.value.code == code


def test_a_first_edition_may_have_been_in_force_for_long() -> None:
    old = FACTS | {"latest_effective": None, "effective_on": date(2003, 3, 1)}
    assert STANDARD.apply("submitted", "publish", old).next_state == "published"
    assert STANDARD.apply("submitted", "publish", FACTS | {"effective_on": FACTS["today"]}).next_state == "published"


def test_sending_back_needs_words() -> None:
    with pytest.raises(AppError, match=r"standards\.comment_missing"):
        STANDARD.apply("submitted", "return", FACTS | {"comment": " "})


def test_what_is_missing_is_named() -> None:
    with pytest.raises(AppError) as caught:
        standards.content_is_complete({"content": standards.EMPTY})
    assert {one.pointer for one in caught.value.faults} == {
        "/title", "/issuer", "/effective_on", *(f"/sections/{one}" for one in standards.Section),
    }  # fmt: skip


def test_the_digest_covers_every_word() -> None:
    plain = standards.digest("S", "1", WHOLE)
    assert plain == standards.digest("S", "1", dict(reversed(WHOLE.items())))
    for name in WHOLE:
        assert standards.digest("S", "1", {**WHOLE, name: "另"}) != plain
    assert standards.digest("T", "1", WHOLE) != plain != standards.digest("S", "2", WHOLE)


def test_codes_in_addresses() -> None:
    assert standards.slug("NY/T 630-2002") == "ny-t-630-2002"
    assert standards.slug("乌拉特") == ""
    with pytest.raises(ValueError, match="nonsense"):
        standards.changed(WHOLE, {"nonsense": 1})


def test_what_is_shipped_may_be_published() -> None:
    assert [one.code for one in shipped_standards.editions()] == ["NY/T 630-2002"]
    for one in shipped_standards.editions():
        assert STANDARD.apply("new", "load", {"content": one.content}).next_state == "published"
    assert shipped_standards.edition("NY/T 1") is None
