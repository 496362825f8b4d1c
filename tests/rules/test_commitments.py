"""The order on commitment certificates as rules: for which goods, by whom, how long, on which base."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brand.kernel.errors import AppError
from trace.rules import commitments as rules
from trace.rules.commitments import Basis, Style

FIRST = date(2026, 2, 1)


def refusal(act, *given, **named):
    with pytest.raises(AppError) as caught:
        act(*given, **named)
    return caught.value


@pytest.mark.parametrize(
    ("form", "kind", "day", "must"),
    [
        ("fresh_leaf", "cooperative", FIRST, True),
        ("fruit", "company", FIRST, True),
        ("fruit", "household", FIRST, False),
        ("fruit", "company", date(2026, 1, 31), False),
        ("carcass", "company", FIRST, False),
        ("tea", "company", FIRST, False),
    ],
)
def test_who_must_issue(form, kind, day, must):
    assert rules.required(form, kind, day) is must


def test_collectors_take_one_from_whoever_sells_once_the_order_is_in_force():
    assert rules.needed_to_buy("fruit", FIRST)
    assert not rules.needed_to_buy("fruit", date(2026, 1, 31))
    assert not rules.needed_to_buy("carcass", FIRST)


def test_meat_gets_none():
    rules.check_applies("egg")
    assert refusal(rules.check_applies, "carcass").code == "commitments.not_for_these_goods"


@pytest.mark.parametrize(
    ("issued", "kept"), [("2026-09-14", "2027-03-14"), ("2026-08-31", "2027-02-28"), ("2027-08-31", "2028-02-29")]
)
def test_kept_for_six_months(issued, kept):
    assert rules.keep_until(date.fromisoformat(issued)) == date.fromisoformat(kept)


def test_a_box_that_says_tested_needs_its_test():
    both = {"own_test": True, "commissioned_test": True}
    none = {"own_test": False, "commissioned_test": False}
    every = ["commissioned_test", "controlled", "own_test"]
    assert rules.check_bases(every, **both) == ["controlled", "own_test", "commissioned_test"]
    assert rules.check_bases(["controlled"], **none) == ["controlled"]
    assert refusal(rules.check_bases, [], **both).code == "commitments.basis_needed"
    assert refusal(rules.check_bases, ["controlled", "hope"], **both).code == "commitments.basis_needed"
    for basis in (Basis.OWN_TEST, Basis.COMMISSIONED_TEST):
        error = refusal(rules.check_bases, [basis], **both | {basis.value: False})
        assert (error.code, error.params["basis"]) == ("commitments.basis_without_test", f"commitment.basis.{basis}")
        assert error.faults[0].pointer == "/bases"


def test_no_more_than_there_is_and_the_figures_are_named():
    rules.check_quantity(Decimal("100.000"), Decimal(100))
    error = refusal(rules.check_quantity, Decimal("100.001"), Decimal("100.000"))
    assert (error.code, error.params) == ("commitments.quantity", {"in": "100", "asked": "100.001"})


def test_style_and_papers():
    rules.check_style("producer", Style.PRODUCER, [])
    assert refusal(rules.check_style, "producer", Style.COLLECTOR, []).code == "commitments.style"
    error = refusal(rules.check_style, "collector", Style.COLLECTOR, ["A", "B"])
    assert (error.code, error.params["lots"]) == ("commitments.inputs_missing", "A、B")
    assert [(one.pointer, one.params) for one in error.faults] == [("/style", {"lots": "A、B"})]


def test_a_lot_is_covered_by_papers_for_all_of_it():
    assert rules.lacking("A", Decimal(100), Decimal(100)) == ""
    assert rules.lacking("A", Decimal(100), Decimal("99.5")) == "A (99.5 / 100 kg)"


@given(st.lists(st.text("甲乙丙丁", min_size=1, max_size=30), max_size=40))
def test_an_origin_always_fits_the_paper(townships):
    found = rules.origin(townships)
    assert len(found) <= rules.LONGEST_ORIGIN
    assert set(found.split("、")) <= {*townships, "等", ""}
    if len("、".join(dict.fromkeys(townships))) < rules.LONGEST_ORIGIN:
        assert found == "、".join(dict.fromkeys(townships))


def test_every_word_moves_the_digest_and_the_promise_follows_the_style():
    usual = {
        "number": "Q2026-0001",
        "style": "producer",
        "bases": ["controlled"],
        "product": "鲜茶叶",
        "quantity_kg": Decimal("100.000"),
        "origin": "示范镇",
        "party": "示范合作社",
        "issued_on": FIRST,
    }
    said = rules.words(**usual)
    assert (said["title"], said["quantity_kg"]) == ("承诺达标合格证", "100")
    assert "禁用农药兽药" in said["promise"]
    assert "收取、留存" in rules.words(**usual | {"style": "collector"})["promise"]
    changed = {
        "number": "Q2026-0002",
        "style": "collector",
        "bases": ["own_test"],
        "product": "茶",
        "quantity_kg": Decimal(99),
        "origin": "他处",
        "party": "他人",
        "issued_on": date(2026, 2, 2),
    }
    digests = {rules.digest(rules.words(**usual | {name: value})) for name, value in changed.items()}
    assert len(digests | {rules.digest(said)}) == len(changed) + 1


def test_the_life_of_one():
    assert rules.FLOW.apply("valid", "withdraw", {"comment": "检测不合格"}).next_state == "withdrawn"
    assert refusal(rules.FLOW.apply, "valid", "withdraw", {"comment": " "}).code == "commitments.reason_needed"
    assert refusal(rules.FLOW.apply, "valid", "replace", {"same": True}).code == "commitments.nothing_new"
    for state in ("replaced", "withdrawn"):
        for action in ("replace", "withdraw"):
            facts = {"same": False, "comment": "x"}
            assert refusal(rules.FLOW.apply, state, action, facts).code == "commitments.wrong_state"
