"""Names are found by the first letters of their syllables."""

from __future__ import annotations

import pytest

from brand.rules import pinyin


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("示范羊肉", "sfyr"),
        ("乌拉特中旗", "wltzq"),
        ("重庆示范长城公司", "cqsfccgs"),  # by phrase: 重 is chong here, 长 chang
        ("有机农产品（A级）", "yjncpaj"),
        ("Demo 1", "demo1"),
        ("", ""),
    ],
)
def test_initials(name: str, initials: str) -> None:
    assert pinyin.initials(name) == initials


@pytest.mark.parametrize(
    ("text", "letters"),
    [("YZ", "yz"), (" yangz ", "yangz"), ("y", None), ("养羊", None), ("L2026-0001", None), ("a%", None)],
)
def test_what_counts_as_letters(text: str, letters: str | None) -> None:
    assert pinyin.wanted(text) == letters


def test_letters_stand_together() -> None:
    assert pinyin.matches("示范养羊专业合作社", "yyzy")
    assert not pinyin.matches("示范养羊专业合作社", "zz")
