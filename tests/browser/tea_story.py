"""A tea lot from garden to packet, step by step as its people do it; the test strings the steps together."""

from __future__ import annotations

import json
from typing import Any

from tests.browser.goods import choose, menu, scanned, upload
from tests.browser.teller import PHONE, Teller, press, reads
from trace.cli.demo_people import COOPERATIVE

GARDEN, LEAF, TEA = "示范二号茶园", "C20261023", "C20261024"
_CORNERS = [[108.51, 41.61], [108.512, 41.61], [108.512, 41.612], [108.51, 41.612], [108.51, 41.61]]


def keeper_declares_the_garden(teller: Teller) -> None:
    with teller.window("producer", size=PHONE) as page:
        menu(page, "产地与场所")
        press(page, "登记场所")
        page.select_option("[name=kind]", "tea_garden")
        page.fill("[name=name]", GARDEN)
        choose(page, "township_code", "川井苏木")
        page.fill("[name=declared_mu]", "55")
        page.fill("[name=opened_on]", "2022-04-01")
        press(page, "保存")
        press(page, "添加地块边界")
        page.fill("[name=outline]", json.dumps({"type": "Polygon", "coordinates": [_CORNERS]}))
        page.click("main form button >> nth=0")
        assert GARDEN in reads(page)
    with teller.window("inspector", size=PHONE) as page:
        menu(page, "产地与场所")
        press(page, GARDEN)
        press(page, "一致，确认")
        assert "已核实" in reads(page)


def keeper_sprays(teller: Teller) -> None:
    with teller.window("producer", size=PHONE) as page:
        menu(page, "产地与场所")
        press(page, GARDEN)
        press(page, "地块投入品记录")
        press(page, "登记用药")
        page.check("[name=kind][value=pesticide]")
        entries = {
            "name": "示范植物源农药", "approval": "示范登记证 0001", "lot": "SF-2026-10", "dose": "50", "unit": "ml",
            "used_on": "2026-10-14", "safe_days": "7", "person": "示范茶农",
        }  # fmt: skip
        for name, words in entries.items():
            page.fill(f"[name={name}]", words)
        press(page, "保存")
        assert "2026-10-21（含当日）前不能采收" in reads(page)


def keeper_picks_too_early(teller: Teller) -> None:
    with teller.window("producer", size=PHONE) as page:
        _picks(page, "C20261018", "2026-10-18")
        told = reads(page)
        assert "安全间隔期至 2026-10-21" in told, "the harvest is refused with the last closed day"


def keeper_picks(teller: Teller) -> None:
    with teller.window("producer", size=PHONE) as page:
        _picks(page, LEAF, "2026-10-23")
        assert "60" in reads(page)


def _picks(page: Any, lot: str, day: str) -> None:
    menu(page, "产地与场所")
    press(page, GARDEN)
    press(page, "地块投入品记录")
    press(page, "建立批次")
    page.check("[name=kind][value=harvest]")
    choose(page, "product_id", "茶叶")
    page.select_option("[name=form]", "fresh_leaf")
    choose(page, "place_id", GARDEN)
    page.fill("[name=lot]", lot)
    page.fill("[name=kg]", "60")
    page.fill("[name=day]", day)
    press(page, "建立批次")


def keeper_makes_tea(teller: Teller) -> None:
    """Sixty of leaf to twenty of tea is more than is usual: nothing happens until a second person has looked."""
    with teller.window("producer", size=PHONE) as page:
        _batch(page, LEAF)
        press(page, "加工")
        page.select_option("[name=process]", "tea_making")
        for name, words in {"taken_kg": "60", "kg": "50", "loss_kg": "10", "lot": TEA, "day": "2026-10-24"}.items():
            page.fill(f"[name={name}]", words)
        press(page, "保存")
        assert page.is_visible("#mistakes"), "fifty out of sixty is not possible at all"
        page.fill("[name=kg]", "20")
        page.fill("[name=loss_kg]", "40")
        page.click("main form button >> nth=0")
        assert "33.3" in reads(page)
        menu(page, "批次")
        assert TEA not in reads(page)
    with teller.window("inspector", size=PHONE) as page:
        menu(page, "批次")
        press(page, "异常出成率")
        page.click("main tbody tr:has-text('33.3') a >> nth=0")
        page.fill("[name=words] >> nth=0", "看过称重记录和摊青记录（示范）")
        press(page, "同意：情况属实")
    with teller.window("producer", size=PHONE) as page:
        _batch(page, TEA)
        assert "20" in reads(page)


def keeper_promises(teller: Teller) -> str:
    """The number of the commitment certificate for the leaf, on which the tea goes on."""
    with teller.window("producer", size=PHONE) as page:
        _batch(page, LEAF)
        press(page, "开具承诺达标合格证")
        page.check("[name=bases][value=controlled]")
        page.fill("[name=quantity_kg]", "60")
        page.click("main form button >> nth=0")
        return reads(page).split("承诺达标合格证 ")[1].split()[0]


def keeper_tests(teller: Teller) -> None:
    with teller.window("producer", size=PHONE) as page:
        _batch(page, TEA)
        press(page, "本批次的检测、抽样和检查")
        press(page, "填写检测报告")
        page.fill("[name=laboratory]", "示范检测中心")
        page.fill("[name=number]", "DEMO-2026-1025")
        page.fill("[name=tested_on]", "2026-10-25")
        page.fill("[name='items/0/name']", "水分")
        page.fill("[name='items/0/result']", "5.2")
        page.fill("[name='items/0/unit']", "%")
        page.fill("[name='items/0/limit']", "≤6.5")
        press(page, "登记报告")
        assert "合格" in reads(page), "the verdict is worked out, nobody typed it"


def keeper_packs_and_labels(teller: Teller) -> str:
    """The address in the first symbol of a hundred packets."""
    with teller.window("producer", size=PHONE) as page:
        _batch(page, TEA)
        press(page, "上传包装清单")
        heading = "来源批号,分割产品,净含量(kg/袋),袋数,合计(kg),包装日期,保质期(天),贮存条件\n"
        upload(page, "packing.csv", f"{heading}{TEA},示范茶叶（袋装）,0.1,100,10.0,2026-10-26,540,阴凉干燥\n")
        press(page, "订购标签")
        page.fill("[name=packs]", "100")
        press(page, "签发标签")
        press(page, "交付印制")
        form = page.locator("main form", has=page.locator("button:has-text('启用')")).first
        form.locator("[name=first]").fill("1")
        form.locator("[name=last]").fill("100")
        form.locator("button").first.click()
        page.wait_for_load_state("load")
        return scanned(page)


def consumer_reads(teller: Teller, address: str, certificate: str) -> None:
    with teller.window(size=PHONE) as page:
        page.goto(address)
        assert page.locator(".bt-verdict.is-green").count() == 1
        told = reads(page)
        for wanted in (TEA, "示范茶叶（袋装）", "采收", "制茶", COOPERATIVE.name, "水分"):
            assert wanted in told, wanted
        for strange in ("牧场", "分割", "不在", GARDEN, "示范茶农"):
            assert strange not in told, strange
        page.click(f"main a:has-text('{certificate}')")
        told = reads(page)
        assert certificate in told
        assert "有效" in told


def _batch(page: Any, lot: str) -> None:
    menu(page, "批次")
    press(page, lot)
