"""The two life cycles: every state × action against the table written out by hand, and every guard's refusal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from brand.kernel.errors import AppError, Kind
from brand.kernel.workflow import Workflow
from brand.rules import licence_flow
from brand.rules.applications import Digests
from brand.rules.licence_flow import APPLICATION, OPEN_STATES
from brand.rules.materials import MaterialKind, Need
from brand.rules.sanctions import LICENCE, OpenFinding
from brand.rules.working_days import Deadline, calendar

REVIEWING = ("under_review", "recommended", "desk_reviewed", "site_inspected", "experts_heard")
#: (state, action) → next state, written from the brief and not from the table.
APPLICATION_MOVES = {
    ("new", "draft"): "draft",
    ("draft", "edit"): "draft",
    ("returned", "edit"): "returned",
    ("draft", "submit"): "submitted",
    ("returned", "submit"): "submitted",
    ("submitted", "start_review"): "under_review",
    **{(state, "return"): "returned" for state in REVIEWING},
    **{(state, "publish_notice"): "on_notice" for state in REVIEWING},
    **{(state, "refuse"): "refused" for state in REVIEWING},
    **{(state, "withdraw"): "withdrawn" for state in REVIEWING},
    **{(state, "recommend"): "recommended" for state in REVIEWING[:2]},
    **{(state, "review_desk"): "desk_reviewed" for state in REVIEWING[:3]},
    **{(state, "inspect_site"): "site_inspected" for state in REVIEWING[:4]},
    **{(state, "hear_experts"): "experts_heard" for state in REVIEWING},
    ("on_notice", "grant"): "granted",
    ("on_notice", "refuse"): "refused",
    ("draft", "withdraw"): "withdrawn",
    ("submitted", "withdraw"): "withdrawn",
    ("returned", "withdraw"): "withdrawn",
    ("refused", "reconsider"): "under_review",
}
LACKING = [Need(MaterialKind.CERTIFICATE, 1, 0)]
OTHER_NOW = {"digests": Digests("s", "n", "s", "other")}
FAILED_DESK = {"reviews_required": {"desk"}, "reviews_done": {"desk": "fail"}}
LICENCE_MOVES = {
    ("valid", "suspend"): "suspended",
    ("suspended", "reinstate"): "valid",
    ("valid", "revoke"): "revoked",
    ("suspended", "revoke"): "revoked",
    ("revoked", "reinstate"): "valid",
}
TODAY = date(2026, 9, 22)
FACTS: dict[str, Any] = {
    "digests": Digests("s", "n", "s", "n"),
    "digest_shown": "n",
    "findings": [],
    "immediate": frozenset({"sanction.accident", "sanction.forgery"}),
    "enterprise_confirmed": True,
    "tier_process": "licence",
    "brand_id": "pastoral",
    "product_brand_id": "pastoral",
    "cap_kg": Decimal(1),
    "uses": ["packaging"],
    "tier_uses": ["packaging", "live_stream"],
    "promise": True,
    "running_licence": "",
    "notice_end": Deadline(date(2026, 9, 21), provisional=False),
    "adoption_missing": "",
    "training_missing": 0,
    "open_objections": 0,
    "upheld_objections": 0,
    "rulebook": "edition 1",
    "banned_until": None,
    "appeal_changed": True,
    "other_application": "",
    "other_licence": "",
    "materials": [],
    "reviews_required": set(),
    "reviews_done": {},
    "opinion": "pass",
    "score": 60,
    "pass_mark": 60,
    "today": TODAY,
    "valid_until": date(2029, 9, 20),
    "person_id": "approver",
    "hands": {"producer", "clerk"},
    "reason_code": "refusal.origin",
    "comment": "示范",
}

WITHOUT_GOODS = {"product_brand_id": None, "cap_kg": None}


def test_a_brand_may_be_used_without_goods_but_not_on_packs() -> None:
    asked = FACTS | WITHOUT_GOODS | {"uses": ["live_stream"]}
    assert APPLICATION.apply("on_notice", "grant", asked).next_state == "granted"


@pytest.mark.parametrize(
    ("flow", "moves", "facts"),
    [(APPLICATION, APPLICATION_MOVES, FACTS), (LICENCE, LICENCE_MOVES, FACTS | {"reason_code": "sanction.accident"})],
    ids=["applications", "licences"],
)
def test_every_state_and_action(flow: Workflow, moves: dict[tuple[str, str], str], facts: dict[str, Any]) -> None:
    for state in flow.states:
        for action in flow.actions:
            if (state, action) in moves:
                assert flow.apply(state, action, facts).next_state == moves[state, action]
            else:
                with pytest.raises(AppError) as refusal:
                    flow.apply(state, action, facts)
                assert refusal.value.code == f"{flow.name}.wrong_state"


@pytest.mark.parametrize("flow", [APPLICATION, LICENCE], ids=lambda flow: flow.name)
def test_an_action_needs_one_permission_wherever_it_starts(flow: Workflow) -> None:
    for action in flow.actions:
        assert len({one.permission for one in flow.steps if one.action == action}) == 1


def test_open_states_are_those_with_a_way_on() -> None:
    with_a_way = {one.state for one in APPLICATION.steps if one.action != "reconsider"} - {"new"}
    assert set(OPEN_STATES) == with_a_way


@pytest.mark.parametrize(
    ("state", "action", "change", "kind", "code"),
    [
        ("new", "draft", {"enterprise_confirmed": False}, Kind.REFUSED, "applications.enterprise_not_confirmed"),
        ("new", "draft", {"tier_process": "advice"}, Kind.REFUSED, "applications.tier_is_advice"),
        ("draft", "submit", {"tier_process": "advice"}, Kind.REFUSED, "applications.tier_is_advice"),
        ("new", "draft", {"product_brand_id": "x"}, Kind.INVALID, "applications.product_of_other_brand"),
        ("draft", "edit", {"cap_kg": Decimal(0)}, Kind.INVALID, "applications.cap_not_positive"),
        ("draft", "edit", {"cap_kg": None}, Kind.INVALID, "applications.cap_not_positive"),
        ("new", "draft", {"product_brand_id": None}, Kind.INVALID, "applications.cap_without_goods"),
        ("new", "draft", {"uses": []}, Kind.INVALID, "applications.uses_missing"),
        ("draft", "submit", {"uses": ["shop_sign"]}, Kind.INVALID, "applications.use_not_of_tier"),
        ("on_notice", "grant", {"tier_uses": []}, Kind.INVALID, "applications.use_not_of_tier"),
        ("new", "draft", WITHOUT_GOODS, Kind.INVALID, "applications.use_needs_goods"),
        ("draft", "submit", {"promise": False}, Kind.INVALID, "applications.promise_missing"),
        ("new", "draft", {"running_licence": "L1"}, Kind.REFUSED, "applications.already_licensed"),
        ("on_notice", "grant", {"running_licence": "L1"}, Kind.REFUSED, "applications.already_licensed"),
        ("under_review", "return", {"comment": " "}, Kind.INVALID, "applications.comment_missing"),
        ("on_notice", "grant", {"today": date(2026, 9, 21)}, Kind.REFUSED, "applications.notice_running"),
        ("on_notice", "refuse", {"today": date(2026, 9, 21)}, Kind.REFUSED, "applications.notice_running"),
        ("new", "draft", {"banned_until": TODAY}, Kind.REFUSED, "applications.banned_until"),
        ("on_notice", "grant", {"banned_until": TODAY}, Kind.REFUSED, "applications.banned_until"),
        ("draft", "submit", {"materials": LACKING}, Kind.INVALID, "applications.materials_missing"),
        (
            "under_review",
            "publish_notice",
            {"reviews_required": {"site"}},
            Kind.INVALID,
            "applications.reviews_missing",
        ),
        ("desk_reviewed", "publish_notice", FAILED_DESK, Kind.INVALID, "applications.reviews_missing"),
        ("under_review", "inspect_site", {"reviews_required": {"desk"}}, Kind.INVALID, "applications.reviews_missing"),
        ("under_review", "review_desk", {"score": 59}, Kind.INVALID, "reviews.below_pass_mark"),
        ("under_review", "review_desk", {"opinion": "maybe"}, Kind.INVALID, "reviews.opinion_unknown"),
        ("under_review", "refuse", {"person_id": "clerk"}, Kind.REFUSED, "applications.four_eyes"),
        ("refused", "reconsider", {"appeal_changed": False}, Kind.REFUSED, "appeals.not_changed"),
        ("refused", "reconsider", {"other_application": "A1"}, Kind.REFUSED, "applications.already_open"),
        ("on_notice", "grant", {"rulebook": None}, Kind.REFUSED, "rulebooks.none_in_force"),
        ("on_notice", "refuse", {"rulebook": None}, Kind.REFUSED, "rulebooks.none_in_force"),
        ("on_notice", "grant", {"open_objections": 1}, Kind.REFUSED, "applications.objection_open"),
        ("on_notice", "refuse", {"open_objections": 2}, Kind.REFUSED, "applications.objection_open"),
        ("on_notice", "grant", {"adoption_missing": "S (1)"}, Kind.REFUSED, "applications.adoption_missing"),
        ("desk_reviewed", "publish_notice", {"training_missing": 2}, Kind.REFUSED, "applications.training_missing"),
        (
            "desk_reviewed",
            "publish_notice",
            {"digests": Digests("s", "", "other", "n")},
            Kind.CONFLICT,
            "applications.content_changed",
        ),
        (
            "on_notice",
            "grant",
            {"digests": Digests("s", "n", "s", "other")},
            Kind.CONFLICT,
            "applications.content_changed",
        ),
        ("on_notice", "grant", {"digest_shown": "other"}, Kind.CONFLICT, "applications.content_changed"),
        ("on_notice", "grant", {"digest_shown": ""}, Kind.INVALID, "applications.digest_missing"),
        ("on_notice", "grant", {"upheld_objections": 1}, Kind.REFUSED, "applications.objection_upheld"),
        ("on_notice", "grant", {"person_id": "clerk"}, Kind.REFUSED, "applications.four_eyes"),
        ("on_notice", "refuse", {"person_id": "producer"}, Kind.REFUSED, "applications.four_eyes"),
        ("on_notice", "refuse", {"reason_code": ""}, Kind.INVALID, "applications.reason_unknown"),
        ("on_notice", "refuse", {"reason_code": "sanction.accident"}, Kind.INVALID, "applications.reason_unknown"),
        ("on_notice", "refuse", {"comment": ""}, Kind.INVALID, "applications.comment_missing"),
    ],
)
def test_what_stands_in_the_way(state: str, action: str, change: dict[str, Any], kind: Kind, code: str) -> None:
    with pytest.raises(AppError) as refusal:
        APPLICATION.apply(state, action, FACTS | change)
    assert (refusal.value.kind, refusal.value.code) == (kind, code)


@pytest.mark.parametrize("action", ["grant", "refuse"])
def test_a_provisional_end_never_lets_anybody_decide(action: str) -> None:
    long_past = Deadline(date(2020, 1, 1), provisional=True)
    with pytest.raises(AppError) as refusal:
        APPLICATION.apply("on_notice", action, FACTS | {"notice_end": long_past})
    assert refusal.value.code == "applications.notice_provisional"
    assert refusal.value.params == {"day": "2020-01-01"}


NOT_RECTIFIED = "sanction.not_rectified"
_FOUND = {"reason_code": "sanction.standard"}


def _asks(measure: str, reason: str = "sanction.standard", by: str = "inspector") -> OpenFinding:
    return OpenFinding("F", measure, reason, by)


@pytest.mark.parametrize(
    ("action", "change"),
    [
        ("suspend", _FOUND | {"findings": [_asks("suspend")]}),
        ("suspend", _FOUND | {"findings": [_asks("suspend", by="approver"), _asks("suspend")]}),
        ("suspend", {"reason_code": NOT_RECTIFIED, "findings": [replace(_asks("suspend"), failed=True)]}),
        ("revoke", _FOUND | {"findings": [_asks("revoke")]}),
        ("revoke", {"reason_code": "sanction.accident"}),
        ("suspend", {"reason_code": "sanction.forgery", "findings": [_asks("", "sanction.forgery")]}),
    ],
)
def test_what_a_finding_opens(action: str, change: dict[str, Any]) -> None:
    assert LICENCE.apply("valid", action, FACTS | change).action == action


@pytest.mark.parametrize(
    ("state", "action", "change", "code"),
    [
        ("revoked", "reinstate", {"appeal_changed": False}, "appeals.not_changed"),
        ("revoked", "reinstate", {"other_licence": "L1"}, "licences.other_runs"),
        ("revoked", "reinstate", {"comment": ""}, "licences.comment_missing"),
        ("valid", "suspend", {"reason_code": "refusal.origin"}, "licences.reason_unknown"),
        ("valid", "revoke", {"reason_code": ""}, "licences.reason_unknown"),
        ("valid", "revoke", {"comment": ""}, "licences.comment_missing"),
        ("suspended", "reinstate", {"comment": "\n"}, "licences.comment_missing"),
        ("valid", "suspend", {"today": date(2029, 9, 21)}, "licences.expired"),
        ("valid", "revoke", {"rulebook": None}, "rulebooks.none_in_force"),
        ("valid", "suspend", {"reason_code": "sanction.standard"}, "licences.no_finding"),
        ("valid", "revoke", _FOUND | {"findings": [_asks("suspend")]}, "licences.no_finding"),
        ("valid", "suspend", _FOUND | {"findings": [_asks("revoke")]}, "licences.no_finding"),
        ("suspended", "revoke", _FOUND | {"findings": [_asks("")]}, "licences.no_finding"),
        (
            "valid",
            "suspend",
            _FOUND | {"findings": [_asks("suspend", "sanction.origin")]},
            "licences.no_finding",
        ),
        ("valid", "suspend", _FOUND | {"findings": [_asks("suspend", by="approver")]}, "licences.four_eyes"),
        ("valid", "suspend", {"reason_code": NOT_RECTIFIED, "findings": [_asks("suspend")]}, "licences.no_finding"),
        ("valid", "revoke", {"findings": [_asks("", "sanction.forgery", "approver")]}, "licences.four_eyes"),
    ],
)
def test_what_stands_in_the_way_of_a_sanction(state: str, action: str, change: dict[str, Any], code: str) -> None:
    with pytest.raises(AppError) as refusal:
        LICENCE.apply(state, action, FACTS | {"reason_code": "sanction.forgery"} | change)
    assert refusal.value.code == code


def test_what_went_on_notice_before_there_were_digests_is_decided_still() -> None:
    old = FACTS | {"digests": Digests("", "", "s", "n")}
    assert APPLICATION.apply("on_notice", "grant", old).next_state == "granted"


def test_what_was_upheld_can_still_be_refused() -> None:
    assert APPLICATION.apply("on_notice", "refuse", FACTS | {"upheld_objections": 1}).next_state == "refused"


def test_an_ended_licence_can_still_be_revoked() -> None:
    late = FACTS | {"reason_code": "sanction.forgery", "today": date(2030, 1, 1)}
    assert LICENCE.apply("valid", "revoke", late).next_state == "revoked"


def test_the_end_of_a_notice_never_moves_before_the_published_day() -> None:
    gazetted = calendar([], [2026])
    published = date(2026, 9, 21)
    assert licence_flow.notice_end(gazetted, date(2026, 9, 14), 5, published) == Deadline(published, provisional=False)
    assert licence_flow.notice_end(gazetted, date(2026, 9, 14), 3, published).end == published
    assert licence_flow.notice_end(gazetted, date(2026, 9, 14), 6, published).end == date(2026, 9, 22)
    assert licence_flow.notice_end(calendar([], []), date(2026, 9, 14), 5, published).provisional
