"""Names of cuts against a product's list: marked by what is written from memory, refused only by what was decided."""

from __future__ import annotations

import pytest

from brand.rules.product_rules import RuleKind, shipped
from trace.rules.cuts import Naming, naming, refuses

LIST = {"cuts": [{"name": "里脊", "verified": True}, {"name": "羊腩", "verified": False}]}


@pytest.mark.parametrize(
    ("cut", "found"), [("里脊", Naming.VERIFIED), ("羊腩", Naming.UNVERIFIED), ("羊蝎子", Naming.UNLISTED)]
)
def test_a_name_is_compared_listed_or_neither(cut: str, found: Naming) -> None:
    assert naming(cut, LIST) is found


def test_only_a_list_somebody_decided_on_refuses() -> None:
    assert refuses("羊蝎子", LIST, 1)
    assert not refuses("羊腩", LIST, 1), "listed is enough; compared is a mark"
    assert not refuses("羊蝎子", LIST, 0), "the shipped list was written from memory"
    assert not refuses("羊蝎子", {"cuts": []}, 2), "an empty list says nothing"


def test_no_shipped_name_claims_to_be_compared() -> None:
    content = shipped(RuleKind.CUT_LIST, "lamb").content
    assert {naming(one["name"], content) for one in content["cuts"]} == {Naming.UNVERIFIED}
