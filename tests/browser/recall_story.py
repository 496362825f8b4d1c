"""A recall drill with its clock, then a recall in earnest, step by step as their people do them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.browser.goods import SHOP, menu
from tests.browser.teller import PHONE, Teller, at, press, reads

LOT = "20260912A"
WORDS = "示范：此批次羊肉请勿食用，请退回购买处。"


def clerk_proposes(teller: Teller, *, drill: bool) -> str:
    """The number of the case."""
    with teller.window("clerk") as page:
        menu(page, "批次")
        press(page, LOT)
        code = page.locator("main .bt-code").first.inner_text()
        menu(page, "暂停与召回")
        press(page, "召回与演练")
        press(page, "开始演练" if drill else "召回货物")
        page.fill("[name=starts]", code)
        page.check("[name=level][value=second]")
        page.select_option("[name=reason_code]", "contamination")
        page.fill("[name=words]", WORDS)
        press(page, "计算范围")
        assert "2,485.5" in reads(page) or "2,917.29" in reads(page)
        return page.url.rpartition("/")[2]


def approver_starts(teller: Teller, number: str, words: str) -> None:
    with teller.window("approver") as page:
        _case(page, number)
        press(page, words)
        assert "计时" in reads(page)


def holders_answer(teller: Teller, number: str) -> None:
    """The abattoir, the cooperative to which two cases are on their way, and a shop if another story sent it one."""
    _answers(teller, "abattoir", number, gone=Decimal("17.29"))
    _answers(teller, "producer", number)
    _answers(teller, SHOP.username, number)


def _answers(teller: Teller, person: str, number: str, *, gone: Decimal = Decimal(0)) -> None:
    """All of what is on record is found, but for what is gone."""
    with teller.window(person, size=PHONE) as page:
        if number not in reads(page):
            return
        press(page, number)
        press(page, "已阅，货物已停住")
        held = Decimal(reads(page).split("记录持有量")[1].split()[0].replace(",", ""))
        figures = {"found_kg": f"{held - gone}", "destroyed_kg": "0", "returned_kg": "0", "gone_kg": f"{gone}"}
        for name, words in figures.items():
            page.fill(f"[name={name}]", words)
        page.fill("[name=words]", "示范：已隔离，少量已售出")
        press(page, "上报")
        assert "已上报" in reads(page)


def approver_closes(teller: Teller, number: str, clock: str) -> None:
    """``clock``: how long it took, as the page begins to say it, in hours."""
    with teller.window("approver") as page:
        _case(page, number)
        assert "无，精确到克" in reads(page)
        press(page, "结束")
        told = reads(page)
        assert "已结束" in told
        assert page.inner_text("time").startswith(clock), told


def public_reads_nothing(teller: Teller, number: str) -> None:
    """No word of the drill: neither on the list, nor at its address, nor on the pack, nor in the log's own words."""
    with teller.window(size=PHONE) as page:
        page.goto("/recalls")
        assert "目前没有召回" in reads(page)
        assert page.goto(f"/recalls/{number}").status == 404
        page.goto(_pack(teller))
        told = reads(page)
        assert page.locator(".bt-verdict.is-green").count() == 1
        assert "召回" not in told
        assert number not in told


def public_is_warned(teller: Teller, number: str) -> None:
    with teller.window(size=PHONE) as page:
        page.goto(_pack(teller))
        assert page.locator(".bt-verdict.is-red").count() == 1
        assert "已召回" in reads(page)
        assert "正品" not in reads(page)
        page.goto("/recalls")
        press(page, number)
        told = reads(page)
        assert WORDS in told
        assert LOT in told


def drill(teller: Teller) -> None:
    with at("2026-11-10 09:00"):
        number = clerk_proposes(teller, drill=True)
        public_reads_nothing(teller, number)
        approver_starts(teller, number, "开始演练计时")
        public_reads_nothing(teller, number)
    with at("2026-11-10 09:40"):
        holders_answer(teller, number)
    with at("2026-11-10 10:30"):
        approver_closes(teller, number, "1:")
        public_reads_nothing(teller, number)


def in_earnest(teller: Teller) -> None:
    with at("2026-11-11 09:00"):
        number = clerk_proposes(teller, drill=False)
        public_reads_nothing(teller, number)
        approver_starts(teller, number, "立即启动召回")
        public_is_warned(teller, number)
    with at("2026-11-11 11:00"):
        holders_answer(teller, number)
    with at("2026-11-11 11:30"):
        approver_closes(teller, number, "2:")
        public_is_warned(teller, number)


def _case(page: Any, number: str) -> None:
    menu(page, "暂停与召回")
    press(page, "召回与演练")
    press(page, number)


def _pack(teller: Teller) -> str:
    return dict(teller.county.told.packs)["an activated pack"]
