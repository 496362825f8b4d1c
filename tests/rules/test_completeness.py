"""What goods bring along: into a part everything done before it left, into a mixture only what every part has."""

from datetime import date

from brand.rules.product_rules import Item
from trace.rules.completeness import ALWAYS, carried, left_on

MON, TUE, WED = (date(2026, 9, day) for day in (14, 15, 16))
SLAUGHTERED = {Item.SLAUGHTERING: MON, Item.CHILLING: TUE}


def test_a_part_has_what_was_done_before_it_left_and_its_own():
    made_of = {"part": [("whole", TUE)]}
    own = {"whole": SLAUGHTERED | {Item.AGEING: WED, Item.PACKING: MON}, "part": {Item.CUTTING: WED}}
    assert carried("part", own, made_of) == {Item.SLAUGHTERING, Item.CHILLING, Item.CUTTING}


def test_goods_without_a_history_bring_none_into_a_mixture():
    made_of = {"mixed": [("known", WED), ("outside", WED)]}
    assert carried("mixed", {"known": SLAUGHTERED, "outside": {}}, made_of) == frozenset()
    both = {"known": SLAUGHTERED, "outside": {Item.SLAUGHTERING: TUE}}
    assert carried("mixed", both, made_of) == {Item.SLAUGHTERING}


def test_a_mixture_is_promised_for_anew_and_a_part_is_not():
    own = {one: {Item.COMMITMENT_CERTIFICATE: MON, Item.LABORATORY_REPORT: ALWAYS} for one in ("a", "b")}
    assert carried("mixed", own, {"mixed": [("a", TUE), ("b", TUE)]}) == {Item.LABORATORY_REPORT}
    assert Item.COMMITMENT_CERTIFICATE in carried("part", own, {"part": [("a", TUE)]})


def test_what_is_shared_by_two_ways_is_read_once_and_counts_on_both():
    made_of = {"end": [("left", WED), ("right", WED)], "left": [("root", TUE)], "right": [("root", MON)]}
    own = {"root": {Item.SLAUGHTERING: MON, Item.CHILLING: TUE}}
    assert carried("end", own, made_of) == {Item.SLAUGHTERING}, "the right part left before the chilling"
    assert left_on("end", made_of) == {"end": date.max, "left": WED, "right": WED, "root": TUE}


def test_what_left_elsewhere_says_nothing_about_this_batch():
    assert left_on("a", {"a": [("root", MON)]}) == {"a": date.max, "root": MON}
