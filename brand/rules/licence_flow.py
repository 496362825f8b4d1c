"""The life of an application for a licence: who may take which step, and what must be true first.

Source: plan lines in domain notes A1.9 (apply → guide → inspect; advice tiers have no licence), A1.26 (every refusal
has a reason), A5.9 and A5.10 (public notice of five working days, grant only after it) and B6 end (default policy).
Deadlines and terms are policy values; this table knows only their order.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from brand.kernel.errors import AppError, Fault, invalid, refused
from brand.kernel.workflow import Facts, Guard, Step, Workflow
from brand.rules import materials, reviews
from brand.rules.adoptions import standard_is_adopted, trainings_are_attended
from brand.rules.appeals import an_appeal_changed_it
from brand.rules.applications import content_is_as_noticed, content_is_as_sent, content_was_read
from brand.rules.presets import USES_OF_GOODS, Process
from brand.rules.reviews import ACTIONS, Opinion, ReviewKind
from brand.rules.working_days import Calendar, Deadline, add_working_days


class ApplicationState(StrEnum):
    """``new`` is before the first word is written; no row ever carries it."""

    NEW = "new"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    RECOMMENDED = "recommended"
    DESK_REVIEWED = "desk_reviewed"
    SITE_INSPECTED = "site_inspected"
    EXPERTS_HEARD = "experts_heard"
    RETURNED = "returned"
    ON_NOTICE = "on_notice"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


#: States in which an application still runs: one per enterprise, brand and product.
OPEN_STATES = tuple(
    str(one)
    for one in ApplicationState
    if one not in (ApplicationState.NEW, ApplicationState.GRANTED, ApplicationState.REFUSED, ApplicationState.WITHDRAWN)
)


class Refusal(StrEnum):
    """Why an application may be refused; ``<code>.rule`` in the texts is the rule it rests on."""

    ORIGIN = "refusal.origin"
    STANDARD = "refusal.standard"
    CAPACITY = "refusal.capacity"
    CERTIFICATE = "refusal.certificate"
    TRACEABILITY = "refusal.traceability"
    OBJECTION = "refusal.objection"
    FALSE_STATEMENT = "refusal.false_statement"
    RECORD = "refusal.record"


def enterprise_is_confirmed(facts: Facts) -> None:
    if facts.get("enterprise_suspended"):
        raise refused("applications.enterprise_suspended")
    if not facts["enterprise_confirmed"]:
        raise refused("applications.enterprise_not_confirmed")


def brand_is_in_force(facts: Facts) -> None:
    """No new licence under a brand that is suspended or ended, by itself or with one above it."""
    if facts.get("brand_state", "in_force") != "in_force":
        raise refused(f"applications.brand_{facts['brand_state']}")


def tier_gives_licences(facts: Facts) -> None:
    """The third tier is norms and guidance: the enterprise owns its mark and needs no licence (A1.9)."""
    if facts["tier_process"] != Process.LICENCE:
        raise refused("applications.tier_is_advice")


def product_is_of_brand(facts: Facts) -> None:
    """Without a product it is the brand itself that is asked for: publicity, a shop sign, but no goods (A1.2)."""
    if facts["product_brand_id"] is not None and facts["product_brand_id"] != facts["brand_id"]:
        raise at("product_id", "applications.product_of_other_brand")


def cap_is_positive(facts: Facts) -> None:
    """Goods are counted against a weight; where there are none, there is no weight."""
    if facts["product_brand_id"] is None:
        if facts["cap_kg"] is not None:
            raise at("cap_kg", "applications.cap_without_goods")
    elif facts["cap_kg"] is None or facts["cap_kg"] <= 0:
        raise at("cap_kg", "applications.cap_not_positive")


def uses_are_of_tier(facts: Facts) -> None:
    """A mark is used only for what its tier allows (A1.2), and put on packs only together with a product."""
    if not facts["uses"]:
        raise at("uses", "applications.uses_missing")
    for use in facts["uses"]:
        if use not in facts["tier_uses"]:
            raise at("uses", "applications.use_not_of_tier", use=f"use.{use}")
        if use in USES_OF_GOODS and facts["product_brand_id"] is None:
            raise at("uses", "applications.use_needs_goods", use=f"use.{use}")


def promise_is_given(facts: Facts) -> None:
    if not facts["promise"]:
        raise at("promise", "applications.promise_missing")


def not_licensed_already(facts: Facts) -> None:
    """One enterprise holds one running licence for a product; two would double its allowance.

    In the last months of its term the holder may apply for the one that follows.
    """
    if facts["running_licence"]:
        raise refused("applications.already_licensed", number=facts["running_licence"])


def not_banned(facts: Facts) -> None:
    """After a revocation no new application for the years the policy names (A5.12)."""
    until: date | None = facts["banned_until"]
    if until is not None and facts["today"] <= until:
        raise refused("applications.banned_until", day=until.isoformat())


def comment_is_given(facts: Facts) -> None:
    if not facts["comment"].strip():
        raise at("comment", "applications.comment_missing")


def notice_has_ended(facts: Facts) -> None:
    """A notice whose end rests on an ungazetted year is never over: the day itself is still a guess."""
    end: Deadline = facts["notice_end"]
    if end.provisional:
        raise refused("applications.notice_provisional", day=end.end.isoformat())
    if facts["today"] <= end.end:
        raise refused("applications.notice_running", day=end.end.isoformat())


def decided_by_another_person(facts: Facts) -> None:
    """Persons are compared, never accounts: a second account is still the same pair of eyes."""
    if facts["person_id"] in facts["hands"]:
        raise refused("applications.four_eyes")


def objections_are_answered(facts: Facts) -> None:
    """An objection sent in time holds the decision until the office has answered it (A5.9)."""
    if facts["open_objections"]:
        raise refused("applications.objection_open", count=facts["open_objections"])


def no_objection_upheld(facts: Facts) -> None:
    """A licence follows a notice without a founded objection (A5.10); what was upheld can only be refused."""
    if facts["upheld_objections"]:
        raise refused("applications.objection_upheld", count=facts["upheld_objections"])


def materials_are_complete(facts: Facts) -> None:
    """No complete data, no acceptance (A5.13); the refusal lists every paper that is lacking."""
    lacking = materials.missing(facts["materials"])
    if lacking:
        raise lacking


def reviews_are_done(facts: Facts) -> None:
    _reviewed(facts, None)


def reviews_before(kind: ReviewKind) -> Guard:
    """A guard: the required records that come before this one are made and say yes."""

    def guard(facts: Facts) -> None:
        _reviewed(facts, kind)

    guard.__name__ = f"reviews_before_{kind}"
    return guard


def _reviewed(facts: Facts, kind: ReviewKind | None) -> None:
    lacking = reviews.lacking(reviews.unmet(facts["reviews_required"], facts["reviews_done"], kind))
    if lacking:
        raise lacking


def opinion_fits_score(facts: Facts) -> None:
    """Below the pass mark nobody may write «qualified»."""
    if facts["opinion"] not in set(Opinion):
        raise at("opinion", "reviews.opinion_unknown")
    score, mark = facts["score"], facts["pass_mark"]
    if facts["opinion"] == Opinion.PASS and score is not None and score < mark:
        fault = Fault("reviews.below_pass_mark", "/opinion", {"score": score, "mark": mark})
        raise invalid("reviews.below_pass_mark", faults=[fault], score=score, mark=mark)


def a_rulebook_is_in_force(facts: Facts) -> None:
    """Every decision quotes a clause of a published edition (A1.7, A1.26)."""
    if not facts["rulebook"]:
        raise refused("rulebooks.none_in_force")


def refusal_is_named(facts: Facts) -> None:
    one_of(Refusal, facts["reason_code"], "applications.reason_unknown")


def no_other_application_runs(facts: Facts) -> None:
    """Taking a refused application up again would stand beside one sent meanwhile for the same product."""
    if facts["other_application"]:
        raise refused("applications.already_open", number=facts["other_application"])


def one_of(choices: type[StrEnum], given: str, code: str) -> None:
    if given not in {str(one) for one in choices}:
        raise at("reason_code", code)


def at(field: str, code: str, **params: object) -> AppError:
    return invalid(code, faults=[Fault(code, f"/{field}", params)], **params)


_ELIGIBLE = (
    enterprise_is_confirmed,
    brand_is_in_force,
    tier_gives_licences,
    product_is_of_brand,
    cap_is_positive,
    uses_are_of_tier,
    not_licensed_already,
    not_banned,
)
#: What the product's standard asks of its users, where the scheme makes a licence rest on it.
_UPTAKE = (standard_is_adopted, trainings_are_attended)
_DECISION = (a_rulebook_is_in_force, notice_has_ended, objections_are_answered, decided_by_another_person)
_WRITE, _REVIEW, _DECIDE = "applications.write", "applications.review", "applications.decide"
_INSPECT = "applications.inspect"

#: The states an application passes while the office looks at it; a record may be made from any earlier one, or again.
REVIEWING = ("under_review", "recommended", "desk_reviewed", "site_inspected", "experts_heard")
_RECORDS = (
    ("recommend", "recommended", "applications.recommend"),
    ("review_desk", "desk_reviewed", _REVIEW),
    ("inspect_site", "site_inspected", _INSPECT),
    ("hear_experts", "experts_heard", _REVIEW),
)

APPLICATION = Workflow(
    "applications",
    [
        Step("new", "draft", "draft", _WRITE, "applications.draft", _ELIGIBLE),
        Step("draft", "edit", "draft", _WRITE, "applications.edit", _ELIGIBLE),
        Step("returned", "edit", "returned", _WRITE, "applications.edit", _ELIGIBLE),
        *(
            Step(
                state,
                "submit",
                "submitted",
                _WRITE,
                "applications.submit",
                (*_ELIGIBLE, promise_is_given, materials_are_complete),
            )
            for state in ("draft", "returned")
        ),
        Step("submitted", "start_review", "under_review", _REVIEW, "applications.start_review"),
        *(
            Step(
                state,
                action,
                reached,
                permission,
                f"applications.{action}",
                (reviews_before(ACTIONS[action]), opinion_fits_score, comment_is_given),
            )
            for place, (action, reached, permission) in enumerate(_RECORDS)
            for state in REVIEWING[: place + 2]
        ),
        *(
            Step(state, "return", "returned", _REVIEW, "applications.return", (comment_is_given,))
            for state in REVIEWING
        ),
        *(
            Step(
                state,
                "publish_notice",
                "on_notice",
                _REVIEW,
                "applications.publish_notice",
                (*_ELIGIBLE, content_is_as_sent, reviews_are_done, *_UPTAKE),
            )
            for state in REVIEWING
        ),
        Step(
            "on_notice",
            "grant",
            "granted",
            _DECIDE,
            "applications.grant",
            (*_ELIGIBLE, *_DECISION, no_objection_upheld, content_is_as_noticed, *_UPTAKE, content_was_read),
        ),
        Step(
            "on_notice",
            "refuse",
            "refused",
            _DECIDE,
            "applications.refuse",
            (*_DECISION, refusal_is_named, comment_is_given),
            reason=True,
        ),
        *(
            Step(
                state,
                "refuse",
                "refused",
                _DECIDE,
                "applications.refuse",
                (a_rulebook_is_in_force, decided_by_another_person, refusal_is_named, comment_is_given),
                reason=True,
            )
            for state in REVIEWING
        ),
        *(
            Step(state, "withdraw", "withdrawn", _WRITE, "applications.withdraw")
            for state in ("draft", "submitted", "returned", *REVIEWING)
        ),
        Step(
            "refused",
            "reconsider",
            "under_review",
            _REVIEW,
            "applications.reconsider",
            (an_appeal_changed_it, no_other_application_runs),
        ),
    ],
)


def notice_end(calendar: Calendar, starts_on: date, working_days: int, published_end: date) -> Deadline:
    """When a notice is over by the calendar as it is known today; never earlier than the day the public was told."""
    counted = add_working_days(calendar, starts_on, working_days)
    return Deadline(max(counted.end, published_end), counted.provisional)
