"""Lines and values nobody should send to ``brandtrace audit``: one named refusal each, and never a mistake of ours."""

from __future__ import annotations

import json
from typing import Any

import pytest

from trace.cli.audit import CHECKERS, LONGEST_LINE, answer


def ask(what: str, claim: object) -> dict[str, Any]:
    return answer(CHECKERS[what], json.dumps(claim).encode())


WHATS = ("jcs", "ed25519", "inclusion", "consistency", "note", "code")
#: What strict readers of JSON disagree about, and what no reader should take.
GARBAGE = {
    b"\x00": "input.not_json",
    b'{"text": "\x00"}': "input.not_json",
    b'{"text": "\xff"}': "input.not_json",
    b"\xef\xbb\xbf{}": "input.not_json",
    '{"text": "１"}'.encode("utf-16"): "input.not_json",
    b"{'text': 1}": "input.not_json",
    b'{"text": NaN}': "input.not_json",
    b'{"size": -Infinity}': "input.not_json",
    b'{"size": 01}': "input.not_json",
    b'{"text": "1",}': "input.not_json",
    b'{"text": "1"} {}': "input.not_json",
    b"[" * 100_000: "input.not_json",
    b"9" * 100_000: "input.not_json",
    b'{"size": 1' + b"0" * 9_000 + b"}": "input.not_json",
    b'{"text": "1", "text": "1"}': "input.repeated_field",
    b'{"a": {"text": "1", "text": "1"}}': "input.repeated_field",
    b"null": "input.not_an_object",
    b'["text"]': "input.not_an_object",
    b'{"nobody asked": 1}': "input.missing_field",
    b" " * (10 * 1024 * 1024): "input.too_long",
    b'{"text": "' + b"x" * LONGEST_LINE + b'"}': "input.too_long",
}


@pytest.mark.parametrize("what", WHATS)
def test_garbage_is_refused_by_name(what: str) -> None:
    for line, code in GARBAGE.items():
        assert answer(CHECKERS[what], line) == {"ok": False, "value": None, "code": code}, line[:40]


ZERO = "A" * 43 + "="
#: Values of a field that are not what the checker asks for.
HOSTILE = [
    None,
    True,
    1.5,
    -1,
    2**64,
    10**400,
    "",
    "\ud800",
    "\x00",
    "=",
    "AA",
    "é",
    "x" * 70_000,
    [],
    [1],
    ["\ud800"],
    {},
]
GOOD: dict[str, dict[str, Any]] = {
    "jcs": {"text": "{}"},
    "ed25519": {
        "public_key": "7d4d0e7f6153a69b6242b522abbee685fda4420f8834b108c3bdae369ef549fa",
        "message": "00",
        "signature": "00" * 64,
    },
    "inclusion": {"leaf_hash": ZERO, "index": 0, "size": 1, "proof": [], "root": ZERO},
    "consistency": {"size1": 1, "size2": 1, "root1": ZERO, "root2": ZERO, "proof": []},
    "note": {"note": "a\n\n— a AAAAAAA=\n", "vkey": "a+00000000+AA=="},
    "code": {"text": "https://brand.example.cn/u/KK58SW6G/B3KQV9FB5MYFZ237"},
}


@pytest.mark.parametrize("what", WHATS)
def test_no_value_of_any_field_is_a_mistake_of_ours(what: str) -> None:
    for field in GOOD[what]:
        for value in HOSTILE:
            found = ask(what, GOOD[what] | {field: value})
            assert set(found) == {"ok", "value", "code"}
            assert found["code"] != "input.unexpected", (field, str(value)[:40])
        lacking = {name: value for name, value in GOOD[what].items() if name != field}
        assert ask(what, lacking)["code"] == "input.missing_field"
    assert ask(what, GOOD[what] | {"more": 1})["code"] == "input.unknown_field"
