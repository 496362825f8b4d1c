"""Chains of custody: who has goods, hand-over by hand-over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from trace.rules.custody import Hold, Journey, Link, links

T = [datetime(2026, 9, 1, tzinfo=UTC) + timedelta(hours=one) for one in range(8)]


def journey(**changes) -> Journey:
    usual = {
        "number": "W1",
        "from_id": "a",
        "to_id": "b",
        "carrier_id": "",
        "sent_at": T[1],
        "taken_over_at": None,
        "ended_at": T[3],
        "seal": "S1",
        "seal_found": "S2",
    }
    return Journey(**usual | changes)


def said(found: tuple[Link, ...]) -> list[tuple[object, ...]]:
    return [(one.who_id, one.how, T.index(one.since), T.index(one.until) if one.until else None) for one in found]


def test_goods_nobody_sent_are_with_their_maker() -> None:
    assert said(links("a", T[0], [])) == [("a", Hold.HOLDER, 0, None)]
    assert said(links("a", T[0], [], T[5])) == [("a", Hold.HOLDER, 0, 5)]


def test_a_carrier_that_confirmed_has_them_only_from_then_on() -> None:
    one = journey(carrier_id="c", taken_over_at=T[2], seal_taken="S1?")
    found = links("a", T[0], [one])
    assert said(found) == [
        ("a", Hold.HOLDER, 0, 1),
        ("a", Hold.HOLDER, 1, 2),
        ("c", Hold.CARRIER, 2, 3),
        ("b", Hold.HOLDER, 3, None),
    ]
    assert [one.seal for one in found] == ["", "S1", "S1?", "S2"]
    named = links("a", T[0], [journey(carrier_id="c")])
    assert said(named)[1] == ("c", Hold.CARRIER_NAMED, 1, 3)
    assert said(links("a", T[0], [journey()]))[1] == ("a", Hold.OWN_TRANSPORT, 1, 3)


def test_goods_on_their_way_have_no_further_holder() -> None:
    way = [journey(), journey(number="W2", from_id="b", to_id="d", sent_at=T[4], ended_at=None)]
    assert said(links("a", T[0], way)) == [
        ("a", Hold.HOLDER, 0, 1),
        ("a", Hold.OWN_TRANSPORT, 1, 3),
        ("b", Hold.HOLDER, 3, 4),
        ("b", Hold.OWN_TRANSPORT, 4, None),
    ]


def test_a_journey_after_the_goods_had_left_is_not_theirs() -> None:
    assert said(links("a", T[0], [journey(), journey(sent_at=T[6], ended_at=T[7])], T[5]))[-1] == (
        "b",
        Hold.HOLDER,
        3,
        5,
    )
