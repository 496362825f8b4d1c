"""Six lambs from ear tag to shop, step by step as their people do it; the test strings the steps together."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from brand.kernel.clock import CHINA
from brand.kernel.delimited import write_csv
from tests import make
from tests.browser.goods import SHOP, choose, menu, scanned, upload
from tests.browser.teller import PHONE, Teller, press, reads
from trace.cli.demo_lamb import SHEETS
from trace.cli.demo_people import ABATTOIR, COOPERATIVE
from trace.formats.carcass_export import carcass_rows

LOT = "20261029A"
TAGS = [f"3150824990002{place:02}" for place in range(1, 7)]
PAPER = "示范检疫2026-1029"


def keeper_writes_the_herd_down(teller: Teller) -> None:
    """A herd, its six tags, a medicine from its label and the treatment of the whole herd."""
    with teller.window("producer", size=PHONE) as page:
        menu(page, "畜群")
        press(page, "新建畜群")
        page.fill("[name=code]", "北坡")
        page.fill("[name=name]", "示范北坡羊群")
        page.fill("[name=since]", "2026-04-01")
        press(page, "保存")
        press(page, "登记牲畜")
        page.check("[name=coming][value=recorded]")
        page.fill("[name=day]", "2026-10-13")
        page.fill("[name=numbers]", "\n".join(TAGS))
        page.check("[name=sex][value=male]")
        page.fill("[name=born_on]", "2026-04-10")
        page.fill("[name=breed]", "杜泊×蒙古羊")
        press(page, "登记")
        assert TAGS[5] in reads(page)
        _treats(page)
        assert "2026-10-27" in reads(page), "fourteen days, the last one still closed"


def _treats(page: Any) -> None:
    press(page, "登记用药")
    press(page, "加入本单位清单")
    page.locator("[name=kind]").first.check()
    page.fill("[name=name]", "示范驱虫药")
    choose(page, "species", "羊")
    page.fill("[name=withdrawal_days]", "14")
    page.locator("[name=source]").first.check()
    page.fill("[name=source_note]", "示范批准文号 0001")
    press(page, "保存")
    menu(page, "畜群")
    press(page, "示范北坡羊群")
    press(page, "登记用药")
    choose(page, "medicine_id", "示范驱虫药")
    page.fill("[name=lot]", "QC-2026-10")
    page.check("[name=whole_herd]")
    page.fill("[name=dose]", "5")
    page.fill("[name=unit]", "ml")
    page.locator("[name=route] option").nth(1).evaluate("o => { o.selected = true }")
    page.fill("[name=given_on]", "2026-10-13")
    page.fill("[name=person]", "示范兽医")
    press(page, "保存")


def keeper_asks_too_early(teller: Teller) -> None:
    with teller.window("producer", size=PHONE) as page:
        menu(page, "畜群")
        press(page, "示范北坡羊群")
        press(page, "能不能送宰？")
        press(page, "查询")
        assert "不能送宰 6 头" in reads(page)
        page.fill("[name=day]", "2026-10-28")
        press(page, "查询")
        assert "可送宰 6 头" in reads(page)


def keeper_declares_the_paper(teller: Teller) -> None:
    with teller.window("producer", size=PHONE) as page:
        menu(page, "畜群")
        press(page, "检疫证明")
        press(page, "申报检疫证明")
        page.check("[name=form][value=animal_b]")
        entries = {
            "number": PAPER, "county_code": "150824", "issued_on": "2026-10-29", "valid_days": "1",
            "goods": "羊", "quantity": "6", "from_place": "示范北坡", "to_place": ABATTOIR.name,
        }  # fmt: skip
        for name, words in entries.items():
            page.fill(f"[name={name}]", words)
        press(page, "申报")
        assert PAPER in reads(page)
    with teller.window("inspector", size=PHONE) as page:
        menu(page, "畜群")
        press(page, "检疫证明")
        press(page, PAPER)
        page.check("[name=verdict][value=confirmed]")
        press(page, "保存")
        assert "已核实" in reads(page)


def abattoir_announces(teller: Teller) -> None:
    with teller.window("abattoir", size=PHONE) as page:
        menu(page, "宰前")
        press(page, "登记待宰批次")
        choose(page, "producer_id", COOPERATIVE.name)
        choose(page, "product_id", "羊肉")
        page.fill("[name=lot]", LOT)
        page.fill("[name=expected_on]", "2026-10-29")
        page.fill("[name=head]", "6")
        page.fill("[name=tags]", "\n".join(TAGS))
        page.fill("[name=certificate]", PAPER)
        press(page, "登记")
        assert "2026-10-29" in reads(page)


def abattoir_reads_tags_and_examines(teller: Teller) -> None:
    with teller.window("abattoir", size=PHONE) as page:
        menu(page, "宰前")
        press(page, LOT)
        page.fill("[name=tags]", "\n".join(TAGS))
        press(page, "录入耳标")
        assert "一致" in reads(page), "announcement, animals, herd and paper agree"
        press(page, "完成宰前检查")
        assert "上传胴体表" in reads(page)


def abattoir_registers_carcasses(teller: Teller) -> None:
    with teller.window("abattoir") as page:
        menu(page, "宰前")
        press(page, LOT)
        press(page, "上传胴体表")
        choose(page, "producer_id", COOPERATIVE.name)
        choose(page, "product_id", "羊肉")
        page.fill("[name=lot]", LOT)
        upload(page, "carcasses.csv", _carcasses())
        assert "117.6" in reads(page)


def abattoir_chills(teller: Teller) -> None:
    with teller.window("abattoir") as page:
        _batch(page)
        press(page, "上传温度记录")
        upload(page, "cold-room.csv", _cold_room())
        assert "未答复" not in reads(page)


def second_hand_grades(teller: Teller) -> None:
    with teller.window("grader", size=PHONE) as page:
        _batch(page)
        press(page, "人工评定与散点图")
        page.fill("[name=carcasses]", "、".join(f"A1029-{place:03}" for place in range(1, 7)))
        page.locator("#grade [name=grade]").first.check()
        press(page, "记录定级")
        assert "示范评定员" in reads(page)


def abattoir_tests_and_packs(teller: Teller) -> None:
    with teller.window("abattoir") as page:
        _batch(page)
        press(page, "本批次的检测、抽样和检查")
        press(page, "填写检测报告")
        page.fill("[name=laboratory]", "示范检测中心")
        page.fill("[name=number]", "DEMO-2026-1031")
        page.fill("[name=tested_on]", "2026-10-31")
        page.fill("[name='items/0/name']", "克伦特罗")
        page.fill("[name='items/0/result']", "未检出")
        page.fill("[name='items/0/limit']", "不得检出")
        press(page, "登记报告")
        _batch(page)
        press(page, "上传包装清单")
        lines = [
            f"{LOT},羊腿（带骨）,2.0,18,36.0,2026-10-31,365,≤-18℃",
            f"{LOT},法式羊肋脊排,0.5,24,12.0,2026-10-31,365,≤-18℃",
        ]
        upload(page, "packing.csv", _PACKING + "\n".join(lines) + "\n")
        assert "法式羊肋脊排" in reads(page)


def keeper_labels(teller: Teller) -> str:
    """The address in the first symbol; all 24 labels are on their packs."""
    with teller.window("producer", size=PHONE) as page:
        menu(page, "标签")
        press(page, "订购标签")
        press(page, LOT)
        page.click("main >> text=法式羊肋脊排")
        page.fill("[name=packs]", "24")
        press(page, "签发标签")
        press(page, "交付印制")
        form = page.locator("main form", has=page.locator("button:has-text('启用')")).first
        form.locator("[name=first]").fill("1")
        form.locator("[name=last]").fill("24")
        form.locator("button").first.click()
        page.wait_for_load_state("load")
        return scanned(page)


def abattoir_ships_and_shop_receives(teller: Teller) -> None:
    with teller.window("abattoir") as page:
        menu(page, "发运")
        press(page, "发运货物")
        page.check(f".bt-choice:has-text('{LOT}') input")
        choose(page, "to_id", SHOP.name)
        page.fill("[name=planned_on]", "2026-11-02")
        page.fill("[name=seal]", "SF-0001")
        press(page, "发出")
        assert "在途" in reads(page)
    with teller.window(SHOP.username, size=PHONE) as page:
        assert "待签收的货物" in reads(page)
        press(page, ABATTOIR.name)
        page.fill("[name=seal_found]", "SF-0001")
        press(page, "确认签收")
        assert "已签收" in reads(page)


def consumer_reads(teller: Teller, address: str) -> None:
    with teller.window(size=PHONE) as page:
        page.goto(address)
        assert page.locator(".bt-verdict.is-green").count() == 1
        told = reads(page)
        for wanted in (LOT, "法式羊肋脊排", "宰前检查", "屠宰", "排酸", "克伦特罗", COOPERATIVE.name):
            assert wanted in told, wanted
        assert TAGS[0] not in told
        assert SHOP.name not in told, "who bought it is nobody's business"


def _batch(page: Any) -> None:
    menu(page, "批次")
    press(page, LOT)


_PACKING = "来源批号,分割产品,净含量(kg/袋),袋数,合计(kg),包装日期,保质期(天),贮存条件\n"


def _carcasses() -> str:
    begun = datetime(2026, 10, 29, 6, 0, tzinfo=CHINA)
    weights = {"live_kg": Decimal(42), "hot_kg": Decimal("20.2"), "cold_kg": Decimal("19.6")}
    line = replace(make.carcass_lines(1)[0], sex="ram", age_months=6, slaughtered_at=begun, **weights)
    lines = [replace(line, ear_tag=tag, carcass_no=f"A1029-{place:03}") for place, tag in enumerate(TAGS, 1)]
    return write_csv(carcass_rows([(one, ()) for one in lines], (), staff=True)).decode("utf-8-sig")


def _cold_room() -> str:
    """The demo's file a few weeks on, of a night in which the door stayed shut."""
    heading, *rows = (SHEETS / "cold-room.csv").read_bytes().decode("gb18030").splitlines()
    kept = [heading]
    for row in rows:
        when, room, core = row.split(",")
        moved = when.replace("2026/09/12", "2026/10/29").replace("2026/09/13", "2026/10/30")
        kept.append(f"{moved},{min(Decimal(room), Decimal(3))},{core}")
    return "\n".join(kept)
