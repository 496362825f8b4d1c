"""The life of a licence from draft to revoked in Urad, and the ranges of Burqin's tiers, driven in Chromium.

The people: an administrator, a clerk, an inspector and an approver of the office, the cooperative's clerk on a phone,
and a neighbour who objects.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pypdfium2
import pytest

from brand.kernel.permissions import Role
from tests.browser.chromium import browsing, dropped, needs_chromium
from tests.browser.county import served
from tests.browser.teller import PHONE, Teller, at, hands_in, press, records, says
from trace.cli.demo_people import COOPERATIVE

pytestmark = [needs_chromium, dropped]


@pytest.fixture
def teller(scratch: Path) -> Iterator[Teller]:
    """An empty registry whose office has its people; each test loads the scheme of its county."""
    with TemporaryDirectory(dir=scratch) as folder, served(Path(folder), tell=False) as county, browsing() as browser:
        teller = Teller(county, browser, signed_in=True)
        with at("2026-08-03 09:00"):
            teller.hire("admin", "示范管理员", Role.ADMINISTRATOR)
            teller.hire("clerk", "示范经办员", Role.BRAND_CLERK)
            teller.hire("approver", "示范审批员", Role.BRAND_APPROVER)
            teller.hire("inspector", "示范监管员", Role.INSPECTOR)
        yield teller


def loads(page: Any, preset: str) -> None:
    page.goto("/schemes")
    says(page, button=f"main form:has([name=preset][value='{preset}']) button")


def test_a_licence_from_draft_to_revoked(teller: Teller) -> None:
    with at("2026-08-03 10:00"), teller.window("admin") as page:
        loads(page, "urad-1-3-10")
    with at("2026-08-04 10:00"):
        teller.joins(COOPERATIVE)
    with at("2026-08-05 09:00"), teller.window("clerk") as page:
        press(page, COOPERATIVE.name)
        press(page, "确认这家企业")
    with at("2026-08-06 11:00"):
        _applies_with_papers(teller)
    with at("2026-08-07 09:00"):
        _is_sent_back_and_mended(teller)
        _is_reviewed_and_published(teller)
    with at("2026-08-12 10:00"):
        answer = _neighbour_objects(teller)
    with at("2026-08-17 10:00"):
        _objection_holds_the_decision(teller)
        _objection_is_answered(teller, answer)
        number = _is_granted(teller)
    with at("2026-08-18 09:00"):
        _certificate_is_opened(teller, number)
    with at("2026-09-08 15:00"):
        _finding_leads_to_suspension(teller, number)
    with at("2026-09-20 09:00"):
        _is_reinstated(teller, number)
    with at("2026-10-12 09:00"):
        _is_revoked(teller, number)
        _may_not_apply_again(teller)
    assert teller.complaints == []


def _applies_with_papers(teller: Teller) -> None:
    with teller.window("producer", size=PHONE) as page:
        press(page, "申请授权")
        _fills_in(page)
        says(page)
        assert page.locator("main >> text=提交申请").count() == 0, "nothing is sent in without its papers"
        hands_in(page)
        press(page, "提交申请")
        says(page)
        assert "已提交" in page.inner_text("main")


def _fills_in(page: Any) -> None:
    product = page.locator("[name=product_id] option", has_text="羊肉").get_attribute("value")
    page.select_option("[name=product_id]", product)
    page.fill("[name=cap_kg]", "30000")
    page.fill("[name=capacity]", "川井苏木示范草场，能繁母羊 1200 只")
    page.check("[name=uses][value=packaging]")
    page.check("[name=promise]")


def _is_sent_back_and_mended(teller: Teller) -> None:
    with teller.window("clerk") as page:
        press(page, COOPERATIVE.name)
        press(page, "开始审核")
        says(page)
        press(page, "退回修改")
        says(page, "示范：申请重量超过草场产能，请核减。")
    with teller.window("producer", size=PHONE) as page:
        page.goto("/applications")
        press(page, COOPERATIVE.name)
        assert "请核减" in page.inner_text("main"), "the applicant reads what to mend"
        press(page, "修改内容")
        page.fill("[name=cap_kg]", "28000")
        says(page)
        press(page, "提交申请")
        says(page)


def _is_reviewed_and_published(teller: Teller) -> None:
    with teller.window("clerk") as page:
        press(page, COOPERATIVE.name)
        press(page, "开始审核")
        says(page)
        told = page.inner_text("main")
        assert "28,000" in told
        records(page, "记录资料审核", "desk")
    with teller.window("inspector", size=PHONE) as page:
        press(page, COOPERATIVE.name)
        records(page, "记录现场核查", "site")
    with teller.window("clerk") as page:
        press(page, COOPERATIVE.name)
        press(page, "发布公示")
        says(page)


def _neighbour_objects(teller: Teller) -> str:
    """The secret link on which the answer is read."""
    with teller.window(size=PHONE) as page:
        page.goto("/notices")
        press(page, COOPERATIVE.name)
        page.click("main a[href*='notice=']")
        page.fill("[name=what]", "示范：申请里的草场有一部分去年已经退牧。")
        says(page)
        assert "/complaints/mine/" in page.url
        return str(page.url).split("?")[0]


def _objection_holds_the_decision(teller: Teller) -> None:
    with teller.window("approver") as page:
        page.goto("/applications")
        press(page, COOPERATIVE.name)
        told = page.inner_text("main")
        assert "1 件异议尚未答复" in told
        assert page.locator("main a.bt-button >> text=准予授权").count() == 0


def _objection_is_answered(teller: Teller, answer: str) -> None:
    with teller.window("clerk") as page:
        page.goto("/complaints?kind=objection")
        page.click("main a[href^='/complaints/']:not([href*='?']) >> nth=0")
        press(page, "异议不成立")
        page.locator("[name=reason_code]").first.check()
        says(page, "示范：已到现场核对，退牧部分不在申请面积内。")
    with teller.window(size=PHONE) as page:
        page.goto(answer)
        assert "退牧部分不在申请面积内" in page.inner_text("main")


def _is_granted(teller: Teller) -> str:
    with teller.window("approver") as page:
        page.goto("/applications")
        press(page, COOPERATIVE.name)
        press(page, "准予授权")
        says(page)
        page.click("main a[href^='/licences/']")
        return str(page.url).rsplit("/", 1)[1]


def _certificate_is_opened(teller: Teller, number: str) -> None:
    with teller.window("producer", size=PHONE) as page:
        page.goto(f"/licences/{number}")
        with page.expect_download() as download:
            page.click("main a[href$='.pdf']")
        document = pypdfium2.PdfDocument(download.value.path())
        words = document[0].get_textpage().get_text_range()
        document.close()
    assert number in words
    assert COOPERATIVE.name in re.sub(r"\s", "", words)


def _finding_leads_to_suspension(teller: Teller, number: str) -> None:
    with teller.window("inspector", size=PHONE) as page:
        page.goto(f"/licences/{number}/inspections/new")
        page.check("[name=kind][value=visit]")
        page.check("[name=severity][value=grave]")
        page.select_option("[name=reason_code]", "sanction.standard")
        page.fill("[name=words]", "示范：抽检两批与分级标准不符。")
        says(page)
        assert "暂停" in page.inner_text("main"), "the table, not the inspector, chose the measure"
        press(page, "告知结果")
        says(page, "示范：结果已当面告知。")
    _sanction(teller, number, "暂停授权", "示范：按检查结果暂停。", "sanction.standard")
    with teller.window("approver") as page:
        page.goto(f"/licences/{number}/inspections")
        press(page, "措施已执行")
        says(page)
    _register_says(teller, number, "暂停")


def _is_reinstated(teller: Teller, number: str) -> None:
    _sanction(teller, number, "恢复授权", "示范：复检合格。")
    _register_says(teller, number, "有效")


def _is_revoked(teller: Teller, number: str) -> None:
    _sanction(teller, number, "撤销授权", "示范：伪造检验报告。", "sanction.forgery")
    _register_says(teller, number, "撤销")


def _sanction(teller: Teller, number: str, action: str, words: str, reason: str = "") -> None:
    with teller.window("approver") as page:
        page.goto(f"/licences/{number}")
        press(page, action)
        if reason:
            page.check(f"[name=reason_code][value='{reason}']")
        says(page, words)


def _register_says(teller: Teller, number: str, words: str) -> None:
    with teller.window(size=PHONE) as page:
        page.goto(f"/register/{number}")
        assert words in page.inner_text("main")


def _may_not_apply_again(teller: Teller) -> None:
    with teller.window("producer", size=PHONE) as page:
        page.goto("/applications/new")
        _fills_in(page)
        says(page)
        told = page.inner_text("main")
        assert "贵单位的授权曾被撤销" in told
        assert "2029-10-11" in told


def test_the_ranges_of_burqin(teller: Teller) -> None:
    with at("2026-08-03 10:00"):
        with teller.window("admin") as page:
            loads(page, "burqin-2-3-10-15")
            scheme = page.url
            told = page.inner_text("main")
            assert "2–3" in told
            assert "10–15" in told
        _adds(teller, scheme, "industry-c", "布尔津特色产业品牌丙（示范）")
        with teller.window("clerk") as page:
            _proposes(page, scheme, "industry-d", "布尔津特色产业品牌丁（示范）")
            assert "共 3 个名额，已用 3 个" in page.inner_text("main"), "a full tier refuses with its figures"
        change = _asks_for_one_more(teller, scheme)
        _a_second_person_agrees(teller, change, "第四个特色产业已成规模")
        _adds(teller, scheme, "industry-d", "布尔津特色产业品牌丁（示范）")
        with teller.window("clerk") as page:
            _proposes(page, scheme, "industry-e", "布尔津特色产业品牌戊（示范）")
            assert "不能再增加" in page.inner_text("main"), "the place is used up"
    assert teller.complaints == []


def _adds(teller: Teller, scheme: str, code: str, name: str) -> None:
    """A brand of the tier with a range: proposed by the clerk, agreed to by somebody else."""
    with teller.window("clerk") as page:
        _proposes(page, scheme, code, name)
        assert page.locator("form[action$=approve]").count() == 0, "nobody agrees to an own proposal"
        change = str(page.url)
    _a_second_person_agrees(teller, change, name)
    with teller.window("admin") as page:
        page.goto(scheme)
        assert name in page.locator(".bt-tier").first.inner_text()


def _proposes(page: Any, scheme: str, code: str, name: str) -> None:
    page.goto(scheme)
    page.locator(".bt-tier").first.locator("a:has-text('新增品牌')").click()
    page.fill("[name=name]", name)
    page.fill("[name=name_en]", f"Demo {code}")
    page.fill("[name=code]", code)
    page.fill("[name=source]", "示范：布尔津县方案，2–3 个特色产业品牌")
    page.fill("[name=reason]", "示范：产业已成规模。")
    says(page)


def _asks_for_one_more(teller: Teller, scheme: str) -> str:
    with teller.window("clerk") as page:
        page.goto(scheme)
        assert page.locator("main >> text=申请增加一个名额").count() == 1, "only the full tier has the way"
        press(page, "申请增加一个名额")
        page.fill("[name=reason]", "示范：第四个特色产业已成规模。")
        says(page)
        assert page.locator("form[action$=approve]").count() == 0, "nobody agrees to an own proposal"
        return str(page.url)


def _a_second_person_agrees(teller: Teller, change: str, reads: str) -> None:
    with teller.window("approver") as page:
        page.goto(change)
        assert reads in page.inner_text("main")
        says(page, button="form[action$=approve] button")
        assert "已同意" in page.inner_text("body")
