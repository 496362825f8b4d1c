"""The policy file: which witnesses, how many; a body outside cannot be counted twice."""

from __future__ import annotations

import pytest

from brand.kernel.errors import AppError
from tests.crypto.key_ring import derive_test_key
from trace.crypto import log_policies, notes
from trace.crypto.notes import COSIGNATURE, ED25519, Verifier

KEYS = [derive_test_key(f"honest {one}") for one in range(5)]
LOG = Verifier("log.test.invalid", ED25519, KEYS[0].public).text
W = [Verifier(f"w{one}.test.invalid", COSIGNATURE, KEYS[one].public).text for one in range(5)]
THREE = f"log {LOG}\nwitness a {W[1]} https://a.test.invalid/w\nwitness b {W[2]}\nwitness c {W[3]}\n"


@pytest.mark.parametrize(
    ("rest", "least", "enough", "short"),
    [
        ("quorum none", 0, [], None),
        ("quorum b", 1, ["b"], ["a", "c"]),
        ("group g 2 a b c\nquorum g", 2, ["a", "c"], ["b"]),
        ("group g any a b c\nquorum g", 1, ["c"], []),
        ("group g all a b c\nquorum g", 3, ["a", "b", "c"], ["a", "b"]),
        ("group g any a b\ngroup h all g c\nquorum h", 2, ["b", "c"], ["a", "b"]),
    ],
)
def test_who_is_enough(rest: str, least: int, enough: list[str], short: list[str] | None) -> None:
    policy = log_policies.parse(f"# whom we trust\n\n{THREE}{rest}\n")
    assert [one.name for one in policy.witnesses] == ["a", "b", "c"]
    assert [one.text for one in policy.logs] == [LOG]
    assert policy.witnesses[0].url == "https://a.test.invalid/w"
    assert policy.least() == least
    assert policy.satisfied(enough)
    assert short is None or not policy.satisfied(short)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"witness a {W[1]}\nwitness a {W[2]}\nquorum a", 2),  # a name twice
        (f"witness a {W[1]}\nwitness b {W[1]}\nquorum a", 2),  # a key twice
        (f"witness a {W[1]}\ngroup g 2 a a\nquorum g", 2),  # a member twice
        (f"witness a {W[1]}\nwitness b {W[2]}\ngroup g any a b\ngroup h all g a\nquorum h", 4),  # in two groups
        (f"witness a {W[1]}\ngroup g 2 a\nquorum g", 2),  # more than there are
        (f"witness a {W[1]}\ngroup g 0 a\nquorum g", 2),
        (f"group g any a\nwitness a {W[1]}\nquorum g", 1),  # before it is named
        (f"witness a {LOG}\nquorum a", 1),  # the key of a log
        (f"log {W[1]}\nquorum none", 1),  # the key of a witness
        (f"witness none {W[1]}\nquorum none", 1),
        (f"witness a {W[1]} ftp://a.test.invalid\nquorum a", 1),
        (f"witness a {W[1]}\nquorum b", 2),
        (f"witness a {W[1]}\nquorum a\nquorum a", 3),
        ("surprise", 1),
    ],
)
def test_what_is_refused(text: str, line: int) -> None:
    with pytest.raises(AppError) as caught:
        log_policies.parse(text)
    assert (caught.value.code, caught.value.params["line"]) == ("log_policies.line", line)


def test_a_policy_says_how_many() -> None:
    with pytest.raises(AppError, match=r"log_policies\.no_quorum"):
        log_policies.parse(THREE)


def test_cosigners_are_those_whose_lines_fit() -> None:
    policy = log_policies.parse(f"{THREE}group g 2 a b c\nquorum g\n")
    text = "log.test.invalid\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
    by_a = notes.cosign(text, "w1.test.invalid", KEYS[1], 5)
    stranger = notes.cosign(text, "w4.test.invalid", KEYS[4], 5)
    assert policy.cosigners(notes.Note(text, (by_a, stranger))) == ("a",)
    assert policy.cosigners(notes.Note(text, (stranger,))) == ()
    false = notes.Signature("w2.test.invalid", policy.witnesses[1].verifier.key_id, by_a.data)
    with pytest.raises(AppError, match=r"notes\.signature_wrong"):
        policy.cosigners(notes.Note(text, (by_a, false)))
