"""The main job from an empty registry, driven in Chromium by the people who do it.

Ten steps: scheme, sign-in, enterprise, licence, batch, chain, mass balance, labels, scan, desk. The people: the
administrator, the office's two, the cooperative's clerk on a phone, the abattoir's clerk, and a consumer with a pack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp

from brand.kernel.permissions import Role
from tests.browser.chromium import browsing, dropped, needs_chromium
from tests.browser.county import served
from tests.browser.teller import PHONE, Teller, at, hands_in, press, reads, records, says
from trace.cli.demo_lamb import SHEETS
from trace.cli.demo_people import ABATTOIR, COOPERATIVE

pytestmark = [needs_chromium, dropped]


@pytest.fixture(scope="module")
def teller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Teller]:
    folder = tmp_path_factory.mktemp("story")
    with served(folder, tell=False) as county, browsing() as browser:
        yield Teller(county, browser)


def upload(page: Any, name: str) -> None:
    page.set_input_files("[name=file]", SHEETS / name)
    press(page, "先看一看")


def test_from_an_empty_registry_to_a_pack_in_a_shop(teller: Teller, tmp_path: Path) -> None:
    with at("2026-08-03 09:00"):
        _office_opens(teller)
    with at("2026-08-04 10:00"):
        teller.joins(COOPERATIVE)
        teller.joins(ABATTOIR)
    with at("2026-08-05 09:00"):
        _office_confirms(teller)
    with at("2026-08-06 11:00"):
        _cooperative_applies(teller)
    with at("2026-08-07 09:00"):
        _clerk_publishes(teller)
    with at("2026-08-14 10:00"):
        _approver_waits(teller)
    with at("2026-08-17 10:00"):
        _approver_grants(teller)
    with at("2026-09-14 19:00"):
        _abattoir_registers_the_day(teller)
    with at("2026-09-15 09:00"):
        sheet = _cooperative_labels(teller, tmp_path)
    with at("2026-09-20 16:00"):
        _consumer_scans(teller, sheet)
        _approver_suspends(teller)
        _consumer_is_warned(teller, sheet)
    assert teller.complaints == []


def _office_opens(teller: Teller) -> None:
    teller.hire("admin", "示范管理员", Role.ADMINISTRATOR)
    teller.hire("clerk", "示范经办员", Role.BRAND_CLERK)
    teller.hire("approver", "示范审批员", Role.BRAND_APPROVER)
    teller.hire("inspector", "示范监管员", Role.INSPECTOR)
    with teller.window("admin") as page:
        page.goto("/schemes")
        page.locator("main form", has=page.locator("[name=preset][value=urad-1-3-10]")).locator("button").click()
        assert "草原畜牧产业品牌（示范）" in reads(page)


def _office_confirms(teller: Teller) -> None:
    with teller.window("clerk") as page:
        assert page.locator("main tbody tr").count() == 2
        for party in (COOPERATIVE, ABATTOIR):
            page.goto("/desk")
            press(page, party.name)
            press(page, "确认这家企业")
        page.goto("/desk")
        assert page.locator("main tbody tr").count() == 0


def _cooperative_applies(teller: Teller) -> None:
    with teller.window("producer", size=PHONE) as page:
        press(page, "申请授权")
        product = page.locator("[name=product_id] option", has_text="羊肉").get_attribute("value")
        page.select_option("[name=product_id]", product)
        page.fill("[name=cap_kg]", "30000")
        page.fill("[name=capacity]", "川井苏木示范草场，能繁母羊 1200 只")
        page.check("[name=uses][value=packaging]")
        page.check("[name=promise]")
        says(page)
        hands_in(page)
        press(page, "提交申请")
        says(page)
        assert "已提交" in reads(page)


def _clerk_publishes(teller: Teller) -> None:
    with teller.window("clerk") as page:
        press(page, COOPERATIVE.name)
        press(page, "开始审核")
        says(page)
        records(page, "记录资料审核", "desk")
    with teller.window("inspector", size=PHONE) as page:
        press(page, COOPERATIVE.name)
        records(page, "记录现场核查", "site")
    with teller.window("clerk") as page:
        press(page, COOPERATIVE.name)
        press(page, "发布公示")
        says(page)
        assert "2026-08-14" in reads(page), "five working days, the first not counted"
    with teller.window() as page:
        page.goto("/notices")
        assert COOPERATIVE.name in reads(page)


def _approver_waits(teller: Teller) -> None:
    """On the last day of the notice nobody can decide yet."""
    with teller.window("approver") as page:
        page.goto("/applications")
        press(page, COOPERATIVE.name)
        assert "2026-08-14" in reads(page)
        assert page.locator("main form button").count() == 0


def _approver_grants(teller: Teller) -> None:
    with teller.window("approver") as page:
        press(page, COOPERATIVE.name)
        press(page, "准予授权")
        says(page)
    with teller.window() as page:
        page.goto("/register")
        assert COOPERATIVE.name in reads(page)
        assert "2029-08-16" in reads(page)


def _abattoir_registers_the_day(teller: Teller) -> None:
    with teller.window("abattoir", size=PHONE) as page:
        press(page, "登记批次")
        page.fill("[name=lot]", "20260912A")
        upload(page, "carcasses-with-faults.xlsx")
        told = reads(page)
        for cell in ("A7", "A9", "A11", "H13", "G15", "I17", "D19", "N23", "K25", "F29", "A31"):
            assert re.search(rf"\b{cell}\b", told), cell
        upload(page, "carcasses.xlsx")
        assert "2,917.29" in reads(page)
        press(page, "确认入库")
        batch = page.url
        page.goto(f"{batch}/sheets/chilling")
        upload(page, "cold-room.csv")
        press(page, "确认入库")
        page.goto(f"{batch}/sheets/packing")
        upload(page, "packing.csv")
        assert "未答复" in reads(page), "nothing is packed under the brand while a breach is open"
        page.goto(batch)
        press(page, "填写答复")
        page.fill("[name=cause]", "转运时库门未关。")
        page.fill("[name=measure]", "复测中心温度合格后放行。")
        press(page, "提交答复")
        for kind, name in (("packing", "packing.csv"), ("lab_report", "lab-report.csv")):
            page.goto(f"{batch}/sheets/{kind}")
            upload(page, name)
            press(page, "确认入库")
        told = reads(page)
        assert "2,485.5" in told
        assert "431.79" in told, "what is left of the cold weight"
        assert "6.7" in told, "the worst room temperature of the breach"
        page.goto("/batches/import")
        page.fill("[name=lot]", "20260912B")
        upload(page, "carcasses.xlsx")
        assert "20260912A" in reads(page), "the same file is recognised"


def _cooperative_labels(teller: Teller, folder: Path) -> list[str]:
    with teller.window("producer", size=PHONE) as page:
        page.goto("/labels/new")
        press(page, "20260912A")
        page.click("main >> text=法式羊肋脊排")
        page.fill("[name=packs]", "397")
        press(page, "签发标签")
        assert "396" in reads(page), "more labels than packs are refused with the figures"
        page.fill("[name=packs]", "24")
        press(page, "签发标签")
        press(page, "交付印制")
        press(page, "选择并打印")
        with page.expect_download() as download:
            page.click("main button:has-text('生成文件')")  # which loads no page
        path = folder / "sheet.pdf"
        download.value.save_as(path)
        page.go_back()
        forms = page.locator("form", has=page.locator("text=启用"))
        forms.locator("[name=first]").first.fill("1")
        forms.locator("[name=last]").first.fill("23")
        forms.locator("button").first.click()
    document = pypdfium2.PdfDocument(path)
    image = document[0].render(scale=300 / 72).to_pil()
    document.close()
    read = sorted(
        zxingcpp.read_barcodes(image), key=lambda one: (one.position.top_left.y // 50, one.position.top_left.x)
    )
    assert len(read) == 24, "every symbol of the sheet decodes"
    return [one.text for one in read]


def _place(symbol: zxingcpp.Barcode) -> tuple[int, int]:
    """Row by row, left to right, as labels are numbered."""
    corner = symbol.position.top_left
    return corner.y // 100, corner.x


def _consumer_scans(teller: Teller, sheet: list[str]) -> None:
    with teller.window(size=PHONE) as page:
        page.goto(_here(teller, sheet[0]))
        assert page.locator(".bt-verdict.is-green").count() == 1
        told = reads(page)
        for wanted in (
            "转运时库门未关。",
            "法式羊肋脊排",
            "0.5",
            COOPERATIVE.name,
            "2027-09-14",
            "NY/T 630-2002",
            "克伦特罗",
        ):
            assert wanted in told, wanted
        assert "正品" not in told
        assert "示范联系人" not in told
        assert "13800000001" not in told
        page.goto(_here(teller, sheet[23]))
        assert "从未启用" in reads(page)
        page.goto(_here(teller, sheet[0][:-10] + ("A" if sheet[0][-10] != "A" else "B") + sheet[0][-9:]))
        assert "从未启用" not in reads(page)
        assert page.locator(".is-red").count() > 0


def _approver_suspends(teller: Teller) -> None:
    with teller.window("approver") as page:
        page.goto("/licences")
        press(page, COOPERATIVE.name)
        press(page, "暂停授权")
        page.locator("[name=reason_code]").first.check()
        page.fill("[name=comment]", "示范：等待核查")
        says(page)


def _consumer_is_warned(teller: Teller, sheet: list[str]) -> None:
    with teller.window(size=PHONE) as page:
        page.goto(_here(teller, sheet[0]))
        assert "暂停" in reads(page), "a sanction reaches the shelf at the next scan"


def _here(teller: Teller, address: str) -> str:
    """The printed address on this test's own port."""
    return teller.county.address + re.sub(r"^https?://[^/]+", "", address)
