"""Packs in a case, the case on a pallet, the pallet to a shop that opens it, step by step as their people do it."""

from __future__ import annotations

from typing import Any

from tests.browser.goods import SHOP, choose, menu
from tests.browser.teller import PHONE, Teller, press, reads
from trace.cli.demo_people import ABATTOIR

PACKS, SEAL = "20260912A · 羊肩肉", "SF-0009"


def abattoir_packs_and_sends(teller: Teller) -> str:
    """The code of a case of ten packs that leaves on a pallet."""
    with teller.window("abattoir", size=PHONE) as page:
        menu(page, "箱与托盘")
        press(page, "装箱")
        count = page.locator(f"main .bt-field:has-text('{PACKS}') input")
        count.fill("613")
        press(page, "封箱")
        assert "填写 613 包，实际只有 612 包" in reads(page)
        count.fill("10")
        press(page, "封箱")
        code = _code(page)
        menu(page, "箱与托盘")
        press(page, "码托盘")
        page.check(f"[name=cases][value='{code}']")
        press(page, "封托")
        assert "10.0 kg" in reads(page)
        press(page, "发运货物")
        choose(page, "to_id", SHOP.name)
        page.fill("[name=planned_on]", "2026-11-06")
        page.fill("[name=seal]", SEAL)
        press(page, "发出")
        assert "在途" in reads(page)
    return code


def public_reads(teller: Teller, code: str, words: str) -> None:
    with teller.window(size=PHONE) as page:
        page.goto(f"/c/{code}")
        told = reads(page)
        assert words in told
        assert "羊肩肉" in told
        assert SHOP.name not in told, "who bought it is nobody's business"


def shop_receives_and_opens(teller: Teller, code: str) -> None:
    """Another seal than the one it left with has to be spoken of."""
    with teller.window(SHOP.username, size=PHONE) as page:
        press(page, ABATTOIR.name)
        page.check("main input[name^=box-][value=true]")
        page.fill("[name=seal_found]", "SF-9000")
        press(page, "确认签收")
        assert f"发出时 {SEAL}，到货时 SF-9000" in reads(page)
        page.fill("[name=seal_words]", "封签号不符，已拍照")
        press(page, "确认签收")
        assert "已签收" in reads(page)
        menu(page, "箱与托盘")
        press(page, code)
        menu(page, "箱与托盘")
        page.click("main tr:has-text('托盘') th a >> nth=0")
        _opens(page)
        menu(page, "箱与托盘")
        press(page, code)
        _opens(page)
        menu(page, "箱与托盘")
        assert "羊肩肉" in reads(page), "ten packs by themselves again"


def parcels_are_counted(teller: Teller) -> None:
    with teller.window("producer", size=PHONE) as page:
        menu(page, "发运")
        with page.expect_download() as told:
            press(page, "各生产者件数")
        rows = told.value.path().read_text("utf-8-sig").splitlines()
        november = [row.split(",") for row in rows if row.startswith("2026-11,")]
        assert [row[4] for row in november] == ["1"], "one case, whatever else was on the way"


def _code(page: Any) -> str:
    return str(page.locator("main .bt-facts .bt-code").first.inner_text())


def _opens(page: Any) -> None:
    page.click("main form button:has-text('拆开')")
    page.wait_for_load_state("load")
    assert "已拆" in reads(page)
