"""Every code the rules can give has a Chinese and an English text with the same placeholders, in careful words."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import trace.rules as rules
from brand.rules.grade_tables import CarcassClass, Criterion, Grade, nyt630_2002
from trace.rules.chilling import BreachKind
from trace.rules.scans import Signal
from trace.rules.verdicts import Colour, LicenceStatus

ROOT = Path(rules.__file__).parents[2]
SOURCES = [
    *(ROOT / "brand/rules" / f"{name}.py" for name in ("identifiers", "places", "working_days", "grading")),
    *(
        ROOT / "trace/rules" / f"{name}.py"
        for name in ("ear_tags", "carcass_classes", "mass_balance", "chilling", "verdicts")
    ),
    ROOT / "trace/cli/audit.py",
]
CODE = re.compile(r'(?:invalid|quota_exceeded|Reason)\(\s*"([a-z_.]+)"')
#: What is only said for information never leads a page, so it needs no headline.
INFORMATION = {
    f"verdicts.{name}"
    for name in ("issued", "typed", "unsigned", "sold", "first_scan", "scanned_before", "off_line", "can_be_copied")
}
MEASURES = ("carcass_kg", "backfat_cm")


def texts(language, *topics):
    found = {}
    for topic in topics:
        catalogue = read_po(BytesIO((ROOT / f"trace/translations/{language}/{topic}.po").read_bytes()))
        found |= {message.id: message.string for message in catalogue if message.id}
    return found


def codes():
    for source in SOURCES:
        yield from CODE.findall(source.read_text(encoding="utf-8"))
    yield from ("identifiers.credit_code.region", "identifiers.credit_code.organisation")
    yield from (f"grading.{name}.{rule}" for name in MEASURES for rule in ("missing", "not_a_number", "not_positive"))
    yield from (f"grading.{name}.word" for name in nyt630_2002().scales)
    yield from (f"grading.grades.{name}" for name in Grade)
    yield from (f"grading.classes.{name}" for name in CarcassClass)
    yield from (f"grading.criteria.{name}" for name in Criterion)
    yield from (f"grading.words.{word}" for scale in nyt630_2002().scales.values() for word in scale)
    yield from (f"mass_balance.{name}.not_positive" for name in ("live_kg", "hot_kg", "cold_kg"))
    faults = ("hot_not_below_live", "cold_above_hot", "dressing_impossible")
    yield from (f"mass_balance.{name}" for name in faults)
    yield from (f"chilling.{name}" for name in (*BreachKind, "gap"))
    yield from (f"verdicts.{name}" for name in Colour)
    ended = [status for status in LicenceStatus if status is not LicenceStatus.VALID]
    licences = [f"verdicts.licence_{when}.{status}" for when in ("today", "at_packing") for status in ended]
    yield from licences
    suspicions = [f"verdicts.suspicious.{signal}" for signal in Signal]
    yield from suspicions
    heavy = set(CODE.findall((ROOT / "trace/rules/verdicts.py").read_text(encoding="utf-8"))) - INFORMATION
    yield from (f"{code}.title" for code in (*licences, *suspicions, *heavy))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_code_has_a_text(language):
    found = texts(language, "edge", "rules", "verdicts", "imports", "holds", "gate", "shipments", "label_stops")
    assert [code for code in codes() if not found.get(code)] == []


def test_both_languages_hold_the_same_codes_and_placeholders():
    chinese, english = texts("zh", "rules", "verdicts"), texts("en", "rules", "verdicts")
    assert chinese.keys() == english.keys()
    for code, text in chinese.items():
        assert set(re.findall(r"%\((\w+)\)s", text)) == set(re.findall(r"%\((\w+)\)s", english[code])), code


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_text_promises_what_a_code_cannot(language):
    everything = " ".join(texts(language, "rules", "verdicts").values()).lower()
    assert not re.search("正品|真品|保真|genuine|authentic", everything)


def test_the_sentence_about_copies():
    assert texts("en", "verdicts")["verdicts.can_be_copied"] == (
        "A code can be copied: compare product, weight, date and seal with this page."
    )
    assert "可能被复制" in texts("zh", "verdicts")["verdicts.can_be_copied"]
