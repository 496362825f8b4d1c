"""Animals: tags cleaned, days in order, and everything in which a carcass can speak against the animal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from brand.kernel.errors import AppError
from trace.rules.alarms import AlarmKind, of_faults
from trace.rules.animals import (
    AFTER,
    EVENTS,
    Known,
    Seen,
    State,
    age_months,
    check_alive,
    check_days,
    check_since,
    clean_number,
    clean_tag,
    contradictions,
)
from trace.rules.care import check_dates, clean_dose
from trace.rules.ear_tags import Species
from trace.rules.events import BIZ_STEPS

DAY = date(2026, 9, 12)
KNOWN = Known(State.ALIVE, DAY, "castrated", "乌拉特羊", date(2026, 3, 12), "day")
SEEN = Seen(DAY, "wether", "乌拉特羊", 6)


def codes(known: Known, seen: Seen) -> list[str]:
    return [one.code for one in contradictions(known, seen)]


def test_a_carcass_that_fits_has_nothing_against_it() -> None:
    assert codes(KNOWN, SEEN) == []
    assert codes(replace(KNOWN, sex="male"), SEEN) == []  # castrated since
    assert codes(replace(KNOWN, breed="", born_on=None), SEEN) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"sex": "female"}, "slaughter.sex"),
        ({"breed": "巴美肉羊"}, "slaughter.breed"),
        ({"born_on": date(2025, 9, 12)}, "slaughter.age"),
        ({"born_on": DAY + timedelta(1)}, "slaughter.before_birth"),
        ({"state": State.DEAD}, "slaughter.not_alive.dead"),
        ({"state": State.SLAUGHTERED}, "slaughter.not_alive.slaughtered"),
        ({"state": State.SOLD}, "slaughter.not_alive.sold"),
        ({"state": State.LOST}, "slaughter.not_alive.lost"),
    ],
)
def test_each_contradiction_is_named(changed: dict[str, object], code: str) -> None:
    assert codes(replace(KNOWN, **changed), SEEN) == [code]  # type: ignore[arg-type]


def test_the_less_exactly_a_birth_is_known_the_wider_the_age() -> None:
    born = DAY - timedelta(days=round(8 * 30.44))
    assert codes(replace(KNOWN, born_on=born), SEEN) == ["slaughter.age"]
    assert codes(replace(KNOWN, born_on=born, birth="month"), SEEN) == []
    assert age_months(date(2026, 3, 12), DAY) == age_months(date(2026, 3, 12), DAY).quantize(age_months(DAY, DAY))


def test_a_ewe_recorded_castrated_is_no_wether() -> None:
    assert codes(KNOWN, replace(SEEN, sex="ewe")) == ["slaughter.sex"]
    assert codes(KNOWN, replace(SEEN, sex="ram")) == ["slaughter.sex"]


def test_tags_of_the_county_of_birth_stay_good() -> None:
    """Lufeng's code changed: a tag put on under the old one is right for an animal born under it."""
    old = "353233112345678"
    assert clean_tag("３" + old[1:], Species.SHEEP, date(2018, 5, 1), DAY) == old
    with pytest.raises(AppError, match=r"ear_tags\.county"):
        clean_tag(old, Species.SHEEP, None, DAY)
    with pytest.raises(AppError, match=r"ear_tags\.species"):
        clean_tag("215082412345678", Species.SHEEP, None, DAY)


def test_numbers_and_days() -> None:
    assert clean_number(" ａ 17-b ") == "A17-B"
    for act, code in (
        (lambda: clean_number("　"), "animals.number"),
        (lambda: clean_number("1" * 41), "animals.number"),
        (lambda: check_days(None, DAY + timedelta(1), DAY), "animals.in_future"),
        (lambda: check_days(DAY, DAY - timedelta(1), DAY), "animals.before_birth"),
        (lambda: check_since(DAY, DAY - timedelta(1)), "animals.before_coming"),
        (lambda: check_alive("lost"), "animals.not_alive.lost"),
        (lambda: check_dates(DAY, DAY - timedelta(1), DAY), "care.order"),
        (lambda: check_dates(DAY + timedelta(1), DAY + timedelta(1), DAY), "care.in_future"),
        (lambda: check_dates(DAY - timedelta(200), DAY, DAY), "care.too_long"),
        (lambda: clean_dose("NaN"), "care.dose"),
        (lambda: clean_dose("0"), "care.dose"),
        (lambda: clean_dose("1e9"), "care.dose"),
    ):
        with pytest.raises(AppError) as caught:
            act()
        assert caught.value.code == code
    assert clean_dose("2.50") == "2.5"


def test_every_act_has_its_event_and_its_state() -> None:
    assert all(kind in BIZ_STEPS for kind in EVENTS.values())
    assert set(AFTER.values()) == set(State) - {State.ALIVE, State.SLAUGHTERED}


def test_only_what_must_not_pass_unseen_is_an_alarm() -> None:
    from brand.kernel.errors import Fault

    faults = [
        Fault("batches.tag_slaughtered", "A1", {"tag": "1"}),
        Fault("batches.tag_slaughtered", "A2", {"tag": "1"}),
        Fault("slaughter.in_withdrawal", "A3", {"tag": "2"}),
        Fault("slaughter.sex", "A4", {"tag": "3"}),
    ]
    assert [(kind, tag) for kind, tag, _ in of_faults(faults)] == [
        (AlarmKind.SECOND_SLAUGHTER, "1"),
        (AlarmKind.IN_WITHDRAWAL, "2"),
    ]
    assert len(of_faults([Fault("slaughter.in_withdrawal", "", {"tag": str(n)}) for n in range(500)])) == 50
