"""The credit code and the phone number: known vectors, every single slip caught, tolerant spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brand.kernel.errors import AppError
from brand.rules.identifiers import (
    ALPHABET,
    check_credit_code,
    check_phone,
    credit_code_check,
    half_width,
    mask_phone,
    organisation_check,
)

VALID = ("91350100M000100Y43", "91512081MA62K0260E", "11320000MB151840XJ")
bodies = st.text(ALPHABET, min_size=17, max_size=17)


def code_of(action, *args):
    with pytest.raises(AppError) as caught:
        action(*args)
    return caught.value.code


@pytest.mark.parametrize("code", VALID)
def test_known_codes_pass_without_a_warning(code):
    assert check_credit_code(code).text == code
    assert check_credit_code(code).warnings == ()


@pytest.mark.parametrize("first", ["N1", "N2", "N3", "A1", "Y1"])
def test_first_letters_the_usual_library_refuses_are_accepted(first):
    body = first + "532302MA6K0260"
    body = body + organisation_check(body[8:16])
    assert check_credit_code(body + credit_code_check(body)).warnings == ()


@pytest.mark.parametrize("code", ["91350100M000100Y4Z", "91310115MA1H8R7C6D", "91310115MA1G4L1WXK"])
def test_codes_known_to_be_wrong_are_refused(code):
    assert code_of(check_credit_code, code).startswith("identifiers.credit_code.")


def test_each_refusal_has_its_code():
    assert code_of(check_credit_code, "9135") == "identifiers.credit_code.length"
    assert code_of(check_credit_code, "") == "identifiers.credit_code.length"
    assert code_of(check_credit_code, "91350100 M00100Y43") == "identifiers.credit_code.alphabet"
    assert code_of(check_credit_code, "91350100M000100YI3") == "identifiers.credit_code.alphabet"
    assert code_of(check_credit_code, "91350100M000100Y4٣") == "identifiers.credit_code.alphabet"
    assert code_of(check_credit_code, "91350100M000100Y44") == "identifiers.credit_code.check"


def test_a_long_s_is_not_read_as_a_letter():
    assert code_of(check_credit_code, "91350100M000100Yſ3") == "identifiers.credit_code.alphabet"


def test_full_width_lower_case_and_surrounding_space_are_made_ordinary():
    assert check_credit_code(" ９１３５０１００ｍ０００１００y４３\u3000").text == VALID[0]
    assert half_width("①") == "①"


@given(bodies)
def test_every_body_with_its_check_character_passes(body):
    assert check_credit_code(body + credit_code_check(body)).text[:17] == body


@given(bodies, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_caught(body, place, letter):
    code = body + credit_code_check(body)
    wrong = code[:place] + letter + code[place + 1 :]
    if wrong != code:
        assert code_of(check_credit_code, wrong) == "identifiers.credit_code.check"


@given(st.text(max_size=24))
def test_any_text_is_either_a_code_or_a_named_refusal(text):
    try:
        found = check_credit_code(text).text
    except AppError as error:
        found = error.code
    assert set(found) <= set(ALPHABET) or found.startswith("identifiers.credit_code.")


def test_an_inner_check_that_fails_only_warns():
    body = "91350100M000100Y5"
    assert check_credit_code(body + credit_code_check(body)).warnings == ("identifiers.credit_code.organisation",)
    body = "9135010AM000100Y4"
    assert check_credit_code(body + credit_code_check(body)).warnings == ("identifiers.credit_code.region",)


def test_the_organisation_check_covers_x_and_zero():
    assert organisation_check("M000100Y"[:8]) == "4"
    checks = {organisation_check(f"{serial:08d}") for serial in range(200)}
    assert checks == set("0123456789X")


def test_phone_numbers():
    assert check_phone(" １３８ 0000-1234 ") == "13800001234"
    assert check_phone("+86 138 0000 1234") == "13800001234"
    assert code_of(check_phone, "1380000123") == "identifiers.phone.length"
    assert code_of(check_phone, "12800001234") == "identifiers.phone.range"
    assert code_of(check_phone, "1380000123a") == "identifiers.phone.digits"
    assert code_of(check_phone, "١٣٨٠٠٠٠١٢٣٤") == "identifiers.phone.digits"


def test_a_masked_phone_shows_seven_digits_and_never_an_unchecked_text():
    assert mask_phone("13800001234") == "138****1234"
    assert mask_phone("0478-5912345x") == "***"
