"""The token of a device lasts a day: the same within it, another after it, and its key is destroyed."""

from __future__ import annotations

from datetime import date, timedelta

from trace.services.scan_tokens import Tokens

DAY = date(2026, 10, 1)


def test_a_device_is_the_same_all_day_and_another_the_next(tmp_path):
    tokens = Tokens(tmp_path)
    first = tokens.token(DAY, "192.0.2.7", "示范手机")
    assert first == tokens.token(DAY, "192.0.2.7", "示范手机") == Tokens(tmp_path).token(DAY, "192.0.2.7", "示范手机")
    others = [("192.0.2.8", "示范手机"), ("192.0.2.7", "another")]
    assert len({first, *(tokens.token(DAY, *one) for one in others)}) == 3
    assert tokens.token(DAY + timedelta(days=1), "192.0.2.7", "示范手机") != first


def test_the_key_of_yesterday_is_gone_and_cannot_come_back(tmp_path):
    tokens = Tokens(tmp_path)
    first = tokens.token(DAY, "192.0.2.7", "")
    tokens.token(DAY + timedelta(days=1), "192.0.2.7", "")
    assert [one.name for one in tmp_path.iterdir()] == ["scan-token-2026-10-02"]
    assert (tmp_path / "scan-token-2026-10-02").stat().st_mode & 0o777 == 0o600
    assert Tokens(tmp_path).token(DAY, "192.0.2.7", "") != first


def test_a_name_that_is_no_text_is_a_device_too(tmp_path):
    assert len(Tokens(tmp_path).token(DAY, "192.0.2.7", "\udcff")) == 16
