"""Class from age and teeth, at every edge; and whether age and teeth can both be true."""

from decimal import Decimal

import pytest

from brand.kernel.errors import AppError
from trace.rules.carcass_classes import age_matches_teeth, carcass_class


@pytest.mark.parametrize(
    ("age", "pairs", "expected"),
    [
        (0, 0, "lamb"),
        (3, 0, "lamb"),  # too young for a fat lamb: the ordinary lamb table, its weights decide
        (Decimal("3.9"), 0, "lamb"),
        (4, 0, "fat_lamb"),
        (6, 0, "fat_lamb"),
        (Decimal("6.5"), 0, "lamb"),
        (7, 0, "lamb"),
        (11, 0, "lamb"),
        (Decimal("11.9"), 0, "lamb"),
        (12, 0, "mutton"),  # «under 12 months» is over
        (14, 0, "mutton"),  # milk teeth, but too old for a lamb
        (12, 1, "mutton"),
        (11, 1, "mutton"),  # a changed pair, whatever the age says
        (5, 1, "mutton"),
        (24, 3, "mutton"),
        (240, 4, "mutton"),
    ],
)
def test_class(age, pairs, expected):
    assert carcass_class(age, pairs) == expected


@pytest.mark.parametrize(
    ("age", "pairs", "possible"),
    [
        (5, 0, True),
        (11, 0, True),
        (18, 0, True),
        (19, 0, False),
        (8, 3, False),
        (9, 1, False),
        (10, 1, True),
        (14, 1, True),
        (18, 2, True),
        (24, 3, True),
        (30, 4, True),
        (120, 4, True),
    ],
)
def test_age_and_teeth(age, pairs, possible):
    assert age_matches_teeth(age, pairs) is possible


@pytest.mark.parametrize(
    ("age", "pairs", "code"),
    [
        (-1, 0, "carcass_classes.age"),
        (241, 4, "carcass_classes.age"),
        (Decimal("NaN"), 0, "carcass_classes.age"),
        (12, -1, "carcass_classes.teeth"),
        (12, 5, "carcass_classes.teeth"),
    ],
)
def test_impossible_statements_are_refused(age, pairs, code):
    for rule in (carcass_class, age_matches_teeth):
        with pytest.raises(AppError) as caught:
            rule(age, pairs)
        assert caught.value.code == code
