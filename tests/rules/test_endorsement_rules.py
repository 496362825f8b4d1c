"""Endorsements and designation marks: digest, subjects, life, days."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest

from brand.kernel import texts
from brand.kernel.errors import AppError
from brand.rules import designations
from brand.rules.endorsements import FLOW, WORDS, Revocation, Subject, digest, holds, subject_of

TODAY = date(2026, 9, 14)
STATEMENT: dict[str, Any] = {
    "authority": "乌拉特中旗人民政府（示范）",
    "number": "E2026-0001",
    "scope": "现场查看与检测报告",
    "statement": "示范",
    "subject": "batch:7K3M9Q2X",
    "valid_from": date(2026, 9, 14),
    "valid_until": date(2027, 9, 13),
}
#: Worked out once by hand with ``printf '…' | sha256sum`` over the text in the test below.
CANONICAL = (
    '{"authority":"乌拉特中旗人民政府（示范）","number":"E2026-0001","scope":"现场查看与检测报告","statement":"示范",'
    '"subject":"batch:7K3M9Q2X","valid_from":"2026-09-14","valid_until":"2027-09-13"}'
)


def test_the_digest_is_that_of_the_canonical_text() -> None:
    import hashlib

    assert digest(STATEMENT) == hashlib.sha256(CANONICAL.encode()).hexdigest()
    assert digest(STATEMENT | {"version": 7, "state": "issued"}) == digest(STATEMENT)


@pytest.mark.parametrize("word", WORDS)
def test_every_word_of_the_statement_is_in_the_digest(word: str) -> None:
    other = date(2030, 1, 1) if word.startswith("valid") else "其他"
    assert digest(STATEMENT | {word: other}) != digest(STATEMENT)


def test_subjects() -> None:
    assert subject_of(Subject.BATCH, batch_code=" 7k3m9q2x ") == "batch:7K3M9Q2X"
    assert subject_of(Subject.PRODUCT, enterprise_id="a", product_id="b") == "product:a:b"
    for bad in ("", "7K3M9Q2", "7K3M9Q2XX", "7K3M9Q2I", "7K3M9Q2X\n7"):
        with pytest.raises(AppError) as caught:
            subject_of(Subject.BATCH, batch_code=bad)
        assert caught.value.code == "endorsements.batch_code"
    with pytest.raises(AppError) as caught:
        subject_of(Subject.PRODUCT, enterprise_id="a")
    assert [one.pointer for one in caught.value.faults] == ["/product_id"]


def test_days() -> None:
    first, last = date(2026, 9, 14), date(2026, 9, 20)
    told = [holds("issued", first, last, date(2026, 9, day)) for day in (13, 14, 20, 21)]
    assert told == ["not_yet", "issued", "issued", "expired"]
    assert holds("revoked", first, last, first) == "revoked"
    assert holds("draft", first, last, first) == "draft"


FACTS: dict[str, Any] = {
    "today": TODAY,
    "person_id": "approver",
    "written_by": "clerk",
    "digest": "d",
    "digest_seen": "d",
    "valid_until": TODAY,
    "reason_code": "mistake",
}


def test_every_state_and_action_and_every_refusal() -> None:
    moves = {
        ("new", "write"): "draft",
        ("draft", "drop"): "dropped",
        ("draft", "issue"): "issued",
        ("issued", "revoke"): "revoked",
    }
    for state, action in product(FLOW.states, FLOW.actions):
        if (state, action) in moves:
            assert FLOW.apply(state, action, FACTS).next_state == moves[state, action]
        else:
            with pytest.raises(AppError) as caught:
                FLOW.step(state, action)
            assert caught.value.code == "endorsements.wrong_state"
    for state, action, change, code in (
        ("draft", "issue", {"written_by": "approver"}, "endorsements.four_eyes"),
        ("draft", "issue", {"digest_seen": "other"}, "endorsements.stale"),
        ("draft", "issue", {"valid_until": date(2026, 9, 13)}, "endorsements.over"),
        ("issued", "revoke", {"reason_code": ""}, "endorsements.reason_needed"),
    ):
        with pytest.raises(AppError) as caught:
            FLOW.apply(state, action, FACTS | change)
        assert caught.value.code == code


def test_words_for_every_state_reason_and_mark() -> None:
    wanted = [f"endorsement.state.{one}" for one in (*FLOW.states, "not_yet", "expired") if one != "new"]
    wanted += [f"endorsement.revocation.{one}" for one in Revocation]
    wanted += [f"endorsement.of.{one}" for one in Subject]
    wanted += [f"designation.state.{one}" for one in ("granted", "expired", "revoked")]
    assert [one for one in wanted for language in texts.LANGUAGES if not texts.has(language, one)] == []
    assert all(one.source and one.source_en and one.confidence for one in designations.marks().values())


def test_a_mark_is_for_its_own_counties_and_ends_by_its_date() -> None:
    code = "chuxiong-poverty-relief"
    assert designations.check(code, "532302", TODAY, None, TODAY).code == code
    assert [one.code for one in designations.marks_for("532302")] == [code]
    for args, wanted in (
        ((code, "150824", TODAY, None), "designations.other_county"),
        (("nothing", "532302", TODAY, None), "designations.other_county"),
        ((code, "532302", date(2026, 9, 15), None), "designations.in_future"),
        ((code, "532302", TODAY, date(2026, 9, 13)), "designations.term"),
    ):
        with pytest.raises(AppError) as caught:
            designations.check(*args, TODAY)
        assert caught.value.code == wanted
    assert designations.word(False, TODAY, TODAY) == "granted"
    assert designations.word(False, TODAY, date(2026, 9, 15)) == "expired"
    assert designations.word(True, None, TODAY) == "revoked"
