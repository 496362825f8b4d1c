"""One value, one text: the number table of RFC 8785 appendix B, its sorting and escaping, and what is refused."""

import json
import struct

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from brand.kernel.errors import AppError
from trace.crypto import canonical

#: RFC 8785 appendix B: bits of a double in hexadecimal, and its text.
NUMBERS = [
    ("0000000000000000", "0"),
    ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"),
    ("8000000000000001", "-5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"),
    ("ffefffffffffffff", "-1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"),
    ("c340000000000000", "-9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"),
    ("44b52d02c7e14af6", "1e+23"),
    ("44b52d02c7e14af7", "1.0000000000000001e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"),
    ("444b1ae4d6e2ef4f", "999999999999999900000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
    ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555553", "333333333.3333332"),
    ("41b3de4355555554", "333333333.33333325"),
    ("41b3de4355555555", "333333333.3333333"),
    ("41b3de4355555556", "333333333.3333334"),
    ("41b3de4355555557", "333333333.33333343"),
    ("becbf647612f3696", "-0.0000033333333333333333"),
    ("43143ff3c1cb0959", "1424953923781206.2"),
]


@pytest.mark.parametrize(("bits", "text"), NUMBERS)
def test_numbers_are_written_as_the_standard_lists_them(bits, text):
    assert canonical.canonical(struct.unpack(">d", bytes.fromhex(bits))[0]).decode() == text
    assert canonical.recode(text) == text


def test_names_are_sorted_by_their_utf16_units_and_strings_escaped_sparingly():
    text = (
        '{"\\u20ac":"Euro Sign","\\r":"Carriage Return","\\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",'
        '"\\ud83d\\ude00":"Emoji","\\u0080":"Control","\\u00f6":"Latin"}'
    )
    names = list(json.loads(canonical.recode(text)))
    assert names == ["\r", "1", "\x80", "ö", "€", "😀", "\ufb33"]
    assert canonical.recode('"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/"') == (
        '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'
    )
    assert canonical.recode(' [ 56 , { "d" : true , "10" : null , "1" : [ ] } ] ') == '[56,{"1":[],"10":null,"d":true}]'


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "canonical.not_json"),
        ("[1,]", "canonical.not_json"),
        ("01", "canonical.not_json"),
        ('"\t"', "canonical.not_json"),
        ('{"a":1,"a":2}', "canonical.repeated_name"),
        ('{"a":1,"\\u0061":2}', "canonical.repeated_name"),
        ("NaN", "canonical.number"),
        ("-Infinity", "canonical.number"),
        ("1e400", "canonical.number"),
        ("1" + "0" * 309, "canonical.number"),
        ("9" * 5000, "canonical.number"),
        ("9007199254740993", "canonical.number"),
        ('"\\ud800"', "canonical.value"),
        ('{"\\udc00":1}', "canonical.value"),
        ("[" * 33 + "]" * 33, "canonical.too_deep"),
        ("[" * 100_000, "canonical.too_deep"),
    ],
)
def test_what_could_be_read_two_ways_is_refused(text, code):
    with pytest.raises(AppError) as refusal:
        canonical.recode(text)
    assert refusal.value.code == code


def test_brackets_in_strings_do_not_count_as_depth():
    assert canonical.recode(json.dumps("[" * 100 + '\\"{')) == json.dumps("[" * 100 + '\\"{')


def test_only_json_has_a_text():
    for value, code in (
        ({1: 2}, "canonical.value"),
        ({"a": b"x"}, "canonical.value"),
        (2**53, "canonical.number"),
        ("half a pair: \ud800", "canonical.value"),
    ):
        with pytest.raises(AppError) as refusal:
            canonical.canonical(value)
        assert refusal.value.code == code


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(JSON)
def test_the_quick_writer_spells_every_value_as_the_library_does(value):
    assert canonical.canonical(value) == rfc8785.dumps(value)


@given(JSON)
def test_reading_and_writing_again_changes_nothing(value):
    text = canonical.canonical(value).decode()
    assert canonical.recode(text) == text
    assert json.loads(text, parse_int=float) == value  # large doubles are written without an exponent
    assert canonical.recode(json.dumps(value)) == text
