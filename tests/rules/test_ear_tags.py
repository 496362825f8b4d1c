"""Ear tags: each refusal by name, codes of their time, full-width figures."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brand.kernel.errors import AppError
from trace.rules.ear_tags import Species, check_ear_tag

DAY = date(2026, 9, 12)


def refusal(text, on=DAY, **options):
    with pytest.raises(AppError) as caught:
        check_ear_tag(text, on, **options)
    return caught.value


def test_a_good_tag_is_taken_apart():
    tag = check_ear_tag(" ３15082421040000 ", DAY)
    assert (tag.text, tag.species, tag.county.name, tag.serial) == (
        "315082421040000",
        Species.SHEEP,
        "乌拉特中旗",
        "21040000",
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("31508242104004", "ear_tags.length"),
        ("", "ear_tags.length"),
        ("3150824210400000", "ear_tags.length"),
        ("31508242104004A", "ear_tags.digits"),
        ("31508242104004３X", "ear_tags.length"),
        ("3150824210400٤٣", "ear_tags.digits"),
        ("115082421040189", "ear_tags.species"),
        ("915082421040189", "ear_tags.species"),
        ("315099921040035", "ear_tags.county"),
        ("315080021040035", "ear_tags.county"),
    ],
)
def test_each_refusal_has_its_code(text, code):
    assert refusal(text).code == code


def test_a_county_code_holds_only_in_its_days():
    assert check_ear_tag("353233100000001", date(2020, 6, 1)).county.name == "禄丰县"
    assert check_ear_tag("353230200000001", date(2022, 6, 1)).county.name == "禄丰市"
    assert refusal("353233100000001", date(2022, 6, 1)).params == {
        "tag": "353233100000001",
        "county": "532331",
        "on": "2022-06-01",
    }
    assert refusal("353230200000001", date(2020, 6, 1)).code == "ear_tags.county"


def test_other_species_on_request():
    assert check_ear_tag("115082421040189", DAY, species=Species.PIG).species is Species.PIG
    assert refusal("315082421040000", species=Species.CATTLE).params == {
        "tag": "315082421040000",
        "digit": "3",
        "expected": "2",
    }


@given(st.text(max_size=20))
def test_any_text_is_a_tag_or_a_named_refusal(text):
    try:
        found = check_ear_tag(text, DAY).text
    except AppError as error:
        found = error.code
    assert len(found) == 15 or found.startswith("ear_tags.")


@given(st.integers(0, 99_999_999))
def test_every_serial_is_possible(serial):
    assert check_ear_tag(f"3150824{serial:08d}", DAY).serial == f"{serial:08d}"


def test_a_refusal_names_the_tag_so_that_it_is_found_in_a_list():
    assert refusal("12345").params == {"tag": "12345", "length": 5, "expected": 15}
    assert len(str(refusal("9" * 400).params["tag"])) == 20
