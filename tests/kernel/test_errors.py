"""Where refusals point: the asker's own document, however deep the rule lies that refused."""

from __future__ import annotations

import pytest

from brand.kernel.errors import AppError, Fault, invalid, pointing, quota_exceeded


@pytest.mark.parametrize(
    ("pointer", "places", "shown"),
    [
        ("/kg", {"/kg": "/output/kg"}, "/output/kg"),
        ("/kg_2", {"/kg": "/output/kg"}, "/kg_2"),
        ("/outputs/0/kg", {"/outputs/0": "/loose/3"}, "/loose/3/kg"),
        ("/outputs/0/kg", {"/outputs/0": ""}, "/kg"),
        ("/inputs/0/kg", {"/inputs/0": "/a", "/inputs/0/kg": "/b"}, "/b"),
        ("", {"": "/kg"}, "/kg"),
        ("/day", {}, "/day"),
    ],
)
def test_the_longest_known_beginning_is_replaced(pointer: str, places: dict[str, str], shown: str) -> None:
    with pytest.raises(AppError) as caught, pointing(places):
        raise invalid("input.invalid", faults=[Fault("input.required", pointer, {"a": 1})])
    assert [(one.code, one.pointer, one.params) for one in caught.value.faults] == [("input.required", shown, {"a": 1})]


def test_a_scarce_thing_points_at_the_whole_until_somebody_knows_better() -> None:
    with pytest.raises(AppError) as caught, pointing({"": "/outputs/0/kg"}):
        raise quota_exceeded("flows.more_than_left", left="5")
    assert caught.value.faults == (Fault("flows.more_than_left", "/outputs/0/kg", {"left": "5"}),)
