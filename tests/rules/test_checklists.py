"""Looks at goods: every question answered, a no explained, and which findings still stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from brand.kernel.errors import AppError
from trace.rules.checklists import Answer, Look, check_answers, check_day, checklists, digest, open_findings
from trace.rules.samples import check_taken

GOODS = checklists()["goods"]
ALL_YES = {one.code: Answer.YES.value for one in GOODS.questions}
MONDAY = datetime(2026, 9, 14, 1, tzinfo=UTC)
FOUND = Look("one", "batch", "goods", False, date(2026, 9, 14), MONDAY, 2)


def later(look=FOUND, hours=1, **changes):
    named = {"check_id": f"{look.check_id}+", "signed_at": look.signed_at + timedelta(hours=hours), "findings": 0}
    return replace(look, **named | changes)


def ids(*looks):
    return [one.check_id for one in open_findings(looks)]


def test_every_question_names_its_clause():
    for one in checklists().values():
        assert all(each.source and each.source_en and each.confidence for each in one.questions)


def test_a_no_is_a_finding_and_is_explained():
    assert check_answers(GOODS, ALL_YES, "") == 0
    assert check_answers(GOODS, ALL_YES | {"label": "no", "batch": "not_applicable"}, "缺保质期") == 1
    for answers, words, code, pointer in (
        (ALL_YES | {"label": "no"}, " ", "checks.words_needed", "/words"),
        (
            {name: value for name, value in ALL_YES.items() if name != "label"},
            "",
            "checks.answer_needed",
            "/answers/label",
        ),
        (ALL_YES | {"label": "maybe"}, "", "checks.answer_needed", "/answers/label"),
        (ALL_YES | {"colour": "yes"}, "", "checks.unknown_question", "/answers/colour"),
    ):
        with pytest.raises(AppError) as caught:
            check_answers(GOODS, answers, words)
        assert [(one.code, one.pointer) for one in caught.value.faults] == [(code, pointer)]


def test_a_later_look_of_the_same_list_that_finds_nothing_closes_a_finding():
    assert ids(FOUND) == ["one"]
    assert ids(FOUND, later()) == []
    assert ids(later(), FOUND) == [], "whatever order they are read in"
    assert ids(FOUND, later(checklist="cold")) == ["one"]
    assert ids(FOUND, later(batch_id="other")) == ["one"]
    assert ids(FOUND, later(findings=1)) == ["one+"], "the later look says what stands"


def test_a_look_dated_before_the_finding_closes_nothing():
    assert ids(FOUND, later(checked_on=date(2026, 9, 13))) == ["one"]


def test_the_authoritys_finding_ends_with_its_own_look_only():
    official = replace(FOUND, official=True)
    assert ids(official, later(official, official=False)) == ["one"]
    assert ids(official, later(official, official=True)) == []
    assert ids(FOUND, later(official=True)) == [], "an enterprise's finding ends with the authority's look too"


def test_the_day_of_a_look_and_the_minute_of_a_sample():
    check_day(date(2026, 9, 14), date(2026, 9, 12), date(2026, 9, 14))
    check_taken(date(2026, 9, 14), datetime(2026, 9, 13, 16, tzinfo=UTC), MONDAY)
    for act, code in (
        (lambda: check_day(date(2026, 9, 15), date(2026, 9, 12), date(2026, 9, 14)), "checks.day_ahead"),
        (lambda: check_day(date(2026, 9, 11), date(2026, 9, 12), date(2026, 9, 14)), "checks.too_early"),
        (lambda: check_taken(date(2026, 9, 14), MONDAY + timedelta(minutes=6), MONDAY), "samples.in_future"),
        (lambda: check_taken(date(2026, 9, 14), datetime(2026, 9, 13, 15, tzinfo=UTC), MONDAY), "samples.too_early"),
    ):
        with pytest.raises(AppError) as caught:
            act()
        assert [one.code for one in caught.value.faults] == [code]


def test_the_digest_covers_words_and_photos_in_any_order():
    assert digest({"a": 1, "b": 2}, ["x", "y"]) == digest({"b": 2, "a": 1}, ["y", "x"])
    assert digest({"a": 1}, ["x"]) != digest({"a": 1}, ["z"])
    assert digest({"a": 1}, ["x"]) != digest({"a": 2}, ["x"])
