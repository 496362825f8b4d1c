"""The release gate names everything at once; what a product's rule asks counts at its stage and at later ones."""

from datetime import date
from decimal import Decimal

import pytest

from brand.kernel.errors import AppError, Kind
from brand.rules.grade_tables import Grade
from brand.rules.product_rules import Item, RuleKind, Stage, checked, cuts_as_lines, cuts_from_lines, shipped
from trace.rules.completeness import evaluate, missing
from trace.rules.gate import Facts, GradeRoom, Licensed, Withdrawal, check, reasons

SOUND = Facts(Licensed("L1", "valid"))
SHUT = Facts(
    licence=Licensed("L1", "suspended", holder_confirmed=False),
    lines=evaluate({"items": {"chilling": "pack", "laboratory_report": "label", "ph": "shown"}}, ()),
    breaches_open=2,
    findings=(date(2026, 9, 30),),
    failed_reports=("R1",),
    disputed_grades=1,
    inside={"lot": "A", "code": "ABCD1234"},
    holds=({"lot": "A", "number": "H1", "reason": "r", "since": "2026-09-01", "count": 1},),
    withdrawals=(Withdrawal("315082400000001", "示范药", date(2026, 9, 20)),),
    grade=GradeRoom(Grade.PRIME, Decimal(100), Decimal(90), Decimal("20.5")),
)


def codes(facts, stage):
    return [one.code for one in reasons(facts, stage)]


def test_an_open_gate_says_nothing():
    assert codes(SOUND, Stage.LABEL) == []
    check(SOUND, Stage.PACK)


def test_every_reason_is_listed_at_once_and_labels_need_what_packing_needs():
    common = [
        "holds.inside",
        "labels.enterprise_suspended",
        "labels.licence_not_valid",
        "holds.held",
        "gate.finding_open",
        "gate.withdrawal",
        "gate.breach_open",
        "gate.test_failed",
        "gate.grades_disputed",
        "gate.missing",
    ]
    assert codes(SHUT, Stage.PACK) == [*common, "gate.grade_too_low"]
    assert codes(SHUT, Stage.LABEL) == [*common, "gate.missing", "gate.grade_too_low"]
    with pytest.raises(AppError) as raised:
        check(SHUT, Stage.LABEL)
    assert (raised.value.kind, raised.value.code, len(raised.value.faults)) == (Kind.REFUSED, "gate.closed", 12)


def test_a_single_reason_is_the_refusal_itself():
    with pytest.raises(AppError) as raised:
        check(Facts(Licensed("L1", "valid"), breaches_open=1), Stage.PACK)
    assert (raised.value.code, raised.value.params) == ("gate.breach_open", {"count": 1})


def test_the_weight_of_a_grade_bounds_what_carries_the_brand():
    def room(packed, asked):
        found = GradeRoom(Grade.GOOD, Decimal("25.000"), Decimal(packed), Decimal(asked))
        return reasons(Facts(Licensed("L1", "valid"), grade=found), Stage.PACK)

    assert room(20, 5) == ()
    (fault,) = room(20, 10)
    assert fault.params == {"allowed": "25", "packed": "20", "asked": "10", "least": "grading.grades.good"}
    assert room(26, 0), "what was packed before a grade was lowered stops labels too"


def test_nobody_licensed_is_a_reason():
    assert codes(Facts(None), Stage.PACK) == ["gate.no_licence"]


@pytest.mark.parametrize("code", ["lamb", "beef", "grain", "fruit", "tea", "honey", "anything"])
def test_every_preset_is_right_and_satisfiable(code):
    for kind in RuleKind:
        rule = shipped(kind, code)
        assert rule.edition == 0
        assert rule.source
        assert rule.source_en
        assert checked(kind, rule.content) == rule.content
    lines = evaluate(shipped(RuleKind.COMPLETENESS, code).content, set(Item))
    assert lines
    assert missing(lines, Stage.SHOWN) == ()


def test_lamb_needs_for_packing_only_what_comes_before_it():
    lines = evaluate(shipped(RuleKind.COMPLETENESS, "lamb").content, ())
    assert missing(lines, Stage.PACK) == (Item.SLAUGHTERING, Item.GRADING, Item.CHILLING)
    assert set(missing(lines, Stage.LABEL)) > {Item.PACKING, Item.LABORATORY_REPORT}


GOOD_CHILLING = dict(shipped(RuleKind.CHILLING, "lamb").content)


@pytest.mark.parametrize(
    ("kind", "content", "pointer"),
    [
        (RuleKind.COMPLETENESS, [], "/content"),
        (RuleKind.COMPLETENESS, {"items": {"chilling": "soon"}}, "/content/items/chilling"),
        (RuleKind.COMPLETENESS, {"items": {"magic": "pack"}}, "/content/items/magic"),
        (RuleKind.COMPLETENESS, {"items": {}, "more": 1}, "/content/more"),
        (RuleKind.BRAND_GRADE, {"least": "manual"}, "/content/least"),
        (RuleKind.BRAND_GRADE, {}, "/content/least"),
        (RuleKind.CUT_LIST, {"cuts": [{"name": "腿", "verified": 1}]}, "/content/cuts/0"),
        (RuleKind.CUT_LIST, {"cuts": cuts_from_lines("腿\n腿")}, "/content/cuts/1"),
        (RuleKind.CUT_LIST, {"cuts": [{"name": "腿\u202e", "verified": True}]}, "/content/cuts/0"),
        (RuleKind.CHILLING, GOOD_CHILLING | {"room_most_c": "NaN"}, "/content/room_most_c"),
        (RuleKind.CHILLING, GOOD_CHILLING | {"room_most_c": "-1"}, "/content/room_most_c"),
        (RuleKind.CHILLING, GOOD_CHILLING | {"core_most_c": "1e9999"}, "/content/core_most_c"),
        (RuleKind.CHILLING, GOOD_CHILLING | {"gap_minutes": 15}, "/content/gap_minutes"),
        (RuleKind.CHILLING, GOOD_CHILLING | {"standard": " "}, "/content/standard"),
    ],
)
def test_contents_that_cannot_be_are_refused_at_their_place(kind, content, pointer):
    with pytest.raises(AppError) as raised:
        checked(kind, content)
    assert [one.pointer for one in raised.value.faults] == [pointer]


def test_a_list_of_cuts_as_people_type_it():
    content = checked(RuleKind.CUT_LIST, {"cuts": cuts_from_lines(" 法式羊肋脊排 \n\n* 里脊")})
    assert content["cuts"] == [{"name": "法式羊肋脊排", "verified": False}, {"name": "里脊", "verified": True}]
    assert cuts_from_lines(cuts_as_lines(content)) == content["cuts"]
