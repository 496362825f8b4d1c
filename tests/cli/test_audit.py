"""The audit command: the claims of the issue, and one answer to every line whatever it holds."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from trace.cli.audit import CHECKERS, LONGEST_LINE, Refusal, answer, audit


def ask(what, claim):
    return answer(CHECKERS[what], json.dumps(claim).encode())


def run(what, text):
    return CliRunner().invoke(audit, [what], input=text)


def test_grade():
    assert ask("grade", {"class": "mutton", "carcass_kg": "28.0", "backfat_cm": "0.4", "fat_colour": "white"}) == {
        "ok": True,
        "value": {
            "grade": "good",
            "decided_by": "backfat_cm",
            "table": "NY/T 630-2002",
            "not_assessed": ["marbling", "firmness"],
        },
        "code": "",
    }
    assert ask("grade", {"class": "mutton", "carcass_kg": 25.0, "backfat_cm": 0.8})["value"]["grade"] == "special"
    assert ask("grade", {"class": "fat_lamb", "carcass_kg": "14"})["value"]["to_be_checked"] is True


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"class": "beef"}, "grading.class"),
        ({"class": None}, "input.not_text"),
        ({"carcass_kg": "-25"}, "grading.carcass_kg.not_positive"),
        ({"carcass_kg": "NaN"}, "grading.carcass_kg.not_a_number"),
        ({"carcass_kg": "25.0kg"}, "grading.carcass_kg.not_a_number"),
        ({"carcass_kg": "1e2"}, "grading.carcass_kg.not_a_number"),
        ({"carcass_kg": ""}, "grading.carcass_kg.not_a_number"),
        ({"carcass_kg": None}, "grading.carcass_kg.not_a_number"),
        ({"carcass_kg": True}, "grading.carcass_kg.not_a_number"),
        ({"carcass_kg": [25]}, "grading.carcass_kg.not_a_number"),
        ({"backfat_cm": "-0.1"}, "grading.backfat_cm.not_positive"),
        ({"marbling": "lots"}, "grading.marbling.word"),
        ({"marbling": 3}, "input.not_text"),
        ({"fat_color": "yellow"}, "input.unknown_field"),
    ],
)
def test_an_impossible_carcass_is_refused_by_name(changes, code):
    claim = {"class": "mutton", "carcass_kg": "25.0", "backfat_cm": "0.8", **changes}
    assert ask("grade", claim) == {"ok": False, "value": None, "code": code}


def test_a_missing_measure_is_refused():
    assert ask("grade", {"class": "mutton", "backfat_cm": "0.8"})["code"] == "input.missing_field"
    assert ask("grade", {"class": "mutton", "carcass_kg": "25"})["code"] == "grading.backfat_cm.missing"


def test_uscc():
    assert ask("uscc", {"code": "９1350100m000100Y43"}) == {
        "ok": True,
        "value": {"code": "91350100M000100Y43", "warnings": []},
        "code": "",
    }
    assert ask("uscc", {"code": "91350100M000100Y4Z"})["code"] == "identifiers.credit_code.alphabet"
    assert ask("uscc", {"code": 913501001000100143})["code"] == "input.not_text"


def test_working_days():
    found = ask("working-days", {"start": "2026-09-28", "days": 5})
    assert found == {"ok": True, "value": {"end": "2026-10-10", "provisional": False}, "code": ""}
    assert ask("working-days", {"start": "2026-12-31", "days": 1})["value"]["provisional"] is True


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        ({"start": "2026-02-30", "days": 5}, "input.not_a_date"),
        ({"start": "20260928", "days": 5}, "input.not_a_date"),
        ({"start": 20260928, "days": 5}, "input.not_text"),
        ({"start": "2026-09-28", "days": "5"}, "input.not_a_whole_number"),
        ({"start": "2026-09-28", "days": 5.0}, "input.not_a_whole_number"),
        ({"start": "2026-09-28", "days": True}, "input.not_a_whole_number"),
        ({"start": "2026-09-28", "days": -1}, "working_days.days"),
        ({"start": "9999-12-31", "days": 1}, "working_days.start"),
        ({"start": "2026-09-28"}, "input.missing_field"),
    ],
)
def test_unusable_periods(claim, code):
    assert ask("working-days", claim) == {"ok": False, "value": None, "code": code}


def test_ear_tag():
    found = ask("ear-tag", {"tag": "315082421040000", "on": "2026-09-12"})
    assert found["ok"]
    assert found["value"] == {
        "tag": "315082421040000",
        "species": "sheep",
        "county": "150824",
        "county_name": "乌拉特中旗",
        "serial": "21040000",
    }
    assert ask("ear-tag", {"tag": "353233100000001", "on": "2022-06-01"})["code"] == "ear_tags.county"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"", "input.not_json"),
        (b"grade", "input.not_json"),
        (b"\xff\xfe", "input.not_json"),
        (b'{"code": NaN}', "input.not_json"),
        (b'{"code": 1e99999999999999999999}', "input.not_json"),
        (b"9" * 5000, "input.not_json"),
        (b"[" * 60_000, "input.not_json"),
        (b"[]", "input.not_an_object"),
        (b'"91350100M000100Y43"', "input.not_an_object"),
        (b'{"code": "1", "code": "2"}', "input.repeated_field"),
        (b"{}", "input.missing_field"),
        (b" " * (LONGEST_LINE + 1), "input.too_long"),
    ],
)
def test_garbage_has_its_code(line, code):
    assert answer(CHECKERS["uscc"], line) == {"ok": False, "value": None, "code": code}


def test_an_enormous_number_costs_nothing():
    claim = b'{"class": "lamb", "carcass_kg": 1e999999, "backfat_cm": 1e-999999}'
    assert answer(CHECKERS["grade"], claim)["code"] == "grading.carcass_kg.not_a_number"


def test_one_line_out_for_each_line_in_in_order():
    lines = ['{"code": "91350100M000100Y43"}', "", "x" * (3 * LONGEST_LINE), "[]", '{"code": "\\ud800"}', "\x00", "{}"]
    found = run("uscc", "\n".join(lines))
    assert found.exit_code == 0
    answers = [json.loads(line) for line in found.output.splitlines()]
    assert [each["code"] for each in answers] == [
        "",
        "input.not_json",
        "input.too_long",
        "input.not_an_object",
        "identifiers.credit_code.length",
        "input.not_json",
        "input.missing_field",
    ]
    assert all(set(each) == {"ok", "value", "code"} for each in answers)


def test_answers_come_at_once_and_not_at_the_end():
    command = "import trace.cli.audit as a; a.audit(['uscc'])"
    with subprocess.Popen([sys.executable, "-c", command], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        for _ in range(2):
            child.stdin.write(b'{"code": "91350100M000100Y43"}\n')
            child.stdin.flush()
            assert json.loads(child.stdout.readline())["ok"]
        child.stdin.close()
        assert child.wait(10) == 0


def test_an_unknown_kind_lists_the_known_ones():
    found = run("horoscope", "")
    assert found.exit_code == 2
    assert all(what in found.output for what in CHECKERS)


def test_a_checker_may_refuse_and_still_show_its_value():
    refused = answer(lambda claim: Refusal("imports.faults", {"rows": 1}), b"{}")
    assert refused == {"ok": False, "value": {"rows": 1}, "code": "imports.faults"}


def test_a_mistake_of_ours_is_an_answer_and_never_a_traceback(capsys):
    assert answer(lambda claim: 1 / 0, b"{}") == {"ok": False, "value": None, "code": "input.unexpected"}
    assert capsys.readouterr().err == "ZeroDivisionError\n"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
fields = st.sampled_from(["class", "carcass_kg", "backfat_cm", "marbling", "code", "start", "days", "tag", "on"])


@given(st.sampled_from(["grade", "uscc", "working-days", "ear-tag"]), st.dictionaries(fields, json_values))
def test_no_object_gets_past_with_a_mistake_of_ours(what, claim):
    found = ask(what, claim)
    assert found["code"] != "input.unexpected"
    assert found["ok"] == (found["code"] == "")


@given(st.sampled_from(["grade", "uscc", "working-days", "ear-tag"]), st.binary(max_size=200))
def test_no_bytes_get_past_with_a_mistake_of_ours(what, line):
    assert answer(CHECKERS[what], line)["code"].split(".")[0] == "input"


def test_codes_are_read_and_with_keys_checked():
    from tests.crypto.key_ring import KID, ORIGIN, derive_test_code, derive_test_key
    from trace.crypto import label_codes
    from trace.crypto.keys import required_members

    key, code = derive_test_key("registry label key"), derive_test_code("audited")
    address = f"https://trace.example.cn{label_codes.sign(key, ORIGIN, KID, code)}"
    jwks = {"keys": [{**required_members(key.public), "kid": KID}, {"kty": "RSA", "kid": "zz"}]}
    good = {"text": address, "jwks": jwks, "origin": ORIGIN}
    element = f"u:{code.batch}:{code.serial}"
    assert ask("code", good) == {
        "ok": True,
        "value": {"element_string": element, "kid": KID, "verified": True},
        "code": "",
    }
    assert ask("code", {"text": address})["value"]["verified"] is False
    for changes, refusal in (
        ({"origin": "another.test.invalid"}, "codes.signature_wrong"),
        ({"text": address[:-1] + ("A" if address[-1] != "A" else "Q")}, "codes.signature_wrong"),
        ({"text": address.partition("?")[0]}, "codes.unsigned"),
        ({"text": address.upper()}, "codes.profile_unknown"),
        ({"text": " " + address}, "codes.characters"),
        ({"text": address.replace("/u/", "/%75/")}, "codes.percent_encoding"),
        ({"jwks": {"keys": []}}, "codes.key_unknown"),
        ({"jwks": []}, "keys.jwks_shape"),
        ({"jwks": {"keys": [*jwks["keys"], jwks["keys"][0]]}}, "keys.kid_repeated"),
        ({"text": "x" * 1_000_000}, "codes.too_long"),
        ({"text": address.replace(".cn/", ".cn:0/")}, "codes.profile_unknown"),
        ({"text": address.replace(".cn/", ".cn:99999/")}, "codes.profile_unknown"),
        ({"text": address.replace("trace.example.cn", "1.2.3.256")}, "codes.profile_unknown"),
    ):
        assert ask("code", {**good, **changes}) == {"ok": False, "value": None, "code": refusal}
