"""What the carcasses of a sheet have in common, summed by hand."""

from __future__ import annotations

from decimal import Decimal

from trace.rules.alike import Graded, alike


def test_a_sheet_is_summed():
    sheet = [
        Graded("b", "lamb", Decimal("9.5"), ["firmness", "marbling"], "good", Decimal("17.250"), True),
        Graded("a", "lamb", Decimal(10), ["marbling"], "good", Decimal("18.1"), False),
        Graded("b", "mutton", Decimal(9), ["fat_colour"], "special", Decimal(30), True),
    ]
    assert alike(iter(sheet)) == {
        "breeds": ["a", "b"],
        "youngest": "9",
        "oldest": "10",
        "classes": ["lamb", "mutton"],
        "not_assessed": ["firmness", "marbling", "fat_colour"],
        "grades": {"good": [2, "35.35", 1], "special": [1, "30", 1]},
    }


def test_no_carcasses_have_nothing_in_common():
    assert alike([]) == {}
