"""Verdicts: every combination of facts keeps the promise of the colours, and the words stay careful."""

from datetime import date, timedelta
from itertools import product

import pytest

from trace.rules.verdicts import MANY_SCANS, CodeRecord, Colour, Facts, KeyState, LicenceStatus, Signature, decide

TODAY = date(2026, 10, 1)
RED_ONLY_FOR = {
    "verdicts.bad_signature",
    "verdicts.key_distrusted",
    "verdicts.code_unknown",
    "verdicts.void",
    "verdicts.recalled",
    "verdicts.not_activated",
}


def record(**changes):
    sound = {
        "batch": "4XK9TQ2H",
        "enterprise": "示范肉业",
        "signed": True,
        "one_pack": True,
        "activated": True,
        "void": False,
        "recalled": False,
        "licence_today": LicenceStatus.VALID,
        "licence_at_packing": LicenceStatus.VALID,
        "shelf_life_ends": TODAY,
        "breaches_open": 0,
        "scans_before": 0,
    }
    return CodeRecord(**{**sound, **changes})


def verdict(signature=Signature.OK, key=KeyState.KNOWN, **changes):
    return decide(Facts(TODAY, signature, key, record(**changes)))


def codes(found):
    return [reason.code.removeprefix("verdicts.") for reason in found.reasons]


def test_a_sound_first_scan_is_green_and_warns_of_copies():
    found = verdict()
    assert found.colour is Colour.GREEN
    assert codes(found) == ["issued", "first_scan", "can_be_copied"]
    assert found.reasons[0].params == {"batch": "4XK9TQ2H", "enterprise": "示范肉业"}


def test_a_typed_line_is_no_lack_of_a_signature_and_says_so():
    found = verdict(Signature.TYPED, key=None)
    assert found.colour is Colour.GREEN
    assert codes(found) == ["issued", "typed", "first_scan", "can_be_copied"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"signature": Signature.BAD}, "bad_signature"),
        ({"key": KeyState.DISTRUSTED}, "key_distrusted"),
        ({"void": True}, "void"),
        ({"recalled": True}, "recalled"),
        ({"activated": False}, "not_activated"),
    ],
)
def test_red(changes, reason):
    found = verdict(**changes)
    assert (found.colour, codes(found)) == (Colour.RED, [reason])


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"key": KeyState.UNKNOWN}, "key_unknown"),
        ({"signature": Signature.ABSENT}, "signature_missing"),
        ({"licence_today": LicenceStatus.SUSPENDED}, "licence_today.suspended"),
        ({"licence_today": LicenceStatus.REVOKED}, "licence_today.revoked"),
        ({"licence_today": LicenceStatus.EXPIRED}, "licence_today.expired"),
        ({"licence_today": LicenceStatus.NONE}, "licence_today.none"),
        ({"licence_at_packing": LicenceStatus.SUSPENDED}, "licence_at_packing.suspended"),
        ({"licence_at_packing": LicenceStatus.NONE}, "licence_at_packing.none"),
        ({"shelf_life_ends": TODAY - timedelta(days=1)}, "shelf_life_over"),
        ({"breaches_open": 1}, "breach_open"),
        ({"held": True}, "held"),
        ({"scans_before": MANY_SCANS}, "scanned_often"),
    ],
)
def test_amber(changes, reason):
    found = verdict(**changes)
    assert (found.colour, codes(found)[0], codes(found)[-1]) == (Colour.AMBER, reason, "can_be_copied")


def test_a_code_never_issued_is_red_and_says_nothing_of_a_batch():
    found = decide(Facts(TODAY, Signature.ABSENT, None, None))
    assert (found.colour, codes(found)) == (Colour.RED, ["code_unknown"])


def test_the_compact_profile_is_green_and_says_it_has_no_signature():
    found = verdict(signature=Signature.ABSENT, key=None, signed=False)
    assert (found.colour, codes(found)) == (Colour.GREEN, ["issued", "unsigned", "first_scan", "can_be_copied"])


def test_scans_before_are_told_and_mean_nothing_for_a_batch_code():
    assert codes(verdict(scans_before=3)) == ["issued", "scanned_before", "can_be_copied"]
    assert codes(verdict(scans_before=999, one_pack=False)) == ["issued", "can_be_copied"]


def test_a_pack_without_a_date_never_ends():
    assert verdict(shelf_life_ends=None).colour is Colour.GREEN


def every_fact():
    records = [
        record(
            signed=signed,
            activated=activated,
            void=void,
            recalled=recalled,
            licence_today=now,
            licence_at_packing=then,
            shelf_life_ends=TODAY + timedelta(days=days),
            breaches_open=breaches,
            scans_before=scans,
            held=held,
        )
        for signed, activated, void, recalled, held, now, then, days, breaches, scans in product(
            *[(True, False)] * 5, LicenceStatus, LicenceStatus, (-1, 0), (0, 2), (0, 1, MANY_SCANS)
        )
    ]
    for signature, key, code in product(Signature, (None, *KeyState), [None, *records]):
        yield Facts(TODAY, signature, key, code)


def amiss(facts):
    code = facts.code
    return (
        facts.key is KeyState.UNKNOWN
        or (code.signed and facts.signature is Signature.ABSENT)
        or {code.licence_today, code.licence_at_packing} != {LicenceStatus.VALID}
        or facts.today > code.shelf_life_ends
        or code.breaches_open > 0
        or code.held
        or code.scans_before >= MANY_SCANS
    )


def expected(facts):
    code = facts.code
    if facts.signature is Signature.BAD or facts.key is KeyState.DISTRUSTED or code is None:
        return Colour.RED
    if code.void or code.recalled or not code.activated:
        return Colour.RED
    return Colour.AMBER if amiss(facts) else Colour.GREEN


def broken(decision):
    """The first fact for which a decision breaks a promise, or None: the harness its planted twin must trip."""
    order = [Colour.RED, Colour.AMBER, Colour.GREEN]
    for facts in every_fact():
        found = decision(facts)
        weights = [order.index(reason.weight) for reason in found.reasons]
        sound = (
            found.colour is expected(facts)
            and weights == sorted(weights)
            and found.colour is found.reasons[0].weight
            and {reason.code for reason in found.reasons if reason.weight is Colour.RED} <= RED_ONLY_FOR
            and (found.reasons[-1].code == "verdicts.can_be_copied") == (found.colour is not Colour.RED)
            and len({reason.code for reason in found.reasons}) == len(found.reasons)
        )
        if not sound:
            return facts
    return None


def test_every_combination_keeps_the_promise_of_the_colours():
    assert broken(decide) is None


def test_the_harness_catches_a_verdict_that_forgets_recalls():
    from dataclasses import replace

    def forgetful(facts):
        return decide(replace(facts, code=facts.code and replace(facts.code, recalled=False)))

    assert broken(forgetful) is not None


def test_the_harness_catches_a_verdict_that_forgets_holds():
    from dataclasses import replace

    def forgetful(facts):
        return decide(replace(facts, code=facts.code and replace(facts.code, held=False)))

    assert broken(forgetful) is not None
