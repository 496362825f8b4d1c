"""What people hand over: typed lines and addresses, and the hosts that are not ours."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brand.kernel.errors import AppError
from tests.crypto.key_ring import derive_test_code
from trace.crypto.label_codes import path
from trace.crypto.readings import read_address, read_all, read_any
from trace.crypto.typed_codes import human_readable

HOSTS = frozenset({"trace.example.cn", "localhost"})
CODE = derive_test_code("readings")
TAIL = f"?s=a7.{'A' * 86}"


@pytest.mark.parametrize(
    "text",
    [
        f"https://trace.example.cn{path(CODE)}{TAIL}",
        f"HTTPS://Trace.Example.CN:443{path(CODE)}{TAIL}"[0:5].lower() + f"://Trace.Example.CN:443{path(CODE)}{TAIL}",
        f"http://localhost:8000{path(CODE)}{TAIL}",
        f"trace.example.cn{path(CODE)}{TAIL}",
        f"  {path(CODE)}{TAIL}\n",
    ],
)
def test_addresses_of_ours(text):
    found = read_any(text, HOSTS)
    assert (found.code, found.scanned.kid, found.typed) == (CODE, "a7", False)


@pytest.mark.parametrize(
    "text",
    [
        f"https://evil.test{path(CODE)}",
        f"https://trace.example.cn.evil.test{path(CODE)}",
        f"https://trace.example.cn@evil.test{path(CODE)}",
        f"https://evil.test:443{path(CODE)}",
        f"//trace.example.cn{path(CODE)}"[1:].replace("/trace", "evil/trace"),
        "ftp/" + path(CODE),
    ],
)
def test_addresses_of_others(text):
    with pytest.raises(AppError, match=r"codes\.other_host"):
        read_any(text, HOSTS)


def test_a_typed_line_has_no_signature():
    found = read_any(human_readable(CODE).lower(), HOSTS)
    assert (found.code, found.scanned.signature, found.typed) == (CODE, None, True)


@given(st.text(max_size=400))
def test_any_text_is_a_code_or_a_named_refusal(text):
    for read in (lambda one: read_any(one, HOSTS), read_address):
        with suppress(AppError):
            read(text)


def test_every_line_that_is_none_is_named():
    good = human_readable(CODE)
    assert [one.code for one in read_all([good, path(CODE)], HOSTS)] == [CODE, CODE]
    with pytest.raises(AppError) as caught:
        read_all(["123", good, "https://evil.test/u/a/b"], HOSTS)
    told = [(one.pointer, one.params["place"], one.params["why"]) for one in caught.value.faults]
    assert told == [("/codes/0", 1, "codes.typed_length"), ("/codes/2", 3, "codes.other_host")]
