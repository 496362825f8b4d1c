"""What an enterprise says of itself, and the steps of its life."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest

from brand.kernel import texts
from brand.kernel.errors import AppError
from brand.models.enterprises import EnterpriseState
from brand.rules import enterprise_entries
from brand.rules.enterprise_flow import FLOW, MERGE, RefusalReason, SuspensionReason, editable
from tests.make import CREDIT_CODES

DAY = date(2026, 9, 14)
ENTRIES: dict[str, Any] = {
    "kind": "cooperative",
    "name": "示范合作社",
    "credit_code": CREDIT_CODES["cooperative"],
    "county_code": "150824",
    "township_code": "150824100",
    "contact_phone": "13800000001",
}


def faults(**changes: Any) -> list[tuple[str, str]]:
    with pytest.raises(AppError) as caught:
        enterprise_entries.check(ENTRIES | changes, DAY)
    assert caught.value.code == "enterprises.entries"
    return [(one.code, one.pointer) for one in caught.value.faults]


def test_right_entries_come_back_in_their_one_spelling() -> None:
    full_width = "".join(chr(ord(one) + 0xFEE0) for one in ENTRIES["credit_code"])
    checked = enterprise_entries.check(ENTRIES | {"credit_code": full_width, "contact_phone": "+86 138-0000-0001"}, DAY)
    assert checked == ENTRIES


def test_all_faults_are_named_at_once() -> None:
    assert faults(credit_code="93150824111111111X", contact_phone="123", township_code="150824999") == [
        ("identifiers.credit_code.check", "/credit_code"),
        ("identifiers.phone.length", "/contact_phone"),
        ("enterprises.township_unknown", "/township_code"),
    ]


@pytest.mark.parametrize("kind", ["company", "cooperative", "individual", "abattoir", "carrier"])
def test_only_a_household_goes_without_a_credit_code(kind: str) -> None:
    assert faults(kind=kind, credit_code="") == [("enterprises.credit_code_needed", "/credit_code")]
    assert enterprise_entries.check(ENTRIES | {"kind": "household", "credit_code": ""}, DAY)["credit_code"] is None


def test_a_household_that_gives_a_code_gives_a_right_one() -> None:
    assert faults(kind="household", credit_code="1") == [("identifiers.credit_code.length", "/credit_code")]


def test_elsewhere_the_county_must_exist_on_the_day_and_has_no_township_list() -> None:
    assert enterprise_entries.check(ENTRIES | {"county_code": "150625", "township_code": ""}, DAY)
    for county in ("999999", "150000", "15082", "县", "532331"):
        assert ("enterprises.county_unknown", "/county_code") in faults(county_code=county, township_code="")
    assert enterprise_entries.check(ENTRIES | {"county_code": "532331", "township_code": ""}, date(2019, 1, 1))


def test_a_county_whose_townships_we_know_needs_one_of_them() -> None:
    assert faults(township_code="") == [("enterprises.township_needed", "/township_code")]
    assert faults(county_code="150625") == [("enterprises.township_unknown", "/township_code")]


def test_warnings_point_at_what_the_office_compares_and_never_refuse() -> None:
    code = CREDIT_CODES["cooperative"]
    assert "enterprises.warning.kind" not in enterprise_entries.warnings("cooperative", code, "150824")
    assert "enterprises.warning.kind" in enterprise_entries.warnings("company", code, "150824")
    assert "enterprises.warning.region" in enterprise_entries.warnings("cooperative", code, "150625")
    assert enterprise_entries.warnings("household", None, "150824") == ()


def test_every_state_and_action_is_either_a_step_or_a_named_refusal() -> None:
    taken = {
        ("pending", "confirm"): "confirmed",
        ("pending", "refuse"): "refused",
        ("refused", "resubmit"): "pending",
        ("confirmed", "suspend"): "suspended",
        ("suspended", "resume"): "confirmed",
    }
    for state, action in product(EnterpriseState, FLOW.actions):
        if (state, action) in taken:
            reason = "law" if action == "suspend" else "place"
            step = FLOW.apply(state, action, {"reason_code": reason, "comment": "示范"})
            assert step.next_state == taken[state, action]
        else:
            with pytest.raises(AppError) as caught:
                FLOW.step(state, action)
            assert caught.value.code == "enterprises.wrong_state"


@pytest.mark.parametrize("reason", ["", "because", "PLACE"])
def test_a_refusal_needs_a_reason_of_the_list(reason: str) -> None:
    with pytest.raises(AppError) as caught:
        FLOW.apply("pending", "refuse", {"reason_code": reason})
    assert caught.value.code == "enterprises.reason_needed"


def test_after_confirmation_only_the_contact_may_change() -> None:
    assert editable("confirmed") == {"address", "contact_name", "contact_phone"}
    assert editable("suspended") == editable("confirmed")
    assert editable("merged") == frozenset()
    assert {"name", "credit_code", "county_code"} < editable("pending") == editable("refused")


def test_a_suspension_and_its_end_are_explained() -> None:
    for state, action, facts, code in (
        ("confirmed", "suspend", {"reason_code": "place", "comment": "示范"}, "enterprises.reason_needed"),
        ("confirmed", "suspend", {"reason_code": "law", "comment": " "}, "enterprises.comment_needed"),
        ("suspended", "resume", {"comment": ""}, "enterprises.comment_needed"),
    ):
        with pytest.raises(AppError) as caught:
            FLOW.apply(state, action, facts)
        assert caught.value.code == code


@pytest.mark.parametrize("reason", SuspensionReason)
def test_every_suspension_has_its_words(reason: SuspensionReason) -> None:
    assert texts.has("zh", f"enterprise.suspension.{reason}")
    assert texts.has("en", f"enterprise.suspension.{reason}")


MERGEABLE = {
    "person_id": "approver",
    "proposed_by": "clerk",
    "kept_state": "confirmed",
    "duplicate_state": "confirmed",
    "running": "",
    "comment": "示范",
}


def test_every_step_of_a_merge_and_every_refusal() -> None:
    moves = {("new", "propose"): "proposed", ("proposed", "approve"): "merged", ("proposed", "drop"): "dropped"}
    for state, action in product(MERGE.states, MERGE.actions):
        if (state, action) in moves:
            assert MERGE.apply(state, action, MERGEABLE).next_state == moves[state, action]
        else:
            with pytest.raises(AppError) as caught:
                MERGE.step(state, action)
            assert caught.value.code == "merges.wrong_state"
    for change, code in (
        ({"proposed_by": "approver"}, "merges.four_eyes"),
        ({"kept_state": "suspended"}, "merges.not_in_order"),
        ({"duplicate_state": "merged"}, "merges.not_in_order"),
        ({"running": "L2026-0001"}, "merges.something_runs"),
    ):
        with pytest.raises(AppError) as caught:
            MERGE.apply("proposed", "approve", MERGEABLE | change)
        assert caught.value.code == code


@pytest.mark.parametrize("reason", RefusalReason)
def test_every_reason_says_what_to_mend(reason: RefusalReason) -> None:
    assert texts.has("zh", f"enterprise.refusal.{reason}")
    assert texts.has("en", f"enterprise.refusal.{reason}")
