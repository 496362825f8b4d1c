"""Verdicts: every combination of facts keeps the promise of the colours, and the words stay careful."""

from datetime import date, timedelta
from itertools import combinations, product

import pytest

from trace.rules.scans import Signal
from trace.rules.verdicts import (
    BrandHalt,
    CodeRecord,
    Colour,
    Facts,
    KeyState,
    LicenceStatus,
    Lists,
    Signature,
    decide,
)

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
        ({"signals": ((Signal.TRAVEL, 3),)}, "suspicious.travel"),
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
    batch = verdict(scans_before=999, one_pack=False, signals=((Signal.PLACES, 5),))
    assert (batch.colour, codes(batch)) == (Colour.GREEN, ["issued", "can_be_copied"])


def test_looks_alone_are_no_warning_however_many():
    assert verdict(scans_before=100_000).colour is Colour.GREEN


def test_where_nobody_counts_nothing_is_said_of_looks():
    assert codes(verdict(scans_before=None)) == ["issued", "can_be_copied"]


def test_a_sale_is_told_before_the_looks():
    assert codes(verdict(sold_on=TODAY, scans_before=2)) == ["issued", "sold", "scanned_before", "can_be_copied"]


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
            signals=signals,
            held=held,
        )
        for signed, activated, void, recalled, held, now, then, days, breaches, signals in product(
            *[(True, False)] * 5, LicenceStatus, LicenceStatus, (-1, 0), (0, 2), ((), ((Signal.PLACES, 6),))
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
        or code.signals != ()
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
    def forgetful(facts):
        return decide(facts._replace(code=facts.code and facts.code._replace(recalled=False)))

    assert broken(forgetful) is not None


def test_the_harness_catches_a_verdict_that_forgets_holds():
    def forgetful(facts):
        return decide(facts._replace(code=facts.code and facts.code._replace(held=False)))

    assert broken(forgetful) is not None


LISTS = Lists(TODAY - timedelta(days=9), TODAY - timedelta(days=1))
AHEAD = Lists(TODAY + timedelta(days=1), TODAY + timedelta(days=9))
BRAND = BrandHalt("示范品牌", "ended")
#: Every fact that can be amiss, in the order in which its reason comes first: red, then what is not known, then amber.
ORDER = [
    ("bad_signature", {"signature": Signature.BAD}, {}),
    ("key_distrusted", {"key": KeyState.DISTRUSTED}, {}),
    ("void", {}, {"void": True}),
    ("recalled", {}, {"recalled": True}),
    ("not_activated", {}, {"activated": False}),
    ("clock_back", {"lists": AHEAD}, {}),
    ("lists_expired", {"lists": LISTS}, {}),
    ("key_unknown", {"key": KeyState.UNKNOWN}, {}),
    ("held", {}, {"held": True}),
    ("signature_missing", {"signature": Signature.ABSENT}, {}),
    ("licence_at_packing.none", {}, {"licence_at_packing": LicenceStatus.NONE}),
    ("brand_today.ended", {}, {"licence_today": LicenceStatus.EXPIRED, "brand_halt_today": BRAND}),
    ("shelf_life_over", {}, {"shelf_life_ends": TODAY - timedelta(days=1)}),
    ("breach_open", {}, {"breaches_open": 1}),
    ("chain_incomplete", {}, {"steps_missing": 1}),
    ("suspicious.outside_area", {}, {"signals": ((Signal.OUTSIDE_AREA, 3),)}),
]


def test_of_two_things_amiss_the_graver_leads():
    for (leads, outer, inner), (follows, outer_too, inner_too) in combinations(ORDER, 2):
        if set(outer) & set(outer_too) or (leads, follows) == ("void", "not_activated"):
            continue  # one fact cannot be amiss in two ways, and of a void label nobody asks whether it was used
        sound = Facts(TODAY, Signature.OK, KeyState.KNOWN, record(**(inner_too | inner)))
        told = codes(decide(sound._replace(**(outer_too | outer))))
        assert told[0] == leads, (leads, follows)
        assert follows in told, (leads, follows)


def test_without_looking_a_code_up_nothing_is_said_of_it():
    found = decide(Facts(TODAY, Signature.OK, KeyState.KNOWN, None, looked_up=False))
    assert (found.colour, codes(found)) == (Colour.AMBER, ["not_looked_up", "can_be_copied"])
