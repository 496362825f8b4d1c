"""GS1 Digital Link addresses as the standard writes them, and each way in which an address can be wrong."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brand.kernel.errors import AppError
from trace.formats import digital_link
from trace.formats.gs1_identifiers import DATA, check_digit, check_pair, check_value, identifier

GTIN = "09506000134352"
#: Hosts and ports a browser would try to open (RFC 3986: a port may be empty), and some none would.
REACHABLE = (
    *("a.example:1", "a.example:65535", "a.example:", "a.example:0443", "a.example:0000080", "a.example.:8080"),
    *("3232235777", "0x7f.1", "127.0.0.1:8000", "[::ffff:1.2.3.4]:443", "1a.example.c0m"),
)
UNREACHABLE = (
    *("a.example:0", "a.example:000", "a.example:65536", "a.example:99999", "a.example:100000", "a.example:abc"),
    *("a.example:-1", "a.example:80:80", ":80", "1.2.3.256", "1.2.3.4.5", "4294967296", "a.8", "[:::]", "[1.2.3.4]"),
)


@pytest.mark.parametrize(
    ("uri", "elements"),
    [
        (f"https://id.example.org/01/{GTIN}", f"(01){GTIN}"),
        (f"https://example.com/01/{GTIN}/10/ABC1/21/12345?17=180426", f"(01){GTIN}(10)ABC1(21)12345(17)180426"),
        (f"https://example.com/some/way/01/{GTIN}/22/2A", f"(01){GTIN}(22)2A"),
        (f"https://example.com/01/{GTIN}?17=180400&3103=000195&s=k1.abc", f"(01){GTIN}(17)180400(3103)000195"),
        (f"HTTPS://example.com:8443/01/{GTIN}?3103=000195;15=260101#top", f"(01){GTIN}(15)260101(3103)000195"),
        (f"https://example.com/01/{GTIN}/10/A%2FB%25", f"(01){GTIN}(10)A/B%"),
        (f"https://example.com/01/{GTIN}/235/TPX-1", f"(01){GTIN}(235)TPX-1"),
        ("https://example.com/414/9506000134376/254/32a%2Fb", "(414)9506000134376(254)32a/b"),
        ("https://example.com/00/106141412345678908?3302=000150", "(00)106141412345678908(3302)000150"),
        ("https://example.com/8013/1987654Ad4X4bL5ttr2310c2K", "(8013)1987654Ad4X4bL5ttr2310c2K"),
        ("https://example.com/253/9506000134376X", "(253)9506000134376X"),
        (f"https://example.com/01/{GTIN}/?", None),
        ("https://[2001:db8::1]/8010/9506ABC/8011/12", "(8010)9506ABC(8011)12"),
        ("https://a/00/106141412345678908?37=2&10=A", "(00)106141412345678908(10)A(37)2"),
        (f"https://example.com/01/{GTIN}/235/XYZ?10=ABC", f"(01){GTIN}(235)XYZ(10)ABC"),
        ("https://example.com/8004/9506141234567?01=9506000134352", f"(8004)9506141234567(01){GTIN}"),
        (f"https://example.com/01/{GTIN}?717=A1", f"(01){GTIN}(717)A1"),
        ("https://a/8018/123456789012345675?7252=9&7250=20240229", "(8018)123456789012345675(7250)20240229(7252)9"),
        ("https://a/8018/123456789012345675?7258=1/2", "(8018)123456789012345675(7258)1/2"),
        ("https://a./00/106141412345678908", "(00)106141412345678908"),
        ("https://a/00/faux/00/106141412345678908", "(00)106141412345678908"),
        *((f"https://{one}/01/{GTIN}", f"(01){GTIN}") for one in REACHABLE),
    ],
)  # fmt: skip
def test_addresses_of_the_standard(uri, elements):
    if elements is None:
        assert refused(uri) == "gs1.no_key"
    else:
        assert digital_link.read(uri).element_string == elements


def refused(uri):
    with pytest.raises(AppError) as refusal:
        digital_link.read(uri)
    return refusal.value.code


@pytest.mark.parametrize(
    ("uri", "code"),
    [
        ("", "gs1.address"),
        (GTIN, "gs1.address"),
        (f"ftp://example.com/01/{GTIN}", "gs1.address"),
        (f"https:///01/{GTIN}", "gs1.address"),
        (f"https://a b/01/{GTIN}", "gs1.address"),
        *((f"https://{one}/01/{GTIN}", "gs1.address") for one in UNREACHABLE),
        (f"https://x@example.com/01/{GTIN}", "gs1.address"),
        ("https://example.com/", "gs1.no_key"),
        (f"https://example.com/01/{GTIN}/foo", "gs1.no_key"),
        (f"https://example.com/gtin/{GTIN}", "gs1.no_key"),
        ("https://example.com/10/ABC", "gs1.no_key"),
        ("https://example.com/412/9506000134376", "gs1.no_key"),
        (f"https://example.com/01/{GTIN}?10=ABC", "gs1.in_path"),
        (f"https://example.com/01/{GTIN}/22/2A?21=1", "gs1.not_attribute"),
        (f"https://example.com/01/{GTIN}?8014=1987654Ad4X4bL5ttr2310c2K", "gs1.not_attribute"),
        ("https://example.com/8018/123456789012345675?7250=20230229", "gs1.yyyymmdd"),
        ("https://example.com/8018/123456789012345675?7258=3/2", "gs1.birthorder"),
        ("https://example.com/8018/123456789012345675?7252=3", "gs1.sex"),
        (f"HtTp://example.com/01/{GTIN}", "gs1.address"),
        ("https://[fe80::1%25lo]/01/09506000134352", "gs1.address"),
        ("https://example.com/01/9506000134352", "gs1.length"),
        ("https://example.com/01/09506000134353", "gs1.csum"),
        ("https://example.com/01/0950600013435A", "gs1.characters"),
        ("https://example.com/01/０9506000134352", "gs1.characters"),
        (f"https://example.com/01/{GTIN}/21/1/10/2", "gs1.qualifiers"),
        (f"https://example.com/01/{GTIN}/235/1/21/2", "gs1.qualifiers"),
        (f"https://example.com/01/{GTIN}/17/260101", "gs1.qualifiers"),
        (f"https://example.com/01/{GTIN}/10/1/10/2", "gs1.qualifiers"),
        (f"https://example.com/01/{GTIN}/10/1?10=1", "gs1.repeated"),
        (f"https://example.com/01/{GTIN}?17=260101&17=260101", "gs1.repeated"),
        (f"https://example.com/01/{GTIN}?99999=1", "gs1.ai_unknown"),
        (f"https://example.com/01/{GTIN}?8040=123456789012345", "gs1.not_attribute"),
        (f"https://example.com/01/{GTIN}?8043=123456789012345678", "gs1.not_attribute"),
        (f"https://example.com/01/{GTIN}?719=A1", "gs1.ai_unknown"),
        *(
            (f"https://example.com/01/{GTIN}{one}", "gs1.address")
            for one in ('?240="A"', "?x= ", "?x=\n", "?x=羊", "#\x00")
        ),
        (f"https://example.com/羊/01/{GTIN}", "gs1.address"),
        (f"https://example.com/01/{GTIN}?240=A<B", "gs1.address"),
        (f"https://example.com/01/{GTIN}?17=261301", "gs1.yymmd0"),
        (f"https://example.com/01/{GTIN}?17=260230", "gs1.yymmd0"),
        (f"https://example.com/01/{GTIN}?7003=2601012460", "gs1.hhmm"),
        (f"https://example.com/01/{GTIN}?7006=260100", "gs1.yymmdd"),
        (f"https://example.com/01/{GTIN}/10/a%2", "gs1.escape"),
        (f"https://example.com/01/{GTIN}/10/a%20b", "gs1.characters"),
        (f"https://example.com/01/{GTIN}/10/%E7%BE%8A", "gs1.characters"),
        (f"https://example.com/01/{GTIN}/10/", "gs1.length"),
        (f"https://example.com/01/{GTIN}/10/{'A' * 21}", "gs1.length"),
        ("https://example.com/8013/1987654Ad4X4bL5ttr2310c2L", "gs1.csumalpha"),
        ("https://example.com/8006/095060001343520302", "gs1.pieceoftotal"),
        ("https://example.com/401/AB12", "gs1.key"),
        ("https://example.com/01/" + "1" * 3000, "gs1.too_long"),
    ],
)
def test_what_is_wrong_is_named(uri, code):
    assert refused(uri) == code


def test_check_characters():
    assert check_digit(GTIN[:-1]) == "2"
    assert check_pair("1987654Ad4X4bL5ttr2310c") == "2K"


def test_every_identifier_of_the_table_is_understood():
    for row in json.loads(DATA.read_text(encoding="utf-8"))["identifiers"]:
        found = identifier(row["ai"].partition("-")[0])
        assert found.parts
        for order in found.qualifiers or ():
            assert all(identifier(ai) for ai in order)
    assert identifier("3105").parts == identifier("3100").parts
    with pytest.raises(AppError):
        identifier("3106")


@given(st.text(max_size=40), st.sampled_from(["/01/", "/01/09506000134352/10/", "/01/09506000134352?17=", "/8010/"]))
def test_any_text_is_read_or_refused_by_name(text, path):
    with suppress(AppError):
        digital_link.read(f"https://example.com{path}{text}")


@given(
    st.sampled_from(["8001", "8007", "8008", "4309", "4330", "7007", "7040", "423", "4307", "8003"]),
    st.text("0123456789-ABZ", max_size=40),
)
def test_no_value_breaks_a_check(ai, value):
    with suppress(AppError):
        check_value(ai, value)


@pytest.mark.parametrize("length", [8, 12, 13, 14, 18])
def test_no_single_figure_and_no_neighbours_swapped_pass_a_check_digit(length):
    """Mutants of a right number: any other figure is caught, a swap unless the two differ by 5."""
    figures = "9506000134352918"[: length - 1] if length < 16 else "95060001343529184"
    right = figures + check_digit(figures)
    for place, figure in enumerate(right):
        for other in set("0123456789") - {figure}:
            wrong = right[:place] + other + right[place + 1 :]
            assert check_digit(wrong[:-1]) != wrong[-1], wrong
    for place in range(length - 1):
        one, other = right[place], right[place + 1]
        swapped = right[:place] + other + one + right[place + 2 :]
        blind = (int(one) - int(other)) % 5 == 0
        assert (check_digit(swapped[:-1]) == swapped[-1]) is blind, swapped


def test_escapes_are_one_character_in_either_case_and_order_is_kept():
    small, large = (f"https://example.com/01/{GTIN}/10/A%{one}B" for one in ("2f", "2F"))
    assert digital_link.read(small).element_string == digital_link.read(large).element_string
    qualifiers = {"22": "V1", "10": "L1", "21": "S1", "235": "T1"}
    orders = {("22", "10"), ("22", "21"), ("10", "21")}
    for one, first in qualifiers.items():
        for other, second in qualifiers.items():
            path = f"https://example.com/01/{GTIN}/{one}/{first}/{other}/{second}"
            if (one, other) in orders:
                assert digital_link.read(path).element_string.endswith(f"({other}){second}")
            else:
                assert refused(path) in ("gs1.qualifiers", "gs1.repeated")
