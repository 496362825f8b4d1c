"""Sets of serials: exact among all that were issued, whatever their beginnings, and small."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import tier
from trace.crypto import crockford, serial_sets
from trace.crypto.label_codes import fresh_serials

SERIALS = st.text(crockford.ALPHABET, min_size=16, max_size=16)
#: Serials that share long beginnings, as random ones never do.
ALIKE = st.builds(
    lambda head, tail: (head * 16)[: 16 - len(tail)] + tail, st.sampled_from("0Z"), st.text("01Z", max_size=8)
)


@given(st.sets(SERIALS | ALIKE, max_size=60), st.sets(SERIALS | ALIKE, max_size=60))
def test_exact_about_everything_it_was_told_of(members, strangers):
    found = serial_sets.encode(members, strangers - members)
    assert all(serial_sets.holds(found, one) for one in members)
    assert not any(serial_sets.holds(found, one) for one in strangers - members)


def test_serials_alike_to_the_last_character_are_told_apart():
    found = serial_sets.encode(["0" * 16], ["0" * 15 + "1"])
    assert found["exact"] == ["0" * 16]
    assert serial_sets.holds(found, "0" * 16)
    assert not serial_sets.holds(found, "0" * 15 + "1")


def test_many_members_take_thirty_bits_each_and_no_look_up_unpacks_many():
    count = tier(20_000, 200_000)
    everything = fresh_serials(2 * count)
    members, strangers = everything[:count], everything[count:]
    found = serial_sets.encode(members, strangers)
    assert len(json.dumps(found)) * 8 / count < 31
    assert max(one[1] for one in found["chunks"]) <= serial_sets.CHUNK
    some = slice(None, None, 997)
    assert all(serial_sets.holds(found, one) for one in members[some])
    assert not any(serial_sets.holds(found, one) for one in strangers[some])


def test_a_set_cut_too_short_would_err():
    """The twin: with a bit less the set holds a stranger."""
    members, strangers = ["0" * 16], ["00001" + "0" * 11]
    found = serial_sets.encode(members, strangers)
    short = found["bits"] - 1 if found["bits"] > 25 else 20
    planted = {"bits": short, "exact": [], "chunks": [[found["chunks"][0][0] >> (found["bits"] - short), 1, 0, ""]]}
    assert not serial_sets.holds(found, strangers[0])
    assert serial_sets.holds(planted, strangers[0])
