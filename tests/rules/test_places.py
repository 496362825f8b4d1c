"""County codes with their days: Lufeng changed its code, a prefecture is no county."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brand.rules.places import county, townships


@pytest.mark.parametrize(
    ("code", "on", "name"),
    [
        ("150824", date(2026, 9, 12), "乌拉特中旗"),
        ("150824", date(2002, 12, 31), None),
        ("150625", date(2026, 9, 12), "杭锦旗"),
        ("654321", date(2026, 9, 12), "布尔津县"),
        ("532801", date(2026, 9, 12), "景洪市"),
        ("532331", date(2020, 11, 30), "禄丰县"),
        ("532331", date(2021, 6, 1), "禄丰县"),
        ("532331", date(2022, 1, 1), None),
        ("532302", date(2020, 12, 31), None),
        ("532302", date(2021, 6, 1), "禄丰市"),
        ("532302", date(2022, 1, 1), "禄丰市"),
        ("150821", date(2026, 9, 12), "五原县"),
        ("419001", date(1988, 1, 1), "义马市"),
        ("419001", date(1992, 1, 1), None),
        ("419001", date(1998, 1, 1), "济源市"),
        ("441900", date(2026, 9, 12), "东莞市"),
        ("150999", date(2026, 9, 12), None),
        ("150800", date(2026, 9, 12), None),
        ("150801", date(2026, 9, 12), None),
        ("150000", date(2026, 9, 12), None),
        ("110100", date(2026, 9, 12), None),
        ("000000", date(2026, 9, 12), None),
        ("15082", date(2026, 9, 12), None),
        ("15082４", date(2026, 9, 12), None),
        ("", date(2026, 9, 12), None),
    ],
)
def test_a_code_names_a_county_only_in_its_days(code, on, name):
    found = county(code, on)
    assert (found.name if found else None) == name
    assert found is None or (found.code == code and found.province and found.source)


@given(st.text(alphabet="0123456789", min_size=6, max_size=6), st.dates())
def test_whatever_is_found_stood_on_that_day(code, on):
    found = county(code, on)
    assert found is None or found.stands_on(on)


def test_the_ten_townships_of_urad_middle_banner():
    found = townships("150824")
    assert len(found) == 10
    assert (found[0].code, found[0].name) == ("150824100", "海流图镇")
    assert (found[-1].code, found[-1].name) == ("150824203", "新忽热苏木")
    assert all(town.code.startswith("150824") for town in found)
    assert list(found) == sorted(found, key=lambda town: town.code)


@pytest.mark.parametrize("code", ["150625", "../150824", ""])
def test_no_list_gives_no_townships(code):
    assert townships(code) == ()
