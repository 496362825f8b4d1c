"""Clauses read from one text, the clause behind every reason, and the life of an edition state by state."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brand.kernel.errors import AppError
from brand.rules import rulebooks
from brand.rules.rulebooks import CODES, FLOW, Clause, digest, read_clauses, shipped, written

MOVES = {
    ("new", "draft"): "draft",
    ("draft", "edit"): "draft",
    ("draft", "submit"): "submitted",
    ("submitted", "return"): "draft",
    ("submitted", "publish"): "published",
}
FACTS: dict[str, Any] = {
    "clauses": shipped().clauses,
    "codes": dict(shipped().codes),
    "effective_on": date(2026, 9, 15),
    "today": date(2026, 9, 14),
    "person_id": "approver",
    "hands": {"clerk"},
    "digest": "d",
    "submitted_digest": "d",
    "comment": "示范",
}


def _code(act: Any, *args: Any) -> str:
    with pytest.raises(AppError) as refusal:
        act(*args)
    return refusal.value.code


def test_every_state_and_action() -> None:
    for state in FLOW.states:
        for action in FLOW.actions:
            if (state, action) in MOVES:
                assert FLOW.apply(state, action, FACTS).next_state == MOVES[state, action]
            else:
                assert _code(FLOW.apply, state, action, FACTS) == "rulebooks.wrong_state"


@pytest.mark.parametrize(
    ("state", "action", "change", "code"),
    [
        ("submitted", "publish", {"person_id": "clerk"}, "rulebooks.four_eyes"),
        ("submitted", "publish", {"digest": "other"}, "rulebooks.stale"),
        ("submitted", "publish", {"effective_on": date(2026, 9, 13)}, "rulebooks.effective_past"),
        ("submitted", "publish", {"codes": {}}, "rulebooks.code_unclaimed"),
        ("draft", "submit", {"clauses": []}, "rulebooks.code_unclaimed"),
        ("submitted", "return", {"comment": " "}, "rulebooks.comment_missing"),
    ],
)
def test_what_stands_in_the_way(state: str, action: str, change: dict[str, Any], code: str) -> None:
    assert _code(FLOW.apply, state, action, FACTS | change) == code


def test_the_shipped_text_names_a_clause_and_a_source_for_every_reason() -> None:
    rulebooks.every_code_has_a_clause(FACTS)
    assert set(shipped().codes) == set(CODES)
    assert (shipped().confidence, "示范" in shipped().title) == ("D", True)


def test_a_reason_without_a_clause_is_named() -> None:
    codes = dict(shipped().codes) | {"refusal.origin": "9.9"}
    with pytest.raises(AppError) as refusal:
        rulebooks.every_code_has_a_clause(FACTS | {"codes": codes})
    assert [(one.pointer, one.params) for one in refusal.value.faults] == [
        ("/refusal_origin", {"code": "refusal.origin"})
    ]


def test_reading_clauses() -> None:
    text = "\n1 目的\n为了品牌。\n\n第二条 产地\n应在本旗。\n并可追溯。\n2.1、标准\n依标准。\n"
    assert read_clauses(text) == [
        Clause("1", "目的", "为了品牌。"),
        Clause("第二条", "产地", "应在本旗。\n并可追溯。"),
        Clause("2.1", "标准", "依标准。"),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "rulebooks.no_clause"),
        ("没有编号的话", "rulebooks.no_clause"),
        ("前言\n1 目的\n为了", "rulebooks.no_clause"),
        ("1 目的\n为了\n1 又\n一次", "rulebooks.clause_twice"),
        ("1 目的\n\n2 产地\n本旗", "rulebooks.clause_empty"),
    ],
)
def test_texts_that_are_no_rulebook(text: str, code: str) -> None:
    assert _code(read_clauses, text) == code


def test_the_shipped_text_survives_the_editor() -> None:
    assert read_clauses(written(shipped().clauses)) == list(shipped().clauses)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_by_name(text: str) -> None:
    try:
        found = read_clauses(text)
    except AppError as error:
        refusal = error.code
    else:
        assert read_clauses(written(found)) == found
        return
    assert refusal in ("rulebooks.no_clause", "rulebooks.clause_twice", "rulebooks.clause_empty")


def test_a_changed_comma_changes_the_digest() -> None:
    clauses = list(shipped().clauses)
    before = digest("t", "2026-09-15", clauses, {})
    changed = [Clause(clauses[0].number, clauses[0].title, clauses[0].text + "，"), *clauses[1:]]
    assert len({before, digest("t", "2026-09-15", changed, {}), digest("t", "2026-09-16", clauses, {})}) == 3
